//! A checklist as rows of text, so that a long one goes in parts and a change of one item writes that item alone.

use std::collections::{HashMap, HashSet};

use domain::catalog::Area;
use domain::checklist::{Bands, Checklist, ChoiceList, Item, Scoring, Section};
use domain::text::Localized;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::{AppError, Result};

/// The most choices in one row.
const CHOICES: usize = 60;
/// How many bytes of rows go into one part of what is given out.
const IN_A_PART: usize = 12_000;

/// What a checklist says of itself as a whole, beside its name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<Area>,
    #[serde(default)]
    scoring: Scoring,
    #[serde(default)]
    bands: Bands,
}

impl Head {
    pub(super) fn of(list: &Checklist) -> Self {
        Self {
            area: list.area,
            scoring: list.scoring.clone(),
            bands: list.bands,
        }
    }
}

/// One row.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Row {
    /// The key of the section that it stands in.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Section(Section),
    Item(Box<Item>),
    Choices(ChoiceList),
}

/// A row as text, and which of all it is: by that it is found again when it has changed. Choices of one list in several rows
/// follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) text: String,
}

/// The rows of a checklist.
pub(super) fn lines(list: &Checklist) -> Result<Vec<Line>> {
    let key = |at: Option<usize>| {
        at.and_then(|at| list.sections.get(at))
            .map(|it| it.key.clone())
    };
    let mut rows = Vec::new();
    for section in &list.sections {
        let bare = Section {
            within: None,
            ..section.clone()
        };
        rows.push((
            format!("s {}", section.key),
            Row {
                within: key(section.within),
                what: What::Section(bare),
            },
        ));
    }
    for item in &list.items {
        let bare = Item {
            section: None,
            ..item.clone()
        };
        rows.push((
            format!("i {}", item.code),
            Row {
                within: key(item.section),
                what: What::Item(Box::new(bare)),
            },
        ));
    }
    for choices in &list.lists {
        let mut slices: Vec<&[_]> = choices.choices.chunks(CHOICES).collect();
        if slices.is_empty() {
            slices.push(&[]);
        }
        for slice in slices {
            let some = ChoiceList {
                choices: slice.to_vec(),
                ..choices.clone()
            };
            rows.push((
                format!("c {}", choices.name),
                Row {
                    within: None,
                    what: What::Choices(some),
                },
            ));
        }
    }
    rows.into_iter()
        .map(|(key, row)| {
            let text = text(&row)?;
            Ok(Line { key, text })
        })
        .collect()
}

/// Something as JSON, without what says nothing.
pub(super) fn text<T: Serialize>(what: &T) -> Result<String> {
    let mut json = serde_json::to_value(what).map_err(|_| AppError::new("request-invalid"))?;
    silent(&mut json);
    Ok(json.to_string())
}

fn silent(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(silent);
        }
        Json::Array(values) => values.iter_mut().for_each(silent),
        _ => {}
    }
}

/// Which of all a stored row is; none for one that this version cannot read.
pub(super) fn key(text: &str) -> Option<String> {
    let row: Row = serde_json::from_str(text).ok()?;
    Some(match row.what {
        What::Section(section) => format!("s {}", section.key),
        What::Item(item) => format!("i {}", item.code),
        What::Choices(list) => format!("c {}", list.name),
    })
}

/// The rows in parts, each of which is a save of its own on the way.
pub(super) fn parts(lines: Vec<Line>) -> Vec<Vec<String>> {
    let mut parts: Vec<Vec<String>> = Vec::new();
    let mut size = IN_A_PART;
    for line in lines {
        if size + line.text.len() > IN_A_PART {
            parts.push(Vec::new());
            size = 0;
        }
        size += line.text.len();
        if let Some(part) = parts.last_mut() {
            part.push(line.text);
        }
    }
    parts
}

/// A name that nothing else has yet: two laptops may have given the same one, each to a row of its own.
fn apart(names: &mut HashSet<String>, name: String) -> String {
    let numbered = |number: u32| format!("{name}-{number}");
    let free = match names.contains(&name) {
        false => Some(name.clone()),
        true => (2..).map(numbered).find(|other| !names.contains(other)),
    };
    let name = free.unwrap_or(name);
    names.insert(name.clone());
    name
}

/// The checklist that rows come to. What cannot be read, since a newer version wrote it, is left out. Rows of one name are told
/// apart.
pub(super) fn read<'a>(
    (code, version): (String, String),
    title: Localized,
    head: &str,
    rows: impl Iterator<Item = &'a str>,
) -> Checklist {
    let head: Head = serde_json::from_str(head).unwrap_or_default();
    let mut list = Checklist {
        code,
        version,
        title,
        area: head.area,
        sections: Vec::new(),
        items: Vec::new(),
        lists: Vec::new(),
        scoring: head.scoring,
        bands: head.bands,
    };
    let rows: Vec<Row> = rows
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect();
    let mut names: HashSet<String> = HashSet::new();
    let mut keys: HashMap<String, usize> = HashMap::new();
    // Where two moved rows at one time, a question may stand before its section.
    let (sections, others): (Vec<Row>, Vec<Row>) = rows
        .into_iter()
        .partition(|row| matches!(row.what, What::Section(_)));
    for row in sections.into_iter().chain(others) {
        let within = row.within.and_then(|key| keys.get(&key).copied());
        match row.what {
            What::Section(section) => {
                let key = apart(&mut names, section.key.clone());
                keys.insert(key.clone(), list.sections.len());
                list.sections.push(Section {
                    key,
                    within,
                    ..section
                });
            }
            What::Item(item) => list.items.push(Item {
                code: apart(&mut names, item.code.clone()),
                section: within,
                ..*item
            }),
            What::Choices(some) => {
                let known = list.lists.iter_mut().find(|known| known.name == some.name);
                match known {
                    Some(known) => known.choices.extend(some.choices),
                    None => list.lists.push(some),
                }
            }
        }
    }
    list
}

/// Places for rows in their new order, given those that they had: as few as may be change.
pub(super) fn places(had: &[Option<i64>]) -> Vec<i64> {
    const APART: i64 = 1 << 16;
    let kept = rising(had);
    let mut places = vec![0; had.len()];
    let mut at = 0;
    let mut before = 0;
    while at < had.len() {
        if let (true, Some(place)) = (kept[at], had[at]) {
            places[at] = place;
            before = place;
            at += 1;
            continue;
        }
        let end = (at..had.len()).find(|next| kept[*next]);
        let count = (end.unwrap_or(had.len()) - at) as i64;
        let room = match end.and_then(|end| had[end]) {
            Some(after) => (after - before) / (count + 1),
            None => APART,
        };
        if room < 1 {
            // No room left between two: all get new places.
            return (1..).take(had.len()).map(|nth: i64| nth * APART).collect();
        }
        for nth in 1..=count {
            places[at] = before + room * nth;
            at += 1;
        }
        before += room * count;
    }
    places
}

/// Which of these keep their places: as many as stand in rising order.
fn rising(had: &[Option<i64>]) -> Vec<bool> {
    // The last of the best row of each length, and what stands before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; had.len()];
    for (at, place) in had.iter().enumerate() {
        let Some(place) = place.filter(|place| *place > 0) else {
            continue;
        };
        let length = ends.partition_point(|end| had[*end].is_some_and(|other| other < place));
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut kept = vec![false; had.len()];
    let mut at = ends.last().copied();
    while let Some(one) = at {
        kept[one] = true;
        at = before[one];
    }
    kept
}

#[cfg(test)]
mod tests {
    use domain::checklist::shipped;

    use super::*;

    #[test]
    fn a_checklist_comes_back_from_its_rows_as_it_was() {
        for list in shipped() {
            let head = text(&Head::of(list)).unwrap();
            let parts = parts(lines(list).unwrap());
            let rows = parts.iter().flatten().map(String::as_str);
            let named = (list.code.clone(), list.version.clone());
            assert_eq!(read(named, list.title.clone(), &head, rows), *list);
        }
    }

    #[test]
    fn two_rows_of_one_name_are_told_apart() {
        let mut one = shipped()[0].clone();
        one.items.truncate(2);
        one.sections.truncate(2);
        let (mut rows, mut twice) = (Vec::new(), one.clone());
        twice.items[1].text = Localized::new("De l’autre ordinateur", "Of the other laptop");
        for list in [&one, &twice] {
            rows.extend(lines(list).unwrap().into_iter().map(|line| line.text));
        }
        // A question that was moved before its section.
        rows.reverse();
        let head = text(&Head::of(&one)).unwrap();
        let named = (one.code.clone(), String::new());
        let read = read(
            named,
            one.title.clone(),
            &head,
            rows.iter().map(String::as_str),
        );
        let twofold: Vec<_> = read.problems().into_iter().map(|it| it.what).collect();
        assert!(!twofold.contains(&domain::checklist::Wrong::Twice));
        assert_eq!((read.items.len(), read.sections.len()), (4, 4));
        let codes: Vec<&str> = read.items.iter().map(|item| &*item.code).collect();
        assert!(codes.contains(&&*format!("{}-2", one.items[1].code)));
        assert!(read.items.iter().all(|item| item.section.is_some()));
    }

    #[test]
    fn a_row_that_moves_alone_changes_its_place_alone() {
        let new = places(&[None, None, None]);
        assert!(new.is_sorted());
        let had = [Some(10), Some(30), Some(20), Some(40)];
        let moved = places(&had);
        assert!(moved.is_sorted_by(|a, b| a < b));
        let changed = had.iter().zip(&moved).filter(|(a, b)| **a != Some(**b));
        assert_eq!(changed.count(), 1);
        assert_eq!(
            places(&[Some(1), None, Some(2)]),
            [65_536, 131_072, 196_608]
        );
        assert_eq!(places(&[Some(4), None]), [4, 65_540]);
        assert_eq!(places(&[]), Vec::<i64>::new());
    }
}
