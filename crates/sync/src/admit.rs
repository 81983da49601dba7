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
