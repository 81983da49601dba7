//! Asking the index of what people wrote.

use domain::ids::{RecordId, ScopeId};
use domain::registry::Kind;
use domain::text::{Match, find};
use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// Stand before and after what answers: signs that nobody types.
pub const MARKS: [char; 2] = ['\u{2}', '\u{3}'];
/// How many words of a hit are shown around what answers.
const SNIPPET_WORDS: usize = 18;
/// Hits looked at: those that may not be read or were deleted fall out afterwards.
const MOST_HITS: usize = 200;
/// Words that one wrongly spelt word may stand for.
const MOST_SPELLINGS: usize = 24;

/// A row of the index.
#[derive(Debug)]
pub struct Hit {
    pub id: RecordId,
    pub kind: Kind,
    pub scope: ScopeId,
    /// With [`MARKS`].
    pub title: String,
    /// With [`MARKS`]; empty for what has a title alone.
    pub snippet: String,
}

/// What the index is asked for folded words: each begins a word there, or is near to one. None when a word is near to none.
pub fn matching(conn: &Connection, folded: &str) -> Result<Option<String>> {
    let mut asked = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let begins = begins_any(conn, word)?;
        let spellings = if begins {
            lettered(conn, word)?
        } else {
            near(conn, word)?
        };
        if !begins && spellings.is_empty() {
            return Ok(None);
        }
        let mut any: Vec<String> = spellings.iter().map(|it| format!("\"{it}\"")).collect();
        if begins {
            any.insert(0, format!("\"{word}\"*"));
        }
        asked.push(format!("({})", any.join(" OR ")));
    }
    Ok((!asked.is_empty()).then(|| asked.join(" AND ")))
}

fn begins_any(conn: &Connection, word: &str) -> Result<bool> {
    let first: Option<String> = conn
        .prepare_cached("SELECT term FROM search_term WHERE term >= ?1 ORDER BY term LIMIT 1")?
        .query_row([word], |row| row.get(0))
        .optional()?;
    Ok(first.is_some_and(|term| term.starts_with(word)))
}

/// The words of the index that a word begins once their letters are folded: the index tells « œ » and « ɔ » from « oe » and « o ».
fn lettered(conn: &Connection, word: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare_cached("SELECT term FROM search_term WHERE term GLOB '*[^ -~]*'")?;
    let mut rows = statement.query([])?;
    let mut spellings = Vec::new();
    while let Some(row) = rows.next()? {
        let term = row.get_ref(0)?.as_str().unwrap_or_default();
        if find(word, term).is_some_and(|how| how <= Match::Start) {
            spellings.push(term.to_owned());
            if spellings.len() == MOST_SPELLINGS {
                break;
            }
        }
    }
    Ok(spellings)
}

/// The words of the index that a word may stand for: a letter wrong, or one that its keyboard lacks.
fn near(conn: &Connection, word: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached("SELECT term FROM search_term")?;
    let mut rows = statement.query([])?;
    let mut spellings = Vec::new();
    while let Some(row) = rows.next()? {
        let term = row.get_ref(0)?.as_str().unwrap_or_default();
        // A word of ASCII letters that is shorter by more than the slip cannot be meant.
        if term.len() + 1 < word.len() && term.is_ascii() {
            continue;
        }
        if find(word, term).is_some() {
            spellings.push(term.to_owned());
            if spellings.len() == MOST_SPELLINGS {
                break;
            }
        }
    }
    Ok(spellings)
}

/// The rows that answer, the best first; what stands in a title weighs more.
pub fn hits(conn: &Connection, asked: &str, kinds: &[Kind]) -> Result<Vec<Hit>> {
    let of_kinds = match kinds {
        [] => String::new(),
        kinds => {
            let numbers: Vec<String> = kinds.iter().map(|it| it.number().to_string()).collect();
            format!("AND s.kind IN ({})", numbers.join(", "))
        }
    };
    let sql = format!(
        "SELECT s.record, s.kind, s.scope, highlight(search, 0, char(2), char(3)),
                snippet(search, 1, char(2), char(3), '…', {SNIPPET_WORDS})
         FROM search JOIN searched s ON s.no = search.rowid
         WHERE search MATCH ?1 {of_kinds}
         ORDER BY bm25(search, 4.0, 1.0), s.no LIMIT {MOST_HITS}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([asked])?;
    let mut hits = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(kind) = Kind::from_number(row.get(1)?) else {
            continue;
        };
        hits.push(Hit {
            id: RecordId::from_bytes(row.get(0)?),
            kind,
            scope: ScopeId::from_bytes(row.get(2)?),
            title: row.get(3)?,
            snippet: row.get(4)?,
        });
    }
    Ok(hits)
}
