//! What a row of questions is, by its type.

use domain::checklist::AnswerType;

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// A question.
    Item(AnswerType),
    /// A question that also takes what is not on its list.
    OrOther(AnswerType),
    /// A number between bounds that stand among its parameters.
    Range,
    /// Filled in by the form itself, with this expression.
    Filled(&'static str),
    /// Filled in by a person's hand nowhere: a value that the form carries.
    Hidden,
    /// What only a telephone can tell.
    OfTheTelephone,
    /// A question whose choices stand in a file.
    FromFile(String),
    /// A part of the form that stands in a file.
    Include(String),
    Begin(Group),
    End,
    /// Anything else.
    Unknown,
}

/// What begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    Plain,
    Repeated,
    /// For each choice of a list.
    Loop(String),
}

/// What chooses from a list, the longer words before the shorter that begin alike, and how many.
const CHOOSING: [(&str, Many); 14] = [
    ("add select multiple prompt using ", Many::Several),
    ("add select one prompt using ", Many::One),
    ("select all that apply from ", Many::Several),
    ("select all that apply ", Many::Several),
    ("select multiple from ", Many::Several),
    ("select multiple external ", Many::Several),
    ("select multiple ", Many::Several),
    ("select one from ", Many::One),
    ("select one external ", Many::One),
    ("select one ", Many::One),
    ("select1 from ", Many::One),
    ("select1 ", Many::One),
    ("select ", Many::Several),
    ("rank ", Many::Ordered),
];

#[derive(Debug, Clone, Copy)]
enum Many {
    One,
    Several,
    Ordered,
}

/// What a type means.
pub(super) fn row(kind: &str) -> Row {
    let kind = kind.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = kind.to_lowercase().replace('_', " ");
    let plain = match words.as_str() {
        "text" | "string" | "q string" | "phone number" | "barcode" | "email address" => {
            AnswerType::Text
        }
        "integer" | "int" | "q int" | "q integer" => AnswerType::Whole,
        "decimal" | "q decimal" => AnswerType::Number,
        "date" | "q date" => AnswerType::Date,
        "time" | "q time" => AnswerType::Time,
        "datetime" | "date time" | "q datetime" => AnswerType::Moment,
        "note" | "add note prompt" => AnswerType::Note,
        "calculate" | "calculation" | "q calculate" => AnswerType::Calculated,
        "acknowledge" | "acknowledgement" | "trigger" => AnswerType::Confirmed,
        "image" | "photo" | "add image prompt" | "add photo prompt" | "q image" => {
            AnswerType::Photo
        }
        "geopoint" | "gps" | "location" | "q geopoint" | "q location" => AnswerType::Point,
        "range" => return Row::Range,
        "hidden" => return Row::Hidden,
        "start" | "end" | "now" => return Row::Filled("now()"),
        "today" => return Row::Filled("today()"),
        "end group" | "end repeat" | "end loop" | "end lgroup" | "end looped group" => {
            return Row::End;
        }
        "deviceid"
        | "device id"
        | "imei"
        | "subscriberid"
        | "simserial"
        | "phonenumber"
        | "username"
        | "email"
        | "audit"
        | "start-geopoint"
        | "background-audio"
        | "background-geopoint"
        | "uri:deviceid"
        | "uri:subscriberid"
        | "uri:simserial"
        | "uri:phonenumber"
        | "uri:username"
        | "uri:email" => return Row::OfTheTelephone,
        _ => return named(&kind, &words),
    };
    Row::Item(plain)
}

/// The types that name a list or a file.
fn named(kind: &str, words: &str) -> Row {
    // Names keep their case and their underscores: they are cut out of the type as it is written.
    let tail = |count: usize| kind.get(count..).unwrap_or_default().trim().to_owned();
    for begin in ["begin ", "begin:"] {
        if let Some(what) = words.strip_prefix(begin) {
            let what = what.trim();
            let first = what.split(' ').next().unwrap_or_default();
            return match (first, what) {
                ("group", _) => Row::Begin(Group::Plain),
                ("repeat" | "lgroup", _) | (_, "looped group") => Row::Begin(Group::Repeated),
                ("loop", _) => {
                    let list = kind.split(' ').next_back().unwrap_or_default();
                    Row::Begin(Group::Loop(list.to_owned()))
                }
                _ => Row::Unknown,
            };
        }
    }
    for file in [
        "select one from file ",
        "select multiple from file ",
        "select from file ",
    ] {
        if words.starts_with(file) {
            return Row::FromFile(tail(file.len()));
        }
    }
    if words.starts_with("include ") {
        return Row::Include(tail(8));
    }
    for (words_before, many) in CHOOSING {
        if !words.starts_with(words_before) {
            continue;
        }
        let mut list = tail(words_before.len());
        let mut other = false;
        for end in [" or specify other", " or other"] {
            let lower = list.to_lowercase().replace('_', " ");
            if lower.ends_with(end) {
                list.truncate(list.len() - end.len());
                list = list.trim().to_owned();
                other = true;
            }
        }
        let answer = match many {
            Many::One => AnswerType::OneOf(list),
            Many::Several => AnswerType::SeveralOf(list),
            Many::Ordered => AnswerType::Ranked(list),
        };
        return if other {
            Row::OrOther(answer)
        } else {
            Row::Item(answer)
        };
    }
    Row::Unknown
}
