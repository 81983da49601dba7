//! Photos as they are kept: small JPEGs without anything that a camera writes beside the picture.
//!
//! The bytes of a JPEG are markers (ITU-T T.81, annex B): 0xFF and a letter, mostly with a length and content. Place, time and
//! maker of the camera stand in the markers that are meant for applications; a picture needs none but the two that say how its
//! colours are to be read.

/// The most bytes that a picture may have: with what travels around it, it stays below a segment of the log.
pub const MOST_BYTES: usize = 20_000;
/// The longest side, in pixels.
pub const MOST_SIDE: u16 = 1_600;

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const COMMENT: u8 = 0xFE;

/// The same picture, with nothing in it but the picture. `None` for what is no whole JPEG, or one with a side of nought or more
/// than [`MOST_SIDE`] pixels.
pub fn bare(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut rest = jpeg.strip_prefix(&[0xFF, START])?;
    let mut out = vec![0xFF, START];
    let (mut framed, mut scanned) = (false, false);
    loop {
        rest = rest.strip_prefix(&[0xFF])?;
        // Any number of them may stand before a marker.
        while let Some(more) = rest.strip_prefix(&[0xFF]) {
            rest = more;
        }
        let (&marker, after) = rest.split_first()?;
        if marker == END {
            out.extend([0xFF, END]);
            return (framed && scanned).then_some(out);
        }
        let length = usize::from(u16::from_be_bytes([*after.first()?, *after.get(1)?]));
        let (content, after) = after.split_at_checked(length)?;
        if length < 2 {
            return None;
        }
        if is_frame(marker) {
            let side = |at: usize| {
                Some(u16::from_be_bytes([
                    *content.get(at)?,
                    *content.get(at + 1)?,
                ]))
            };
            let (height, width) = (side(3)?, side(5)?);
            if [height, width]
                .iter()
                .any(|side| !(1..=MOST_SIDE).contains(side))
            {
                return None;
            }
            framed = true;
        }
        if is_of_the_picture(marker, content) {
            out.extend([0xFF, marker]);
            out.extend(content);
        }
        rest = after;
        if marker == SCAN {
            let scan = drawn(rest);
            out.extend(&rest[..scan]);
            rest = &rest[scan..];
            scanned = true;
        }
    }
}

/// Whether a marker begins a frame, which says how large the picture is.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Whether the picture cannot be drawn without it: everything but comments and what is meant for applications, of which two of a
/// fixed length say how colours are to be read.
fn is_of_the_picture(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xE0 => content.len() == 16 && content[2..].starts_with(b"JFIF\0"),
        0xEE => content.len() == 14 && content[2..].starts_with(b"Adobe"),
        0xE1..=0xEF | COMMENT => false,
        _ => true,
    }
}

/// How many bytes of a scan are drawn, up to the next marker.
fn drawn(scan: &[u8]) -> usize {
    let mut at = 0;
    while let Some(pair) = scan.get(at..at + 2) {
        // A stuffed byte, and the marks by which a damaged picture is picked up again.
        if pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7) {
            return at;
        }
        at += 1;
    }
    scan.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], length.as_slice(), content].concat()
    }

    fn frame(height: u16, width: u16) -> Vec<u8> {
        let [a, b] = height.to_be_bytes();
        let [c, d] = width.to_be_bytes();
        segment(0xC0, &[8, a, b, c, d, 1, 1, 0x11, 0])
    }

    fn jpeg(beside: &[Vec<u8>]) -> Vec<u8> {
        let scan = [
            segment(SCAN, &[1, 1, 0, 0, 63, 0]),
            vec![0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34],
        ]
        .concat();
        let parts = [
            vec![0xFF, START],
            beside.concat(),
            frame(480, 640),
            scan,
            vec![0xFF, END],
        ];
        parts.concat()
    }

    #[test]
    fn what_a_camera_writes_beside_the_picture_is_left_out() {
        let colours = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let beside = [
            colours.clone(),
            segment(0xE1, b"Exif\0\0 GPS 12.6 N 8.0 W"),
            segment(0xE2, b"ICC_PROFILE\0 somebody's screen"),
            segment(COMMENT, b"taken by Awa"),
            segment(0xE0, b"JFXX\0 a small picture of the picture"),
        ];
        let full = [jpeg(&beside), b"and what stands behind its end".to_vec()].concat();
        let kept = bare(&full).unwrap();
        assert_eq!(kept, jpeg(&[colours]));
        assert_eq!(bare(&kept).unwrap(), kept, "nothing more to leave out");
    }

    #[test]
    fn what_is_no_whole_picture_is_refused() {
        let whole = jpeg(&[]);
        assert!(bare(&whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(bare(&whole[..cut]), None, "cut at {cut}");
        }
        assert_eq!(bare(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(bare(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(bare(&[0xFF, START, 0xFF, END]), None, "nothing in it");
    }

    #[test]
    fn a_side_has_a_bound() {
        let of = |height, width| {
            let scan = [segment(SCAN, &[1, 1, 0, 0, 63, 0]), vec![0x12]].concat();
            bare(
                &[
                    vec![0xFF, START],
                    frame(height, width),
                    scan,
                    vec![0xFF, END],
                ]
                .concat(),
            )
        };
        assert!(of(MOST_SIDE, MOST_SIDE).is_some());
        assert_eq!(of(MOST_SIDE + 1, 10), None);
        assert_eq!(of(10, 0), None);
    }
}
