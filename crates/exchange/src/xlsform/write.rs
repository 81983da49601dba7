//! A checklist as the rows of an XLSForm.

use std::collections::HashSet;

use domain::catalog::Area;
use domain::checklist::{AnswerType, Checklist, Item, PartOf, Rounds, Scoring};
use domain::text::Localized;

/// A sheet of the workbook: the headings, then the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its rows, each as long as the headings.
    pub rows: Vec<Vec<String>>,
}

const SURVEY: [&str; 21] = [
    "type",
    "name",
    "label::Français (fr)",
    "label::English (en)",
    "hint::Français (fr)",
    "hint::English (en)",
    "required",
    "relevant",
    "constraint",
    "constraint_message::Français (fr)",
    "constraint_message::English (en)",
    "calculation",
    "default",
    "choice_filter",
    "repeat_count",
    "weight",
    "critical",
    "shared",
    "count_of",
    "station",
    "score_part",
];

/// The sheets `survey`, `choices` and `settings`, for any program that reads XLSForm. Weights, critical items, shared keys, parts of the
/// score and classes stand in columns that others leave alone.
pub fn tables(checklist: &Checklist) -> Vec<Table> {
    let mut survey = vec![headings(&SURVEY)];
    Rows {
        checklist,
        rows: &mut survey,
    }
    .section(None);
    let mut columns: Vec<&str> = Vec::new();
    for column in checklist.lists.iter().flat_map(|list| &list.columns) {
        if !columns.contains(&column.as_str()) {
            columns.push(column);
        }
    }
    let fixed = [
        "list_name",
        "name",
        "label::Français (fr)",
        "label::English (en)",
    ];
    let mut choices = vec![headings(&[&fixed[..], &columns].concat())];
    for (list, answers) in [
        (YES_NO, &[("yes", "Oui", "Yes"), ("no", "Non", "No")][..]),
        (
            YES_NO_NA,
            &[
                ("yes", "Oui", "Yes"),
                ("no", "Non", "No"),
                ("na", "Non applicable", "Not applicable"),
            ],
        ),
    ] {
        if checklist
            .items
            .iter()
            .any(|item| scored_list(item) == Some(list))
        {
            for (name, fr, en) in answers {
                let mut row = [list, name, fr, en].map(str::to_owned).to_vec();
                row.resize(fixed.len() + columns.len(), String::new());
                choices.push(row);
            }
        }
    }
    for list in &checklist.lists {
        for choice in &list.choices {
            let mut row = vec![
                list.name.clone(),
                choice.name.clone(),
                choice.label.fr.clone(),
                choice.label.en.clone(),
            ];
            row.extend(columns.iter().map(|column| {
                let at = list.columns.iter().position(|own| own == column);
                at.and_then(|at| choice.cells.get(at))
                    .cloned()
                    .unwrap_or_default()
            }));
            choices.push(row);
        }
    }
    let settings = vec![
        headings(&[
            "form_title",
            "form_id",
            "version",
            "default_language",
            "form_title_en",
            "service_area",
            "score_good",
            "score_fair",
            "allow_choice_duplicates",
        ]),
        [
            checklist.title.fr.as_str(),
            &name(&checklist.code),
            &checklist.version,
            "Français (fr)",
            &checklist.title.en,
            checklist.area.map_or("", Area::word),
            &checklist.bands.good.to_string(),
            &checklist.bands.fair.to_string(),
            if doubled(checklist) { "yes" } else { "" },
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    [
        ("survey", survey),
        ("choices", choices),
        ("settings", settings),
    ]
    .map(|(name, rows)| Table { name, rows })
    .to_vec()
}

const YES_NO: &str = "nyetaa_yes_no";
const YES_NO_NA: &str = "nyetaa_yes_no_na";

fn headings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn scored_list(item: &Item) -> Option<&'static str> {
    match item.answer {
        AnswerType::YesNo if !item.disabled => Some(YES_NO),
        AnswerType::YesNoNa if !item.disabled => Some(YES_NO_NA),
        _ => None,
    }
}

/// A name as XForms take it.
fn name(code: &str) -> String {
    code.chars()
        .map(|c| match c {
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') => c,
            _ => '_',
        })
        .collect()
}

struct Rows<'a> {
    checklist: &'a Checklist,
    rows: &'a mut Vec<Vec<String>>,
}

impl Rows<'_> {
    /// The rows of a section's questions and of the sections in it, in the order of the questions.
    fn section(&mut self, section: Option<usize>) {
        let checklist = self.checklist;
        let mut begun: Vec<usize> = Vec::new();
        for item in &checklist.items {
            if item.section == section {
                self.item(item);
                continue;
            }
            // The section right below this one in which the question stands.
            let inner = (0..checklist.sections.len()).find(|at| {
                checklist.sections[*at].within == section && checklist.is_within(item.section, *at)
            });
            if let Some(inner) = inner
                && !begun.contains(&inner)
            {
                begun.push(inner);
                self.group(inner);
            }
        }
    }

    fn group(&mut self, at: usize) {
        let section = &self.checklist.sections[at];
        let word = match section.rounds {
            Some(_) => "repeat",
            None => "group",
        };
        let mut row = vec![String::new(); SURVEY.len()];
        let mut put = |column: &str, text: &str| put(&mut row, column, text);
        put("type", &format!("begin {word}"));
        put("name", &section.key);
        put("label::Français (fr)", &section.title.fr);
        put("label::English (en)", &section.title.en);
        put("relevant", section.relevant.as_deref().unwrap_or_default());
        if let Some(Rounds::Counted(count)) = &section.rounds {
            put("repeat_count", count);
        }
        let station = section.station.and_then(|station| {
            let mut known = super::STATIONS.into_iter();
            known.find(|(other, _)| *other == station)
        });
        if let Some((_, word)) = station {
            put("station", word);
        }
        let of = PartOf::Section(section.key.clone());
        put("score_part", &part(self.checklist, &of));
        self.rows.push(row);
        self.section(Some(at));
        let mut end = vec![String::new(); SURVEY.len()];
        end[0] = format!("end {word}");
        self.rows.push(end);
    }

    fn item(&mut self, item: &Item) {
        let mut row = vec![String::new(); SURVEY.len()];
        let mut put = |column: &str, text: &str| put(&mut row, column, text);
        let kind = match &item.answer {
            // What cannot be answered here may not be asked elsewhere either.
            _ if item.disabled => "note".to_owned(),
            AnswerType::Note => "note".to_owned(),
            AnswerType::YesNo | AnswerType::YesNoNa => {
                format!("select_one {}", scored_list(item).unwrap_or(YES_NO))
            }
            AnswerType::Whole => "integer".to_owned(),
            AnswerType::Number => "decimal".to_owned(),
            AnswerType::Text | AnswerType::CountOf(_) => "text".to_owned(),
            AnswerType::Date => "date".to_owned(),
            AnswerType::Time => "time".to_owned(),
            AnswerType::Moment => "dateTime".to_owned(),
            AnswerType::OneOf(list) => format!("select_one {list}"),
            AnswerType::SeveralOf(list) => format!("select_multiple {list}"),
            AnswerType::Ranked(list) => format!("rank {list}"),
            AnswerType::Photo => "image".to_owned(),
            AnswerType::Confirmed => "acknowledge".to_owned(),
            AnswerType::Point => "geopoint".to_owned(),
            AnswerType::Calculated => "calculate".to_owned(),
        };
        put("type", &kind);
        put("name", &item.code);
        let mut both = |column: &str, text: Option<&Localized>| {
            if let Some(text) = text {
                put(&format!("{column}::Français (fr)"), &text.fr);
                put(&format!("{column}::English (en)"), &text.en);
            }
        };
        if item.answer != AnswerType::Calculated {
            both("label", Some(&item.text));
        }
        both("hint", item.hint.as_ref());
        both("constraint_message", item.constraint_message.as_ref());
        put("relevant", item.relevant.as_deref().unwrap_or_default());
        if item.disabled {
            self.rows.push(row);
            return;
        }
        put("required", item.required.as_deref().unwrap_or_default());
        put("constraint", item.constraint.as_deref().unwrap_or_default());
        put(
            "calculation",
            item.calculation.as_deref().unwrap_or_default(),
        );
        put("default", item.default.as_deref().unwrap_or_default());
        put(
            "choice_filter",
            item.choice_filter.as_deref().unwrap_or_default(),
        );
        put("shared", item.shared.as_deref().unwrap_or_default());
        if item.answer == AnswerType::Calculated && item.calculation.is_none() {
            // Elsewhere nothing is worked out without saying how.
            put("calculation", "''");
        }
        if let AnswerType::CountOf(of) = item.answer {
            put("constraint", "regex(., '[0-9]+/[0-9]+')");
            put("count_of", &of.to_string());
        }
        if item.weight > 0 {
            put("weight", &item.weight.to_string());
        }
        if item.critical {
            put("critical", "1");
        }
        let of = PartOf::Item(item.code.clone());
        put("score_part", &part(self.checklist, &of));
        self.rows.push(row);
    }
}

/// Whether a list has one name twice, as where choices are told apart by what they stand under.
fn doubled(checklist: &Checklist) -> bool {
    checklist.lists.iter().any(|list| {
        let mut names = HashSet::new();
        list.choices
            .iter()
            .any(|choice| !names.insert(&choice.name))
    })
}

/// How much a section or an item counts, where the score is made of parts.
fn part(checklist: &Checklist, of: &PartOf) -> String {
    let Scoring::Parts(parts) = &checklist.scoring else {
        return String::new();
    };
    let found = parts.iter().find(|part| part.of == *of);
    found.map_or_else(String::new, |part| part.weight.to_string())
}

fn put(row: &mut [String], column: &str, text: &str) {
    if let Some(at) = SURVEY.iter().position(|heading| *heading == column) {
        text.clone_into(&mut row[at]);
    }
}
