//! A form of Kobo or ODK that becomes a checklist of a place.

use domain::checklist::Checklist;
use domain::ids::RecordId;
use domain::registry::Kind;
use exchange::xlsform::{Form, Notice};
use serde::{Deserialize, Serialize};

use super::{
    ChecklistLine, Named, RetireChecklist, content, give_out, latest, retire_checklist, whole,
    writable,
};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::import::decode;
use crate::records::queries::{Record, existing};
use crate::supervision::look;

/// A form that is kept as a checklist.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ImportForm {
    /// Whose checklist it becomes.
    #[ts(type = "string")]
    pub place: RecordId,
    /// The file's name.
    pub file: String,
    /// Its content, base64.
    pub bytes: String,
}

/// What a form became.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ImportedForm {
    /// The version's record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Its line.
    pub line: ChecklistLine,
    /// Whether nothing new was kept, since the latest version asks the same.
    pub same: bool,
    /// Whether that version had been taken back, and visits are begun with it again.
    pub again: bool,
    /// The languages that its headings name.
    pub languages: Vec<String>,
    /// What was repaired, left out or could not be kept.
    pub notices: Vec<Notice>,
}

/// Keeps a form as a checklist of a place: another version of the one that was made from a form of the same name before.
/// What was given out earlier stays as it is.
///
/// # Errors
/// What [`look`] says; `only-the-coach` and the like.
pub fn import_form(cx: &Cx<'_>, request: ImportForm) -> Result<ImportedForm> {
    let file = &request.file;
    let name = file.rsplit_once('.').map_or(&**file, |(name, _)| name);
    let form = look(&decode(&request.bytes)?, name)?;
    keep(cx, request.place, form)
}

/// Keeps a form that was read.
pub fn keep(cx: &Cx<'_>, place: RecordId, form: Form) -> Result<ImportedForm> {
    if !writable(cx, cx.scope_of(place)?)? {
        return Err(AppError::new("not-allowed-here"));
    }
    let list = form.checklist;
    let called = list.code.clone();
    let found = whole(cx)?;
    let latest = latest(&found);
    let is_of = |record: &&Record| {
        let named = [record.text("code"), record.text("form")].contains(&Some(called.clone()));
        named && record.scope.place() == place && record.text("version").is_some()
    };
    // Any of its versions may have come from a form; the latest may have been written here since.
    let code = found
        .iter()
        .rfind(is_of)
        .and_then(|record| record.text("code"));
    let last = code.as_ref().and_then(|code| latest.get(code));
    let earlier = found.iter().find(|record| Some(&record.id) == last);
    let place_name = cx.place(place)?.name;
    let told = |id, list: &Checklist, same, again| ImportedForm {
        id,
        line: ChecklistLine::of(list, Some(place_name.clone())),
        same,
        again,
        languages: form.languages.clone(),
        notices: form.notices.clone(),
    };
    if let Some(record) = earlier {
        let stored = content(cx, record)?;
        let same = Checklist {
            code: stored.code.clone(),
            version: stored.version.clone(),
            title: stored.title.clone(),
            area: stored.area,
            ..list.clone()
        };
        if same == stored {
            let again = record.day("retired").is_some();
            if again {
                let (id, retired) = (record.id, false);
                retire_checklist(cx, RetireChecklist { id, retired })?;
            }
            return Ok(told(record.id, &stored, true, again));
        }
    }
    let named = Named {
        place,
        code: code.as_deref(),
        base: None,
        form: Some(&called),
    };
    let (id, ..) = cx.write(|w| give_out(cx, w, &list, &named))?;
    let record = cx
        .store()
        .read(|conn| existing(conn, Kind::ChecklistVersion, id))?;
    Ok(told(id, &content(cx, &record)?, false, false))
}
