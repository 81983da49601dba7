//! A chart as a picture: the screen draws it and hands it over as a file that stands alone.

use base64::Engine;
use domain::ids::RecordId;
use serde::Deserialize;

use super::file_name;
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::import::ExportResult;
use crate::sync_client::export_file;

/// The largest picture that is kept: 10 MB.
const LARGEST: usize = 10_000_000;

/// A picture of the screen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SavePicture {
    /// The place whose figures it shows.
    #[ts(type = "string")]
    pub place: RecordId,
    /// What the file shall be called, without its end.
    pub name: String,
    /// Its content, base64: a PNG or an SVG.
    pub bytes: String,
}

/// Writes a picture into the folder of exports. Nothing but a PNG or an SVG is written.
pub fn save_picture(cx: &Cx<'_>, request: SavePicture) -> Result<ExportResult> {
    let invalid = || AppError::new("request-invalid");
    if request.bytes.len() / 4 * 3 > LARGEST {
        return Err(invalid());
    }
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(&request.bytes)
        .map_err(|_| invalid())?;
    let end = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', ..] => "png",
        [b'<', b's', b'v', b'g', b' ', ..] if std::str::from_utf8(&bytes).is_ok() => "svg",
        _ => return Err(invalid()),
    };
    let place = cx.place(request.place)?.name;
    let name = file_name(&format!("{place} {} {}", request.name, cx.today()));
    Ok(ExportResult {
        path: export_file(cx, &format!("{name}.{end}"), &bytes)?,
        values: 1,
    })
}
