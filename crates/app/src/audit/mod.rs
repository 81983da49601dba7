//! Who did what on this laptop: log-ins, codes, files and sticks, in a list whose lines follow from each other.
//!
//! What happens while the database is closed is noted in the file of slots, in the same writing as what it is about, and
//! comes into the list with the next opening.

mod commands;
pub mod what;

use std::collections::BTreeMap;

use domain::ids::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Doing, Doings, Key};
use sync::octets::Array;

pub use commands::{AuditAsked, AuditFile, AuditLine, AuditList, AuditPerson, audit, export_audit};
pub use what::{AuditGroup, Noted, What};

use crate::App;
use crate::accounts::secret::label_key;
use crate::accounts::slots::{Sealed, Slots};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::surroundings::Surroundings;

const NOTED: &[u8] = b"nyetaa noted";

/// From so many lines on, one more of the same about the same person is counted with the one before: whoever plays with
/// codes for a month fills no disk.
const MOST_APART: usize = 64;

/// Something that was done while the database was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtTheDoor {
    /// What, as [`What::word`].
    #[serde(rename = "w")]
    pub what: String,
    /// When, in milliseconds since 1970 by this computer's clock.
    #[serde(rename = "t")]
    pub at_ms: u64,
    /// Who did it.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<RecordId>,
    /// Whom it was done to.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<RecordId>,
    /// The signs of a request for help.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// How many times, when several are one line.
    #[serde(rename = "n")]
    pub times: u32,
    /// Drawn for this line.
    #[serde(rename = "m")]
    pub mark: Array<16>,
}

/// Who did what to whom, to be noted at the door.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Who did it; none where nobody had come in.
    pub person: Option<RecordId>,
    /// Whom it was done to.
    pub about: Option<RecordId>,
    /// The signs of a request for help.
    pub check: Option<String>,
}

impl Said {
    /// By a person, to nobody else.
    pub fn by(person: RecordId) -> Self {
        Self {
            person: Some(person),
            ..Self::default()
        }
    }

    /// The same, to another person.
    #[must_use]
    pub fn to(self, about: RecordId) -> Self {
        Self {
            about: Some(about),
            ..self
        }
    }

    /// To a person, by nobody known.
    pub fn about(about: RecordId) -> Self {
        Self {
            about: Some(about),
            ..Self::default()
        }
    }
}

/// Notes something in the file of slots, which the caller writes.
///
/// # Errors
/// When there is no chance to be had.
pub fn at_the_door(
    slots: &mut Slots,
    around: &Surroundings,
    secret: &Key,
    what: What,
    said: Said,
) -> Result<()> {
    let chance = (around.random)()?;
    let mut mark = [0; 16];
    mark.copy_from_slice(&chance[..16]);
    let mut line = AtTheDoor {
        what: what.word().to_owned(),
        at_ms: (around.clock)(),
        person: said.person,
        about: said.about,
        check: said.check,
        times: 1,
        mark: Array(mark),
    };
    if slots.noted.len() >= MOST_APART {
        let same = |old: &AtTheDoor| {
            (&old.what, old.person, old.about) == (&line.what, line.person, line.about)
        };
        let last = slots.noted.iter().enumerate().rev();
        let found = last
            .filter_map(|(at, sealed)| Some((at, opened(sealed, secret)?)))
            .find(|(_, old)| same(old));
        if let Some((at, old)) = found {
            line.times = old.times.saturating_add(1);
            slots.noted.remove(at);
        }
    }
    let failed = || AppError::new("store-failed");
    let mut plain = Vec::new();
    ciborium::into_writer(&line, &mut plain).map_err(|_| failed())?;
    let sealed = Sealed::new(&label_key(secret), &(around.random)()?, NOTED, &plain);
    slots.noted.push(sealed.ok_or_else(failed)?);
    Ok(())
}

fn opened(sealed: &Sealed, secret: &Key) -> Option<AtTheDoor> {
    let plain = sealed.open(&label_key(secret), NOTED)?;
    ciborium::from_reader(plain.as_slice()).ok()
}

/// Brings what was noted at the door into the list, while the database is open. When it cannot be done, the next time is
/// soon.
pub fn fold(app: &App) {
    let noted = match &app.door().slots {
        Some(slots) if !slots.noted.is_empty() => slots.noted.clone(),
        _ => return,
    };
    if app.session().is_none() || !app.at_home() {
        return;
    }
    let folded = (|| {
        let Some(guard) = &app.around.guard else {
            return Ok(());
        };
        let secret = guard.secret.get(&app.around.random)?;
        let lines: Vec<_> = noted
            .iter()
            .filter_map(|one| opened(one, &secret))
            .collect();
        app.with(|cx| {
            let place = cx.author().ok().map(|author| author.home);
            let doings: Vec<_> = lines.into_iter().map(|line| doing(line, place)).collect();
            Ok::<_, AppError>(cx.store().note(&doings)?)
        })?;
        let mut door = app.door();
        if let Some(slots) = &mut door.slots {
            slots.noted.retain(|one| !noted.contains(one));
        }
        // What was taken over stands in the file until it is written the next time, and does no harm there: its marks are
        // known. A long list is taken out at once.
        if noted.len() >= MOST_APART / 2 {
            door.write(&app.around)?;
        }
        Ok(())
    })();
    if let Err::<(), AppError>(error) = folded {
        tracing::warn!(code = error.code, "what was noted at the door waits");
    }
}

fn doing(line: AtTheDoor, place: Option<RecordId>) -> Doing {
    let mut params = BTreeMap::new();
    if let Some(check) = line.check {
        params.insert("check", check);
    }
    if line.times > 1 {
        params.insert("times", line.times.to_string());
    }
    Doing {
        at_ms: line.at_ms,
        what: line.what,
        person: line.person,
        about: line.about,
        place,
        params: (!params.is_empty()).then(|| serde_json::json!(params).to_string()),
        mark: Some(line.mark.0),
    }
}

/// What a request says of itself, kept for the line that is written when it was carried out.
pub struct Asked {
    noted: Noted,
    place: Option<RecordId>,
    about: Option<RecordId>,
}

/// Before a command inside is carried out: notes what must stand in the list before it happens.
///
/// # Errors
/// What the store says; then the command must not be carried out.
pub fn before(cx: &Cx<'_>, command: &str, request: &Json) -> Result<Asked> {
    let id = |name: &str| {
        request
            .get(name)
            .and_then(|value| serde_json::from_value(value.clone()).ok())
    };
    let asked = Asked {
        noted: match cx.laptop.practice {
            true => Noted::No,
            false => what::of(command),
        },
        place: id("place"),
        about: id("person"),
    };
    if let Noted::Before(what) = asked.noted {
        write(cx, what, &asked, None)?;
    }
    Ok(asked)
}

/// After it was carried out.
pub fn after(cx: &Cx<'_>, asked: &Asked, answer: &Json) {
    let written = match asked.noted {
        Noted::After(what, fields) => {
            let params: BTreeMap<_, _> = fields
                .iter()
                .filter_map(|name| Some((*name, plain(answer.get(name)?)?)))
                .collect();
            let params = (!params.is_empty()).then(|| serde_json::json!(params).to_string());
            write(cx, what, asked, params)
        }
        Noted::Reading(what) => read(cx, what, asked),
        _ => return,
    };
    if let Err(error) = written {
        tracing::warn!(code = error.code, "what was done is not in the list");
    }
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn write(cx: &Cx<'_>, what: What, asked: &Asked, params: Option<String>) -> Result<()> {
    let author = cx.author().ok();
    cx.store().note(&[Doing {
        at_ms: cx.now_ms,
        what: what.word().to_owned(),
        person: author.as_ref().map(|author| author.person),
        about: asked.about,
        place: asked.place.or(author.map(|author| author.home)),
        params,
        mark: None,
    }])?;
    Ok(())
}

/// Notes what somebody did who has come in, while the database is open.
///
/// # Errors
/// What the store says.
pub fn note(cx: &Cx<'_>, what: What, about: Option<RecordId>) -> Result<()> {
    let asked = Asked {
        noted: Noted::Itself,
        place: None,
        about,
    };
    write(cx, what, &asked, None)
}

/// Reading is noted once a day, and not where people read who works beside them.
fn read(cx: &Cx<'_>, what: What, asked: &Asked) -> Result<()> {
    use domain::role::Role;
    let author = cx.author()?;
    if matches!(author.role, Role::Member | Role::Lead) {
        return Ok(());
    }
    let day = cx.around.clock.as_ref()() / DAY_MS * DAY_MS;
    let noted = cx.store().doings(&Doings {
        person: Some(author.person),
        what: &[what.word()],
        from_ms: Some(day),
        until_ms: Some(day + DAY_MS),
        most: 1,
    })?;
    match noted.is_empty() {
        true => write(cx, what, asked, None),
        false => Ok(()),
    }
}

const DAY_MS: u64 = 24 * 3_600_000;
