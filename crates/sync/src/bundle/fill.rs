//! How much goes into one file of a stick. What is larger than a bundle may be goes into several, each whole by itself.

/// Segments and snapshots of one bundle; far below what a stick's file system or an old laptop's memory bears.
pub const FILE_BYTES: usize = 16 << 20;

/// How many of the snapshots, by their length, and then of the segments fit in one bundle: at least one of either, as long
/// as there is one.
pub fn fitting(bases: &[usize], segments: &[Vec<u8>]) -> (usize, usize) {
    let mut size = 0;
    let mut fits = |length: usize| {
        let first = size == 0;
        size += length;
        first || size <= FILE_BYTES
    };
    let of_bases = bases.iter().take_while(|length| fits(**length)).count();
    if of_bases < bases.len() {
        return (of_bases, 0);
    }
    let of_segments = segments.iter().take_while(|bytes| fits(bytes.len()));
    (of_bases, of_segments.count())
}

/// How many bundles the snapshots and segments make, at least one.
pub fn parts(mut bases: &[usize], mut segments: &[Vec<u8>]) -> usize {
    let mut parts = 1;
    loop {
        let (of_bases, of_segments) = fitting(bases, segments);
        (bases, segments) = (&bases[of_bases..], &segments[of_segments..]);
        if bases.is_empty() && segments.is_empty() {
            return parts;
        }
        parts += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A coach of many centres: their snapshots together are more than any bundle may hold.
    #[test]
    fn snapshots_of_more_than_one_bundle_go_into_several() {
        const MB: usize = 1 << 20;
        let mut bases: Vec<usize> = vec![3 * MB; 30];
        // One that is too large for company still goes.
        bases.insert(7, 20 * MB);
        let mut segments = vec![vec![0; 32 << 10]; 40];
        let all: usize = bases.iter().sum();
        assert!(all > super::super::MAX_BYTES);
        let due = parts(&bases, &segments);
        let (mut made, mut carried) = (0, 0);
        while !(bases.is_empty() && segments.is_empty()) {
            let (of_bases, of_segments) = fitting(&bases, &segments);
            assert!(of_bases + of_segments > 0, "it goes on");
            let of_bases: Vec<_> = bases.drain(..of_bases).collect();
            let of_segments: Vec<_> = segments.drain(..of_segments).collect();
            let size =
                of_bases.iter().sum::<usize>() + of_segments.iter().map(Vec::len).sum::<usize>();
            let alone = of_bases.len() + of_segments.len() == 1;
            assert!(size <= FILE_BYTES || alone, "{size}");
            assert!(of_segments.is_empty() || bases.is_empty());
            carried += size;
            made += 1;
        }
        assert_eq!((made, carried), (due, all + 40 * (32 << 10)));
        assert_eq!(parts(&[], &[]), 1, "receipts alone make a bundle too");
    }
}
