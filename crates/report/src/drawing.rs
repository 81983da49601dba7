//! Drawings that come from the screen. They are let in when they are made of nothing but shapes and words: no script, no
//! style sheet, no file or address that would be asked for; and of photos, which
//! stand in them whole and have nothing in them but the picture.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::photo;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde::Deserialize;

/// The longest drawing, in bytes.
pub const LONGEST: usize = 2_000_000;
/// How deep elements may stand in each other.
const DEEPEST: usize = 32;
/// Larger than what any screen shows, in pixels.
const WIDEST: f64 = 3_000.0;
/// The signs that XML names by itself.
const SIGNS: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];
/// What a drawing may be made of.
const ELEMENTS: [&str; 15] = [
    "svg", "g", "defs", "pattern", "clipPath", "rect", "line", "path", "circle", "ellipse",
    "polygon", "polyline", "text", "tspan", PHOTO,
];

/// The element of a photo, and how its address begins.
const PHOTO: &str = "image";
const WITHIN: &str = "data:image/jpeg;base64,";

/// An SVG that was looked through.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Drawing {
    text: String,
    width: f64,
}

/// The drawing has something in it that has no place on paper, or is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the drawing is not one of shapes and words")]
pub struct NotDrawn;

impl Drawing {
    /// Looks a drawing through.
    ///
    /// # Errors
    /// When it is too long, is no SVG with a width and a height, or holds anything but shapes and words.
    pub fn new(text: &str) -> Result<Self, NotDrawn> {
        if text.len() > LONGEST {
            return Err(NotDrawn);
        }
        let mut reader = Reader::from_str(text);
        let (mut depth, mut size) = (0, None);
        loop {
            match reader.read_event().map_err(|_| NotDrawn)? {
                Event::Start(element) => {
                    size = Some(looked(&element, size)?);
                    depth += 1;
                    if depth > DEEPEST {
                        return Err(NotDrawn);
                    }
                }
                Event::Empty(element) => size = Some(looked(&element, size)?),
                Event::End(_) => depth -= 1,
                Event::Text(_) if depth > 0 => {}
                Event::GeneralRef(sign) if depth > 0 => {
                    let named = SIGNS.contains(&&*sign);
                    if !named && !matches!(sign.resolve_char_ref(), Ok(Some(_))) {
                        return Err(NotDrawn);
                    }
                }
                Event::Text(text) if text.trim_ascii().is_empty() => {}
                Event::Eof => break,
                // Document types can name what lies elsewhere or grow without end.
                _ => return Err(NotDrawn),
            }
        }
        let (width, _) = size.ok_or(NotDrawn)?;
        Ok(Self {
            text: text.to_owned(),
            width,
        })
    }

    /// The SVG.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How wide it is on the screen, in pixels.
    pub fn width(&self) -> f64 {
        self.width
    }
}

impl TryFrom<String> for Drawing {
    type Error = NotDrawn;

    fn try_from(text: String) -> Result<Self, NotDrawn> {
        Self::new(&text)
    }
}

/// Looks an element through; answers the size of the whole, which the first element says.
fn looked(element: &BytesStart<'_>, size: Option<(f64, f64)>) -> Result<(f64, f64), NotDrawn> {
    let name = element.name();
    let is_first = size.is_none();
    if !ELEMENTS.contains(&name.as_ref()) || (name.as_ref() == "svg") != is_first {
        return Err(NotDrawn);
    }
    let (mut width, mut height) = (None, None);
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| NotDrawn)?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| NotDrawn)?;
        let key = attribute.key.as_ref();
        if name.as_ref() == PHOTO && key == "href" && is_photo(&value) {
            continue;
        }
        let asks = key.ends_with("href") || key.starts_with("on") || key == "style";
        let points = value.match_indices("url(").any(|(at, _)| {
            !value[at + 4..]
                .trim_start_matches(['"', '\''])
                .starts_with('#')
        });
        if asks || points {
            return Err(NotDrawn);
        }
        let length = || {
            let length: f64 = value.trim_end_matches("px").parse().ok()?;
            (length > 0.0 && length <= WIDEST).then_some(length)
        };
        match key {
            "width" => width = length(),
            "height" => height = length(),
            _ => {}
        }
    }
    size.or(width.zip(height)).ok_or(NotDrawn)
}

/// Whether an address holds a photo by itself, as the app keeps them.
fn is_photo(address: &str) -> bool {
    let bytes = address
        .strip_prefix(WITHIN)
        .and_then(|letters| STANDARD.decode(letters).ok());
    bytes.is_some_and(|bytes| {
        bytes.len() <= photo::MOST_BYTES && photo::bare(&bytes).as_deref() == Some(&bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200" viewBox="0 0 400 200"><defs><pattern id="hatch" width="4" height="4"><path d="M0 0L4 4"/></pattern></defs><g><rect x="1" y="1" width="9" height="9" fill="url(#hatch)"/><text x="3" y="4">CPN4+ &amp; 18&#160;%</text></g></svg>"##;

    #[test]
    fn shapes_and_words_are_let_in() {
        let drawing = Drawing::new(PLAIN).unwrap();
        assert_eq!(drawing.width(), 400.0);
    }

    #[test]
    fn whatever_would_run_or_ask_for_something_is_not() {
        let around = |inner: &str| {
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2">{inner}</svg>"#)
        };
        assert!(Drawing::new(&around("<g/>")).is_ok());
        for bad in [
            "<script>1</script>",
            "<foreignObject/>",
            r#"<image href="file:///etc/passwd"/>"#,
            r#"<use xlink:href="other.svg#a"/>"#,
            r#"<rect onload="x()"/>"#,
            r#"<rect fill="url(http://example.org/a#b)"/>"#,
            r#"<rect fill="url('#a') url(b)"/>"#,
            r#"<rect style="fill:url(b)"/>"#,
            "<style>@import 'a'</style>",
            "<!-- a -->",
            "<g>",
            "&other;",
            "&#x110000;",
            "<g a='&other;'/>",
            r#"<svg width="4" height="2"/>"#,
        ] {
            assert_eq!(Drawing::new(&around(bad)), Err(NotDrawn), "{bad}");
        }
        for bad in [
            "",
            "words",
            "<g/>",
            r#"<svg width="4"/>"#,
            r#"<svg width="-4" height="2"/>"#,
            r#"<!DOCTYPE svg [<!ENTITY a "b">]><svg width="4" height="2"/>"#,
            r#"<svg width="100%" height="2"/>"#,
        ] {
            assert_eq!(Drawing::new(bad), Err(NotDrawn), "{bad}");
        }
        let deep = format!("{}{}", "<g>".repeat(40), "</g>".repeat(40));
        assert_eq!(Drawing::new(&around(&deep)), Err(NotDrawn));
        let long = " ".repeat(LONGEST);
        assert_eq!(Drawing::new(&around(&long)), Err(NotDrawn));
    }
}
