//! The list as people read it: by person, by kind, by days, and as a file.

use std::collections::BTreeMap;

use chrono::{Days, Local, NaiveDate, NaiveTime, TimeZone};
use domain::ids::RecordId;
use domain::role::Role;
use exchange::values;
use serde::{Deserialize, Serialize};
use store::{Doings, Line};

use super::what::{AuditGroup, What};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::sync_client::export_file;
use crate::words::sentence;

/// So many lines are shown at once.
const SHOWN: u32 = 500;

/// Which lines are asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AuditAsked {
    /// Done by this person or to them.
    #[ts(type = "string | null")]
    pub person: Option<RecordId>,
    /// Of this kind.
    pub group: Option<AuditGroup>,
    /// From this day on, ISO.
    pub from: Option<String>,
    /// Up to this day, ISO.
    pub until: Option<String>,
}

/// Someone of whom the list speaks.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct AuditPerson {
    /// Their record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Their name.
    pub name: String,
}

/// One line.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct AuditLine {
    /// Its number, from 1 on without gaps.
    #[ts(type = "number")]
    pub no: u64,
    /// When, ISO local time.
    pub at: String,
    /// Who did it; none where nobody had come in.
    pub who: Option<String>,
    /// What, as a word.
    pub what: String,
    /// What the sentence is about: `about` a person, `place`, `times`, `check` and counts.
    pub params: BTreeMap<String, String>,
}

/// What was asked for, and whether the list is whole.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct AuditList {
    /// The lines, newest first.
    pub lines: Vec<AuditLine>,
    /// Whether there are older ones that are not shown.
    pub more: bool,
    /// Those who can be asked for.
    pub people: Vec<AuditPerson>,
    /// How many lines the list has in all.
    #[ts(type = "number")]
    pub count: u64,
    /// The first line that does not follow from the one before it.
    #[ts(type = "number | null")]
    pub broken: Option<u64>,
    /// Up to which line the server was told of the list, when lines of that are no longer here.
    #[ts(type = "number | null")]
    pub gone: Option<u64>,
    /// Whether it is only what the person did, or what was done to them: all of it is for whoever leads.
    pub own_only: bool,
}

/// Where the file lies.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct AuditFile {
    /// The file.
    pub path: String,
    /// Lines in it.
    pub lines: u32,
}

/// Who did what on this laptop.
pub fn audit(cx: &Cx<'_>, request: AuditAsked) -> Result<AuditList> {
    let author = cx.author()?;
    let own_only = author.role == Role::Member;
    let (lines, more) = found(cx, &request, SHOWN)?;
    let chain = cx.store().audit_chain()?;
    let mut people = BTreeMap::new();
    if !own_only {
        let all = cx.store().doings(&Doings {
            most: u32::MAX,
            ..Doings::default()
        })?;
        for person in all
            .iter()
            .flat_map(|line| [line.doing.person, line.doing.about])
        {
            if let Some(person) = person
                && !people.contains_key(&person)
            {
                people.insert(person, cx.person(person)?.0);
            }
        }
    }
    let mut people: Vec<_> = people
        .into_iter()
        .filter(|(_, name)| !name.is_empty())
        .map(|(id, name)| AuditPerson { id, name })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(AuditList {
        lines: lines
            .iter()
            .map(|line| shown(cx, line))
            .collect::<Result<_>>()?,
        more,
        people,
        count: chain.lines,
        broken: chain.broken,
        gone: crate::sync_client::list_gone(cx)?,
        own_only,
    })
}

/// Writes what was asked for into a file that a spreadsheet opens.
pub fn export_audit(cx: &Cx<'_>, request: AuditAsked) -> Result<AuditFile> {
    let language = cx.language()?;
    let word = |key: &str| sentence(language, key, &BTreeMap::new());
    let (lines, _) = found(cx, &request, u32::MAX)?;
    let mut rows = vec![
        [
            "audit-column-number",
            "audit-column-when",
            "audit-column-who",
            "audit-column-what",
        ]
        .map(word)
        .to_vec(),
    ];
    for line in &lines {
        let line = shown(cx, line)?;
        let what = sentence(language, &sentence_key(&line), &line.params);
        rows.push(vec![
            line.no.to_string(),
            line.at.replace('T', " "),
            line.who.unwrap_or_else(|| word("audit-nobody")),
            what,
        ]);
    }
    let name = format!("qui-a-fait-quoi-{}.csv", cx.today());
    Ok(AuditFile {
        path: export_file(cx, &name, &values::table(&rows, language))?,
        lines: lines.len() as u32,
    })
}

fn sentence_key(line: &AuditLine) -> String {
    let known = What::ALL.iter().any(|what| what.word() == line.what);
    match (known, line.params.contains_key("times")) {
        (true, false) => format!("audit-{}", line.what),
        (true, true) => format!("audit-{}-times", line.what),
        (false, _) => "audit-unknown".to_owned(),
    }
}

fn found(cx: &Cx<'_>, request: &AuditAsked, most: u32) -> Result<(Vec<Line>, bool)> {
    let author = cx.author()?;
    let words: Vec<_> = What::ALL
        .iter()
        .filter(|what| request.group.is_none_or(|group| what.group() == group))
        .map(|what| what.word())
        .collect();
    let person = match author.role {
        Role::Member => Some(author.person),
        _ => request.person,
    };
    let mut lines = cx.store().doings(&Doings {
        person,
        what: if request.group.is_some() { &words } else { &[] },
        from_ms: request
            .from
            .as_deref()
            .map(|day| begins(day, 0))
            .transpose()?,
        until_ms: request
            .until
            .as_deref()
            .map(|day| begins(day, 1))
            .transpose()?,
        most: most.saturating_add(1),
    })?;
    let more = lines.len() > most as usize;
    lines.truncate(most as usize);
    Ok((lines, more))
}

/// When a day begins here, or one some days later.
fn begins(day: &str, later: u64) -> Result<u64> {
    let invalid = || AppError::new("request-invalid");
    let day: NaiveDate = day.parse().map_err(|_| invalid())?;
    let day = day.checked_add_days(Days::new(later)).ok_or_else(invalid)?;
    let begins = Local
        .from_local_datetime(&day.and_time(NaiveTime::MIN))
        .earliest();
    let ms = begins.ok_or_else(invalid)?.timestamp_millis();
    Ok(u64::try_from(ms).unwrap_or(0))
}

fn shown(cx: &Cx<'_>, line: &Line) -> Result<AuditLine> {
    let doing = &line.doing;
    let name = |person: Option<RecordId>| -> Result<Option<String>> {
        person.map(|person| Ok(cx.person(person)?.0)).transpose()
    };
    let mut params: BTreeMap<String, String> = doing
        .params
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    if let Some(about) = name(doing.about)? {
        params.insert("about".to_owned(), about);
    }
    let place = doing.place.and_then(|place| cx.place(place).ok());
    params.insert(
        "place".to_owned(),
        place.map(|place| place.name).unwrap_or_default(),
    );
    Ok(AuditLine {
        no: line.no,
        at: cx.stamp(doing.at_ms),
        who: name(doing.person)?,
        what: doing.what.clone(),
        params,
    })
}
