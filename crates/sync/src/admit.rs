//! Letting segments in: the next one of its stream, one we have, one too early, or a second past.

use crate::segment::{Hash, Header};

/// What a segment is to a stream that stands where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It continues the stream: store it.
    Next,
    /// It is stored already, byte for byte.
    Duplicate,
    /// Earlier ones are missing: keep it aside or ask again from `have + 1`.
    Gap {
        /// The last number that we have, 0 when none.
        have: u64,
    },
    /// The replica has two pasts: it was copied or restored. Quarantine the segment, and let the replica
    /// send those saves again under a new name. Nothing of it is thrown away.
    Fork,
}

/// Decides on a segment with this `header` and `hash`.
///
/// `stored` is the last number of the stream and the hash of the segment that ends there; `stored_at` gives
/// the hash of the stored segment that *begins* at a number. Segments are never cut again, so one that
/// overlaps with what we have without being one of our segments is a fork, even when it lies wholly inside:
/// calling it a duplicate would lose a copied laptop's work and tell both sides that all is well.
pub fn admit(
    stored: Option<(u64, Hash)>,
    header: &Header,
    hash: &Hash,
    stored_at: impl FnOnce(u64) -> Option<Hash>,
) -> Admission {
    let (have, tip) = stored.unwrap_or((0, [0; 32]));
    if header.first_seq <= have {
        return if stored_at(header.first_seq).as_ref() == Some(hash) {
            Admission::Duplicate
        } else {
            Admission::Fork
        };
    }
    if header.first_seq - have > 1 {
        return Admission::Gap { have };
    }
    if header.prev == tip {
        Admission::Next
    } else {
        Admission::Fork
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{RecordId, ReplicaId};

    use super::*;

    const STORED: Hash = [5; 32];
    const OTHER: Hash = [6; 32];

    fn header(first_seq: u64, last_seq: u64, prev: Hash) -> Header {
        Header {
            scope: RecordId::of_place_code("x").as_scope(),
            replica: ReplicaId::of_key(&[1; 32]),
            first_seq,
            last_seq,
            prev,
            key: None,
            builds_on: Vec::new(),
            min_reader: 1,
            dictionary: None,
            unpacked: 0,
        }
    }

    /// We hold segments 1–4 and 5–9; the latter has the hash [`STORED`].
    fn meets(header: &Header, hash: Hash) -> Admission {
        admit(Some((9, STORED)), header, &hash, |first| match first {
            1 => Some([4; 32]),
            5 => Some(STORED),
            _ => None,
        })
    }

    #[test]
    fn the_first_of_a_stream() {
        assert_eq!(
            admit(None, &header(1, 3, [0; 32]), &OTHER, |_| None),
            Admission::Next
        );
        assert_eq!(
            admit(None, &header(2, 3, OTHER), &OTHER, |_| None),
            Admission::Gap { have: 0 }
        );
    }

    #[test]
    fn the_next_must_be_chained_to_what_we_have() {
        assert_eq!(meets(&header(10, 12, STORED), OTHER), Admission::Next);
        assert_eq!(meets(&header(10, 12, OTHER), OTHER), Admission::Fork);
    }

    #[test]
    fn one_too_early_waits() {
        assert_eq!(
            meets(&header(11, 12, OTHER), OTHER),
            Admission::Gap { have: 9 }
        );
        assert_eq!(
            meets(&header(u64::MAX - 1, u64::MAX - 1, OTHER), OTHER),
            Admission::Gap { have: 9 }
        );
    }

    #[test]
    fn only_the_same_bytes_are_a_duplicate() {
        assert_eq!(meets(&header(5, 9, [4; 32]), STORED), Admission::Duplicate);
        assert_eq!(
            meets(&header(1, 4, [0; 32]), [4; 32]),
            Admission::Duplicate,
            "an older one"
        );
        assert_eq!(
            meets(&header(5, 9, [4; 32]), OTHER),
            Admission::Fork,
            "another past"
        );
    }

    #[test]
    fn another_cut_is_another_past() {
        assert_eq!(
            meets(&header(5, 7, [4; 32]), OTHER),
            Admission::Fork,
            "shorter"
        );
        assert_eq!(
            meets(&header(5, 12, [4; 32]), OTHER),
            Admission::Fork,
            "longer"
        );
        assert_eq!(
            meets(&header(7, 12, OTHER), OTHER),
            Admission::Fork,
            "across our end"
        );
        assert_eq!(
            meets(&header(6, 8, OTHER), OTHER),
            Admission::Fork,
            "inside"
        );
    }
}
