//! The checklists of the catalogue.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{AnswerType, Bands, Checklist, Item, Scoring, Section, Station};
use crate::catalog::{Area, CatalogError, Table, read_rows, set, table};

/// The checklists that ship, in the order in which they are offered.
pub fn shipped() -> &'static [Checklist] {
    &SHIPPED
}

#[allow(
    clippy::expect_used,
    reason = "the tables are compiled in, and a test reads every row of them"
)]
static SHIPPED: LazyLock<Vec<Checklist>> =
    LazyLock::new(|| read().expect("the checklists that are compiled in"));

const CHECKLISTS: Table = table!("supervision-checklists.csv");
const SECTIONS: Table = table!("supervision-sections.csv");
const ITEMS: [Table; 6] = [
    table!("supervision-checklist-mnch.csv"),
    table!("supervision-checklist-malaria.csv"),
    table!("supervision-checklist-fp.csv"),
    table!("supervision-checklist-nutrition.csv"),
    table!("supervision-checklist-hrh.csv"),
    table!("supervision-checklist-data-quality.csv"),
];
/// The version of all of them; one more with each change of a text, a weight or an order.
const VERSION: &str = "1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecklistRow {
    code: String,
    area: Area,
    title_fr: String,
    title_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionRow {
    section: String,
    title_fr: String,
    title_en: String,
    station: Station,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum AnswerWord {
    YesNo,
    YesNoNa,
    Number,
    Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemRow {
    section: String,
    item_code: String,
    text_fr: String,
    text_en: String,
    answer: AnswerWord,
    weight: u8,
    critical: u8,
}

fn read() -> Result<Vec<Checklist>, CatalogError> {
    let titles = read_rows::<SectionRow>(SECTIONS)?;
    let heads = read_rows::<ChecklistRow>(CHECKLISTS)?;
    let mut asked: Vec<ItemRow> = Vec::new();
    let mut counts = Vec::new();
    for table in ITEMS {
        let rows = read_rows::<ItemRow>(table)?;
        counts.push(rows.len());
        asked.extend(rows);
    }
    let mut checklists = Vec::new();
    let mut from = 0;
    for ((head, count), table) in heads.into_iter().zip(counts).zip(ITEMS) {
        let mut checklist = Checklist {
            code: head.code,
            version: VERSION.to_owned(),
            title: set(&head.title_fr, &head.title_en),
            area: Some(head.area),
            sections: Vec::new(),
            items: Vec::new(),
            lists: Vec::new(),
            scoring: Scoring::Pooled,
            bands: Bands::default(),
        };
        if table.0 != format!("supervision-checklist-{}.csv", checklist.code) {
            return Err(CatalogError::Code {
                table: CHECKLISTS.0,
                code: checklist.code,
            });
        }
        for row in &asked[from..from + count] {
            let section = section(&mut checklist.sections, &row.section, &titles)?;
            checklist
                .items
                .push(item(row, section, shared(row, &asked)));
        }
        from += count;
        checklists.push(checklist);
    }
    Ok(checklists)
}

/// The place of a section, which is made when it is met for the first time.
fn section(
    sections: &mut Vec<Section>,
    key: &str,
    titles: &[SectionRow],
) -> Result<usize, CatalogError> {
    if let Some(at) = sections.iter().position(|section| section.key == key) {
        return Ok(at);
    }
    let titled = titles.iter().find(|row| row.section == key);
    let row = titled.ok_or(CatalogError::Code {
        table: SECTIONS.0,
        code: key.to_owned(),
    })?;
    sections.push(Section {
        key: key.to_owned(),
        title: set(&row.title_fr, &row.title_en),
        within: None,
        station: Some(row.station),
        relevant: None,
        rounds: None,
    });
    Ok(sections.len() - 1)
}

fn item(row: &ItemRow, section: usize, shared: Option<String>) -> Item {
    let answer = match row.answer {
        AnswerWord::YesNo => AnswerType::YesNo,
        AnswerWord::YesNoNa => AnswerType::YesNoNa,
        AnswerWord::Number => AnswerType::Whole,
        AnswerWord::Text => AnswerType::Text,
    };
    Item {
        section: Some(section),
        weight: row.weight,
        critical: row.critical == 1,
        // What the catalogue counts are people, days, cases and lines.
        constraint: (row.answer == AnswerWord::Number).then(|| ". >= 0".to_owned()),
        shared,
        ..Item::new(&row.item_code, set(&row.text_fr, &row.text_en), answer)
    }
}

/// What stands word for word, with the same answers, in more than one checklist bears the code of its first place.
fn shared(row: &ItemRow, asked: &[ItemRow]) -> Option<String> {
    let mut same = asked
        .iter()
        .filter(|other| other.text_fr == row.text_fr && other.answer == row.answer);
    let first = same.next()?;
    same.next().map(|_| first.item_code.clone())
}
