use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::score::{Class, Score, score};
use super::walk::{Answers, Place, Reader, Walk};
use super::*;

fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 3, 14)
        .unwrap()
        .and_hms_opt(9, 30, 0)
        .unwrap()
}

fn said(text: &str) -> Localized {
    Localized::new(text, text)
}

fn item(code: &str, answer: AnswerType) -> Item {
    Item::new(code, said(code), answer)
}

fn weighed(code: &str, section: usize, weight: u8, critical: bool) -> Item {
    Item {
        section: Some(section),
        weight,
        critical,
        ..item(code, AnswerType::YesNoNa)
    }
}

fn section(key: &str) -> Section {
    Section {
        key: key.to_owned(),
        title: said(key),
        within: None,
        station: None,
        relevant: None,
        rounds: None,
    }
}

fn checklist(sections: Vec<Section>, items: Vec<Item>) -> Checklist {
    Checklist {
        code: "essai".to_owned(),
        version: "1".to_owned(),
        title: said("Essai"),
        area: None,
        sections,
        items,
        lists: Vec::new(),
        scoring: Scoring::Pooled,
        bands: Bands::default(),
    }
}

fn answers(given: &[(&str, &str)]) -> Answers {
    let place = |(code, text): &(&str, &str)| (Place::once(code), (*text).to_owned());
    given.iter().map(place).collect()
}

fn walk(checklist: &Checklist, given: &Answers) -> Walk {
    Reader::new(checklist).unwrap().walk(given, now())
}

fn scored(checklist: &Checklist, given: &[(&str, &str)]) -> Score {
    score(checklist, &walk(checklist, &answers(given)))
}

/// The codes that are asked, with their answers.
fn asked<'a>(checklist: &'a Checklist, walk: &'a Walk) -> Vec<(&'a str, &'a str)> {
    let asked = walk.steps().iter().filter(|step| step.relevant);
    asked
        .map(|step| {
            (
                checklist.items[step.item].code.as_str(),
                step.answer.as_str(),
            )
        })
        .collect()
}

#[test]
fn the_shipped_checklists_hold_together_and_lose_nothing() {
    let shipped = shipped();
    let counts: Vec<_> = shipped
        .iter()
        .map(|c| (c.code.as_str(), c.items.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("mnch", 36),
            ("malaria", 32),
            ("fp", 29),
            ("nutrition", 31),
            ("hrh", 30),
            ("data-quality", 46)
        ]
    );
    for checklist in shipped {
        assert_eq!(checklist.problems(), [], "{}", checklist.code);
        assert!(
            checklist
                .sections
                .iter()
                .all(|section| section.station.is_some())
        );
        let file = format!(
            "{}/../../assets/catalog/supervision-checklist-{}.csv",
            env!("CARGO_MANIFEST_DIR"),
            checklist.code
        );
        let mut rows = csv::Reader::from_path(file).unwrap();
        for (row, item) in rows.records().zip(&checklist.items) {
            let row = row.unwrap();
            let section = &checklist.sections[item.section.unwrap()].key;
            let answer = match item.answer {
                AnswerType::YesNo => "yes_no",
                AnswerType::YesNoNa => "yes_no_na",
                AnswerType::Whole => "number",
                AnswerType::Text => "text",
                _ => "",
            };
            let weight = item.weight.to_string();
            let critical = u8::from(item.critical).to_string();
            let fr = crate::text::typeset_french(&row[2]);
            let en = row[3].replace('\'', "’");
            assert_eq!(
                [
                    section,
                    &item.code,
                    &item.text.fr,
                    &item.text.en,
                    answer,
                    &weight,
                    &critical
                ],
                [&row[0], &row[1], &fr, &en, &row[4], &row[5], &row[6]]
            );
        }
    }
}

#[test]
fn what_several_lists_ask_bears_one_key() {
    let shared = |code: &str| {
        let items = shipped().iter().flat_map(|checklist| &checklist.items);
        let mut items = items.filter(|item| item.code == code);
        items.next().and_then(|item| item.shared.clone())
    };
    assert_eq!(shared("MAL-CLO-01"), Some("MNH-CLO-02".to_owned()));
    assert_eq!(shared("MNH-CLO-02"), Some("MNH-CLO-02".to_owned()));
    assert_eq!(shared("MNH-CLO-01"), None);
}

#[test]
fn several_checklists_are_one_walk_on_which_nothing_is_asked_twice() {
    let of = |code: &str| shipped().iter().find(|list| list.code == code).unwrap();
    let stops = route::stops(&[of("mnch"), of("malaria")]);
    let stations: Vec<_> = stops.iter().map(|stop| stop.station.unwrap()).collect();
    use Station::*;
    assert_eq!(
        stations,
        [
            Arrival,
            Maternity,
            Antenatal,
            Consultation,
            Pharmacy,
            Office,
            Community,
            Feedback
        ]
    );
    let asked: Vec<&str> = stops
        .iter()
        .flat_map(|stop| &stop.parts)
        .flat_map(|part| &part.items)
        .map(|item| item.code.as_str())
        .collect();
    let all: Vec<&Item> = of("mnch")
        .items
        .iter()
        .chain(&of("malaria").items)
        .collect();
    let mut keys: Vec<_> = all
        .iter()
        .filter_map(|item| item.shared.as_deref())
        .collect();
    keys.sort_unstable();
    let before = keys.len();
    keys.dedup();
    assert!(keys.len() < before, "they do ask something twice");
    assert_eq!(asked.len(), all.len() - (before - keys.len()));
    assert!(asked.contains(&"MNH-CLO-02") && !asked.contains(&"MAL-CLO-01"));
}

#[test]
fn the_score_counts_yes_and_no_alone_and_critical_noes_come_first() {
    let list = checklist(
        vec![section("a"), section("b")],
        vec![
            weighed("a1", 0, 3, true),
            weighed("a2", 0, 1, false),
            weighed("b1", 1, 2, false),
            weighed("b2", 1, 2, true),
            Item {
                section: Some(1),
                ..item("b3", AnswerType::Whole)
            },
        ],
    );
    let empty = scored(&list, &[]);
    assert_eq!(
        (empty.percent, empty.class, empty.asked, empty.answered),
        (None, None, 5, 0)
    );

    let first = scored(
        &list,
        &[("a1", "yes"), ("a2", "no"), ("b1", "na"), ("b3", "7")],
    );
    assert_eq!(first.percent, Some(75.0));
    assert_eq!(first.class, Some(Class::Fair));
    assert_eq!(first.critical, Vec::<String>::new());
    assert_eq!((first.asked, first.answered), (5, 4));
    assert_eq!(first.sections[0].percent, Some(75.0));
    assert_eq!(first.sections[1].percent, None);

    // Eight tenths, and yet not good: a critical no weighs more than any sum.
    let whole = [("a1", "yes"), ("a2", "yes"), ("b1", "yes"), ("b2", "yes")];
    assert_eq!(scored(&list, &whole).class, Some(Class::Good));
    let mut list = list;
    list.items[3].weight = 1;
    let failed = [("a1", "yes"), ("a2", "yes"), ("b1", "yes"), ("b2", "no")];
    let failed = scored(&list, &failed);
    assert_eq!(failed.percent.map(f64::round), Some(86.0));
    assert_eq!(
        (failed.class, failed.critical),
        (Some(Class::Fair), vec!["b2".to_owned()])
    );
}

#[test]
fn a_score_is_made_of_sections_and_single_items() {
    let mut list = checklist(
        vec![
            section("a"),
            Section {
                within: Some(0),
                ..section("a-in")
            },
        ],
        vec![
            weighed("a1", 0, 1, false),
            weighed("a2", 1, 1, false),
            Item {
                answer: AnswerType::CountOf(10),
                ..weighed("b", 1, 0, false)
            },
        ],
    );
    list.items[2].section = None;
    list.scoring = Scoring::Parts(vec![
        Part {
            of: PartOf::Section("a".to_owned()),
            weight: 3,
        },
        Part {
            of: PartOf::Item("b".to_owned()),
            weight: 1,
        },
    ]);
    let found = scored(&list, &[("a1", "yes"), ("a2", "no"), ("b", "7/10")]);
    assert_eq!(found.percent.map(f64::round), Some(55.0));
    assert_eq!(found.sections[0].percent, Some(50.0));
    assert_eq!(found.sections[1].percent, Some(0.0));
    // A part without an answer leaves the mean to the others.
    assert_eq!(
        scored(&list, &[("b", "7/10")]).percent.map(f64::round),
        Some(70.0)
    );
    assert_eq!(scored(&list, &[("b", "0/0")]).percent, None);
}

#[test]
fn what_is_not_asked_counts_as_empty_for_everything_behind_it() {
    let mut list = checklist(
        vec![Section {
            relevant: Some("${open} = 'yes'".to_owned()),
            ..section("s")
        }],
        vec![
            item("open", AnswerType::YesNo),
            weighed("in", 0, 2, true),
            Item {
                relevant: Some("${in} = 'no'".to_owned()),
                ..item("why", AnswerType::Text)
            },
            Item {
                calculation: Some("concat(${why}, '!')".to_owned()),
                ..item("loud", AnswerType::Calculated)
            },
        ],
    );
    let given = [("open", "yes"), ("in", "no"), ("why", "panne")];
    let open = walk(&list, &answers(&given));
    assert_eq!(
        asked(&list, &open),
        [
            ("open", "yes"),
            ("in", "no"),
            ("why", "panne"),
            ("loud", "panne!")
        ]
    );
    let given = [("open", "no"), ("in", "no"), ("why", "panne")];
    let shut = walk(&list, &answers(&given));
    assert_eq!(asked(&list, &shut), [("open", "no"), ("loud", "!")]);
    assert_eq!(scored(&list, &given).critical, Vec::<String>::new());

    // The order of the questions makes no difference to what hangs on what.
    list.items.reverse();
    let backwards = walk(
        &list,
        &answers(&[("open", "yes"), ("in", "no"), ("why", "panne")]),
    );
    assert_eq!(
        asked(&list, &backwards),
        [
            ("loud", "panne!"),
            ("why", "panne"),
            ("in", "no"),
            ("open", "yes")
        ]
    );
}

#[test]
fn rounds_are_asked_as_often_as_was_said_and_each_by_itself() {
    let list = checklist(
        vec![Section {
            rounds: Some(Rounds::Counted("${how-many}".to_owned())),
            ..section("child")
        }],
        vec![
            item("how-many", AnswerType::Whole),
            Item {
                section: Some(0),
                ..item("age", AnswerType::Whole)
            },
            Item {
                section: Some(0),
                relevant: Some("${age} < 5".to_owned()),
                ..item("weighed", AnswerType::YesNo)
            },
            Item {
                calculation: Some("sum(${age})".to_owned()),
                ..item("ages", AnswerType::Calculated)
            },
        ],
    );
    let mut given = answers(&[("how-many", "2")]);
    for (round, age) in [(1, "3"), (2, "9"), (3, "50")] {
        let place = Place {
            code: "age".to_owned(),
            rounds: vec![round],
        };
        given.insert(place, age.to_owned());
    }
    let walked = walk(&list, &given);
    assert_eq!(
        asked(&list, &walked),
        [
            ("how-many", "2"),
            ("age", "3"),
            ("age", "9"),
            ("weighed", ""),
            ("ages", "12")
        ]
    );
    given.insert(Place::once("how-many"), "1000000".to_owned());
    let many = walk(&list, &given);
    assert_eq!(many.steps().len(), 2 + 2 * usize::from(walk::MOST_ROUNDS));
}

#[test]
fn answers_are_refused_by_their_type_their_constraint_and_the_choices_offered() {
    let mut list = checklist(
        Vec::new(),
        vec![
            Item {
                constraint: Some(". >= 0 and . <= 31".to_owned()),
                ..item("days", AnswerType::Whole)
            },
            item("region", AnswerType::OneOf("regions".to_owned())),
            Item {
                choice_filter: Some("region = ${region}".to_owned()),
                required: Some("${region} != ''".to_owned()),
                default: Some("bla".to_owned()),
                ..item("cercle", AnswerType::OneOf("cercles".to_owned()))
            },
        ],
    );
    let choice = |name: &str, cells: &[&str]| Choice {
        name: name.to_owned(),
        label: said(name),
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    list.lists = vec![
        ChoiceList {
            name: "regions".to_owned(),
            columns: Vec::new(),
            choices: vec![choice("segou", &[]), choice("kayes", &[])],
        },
        ChoiceList {
            name: "cercles".to_owned(),
            columns: vec!["region".to_owned()],
            choices: vec![choice("bla", &["segou"]), choice("kita", &["kayes"])],
        },
    ];
    let told = |given: &[(&str, &str)]| {
        let walk = walk(&list, &answers(given));
        let steps = walk.steps().iter();
        steps
            .map(|step| (step.refused, step.required))
            .collect::<Vec<_>>()
    };
    let (no, one) = (Some(Refused::Constraint), Some(Refused::NotOne));
    // The default is not offered while no region was chosen.
    assert_eq!(told(&[]), [(None, false), (None, false), (one, false)]);
    assert_eq!(
        told(&[("days", "32"), ("region", "segou")]),
        [(no, false), (None, false), (None, true)]
    );
    assert_eq!(
        told(&[("days", "beaucoup"), ("region", "mopti"), ("cercle", "")]),
        [(one, false), (one, false), (None, true)]
    );
    assert_eq!(
        told(&[("days", "31"), ("region", "kayes"), ("cercle", "bla")]),
        [(None, false), (None, false), (one, true)]
    );
}

#[test]
fn answers_are_kept_in_one_form() {
    let list = ChoiceList {
        name: "l".to_owned(),
        columns: Vec::new(),
        choices: ["a", "b"]
            .map(|name| Choice {
                name: name.to_owned(),
                label: said(name),
                cells: Vec::new(),
            })
            .into(),
    };
    let one = AnswerType::OneOf("l".to_owned());
    let several = AnswerType::SeveralOf("l".to_owned());
    for (ty, typed, kept) in [
        (AnswerType::Whole, " 1\u{202f}200 ", Some("1200")),
        (AnswerType::Whole, "007", Some("7")),
        (AnswerType::Whole, "1.5", None),
        (AnswerType::Number, "-0", Some("0")),
        (AnswerType::Number, "1,5", Some("1.5")),
        (AnswerType::Number, "1,5,5", None),
        (AnswerType::Number, "NaN", None),
        (AnswerType::YesNo, "oui", None),
        (AnswerType::Date, "2026-02-30", None),
        (AnswerType::Date, "2026-2-3", Some("2026-02-03")),
        (AnswerType::Time, "7:05", Some("07:05")),
        (AnswerType::CountOf(10), "11/10", None),
        (AnswerType::CountOf(10), "3/12", Some("3/12")),
        (AnswerType::Point, "12.65 -8", Some("12.65 -8")),
        (AnswerType::Point, "120 -8", None),
        (AnswerType::Note, "x", None),
        (AnswerType::Text, "  ", Some("")),
        (one, "a b", None),
        (several, "b a b", Some("b a")),
    ] {
        assert_eq!(
            ty.read(typed, Some(&list)).as_deref(),
            kept,
            "{ty:?} {typed}"
        );
    }
}

#[test]
fn what_does_not_hold_together_is_named() {
    let mut list = checklist(
        vec![Section {
            within: Some(0),
            relevant: Some("${gone} = 1".to_owned()),
            ..section("s")
        }],
        vec![
            Item {
                critical: true,
                weight: 9,
                constraint: Some(". >".to_owned()),
                ..item("a", AnswerType::Text)
            },
            item("a", AnswerType::OneOf("none".to_owned())),
            Item {
                section: Some(7),
                ..item("", AnswerType::Text)
            },
        ],
    );
    list.scoring = Scoring::Parts(vec![Part {
        of: PartOf::Item("b".to_owned()),
        weight: 1,
    }]);
    let found: Vec<_> = list
        .problems()
        .into_iter()
        .map(|p| (p.at, p.what))
        .collect();
    let at = |name: &str, what| (name.to_owned(), what);
    assert_eq!(
        found,
        [
            at("a", Wrong::Twice),
            at("", Wrong::Nameless),
            at(
                "s",
                Wrong::Unknown {
                    logic: Logic::Relevant,
                    name: "gone".to_owned()
                }
            ),
            at(
                "a",
                Wrong::Misread {
                    logic: Logic::Constraint,
                    why: Misread::Unexpected { at: 3 }
                }
            ),
            at("s", Wrong::Lost),
            at("a", Wrong::TooHeavy),
            at("a", Wrong::NeverNo),
            at(
                "a",
                Wrong::NoList {
                    list: "none".to_owned()
                }
            ),
            at("", Wrong::Lost),
            at("b", Wrong::NoPart),
        ]
    );
    assert!(Reader::new(&list).is_err());
}

/// A list of shipped items and answers to some of them.
/// Whatever the expressions of a form cost, a walk ends; from where it cost too much on, what cannot be told is asked.
#[test]
fn a_walk_costs_no_more_than_was_set_and_asks_what_it_cannot_tell() {
    let items = (0..300).map(|at| Item {
        relevant: Some("count(/data/*[count(/data/*) > 1]) = 0".to_owned()),
        ..item(&format!("q{at}"), AnswerType::Text)
    });
    let list = checklist(Vec::new(), items.collect());
    let walked = walk(&list, &Answers::new());
    let relevant: Vec<bool> = walked.steps().iter().map(|step| step.relevant).collect();
    assert!(!relevant[0] && !relevant[40] && relevant[299]);
    // As many questions as a checklist may have, each with what is asked, taken and worked out, come to their end.
    let items = (0..MOST_ITEMS).map(|at| Item {
        relevant: (at > 0)
            .then(|| format!("${{q{}}} = 'a0' and regex(${{q0}}, '[a-z]\\d')", at - 1)),
        constraint: Some(format!(
            "regex(., '[a-z]\\d{{1,{}}}') and . != 'b0'",
            at % 40 + 1
        )),
        ..item(&format!("q{at}"), AnswerType::Text)
    });
    let list = checklist(Vec::new(), items.collect());
    let given = |last: &str| -> Answers {
        let text = |at| if at + 1 < MOST_ITEMS { "a0" } else { last }.to_owned();
        (0..MOST_ITEMS)
            .map(|at| (Place::once(&format!("q{at}")), text(at)))
            .collect()
    };
    let last = |text: &str| walk(&list, &given(text)).steps()[MOST_ITEMS - 1].clone();
    assert!(last("a0").relevant && last("a0").refused.is_none());
    assert_eq!(last("b0").refused, Some(Refused::Constraint));
}

fn filled() -> impl Strategy<Value = (usize, Vec<(usize, &'static str)>)> {
    (0..6_usize).prop_flat_map(|list| {
        let count = shipped()[list].items.len();
        let answer = proptest::sample::select(&["yes", "no", "na", "3", ""][..]);
        (
            Just(list),
            proptest::collection::vec((0..count, answer), 0..60),
        )
    })
}

proptest! {
    #[test]
    fn a_score_is_a_share_and_a_critical_no_is_always_told((list, given) in filled()) {
        let list = &shipped()[list];
        let given: Answers = given
            .into_iter()
            .map(|(at, text)| (Place::once(&list.items[at].code), text.to_owned()))
            .collect();
        let found = score(list, &walk(list, &given));
        if let Some(percent) = found.percent {
            prop_assert!((0.0..=100.0).contains(&percent));
        }
        prop_assert_eq!(found.percent.is_some(), found.class.is_some());
        let noes: Vec<_> = list
            .items
            .iter()
            .filter(|item| item.critical)
            .filter(|item| given.get(&Place::once(&item.code)).is_some_and(|text| text == "no"))
            .map(|item| item.code.clone())
            .collect();
        prop_assert_eq!(&found.critical, &noes);
        prop_assert!(noes.is_empty() || found.class != Some(Class::Good));
        prop_assert!(found.answered <= found.asked);
        let sections: u32 = found.sections.iter().map(|section| section.answered).sum();
        prop_assert_eq!(sections, found.answered);
    }

    /// One more yes never makes a score worse, whatever else was answered.
    #[test]
    fn a_yes_in_place_of_a_no_never_lowers_the_score((list, given) in filled(), at in 0..29_usize) {
        let list = &shipped()[list];
        let item = &list.items[at];
        prop_assume!(matches!(item.answer, AnswerType::YesNo | AnswerType::YesNoNa));
        let mut given: Answers = given
            .into_iter()
            .map(|(at, text)| (Place::once(&list.items[at].code), text.to_owned()))
            .collect();
        let mut with = |text: &str| {
            given.insert(Place::once(&item.code), text.to_owned());
            score(list, &walk(list, &given))
        };
        let (no, yes) = (with("no"), with("yes"));
        prop_assert!(yes.percent >= no.percent);
        prop_assert!(yes.class >= no.class);
    }

    /// An answer that was kept is kept alike when it is given again.
    #[test]
    fn a_kept_answer_stays_as_it_is(text in "[0-9 ,./:T-]{0,12}") {
        for ty in [
            AnswerType::Whole,
            AnswerType::Number,
            AnswerType::Date,
            AnswerType::Time,
            AnswerType::Moment,
            AnswerType::CountOf(10),
            AnswerType::Point,
            AnswerType::Text,
        ] {
            if let Some(kept) = ty.read(&text, None) {
                prop_assert_eq!(ty.read(&kept, None), Some(kept.clone()), "{:?}", ty);
            }
        }
    }
}

#[test]
fn decimals_and_counted_choices_are_tried() {
    let asked = |answer: AnswerType, relevant: &str| {
        let mut list = checklist(
            vec![section("s")],
            vec![
                item("first", answer),
                Item {
                    relevant: Some(relevant.to_owned()),
                    ..item("then", AnswerType::YesNo)
                },
            ],
        );
        let choice = |name: &&str| Choice {
            name: (*name).to_owned(),
            label: said(name),
            cells: Vec::new(),
        };
        list.lists.push(ChoiceList {
            name: "signs".to_owned(),
            columns: Vec::new(),
            choices: ["fever", "cough", "rash", "none"]
                .iter()
                .map(choice)
                .collect(),
        });
        let found = check::findings(&list, now());
        !found
            .iter()
            .any(|one| one.doubt == check::Doubt::NeverAsked)
    };
    let number = || AnswerType::Number;
    assert!(asked(number(), "${first} >= 37.5 and ${first} <= 37.9"));
    assert!(asked(number(), "${first} > 37.5 and ${first} < 37.6"));
    assert!(asked(number(), "${first} <= -0.5 and ${first} > -1"));
    assert!(!asked(number(), "${first} > 37.9 and ${first} < 37.5"));
    assert!(!asked(
        AnswerType::Whole,
        "${first} >= 37.5 and ${first} <= 37.9"
    ));
    let several = || AnswerType::SeveralOf("signs".to_owned());
    assert!(asked(several(), "count-selected(${first}) >= 2"));
    assert!(asked(several(), "count-selected(${first}) = 3"));
    assert!(!asked(several(), "count-selected(${first}) > 4"));
}

/// What a checklist says, as it is locked: what is not there leaves no trace, so that a field that is added changes nothing.
fn lean(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    let empty = |value: &Json| match value {
        Json::Null | Json::Bool(false) => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        _ => false,
    };
    match value {
        Json::Object(all) => all
            .into_iter()
            .map(|(name, value)| (name, lean(value)))
            .filter(|(_, value)| !empty(value))
            .collect(),
        Json::Array(all) => all.into_iter().map(lean).collect(),
        other => other,
    }
}

#[test]
fn a_shipped_checklist_never_changes_under_its_version() {
    let lock = include_str!("../../checklists.lock");
    let locked = |list: &Checklist| {
        let known = serde_json::to_value(list).unwrap();
        let hash = blake3::hash(lean(known).to_string().as_bytes()).to_hex();
        format!("{} {} {}", list.code, list.version, &hash[..32])
    };
    for list in shipped() {
        let line = locked(list);
        assert!(
            lock.lines().any(|known| known == line),
            "visits keep the version they were made with: raise VERSION, and add to checklists.lock\n{line}"
        );
        let mut other = list.clone();
        other.items[0].text.fr.push('.');
        assert_ne!(locked(&other), line, "a text that changes is seen");
    }
}
