//! What was saved here and the server does not hold yet, by record.

use std::collections::BTreeMap;

use base64::Engine;
use chrono::NaiveDate;
use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use serde::Serialize;
use serde_json::json;
use sync::clock::Hlc;
use sync::wire::Grant;

use super::state::{CycleNamed, WaitingRecord};
use super::{grants, moving};
use crate::commands::Nothing;
use crate::cx::{Cx, day_of};
use crate::error::Result;
use crate::records::{self, plain_text};
use crate::sealed::SealedField;

/// A file that was written for people.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct WaitingFile {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub path: String,
    /// Its content, in base64.
    pub base64: String,
}

/// What waits under one line of the panel.
struct WaitingGroup {
    oldest: Hlc,
    newest: Hlc,
    author: RecordId,
    changes: u32,
}

/// Most characters of a name in the panel: a comment is called by its text.
const LONGEST_LABEL: usize = 80;

/// The scopes whose saves made here are for the server: what may be written, and what is about to leave. What was saved at
/// a provisional place stands again where it belongs.
pub(super) struct ForServer {
    grant: Option<Grant>,
    leaving: Vec<ScopeId>,
}

impl ForServer {
    /// As it is now.
    pub fn load(cx: &Cx<'_>) -> Result<Self> {
        Ok(Self {
            grant: cx.grant()?,
            leaving: grants::leaving(cx)?,
        })
    }

    /// Whether saves of a scope are for the server.
    pub fn holds(&self, scope: ScopeId) -> bool {
        let granted = |grant: &Grant| grant.may_write(scope);
        self.grant.as_ref().is_none_or(granted) || self.leaving.contains(&scope)
    }
}

type WaitingKey = (Kind, Option<RecordId>, String, ScopeId);

pub(super) fn waiting(cx: &Cx<'_>) -> Result<(Vec<WaitingRecord>, u32, Option<String>)> {
    // The example is never sent.
    if cx.laptop.practice {
        return Ok((Vec::new(), 0, None));
    }
    let for_server = ForServer::load(cx)?;
    let mut groups: BTreeMap<WaitingKey, WaitingGroup> = BTreeMap::new();
    let refused = super::refused::by_scope(cx)?;
    let (mut saves, mut since) = (0, None::<Hlc>);
    for (scope, _, save) in cx.store().waiting()? {
        if !for_server.holds(scope) {
            continue;
        }
        saves += 1;
        since = Some(since.map_or(save.hlc, |oldest| oldest.min(save.hlc)));
        for change in &save.changes {
            let Some(kind) = Kind::from_number(change.kind) else {
                continue;
            };
            let (kind, record, label) = moving::waits_as(cx, kind, change.record)?;
            let group = groups
                .entry((kind, record, label, scope))
                .or_insert(WaitingGroup {
                    oldest: save.hlc,
                    newest: save.hlc,
                    author: save.author,
                    changes: 0,
                });
            group.oldest = group.oldest.min(save.hlc);
            if save.hlc >= group.newest {
                (group.newest, group.author) = (save.hlc, save.author);
            }
            group.changes += 1;
        }
    }
    let mut groups: Vec<(WaitingKey, WaitingGroup)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, group)| group.oldest);
    let records = groups
        .into_iter()
        .map(|((kind, record, label, scope), group)| {
            Ok(WaitingRecord {
                kind,
                record,
                label: records::beginning(&label, LONGEST_LABEL),
                cycle: cycle(cx, kind, record)?,
                place: cx
                    .place(scope.place())
                    .map(|place| place.name)
                    .unwrap_or_default(),
                author: cx.person(group.author)?.0,
                changes: group.changes,
                since: cx.stamp(group.oldest.millis()),
                refused: refused.get(&scope).cloned(),
            })
        })
        .collect::<Result<_>>()?;
    Ok((records, saves, since.map(|hlc| cx.stamp(hlc.millis()))))
}

/// How many saves wait for the server and the day of the oldest; nothing while none waits or nobody is to be sent to.
pub fn waiting_since(cx: &Cx<'_>) -> Result<Option<(u32, NaiveDate)>> {
    if cx.laptop.practice || cx.grant()?.is_none() {
        return Ok(None);
    }
    let for_server = ForServer::load(cx)?;
    let all = cx.store().waiting()?;
    let of_server: Vec<Hlc> = all
        .iter()
        .filter(|(scope, ..)| for_server.holds(*scope))
        .map(|(.., save)| save.hlc)
        .collect();
    let count = u32::try_from(of_server.len()).unwrap_or(u32::MAX);
    let oldest = of_server.into_iter().min();
    Ok(oldest.map(|oldest| (count, day_of(oldest.millis()))))
}

/// The cycle that a line of the panel belongs to.
fn cycle(cx: &Cx<'_>, kind: Kind, record: Option<RecordId>) -> Result<Option<CycleNamed>> {
    let of = match record {
        Some(record) => cx.cycle_of(kind, record)?,
        None => None,
    };
    of.map(|id| {
        let title = cx.label(Kind::Cycle, id)?;
        Ok(CycleNamed { id, title })
    })
    .transpose()
}

/// Writes what waits into a readable file, so that nobody's work depends on a server or a stick: every value by
/// place, record and field, with who wrote it and when.
pub fn export_waiting(cx: &Cx<'_>, _: Nothing) -> Result<WaitingFile> {
    let mut saves = Vec::new();
    for (scope, seq, save) in cx.store().waiting()? {
        let place = cx.place(scope.place()).map(|place| place.name);
        let mut changes = Vec::new();
        for change in &save.changes {
            let known = Kind::from_number(change.kind);
            let label = match known {
                Some(kind) => moving::waits_as(cx, kind, change.record)?.2,
                None => String::new(),
            };
            changes.push(json!({
                "kind": known.map_or_else(|| change.kind.to_string(), |kind| kind.table().to_owned()),
                "record": change.record.to_string(),
                "label": label,
                "field": known
                    .and_then(|kind| kind.field(change.field))
                    .map_or_else(|| change.field.to_string(), |field| field.name.to_owned()),
                "value": match known {
                    Some(kind) => {
                        let (record, field) = (change.record, change.field);
                        cx.plain(SealedField { scope, kind, record, field }, &change.value)?
                    }
                    None => plain_text(&change.value),
                },
            }));
        }
        saves.push(json!({
            "place": place.unwrap_or_default(),
            "place_id": scope.place().to_string(),
            "number": seq,
            "author": cx.person(save.author)?.0,
            "at": cx.stamp(save.hlc.millis()),
            "reason": save.reason,
            "changes": changes,
        }));
    }
    let text = format!(
        "{:#}\n",
        json!({ "replica": cx.store().replica().to_string(), "saves": saves })
    );
    let name = format!("nyetaa-{}.json", cx.today());
    Ok(WaitingFile {
        path: export_file(cx, &name, text.as_bytes())?,
        base64: base64::engine::general_purpose::STANDARD.encode(text),
        name,
    })
}

/// Writes a file into the folder of exports; answers where it lies.
pub fn export_file(cx: &Cx<'_>, name: &str, bytes: &[u8]) -> Result<String> {
    let folder = cx.laptop.folder.join("exports");
    let disk = &cx.around.disk;
    disk.create_dir_all(&folder).map_err(store::Error::from)?;
    let path = folder.join(name);
    disk.write(&path, bytes).map_err(store::Error::from)?;
    Ok(path.display().to_string())
}
