//! Rows to a checklist.

use std::collections::{HashMap, HashSet};

use domain::catalog::Area;
use domain::checklist::{
    AnswerType, Bands, Checklist, Choice, ChoiceList, DEEPEST, HEAVIEST, Item, Logic, MOST_ITEMS,
    Part, PartOf, Rounds, Scoring, Section, Station, Wrong,
};
use domain::expression::{Expression, Misread};
use domain::text::{Localized, fold};

use super::headings::{Columns, sense};
use super::types::{self, Group, Row};
use super::{Form, Matter, NoForm, Notice, Sheet, Sheets, is_cut};

/// The language of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tongue {
    French,
    English,
    Other,
}

impl Tongue {
    fn of(named: &str) -> Self {
        let code = named
            .rsplit_once('(')
            .map_or(named, |(_, code)| code.trim_end_matches(')'));
        match fold(code).split(' ').next().unwrap_or_default() {
            "fr" | "fra" | "fre" | "french" | "francais" => Self::French,
            "en" | "eng" | "english" | "anglais" => Self::English,
            _ => Self::Other,
        }
    }
}

/// Rows to a checklist.
pub(super) fn form(sheets: &Sheets, name: &str) -> Result<Form, NoForm> {
    let top = sheets.survey.rows.first();
    if top.is_none_or(|row| sense(&row.cells) < 2) {
        return Err(NoForm::NoQuestions);
    }
    if sheets.survey.rows.len() < 2 {
        return Err(NoForm::Empty);
    }
    let mut import = Import::new(sheets, name);
    import.lists(&sheets.choices, &sheets.survey);
    import.lists(&sheets.external, &sheets.survey);
    import.questions(&sheets.survey);
    let checklist = &mut import.checklist;
    if checklist.items.len() > MOST_ITEMS
        || checklist.sections.len() > MOST_ITEMS
        || import.choices > super::MOST_CHOICES
        || import.cells > super::MOST_CELLS
        || checklist.lists.len() > super::MOST_LISTS
    {
        return Err(NoForm::TooMany);
    }
    if checklist.items.is_empty() {
        return Err(NoForm::Empty);
    }
    import.repair();
    Ok(Form {
        checklist: import.checklist,
        languages: import.languages,
        notices: import.notices,
    })
}

struct Import {
    checklist: Checklist,
    languages: Vec<String>,
    notices: Vec<Notice>,
    /// What the texts without a language are in.
    default: Option<Tongue>,
    taken: HashSet<String>,
    choices: usize,
    /// In the further columns of the lists.
    cells: usize,
    /// The row of each item and section, for what is said of them afterwards.
    rows: Vec<(String, u32)>,
    /// The open groups, and whether each is a section: the form's own is none.
    open: Vec<usize>,
}

impl Import {
    fn new(sheets: &Sheets, name: &str) -> Self {
        let settings = &sheets.settings;
        let (columns, _) = Columns::of(settings);
        let cells = settings.rows.get(1).map(|row| row.cells.as_slice());
        let said = |column| columns.cell(cells.unwrap_or_default(), column).to_owned();
        let given = |text: String, other: &str| match text.is_empty() {
            true => other.to_owned(),
            false => text,
        };
        let title = given(said("title"), name);
        let language = said("language");
        let english = given(said("title_en"), &title);
        let band = |column, other| {
            said(column)
                .parse()
                .ok()
                .filter(|at| *at <= 100)
                .unwrap_or(other)
        };
        let bands = Bands {
            good: band("good", Bands::default().good),
            fair: band("fair", Bands::default().fair),
        };
        Self {
            checklist: Checklist {
                code: given(said("id"), name),
                version: given(said("version"), "1"),
                title: Localized::new(title, english),
                area: Area::from_word(&said("area")),
                sections: Vec::new(),
                items: Vec::new(),
                lists: Vec::new(),
                scoring: Scoring::Pooled,
                bands: match bands.fair < bands.good {
                    true => bands,
                    false => Bands::default(),
                },
            },
            languages: Vec::new(),
            notices: Vec::new(),
            default: (!language.is_empty()).then(|| Tongue::of(&language)),
            taken: HashSet::new(),
            choices: 0,
            cells: 0,
            rows: Vec::new(),
            open: Vec::new(),
        }
    }

    fn notice(&mut self, sheet: &Sheet, row: u32, name: &str, matter: Matter) {
        if self.notices.len() >= super::MOST_NOTICES {
            return;
        }
        self.notices.push(Notice {
            sheet: sheet.name.clone(),
            row,
            name: name.to_owned(),
            matter,
        });
    }

    /// The columns of a sheet, once what is to be said of them was said.
    fn columns(&mut self, sheet: &Sheet) -> Columns {
        let (columns, matters) = Columns::of(sheet);
        let row = sheet.rows.first().map_or(0, |row| row.number);
        for matter in matters {
            self.notice(sheet, row, "", matter);
        }
        for language in columns.languages() {
            if self.languages.iter().any(|known| known == language) {
                continue;
            }
            self.languages.push(language.to_owned());
            if Tongue::of(language) == Tongue::Other {
                let language = language.to_owned();
                self.notice(sheet, row, "", Matter::OtherLanguage { language });
            }
        }
        columns
    }

    /// A text in both languages: what stands under one of them alone stands for both.
    fn text(&self, columns: &Columns, cells: &[String], name: &str) -> Option<Localized> {
        let (mut fr, mut en, mut plain, mut other) = (None, None, None, None);
        for (language, text) in columns.texts(cells, name) {
            let tongue = match language {
                Some(language) => Some(Tongue::of(language)),
                None => self.default.filter(|tongue| *tongue != Tongue::Other),
            };
            let place = match tongue {
                Some(Tongue::French) => &mut fr,
                Some(Tongue::English) => &mut en,
                Some(Tongue::Other) => &mut other,
                None => &mut plain,
            };
            place.get_or_insert(text);
        }
        let french = fr.or(plain).or(en).or(other)?;
        let english = en.or(plain).or(fr).or(other)?;
        Some(Localized::new(french, english))
    }

    fn lists(&mut self, sheet: &Sheet, survey: &Sheet) {
        if sheet.rows.is_empty() {
            return;
        }
        let columns = self.columns(sheet);
        let mut others: Vec<(usize, &str)> = columns.others().collect();
        if sheet.rows.len().saturating_mul(others.len()) > super::MOST_CELLS {
            // Of so much only that is kept by which choices are filtered.
            let (asked, _) = Columns::of(survey);
            let filters: Vec<&str> = survey.rows[1..]
                .iter()
                .map(|row| asked.cell(&row.cells, "choice_filter"))
                .filter(|filter| !filter.is_empty())
                .collect();
            others.retain(|(_, heading)| filters.iter().any(|filter| filter.contains(heading)));
        }
        let (places, others): (Vec<usize>, Vec<String>) = others
            .into_iter()
            .map(|(at, heading)| (at, heading.to_owned()))
            .unzip();
        let earlier: HashSet<String> = self
            .checklist
            .lists
            .iter()
            .map(|list| list.name.clone())
            .collect();
        let mut known: HashSet<(String, String)> = HashSet::new();
        let mut made: HashMap<String, usize> = HashMap::new();
        for row in &sheet.rows[1..] {
            let list = columns.cell(&row.cells, "list").to_owned();
            let name = columns.cell(&row.cells, "name").to_owned();
            let other = list.is_empty() || name.is_empty() || list.starts_with('#');
            if other || earlier.contains(&list) {
                continue;
            }
            // The same choice may stand under several others, which the further columns tell apart.
            if others.is_empty() && !known.insert((list.clone(), name.clone())) {
                continue;
            }
            self.choices += 1;
            self.cells += others.len();
            if self.choices > super::MOST_CHOICES
                || self.cells > super::MOST_CELLS
                || self.checklist.lists.len() > super::MOST_LISTS
            {
                return;
            }
            let label = self
                .text(&columns, &row.cells, "label")
                .unwrap_or_else(|| Localized::new(name.clone(), name.clone()));
            let lists = &mut self.checklist.lists;
            let at = *made.entry(list.clone()).or_insert_with(|| {
                lists.push(ChoiceList {
                    name: list,
                    columns: others.clone(),
                    choices: Vec::new(),
                });
                lists.len() - 1
            });
            let cell = |at: &usize| row.cells.get(*at).cloned().unwrap_or_default();
            self.checklist.lists[at].choices.push(Choice {
                name,
                label,
                cells: places.iter().map(cell).collect(),
            });
        }
    }

    fn questions(&mut self, sheet: &Sheet) {
        let columns = self.columns(sheet);
        for row in &sheet.rows[1..] {
            let cells = row.cells.as_slice();
            if self.checklist.items.len() > MOST_ITEMS || self.checklist.sections.len() > MOST_ITEMS
            {
                return;
            }
            let kind = columns.cell(cells, "type");
            let off = matches!(
                columns.cell(cells, "disabled").to_lowercase().as_str(),
                "yes" | "true"
            );
            if kind.starts_with('#') || off {
                continue;
            }
            if kind.is_empty() {
                let name = columns.cell(cells, "name").to_owned();
                if !name.is_empty() && !name.starts_with('#') {
                    self.notice(sheet, row.number, &name, Matter::NoType);
                }
                continue;
            }
            self.question(sheet, &columns, row.number, cells, kind);
        }
        if let Some(last) = sheet.rows.last() {
            while let Some(at) = self.open.pop() {
                let key = self.checklist.sections[at].key.clone();
                self.notice(sheet, last.number, &key, Matter::NoEnd);
            }
        }
    }

    fn question(
        &mut self,
        sheet: &Sheet,
        columns: &Columns,
        number: u32,
        cells: &[String],
        kind: &str,
    ) {
        let mut answer = AnswerType::Text;
        let mut disabled = None;
        let mut filled = None;
        let mut or_other = false;
        match types::row(kind) {
            Row::Item(plain) => answer = plain,
            Row::OrOther(plain) => (answer, or_other) = (plain, true),
            Row::Range => answer = AnswerType::Number,
            Row::Filled(with) => {
                answer = AnswerType::Calculated;
                filled = Some(format!("once({with})"));
            }
            Row::Hidden => answer = AnswerType::Calculated,
            Row::OfTheTelephone => {
                let kind = kind.to_owned();
                disabled = Some(Matter::OfTheTelephone { kind });
            }
            Row::FromFile(file) => disabled = Some(Matter::FromFile { file }),
            Row::Include(file) => {
                let name = columns.cell(cells, "name").to_owned();
                self.notice(sheet, number, &name, Matter::MissingInclude { file });
                return;
            }
            Row::Begin(group) => return self.begin(sheet, columns, number, cells, group),
            Row::End => {
                if self.open.pop().is_none() {
                    let name = columns.cell(cells, "name").to_owned();
                    self.notice(sheet, number, &name, Matter::StrayEnd);
                }
                return;
            }
            Row::Unknown => {
                let kind = kind.to_owned();
                disabled = Some(Matter::UnknownType { kind });
            }
        }
        let first = answer == AnswerType::Note;
        let code = self.name(
            sheet,
            number,
            columns.cell(cells, "name"),
            if first { "note" } else { "question" },
        );
        let text = self.text(columns, cells, "label");
        let text = text.unwrap_or_else(|| Localized::new(code.clone(), code.clone()));
        let mut item = Item {
            section: self.open.last().copied(),
            hint: self
                .text(columns, cells, "hint")
                .or_else(|| self.text(columns, cells, "guidance")),
            constraint_message: self.text(columns, cells, "constraint_message"),
            disabled: disabled.is_some(),
            ..Item::new(&code, text, answer)
        };
        if let Some(matter) = disabled {
            self.notice(sheet, number, &code, matter);
        } else {
            self.logic(&mut item, columns, cells, filled, or_other);
        }
        if item.answer == AnswerType::Calculated && item.calculation.is_none() {
            let carried = item.default.take().filter(|text| !text.is_empty());
            item.calculation = carried.map(|text| quoted(&text));
            let hidden = types::row(kind) == Row::Hidden;
            if item.calculation.is_none() && !hidden {
                self.notice(sheet, number, &code, Matter::MissingCalculation);
            }
        }
        if types::row(kind) == Row::Range {
            range(&mut item, columns.cell(cells, "parameters"));
        }
        self.marks(sheet, &mut item, columns, number, cells);
        self.part(columns, cells, PartOf::Item(code.clone()));
        self.rows.push((code.clone(), number));
        let other = or_other
            .then(|| self.or_other(sheet, number, &item))
            .flatten();
        self.checklist.items.push(item);
        self.checklist.items.extend(other);
    }

    /// The expressions of a question, and its default.
    fn logic(
        &mut self,
        item: &mut Item,
        columns: &Columns,
        cells: &[String],
        filled: Option<String>,
        or_other: bool,
    ) {
        let said = |name: &str| expression(columns.cell(cells, name));
        item.relevant = said("relevant");
        item.constraint = said("constraint");
        item.required = said("required").filter(|text| text != "false()");
        item.calculation = filled.or_else(|| said("calculation"));
        item.choice_filter = said("choice_filter").filter(|_| item.list().is_some());
        let default = columns.cell(cells, "default");
        if default.contains("${") || default.ends_with(')') && Expression::parse(default).is_ok() {
            // A default that is worked out stands until a person answers, as a calculation of a question does.
            item.calculation = item.calculation.take().or_else(|| Some(default.to_owned()));
        } else if !default.is_empty() {
            item.default = Some(default.to_owned());
        }
        // Exactly these answers are what a checklist scores; one for something else beside them is none of these.
        if !or_other
            && let AnswerType::OneOf(list) = &item.answer
            && let Some(list) = self.checklist.list(list)
        {
            let mut names: Vec<&str> = list.choices.iter().map(|c| c.name.as_str()).collect();
            names.sort_unstable();
            match names.as_slice() {
                ["no", "yes"] => item.answer = AnswerType::YesNo,
                ["na", "no", "yes"] => item.answer = AnswerType::YesNoNa,
                _ => return,
            }
            item.choice_filter = None;
        }
    }

    /// What our own columns say: weights, critical items, shared keys, counts.
    fn marks(
        &mut self,
        sheet: &Sheet,
        item: &mut Item,
        columns: &Columns,
        number: u32,
        cells: &[String],
    ) {
        let mut wrong = Vec::new();
        let weight = columns.cell(cells, "weight");
        match weight.parse::<u8>() {
            Ok(weight) if weight <= HEAVIEST => item.weight = weight,
            _ if weight.is_empty() => {}
            _ => wrong.push(weight),
        }
        let critical = columns.cell(cells, "critical");
        let scored = matches!(item.answer, AnswerType::YesNo | AnswerType::YesNoNa);
        match critical.to_lowercase().as_str() {
            "1" | "yes" | "oui" | "true" if scored => item.critical = true,
            "" | "0" | "no" | "non" | "false" => {}
            _ => wrong.push(critical),
        }
        let shared = columns.cell(cells, "shared");
        item.shared = (!shared.is_empty()).then(|| shared.to_owned());
        let of = columns.cell(cells, "count_of");
        match of.parse() {
            Ok(of) if item.answer == AnswerType::Text => {
                item.answer = AnswerType::CountOf(of);
                item.constraint = None;
            }
            _ if of.is_empty() => {}
            _ => wrong.push(of),
        }
        for value in wrong {
            let value = value.to_owned();
            self.notice(
                sheet,
                number,
                &item.code.clone(),
                Matter::NotAMark { value },
            );
        }
    }

    /// What counts by itself where the score is made of parts.
    fn part(&mut self, columns: &Columns, cells: &[String], of: PartOf) {
        let weight = columns.cell(cells, "part").parse::<u32>().unwrap_or(0);
        if weight == 0 {
            return;
        }
        let part = Part { of, weight };
        match &mut self.checklist.scoring {
            Scoring::Parts(parts) => parts.push(part),
            pooled => *pooled = Scoring::Parts(vec![part]),
        }
    }

    /// The question for what is not on a list, which gets a choice for it.
    fn or_other(&mut self, sheet: &Sheet, number: u32, item: &Item) -> Option<Item> {
        let name = item.list()?.to_owned();
        let list = self
            .checklist
            .lists
            .iter_mut()
            .find(|list| list.name == name)?;
        if !list.choices.iter().any(|choice| choice.name == "other") {
            list.choices.push(Choice {
                name: "other".to_owned(),
                label: Localized::new("Autre", "Other"),
                cells: vec![String::new(); list.columns.len()],
            });
        }
        let code = self.name(sheet, number, &format!("{}_other", item.code), "question");
        self.rows.push((code.clone(), number));
        Some(Item {
            section: item.section,
            relevant: Some(format!("selected(${{{}}}, 'other')", item.code)),
            ..Item::new(
                &code,
                Localized::new("Préciser", "Please specify"),
                AnswerType::Text,
            )
        })
    }

    fn begin(
        &mut self,
        sheet: &Sheet,
        columns: &Columns,
        number: u32,
        cells: &[String],
        group: Group,
    ) {
        let key = self.name(sheet, number, columns.cell(cells, "name"), "group");
        let title = self.text(columns, cells, "label");
        let rounds = match group {
            Group::Plain => None,
            Group::Repeated => Some(match expression(columns.cell(cells, "count")) {
                Some(count) => Rounds::Counted(count),
                None => Rounds::Open,
            }),
            Group::Loop(list) => {
                self.notice(sheet, number, &key, Matter::Loop { list });
                None
            }
        };
        self.rows.push((key.clone(), number));
        self.part(columns, cells, PartOf::Section(key.clone()));
        let mut within = self.open.last().copied();
        if let Some(above) = within
            && self.checklist.depth(above) + 1 >= DEEPEST
        {
            within = self.checklist.sections[above].within;
            self.notice(sheet, number, &key, Matter::TooDeep);
        }
        self.checklist.sections.push(Section {
            title: title.unwrap_or_else(|| Localized::new(key.clone(), key.clone())),
            within,
            station: station(columns.cell(cells, "station")),
            relevant: expression(columns.cell(cells, "relevant")),
            rounds,
            key,
        });
        self.open.push(self.checklist.sections.len() - 1);
    }

    /// The name of a question or group: the one that stands there where it can be kept.
    fn name(&mut self, sheet: &Sheet, number: u32, given: &str, fallback: &str) -> String {
        let lettered = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let mut name: String = given
            .chars()
            .map(|c| if lettered(c) { c } else { '_' })
            .collect();
        if name.is_empty() {
            name = fallback.to_owned();
        }
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            name.insert(0, '_');
        }
        // What the format itself uses, or what would be another's.
        let reserved = name.eq_ignore_ascii_case("meta");
        let mut free = name.clone();
        let mut next = 2;
        while reserved && free == name || self.taken.contains(&free.to_lowercase()) {
            free = format!("{name}_{next}");
            next += 1;
        }
        self.taken.insert(free.to_lowercase());
        if given.is_empty() {
            if fallback != "note" {
                self.notice(sheet, number, &free, Matter::NoName);
            }
        } else if free != given {
            let from = given.to_owned();
            self.notice(sheet, number, &free, Matter::Renamed { from });
        }
        free
    }

    /// Takes away what does not hold together, and says so.
    fn repair(&mut self) {
        // Taking one thing away never breaks another: no expression asks for an expression.
        for problem in self.checklist.problems() {
            let item = self
                .checklist
                .items
                .iter_mut()
                .find(|item| item.code == problem.at);
            let (logic, matter) = match problem.what {
                Wrong::Misread { logic, why } => (Some(logic), misread(logic, why)),
                Wrong::Unknown { logic, name } => {
                    (Some(logic), Matter::UnknownName { logic, asked: name })
                }
                Wrong::NoList { list } => {
                    if let Some(item) = item {
                        item.disabled = true;
                    }
                    self.told(&problem.at, Matter::MissingList { list });
                    continue;
                }
                // Names, weights and sections were looked at when they were read.
                _ => continue,
            };
            if let Some(logic) = logic {
                match item {
                    Some(item) => item.without(logic),
                    None => self.section_without(&problem.at, logic),
                }
            }
            self.told(&problem.at, matter);
        }
        // Choices that nothing filters by any more need no columns.
        self.notices.sort_by_key(|notice| notice.row);
    }

    fn section_without(&mut self, key: &str, logic: Logic) {
        let section = self
            .checklist
            .sections
            .iter_mut()
            .find(|section| section.key == key);
        if let Some(section) = section {
            match logic {
                Logic::Rounds => section.rounds = Some(Rounds::Open),
                _ => section.relevant = None,
            }
        }
    }

    /// Says something of a question or group that was read before.
    fn told(&mut self, name: &str, matter: Matter) {
        let row = self.rows.iter().find(|(known, _)| known == name);
        self.notices.push(Notice {
            sheet: "survey".to_owned(),
            row: row.map_or(0, |(_, row)| *row),
            name: name.to_owned(),
            matter,
        });
    }
}

fn misread(logic: Logic, why: Misread) -> Matter {
    match why {
        Misread::UnknownFunction { name } | Misread::Arguments { name } => {
            Matter::UnknownFunction {
                logic,
                function: name,
            }
        }
        Misread::TooLong | Misread::TooDeep => Matter::TooLong { logic },
        Misread::Unexpected { at } => Matter::Misread { logic, at },
        Misread::Pattern { .. } => Matter::Misread { logic, at: 0 },
    }
}

/// An expression as it stands in a cell; yes and no in any of their forms.
fn expression(cell: &str) -> Option<String> {
    let yes = match cell.to_lowercase().as_str() {
        "" => return None,
        "yes" | "true" | "true()" | "oui" => true,
        "no" | "false" | "false()" | "non" => false,
        _ if is_cut(cell) => return Some(" ".repeat(domain::expression::LONGEST + 1)),
        // What word processors make of quotation marks.
        _ => return Some(cell.replace(['‘', '’'], "'").replace(['“', '”'], "\"")),
    };
    Some(if yes { "true()" } else { "false()" }.to_owned())
}

/// A text as an expression says it.
fn quoted(text: &str) -> String {
    match text.contains('\'') {
        true => format!("\"{}\"", text.replace('"', "")),
        false => format!("'{text}'"),
    }
}

/// The bounds of a range as what holds for its answers.
fn range(item: &mut Item, parameters: &str) {
    let bound = |name: &str, other: f64| {
        let mut parts = parameters.split([' ', ';', ',']);
        let found = parts.find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        found
            .and_then(|text| text.trim().parse::<f64>().ok())
            .unwrap_or(other)
    };
    let (start, end) = (bound("start", 0.0), bound("end", 10.0));
    if bound("step", 1.0).fract() == 0.0 && start.fract() == 0.0 {
        item.answer = AnswerType::Whole;
    }
    let bounds = format!(". >= {} and . <= {}", start.min(end), start.max(end));
    item.constraint = Some(match item.constraint.take() {
        Some(constraint) => format!("({constraint}) and {bounds}"),
        None => bounds,
    });
}

fn station(word: &str) -> Option<Station> {
    super::STATIONS
        .into_iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(word))
        .map(|(station, _)| station)
}
