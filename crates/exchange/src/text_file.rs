//! The text of a file that a person chose, whatever program wrote it.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

/// How the letters of a file were written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-16 with a byte-order mark: « Texte Unicode » of Excel.
    #[serde(rename = "UTF-16")]
    Utf16,
    /// Windows-1252: « CSV » of a French Excel.
    #[serde(rename = "Windows-1252")]
    Windows1252,
}

/// What a file that is not text seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A workbook or document of Excel, Word or LibreOffice, or another archive.
    Workbook,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// Something else.
    Other,
}

/// The text of a file and how it was written; what the file seems to be when it is not text.
///
/// A byte-order mark decides; bytes that are valid UTF-8 are UTF-8; the rest is Windows-1252, in which
/// any bytes have a meaning, so that control characters betray what was never text.
pub fn read_text(bytes: &[u8]) -> Result<(String, Encoding), FileKind> {
    if let Some(kind) = known_kind(bytes) {
        return Err(kind);
    }
    let (text, encoding) = match bytes {
        [0xff, 0xfe, rest @ ..] => (
            UTF_16LE.decode_without_bom_handling(rest).0,
            Encoding::Utf16,
        ),
        [0xfe, 0xff, rest @ ..] => (
            UTF_16BE.decode_without_bom_handling(rest).0,
            Encoding::Utf16,
        ),
        _ => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(rest) {
                Ok(text) => (text.into(), Encoding::Utf8),
                Err(_) => (
                    WINDOWS_1252.decode_without_bom_handling(rest).0,
                    Encoding::Windows1252,
                ),
            }
        }
    };
    if is_text(&text) {
        Ok((text.into_owned(), encoding))
    } else {
        Err(FileKind::Other)
    }
}

fn known_kind(bytes: &[u8]) -> Option<FileKind> {
    let beginnings: [(&[u8], FileKind); 8] = [
        (b"PK\x03\x04", FileKind::Workbook),
        (b"PK\x05\x06", FileKind::Workbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Workbook),
        (b"%PDF-", FileKind::Pdf),
        (b"\x89PNG\r\n", FileKind::Picture),
        (b"\xff\xd8\xff", FileKind::Picture),
        (b"GIF8", FileKind::Picture),
        (b"SQLite format 3\0", FileKind::Other),
    ];
    beginnings
        .into_iter()
        .find(|(beginning, _)| bytes.starts_with(beginning))
        .map(|(_, kind)| kind)
}

/// Whether there is no NUL and hardly a control character: one in a hundred is more than any text has.
fn is_text(text: &str) -> bool {
    let strange = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        .count();
    !text.contains('\0') && strange * 100 <= text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_each_encoding() {
        for (bytes, encoding) in [
            (b"P\xc3\xa9riode".as_slice(), Encoding::Utf8),
            (b"\xef\xbb\xbfP\xc3\xa9riode", Encoding::Utf8),
            (b"P\xe9riode", Encoding::Windows1252),
            (b"\xff\xfeP\0\xe9\0r\0i\0o\0d\0e\0", Encoding::Utf16),
            (b"\xfe\xff\0P\0\xe9\0r\0i\0o\0d\0e", Encoding::Utf16),
        ] {
            assert_eq!(read_text(bytes), Ok(("Période".to_owned(), encoding)));
        }
        assert_eq!(
            read_text(b"l\x92\x9cil \x80").map(|(text, _)| text),
            Ok("l’œil €".to_owned())
        );
        assert_eq!(read_text(b""), Ok((String::new(), Encoding::Utf8)));
    }

    #[test]
    fn what_is_not_text() {
        for (bytes, kind) in [
            (b"PK\x03\x04rest".as_slice(), FileKind::Workbook),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Workbook),
            (b"%PDF-1.7", FileKind::Pdf),
            (b"\xff\xd8\xff\xe0", FileKind::Picture),
            (b"Indicateur;\0\0\0", FileKind::Other),
            (b"I\0n\0d\0", FileKind::Other),
            (b"\x01\x02\x03\x90\x8f", FileKind::Other),
        ] {
            assert_eq!(read_text(bytes), Err(kind), "{bytes:?}");
        }
    }
}
