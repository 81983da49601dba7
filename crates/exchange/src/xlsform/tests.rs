use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use domain::checklist::walk::{Answers, Place, Reader};
use domain::checklist::{AnswerType, ChoiceList, shipped};
use proptest::prelude::*;

use super::*;

/// A form as text: `|` parts sheets from their rows, as ODK's own tests write them.
fn read_text(text: &str) -> Form {
    read(text.as_bytes(), "essai").unwrap()
}

fn matters(form: &Form) -> Vec<(u32, &str, Matter)> {
    let notices = form.notices.iter();
    notices
        .map(|notice| (notice.row, notice.name.as_str(), notice.matter.clone()))
        .collect()
}

#[test]
fn a_form_comes_in_with_its_groups_choices_and_expressions() {
    let form = read_text(
        "survey,,,,,,\n\
         ,TYPE,Name,label:French,LABEL::English (en),Relevance,choice filter\n\
         ,begin group,acc,Accueil,Welcome,,\n\
         ,select one from regions,region,Région ?,Region?,,\n\
         ,select_one cercles,cercle,Cercle ?,District?,selected(${region}; 'x'),region=${region}\n\
         ,select_one on,ouvert,Ouvert ?,Open?,,\n\
         ,end_group,,,,,\n\
         ,begin repeat,lit,Lit,Bed,${ouvert} = 'yes',\n\
         ,integer,jours,Jours,Days,,\n\
         ,end repeat,,,,,\n\
         choices,,,,,,\n\
         ,list name,name,label:French,label:English (en),region,\n\
         ,regions,segou,Ségou,Segou,,\n\
         ,cercles,bla,Bla,Bla,segou,\n\
         ,on,yes,Oui,Yes,,\n\
         ,on,no,Non,No,,\n\
         settings,,,,,,\n\
         ,form_title,form_id,version,,,\n\
         ,Visite,visite-1,20261123,,,\n",
    );
    let list = &form.checklist;
    assert_eq!(
        (list.code.as_str(), list.version.as_str()),
        ("visite-1", "20261123")
    );
    assert_eq!(form.languages, ["French", "English (en)"]);
    assert_eq!(
        matters(&form),
        [(
            5,
            "cercle",
            Matter::Misread {
                logic: Logic::Relevant,
                at: 18
            }
        )]
    );
    assert_eq!(
        list.sections[0].title,
        domain::text::Localized::new("Accueil", "Welcome")
    );
    assert_eq!(
        list.sections[1].relevant.as_deref(),
        Some("${ouvert} = 'yes'")
    );
    let answers: Vec<_> = list
        .items
        .iter()
        .map(|item| (item.code.as_str(), &item.answer))
        .collect();
    assert_eq!(
        answers,
        [
            ("region", &AnswerType::OneOf("regions".to_owned())),
            ("cercle", &AnswerType::OneOf("cercles".to_owned())),
            ("ouvert", &AnswerType::YesNo),
            ("jours", &AnswerType::Whole),
        ]
    );
    let given: Answers = [("region", "segou"), ("ouvert", "yes")]
        .map(|(code, text)| (Place::once(code), text.to_owned()))
        .into();
    let now = "2026-03-14T09:30:00".parse().unwrap();
    let walk = Reader::new(list).unwrap().walk(&given, now);
    let asked: Vec<_> = walk.steps().iter().map(|step| step.relevant).collect();
    assert_eq!(asked, [true; 4]);
    assert_eq!(walk.steps()[1].offered, Some(vec!["bla".to_owned()]));
}

#[test]
fn what_is_not_known_is_named_and_never_fails_the_form() {
    let form = read_text(
        "type,name,label,label,calculation,constraint,relevant,default,label::Swahili,image,required\n\
         hologram,h,Hologramme,,,,,,,,\n\
         select_one nowhere,s,Choix,,,,,,,,\n\
         select_one_from_file villages.csv,v,Village,,,,,,,,\n\
         calculate,c,,,,,,,,,\n\
         calculate,d,,,pulldata('a'),,,,,,\n\
         text,meta,Réservé,,,. > ,${rien} = 1,,,,\n\
         text,two words,Deux mots,,,,,,,,\n\
         text,TWO_words,Deux,,,,,,,,\n\
         ,lost,Sans type,,,,,,,,\n\
         # remarque,x,,,,,,,,,\n\
         text,,Sans nom,,,,,,,,yes\n\
         deviceid,tel,,,,,,,,,\n\
         begin loop over sexes,l,,,,,,,,,\n\
         include more,more,,,,,,,,,\n\
         end group,,,,,,,,,,\n\
         end group,,,,,,,,,,\n\
         begin group,g,Groupe,,,,,,,,\n\
         range,r,Note,,,,,,,,\n",
    );
    let text = |text: &str| text.to_owned();
    use Matter::*;
    assert_eq!(
        matters(&form),
        [
            (
                1,
                "",
                DuplicateColumn {
                    heading: text("label")
                }
            ),
            (
                1,
                "",
                Media {
                    heading: text("image")
                }
            ),
            (
                1,
                "",
                OtherLanguage {
                    language: text("Swahili")
                }
            ),
            (
                2,
                "h",
                UnknownType {
                    kind: text("hologram")
                }
            ),
            (
                3,
                "s",
                MissingList {
                    list: text("nowhere")
                }
            ),
            (
                4,
                "v",
                FromFile {
                    file: text("villages.csv")
                }
            ),
            (5, "c", MissingCalculation),
            (
                6,
                "d",
                UnknownFunction {
                    logic: Logic::Calculation,
                    function: text("pulldata")
                }
            ),
            (7, "meta_2", Renamed { from: text("meta") }),
            (
                7,
                "meta_2",
                UnknownName {
                    logic: Logic::Relevant,
                    asked: text("rien")
                }
            ),
            (
                7,
                "meta_2",
                Misread {
                    logic: Logic::Constraint,
                    at: 3
                }
            ),
            (
                8,
                "two_words",
                Renamed {
                    from: text("two words")
                }
            ),
            (
                9,
                "TWO_words_2",
                Renamed {
                    from: text("TWO_words")
                }
            ),
            (10, "lost", NoType),
            (12, "question", NoName),
            (
                13,
                "tel",
                OfTheTelephone {
                    kind: text("deviceid")
                }
            ),
            (
                14,
                "l",
                Loop {
                    list: text("sexes")
                }
            ),
            (15, "more", MissingInclude { file: text("more") }),
            (17, "", StrayEnd),
            (19, "g", NoEnd),
        ]
    );
    let disabled: Vec<_> = form
        .checklist
        .items
        .iter()
        .filter(|item| item.disabled)
        .collect();
    assert_eq!(
        disabled
            .iter()
            .map(|item| item.code.as_str())
            .collect::<Vec<_>>(),
        ["h", "s", "v", "tel"]
    );
    assert_eq!(form.checklist.problems(), []);
    let range = form.checklist.item("r").unwrap();
    assert_eq!(range.constraint.as_deref(), Some(". >= 0 and . <= 10"));
    assert_eq!(
        form.checklist.item("question").unwrap().required.as_deref(),
        Some("true()")
    );
}

#[test]
fn what_is_no_form_is_refused() {
    let refused = |text: &str| read(text.as_bytes(), "x").unwrap_err();
    assert_eq!(refused(""), NoForm::Unreadable(Unreadable::Empty));
    assert_eq!(refused("mois;valeur\n1;2\n"), NoForm::NoQuestions);
    assert_eq!(refused("type,name,label\n"), NoForm::Empty);
    assert_eq!(refused("type,name,label\n,,x\n"), NoForm::Empty);
    let many = format!("type,name,label\n{}", "text,a,b\n".repeat(90_000));
    assert_eq!(refused(&many), NoForm::TooMany);
}

/// A small file must not come to millions of cells: each list would have every further column.
#[test]
fn of_many_further_columns_those_stay_by_which_choices_are_filtered() {
    let wide = |filter: &str, rows: usize| {
        let headings: String = (100..300).map(|at| format!(",sorte{at}")).collect();
        let choices: String = (0..rows)
            .map(|at| format!(",l{},c{at},x\n", at % 900))
            .collect();
        format!(
            "survey,,,,\n,type,name,label,choice_filter\n,select_one l1,q,Choix,{filter}\n\
             choices,,,,\n,list_name,name,label{headings}\n{choices}"
        )
    };
    let form = read_text(&wide("sorte104=1", 1_500));
    let columns = |list: &ChoiceList| list.columns == ["sorte104"];
    assert!(form.checklist.lists.len() == 900 && form.checklist.lists.iter().all(columns));
    let form = read_text(&wide("sorte104=1", 900));
    assert_eq!(form.checklist.lists[0].columns.len(), 200);
    let many: String = (100..300).map(|at| format!("sorte{at}=1 or ")).collect();
    let refused = read(wide(&many, 1_500).as_bytes(), "x").unwrap_err();
    assert_eq!(refused, NoForm::TooMany);
}

#[test]
fn yes_and_no_with_something_else_keep_the_question_for_it() {
    let form = read_text(
        "survey,,,\n,type,name,label\n,select_one on or_other,q,Ouvert ?\n,select_one oui,p,Propre ?\n\
         choices,,,\n,list_name,name,label\n,on,yes,Oui\n,on,no,Non\n,oui,yes,Oui\n,oui,no,Non\n",
    );
    let answers: Vec<_> = form
        .checklist
        .items
        .iter()
        .map(|i| (i.code.as_str(), &i.answer))
        .collect();
    let on = AnswerType::OneOf("on".to_owned());
    assert_eq!(
        answers,
        [
            ("q", &on),
            ("q_other", &AnswerType::Text),
            ("p", &AnswerType::YesNo)
        ]
    );
    let names: Vec<_> = form.checklist.lists[0]
        .choices
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(names, ["yes", "no", "other"]);
}

#[test]
fn groups_within_groups_without_end_stand_side_by_side() {
    let text = format!(
        "type,name,label\n{}text,q,Q\n",
        "begin group,g,G\n".repeat(40)
    );
    let form = read_text(&text);
    assert_eq!(form.checklist.problems(), []);
    let count =
        |wanted: fn(&Matter) -> bool| form.notices.iter().filter(|n| wanted(&n.matter)).count();
    assert_eq!(count(|matter| *matter == Matter::TooDeep), 20);
    assert_eq!(count(|matter| *matter == Matter::NoEnd), 40);
}

#[test]
fn a_choice_beside_the_list_asks_for_its_words() {
    let form = read_text(
        "survey,,,\n,type,name,label\n,select one from sexes or specify other,sex,Sexe\n\
         choices,,,\n,list name,name,label\n,sexes,f,F\n,sexes,m,M\n",
    );
    let [sex, other] = form.checklist.items.as_slice() else {
        panic!("two questions")
    };
    assert_eq!(other.code, "sex_other");
    assert_eq!(other.relevant.as_deref(), Some("selected(${sex}, 'other')"));
    let list = form.checklist.list(sex.list().unwrap()).unwrap();
    assert_eq!(list.choices.last().unwrap().label.fr, "Autre");
}

/// The sheets of a written form, as a file would hold them.
fn as_sheets(tables: Vec<Table>) -> Sheets {
    let mut sheets = Sheets::default();
    for table in tables {
        let sheet = match table.name {
            "survey" => &mut sheets.survey,
            "choices" => &mut sheets.choices,
            _ => &mut sheets.settings,
        };
        sheet.name = table.name.to_owned();
        let rows = (1..)
            .zip(table.rows)
            .map(|(number, cells)| SheetRow { number, cells });
        sheet.rows = rows.collect();
    }
    sheets
}

#[test]
fn the_shipped_checklists_go_out_and_come_back() {
    for list in shipped() {
        let form = import::form(&as_sheets(tables(list)), "x").unwrap();
        assert_eq!(form.notices, [], "{}", list.code);
        let mut back = form.checklist;
        // The lists of yes and no, which a form has to name.
        back.lists.clear();
        let mut sorted = list.clone();
        // A form has its questions section by section.
        sorted.items.sort_by_key(|item| item.section);
        assert_eq!(back, sorted, "{}", list.code);
    }
}

#[test]
fn the_parts_of_a_score_and_its_classes_go_out_and_come_back() {
    use domain::checklist::{Bands, Part, PartOf, Scoring};
    let mut list = shipped()[0].clone();
    list.items.sort_by_key(|item| item.section);
    let section = list.sections[1].key.clone();
    let item = list.items.last().unwrap().code.clone();
    let part = |of, weight| Part { of, weight };
    list.scoring = Scoring::Parts(vec![
        part(PartOf::Section(section), 3),
        part(PartOf::Item(item), 1),
    ]);
    list.bands = Bands { good: 90, fair: 60 };
    let form = import::form(&as_sheets(tables(&list)), "x").unwrap();
    assert_eq!(form.notices, []);
    let back = Checklist {
        lists: Vec::new(),
        ..form.checklist
    };
    assert_eq!(back, list);
}

/// Genuine workbooks may not be copied into the repository: they are read where they lie, when they do.
fn genuine() -> Vec<(String, PathBuf)> {
    let shared = std::env::var_os("NYETAA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let mut found = Vec::new();
    for folder in ["cht", "onadata", "pyxform", "pyxform_bugs", "xlsform_org"] {
        let Ok(files) = fs::read_dir(shared.join("interop/xlsform").join(folder)) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.push((format!("{folder}/{name}"), path));
        }
    }
    found.sort();
    found
}

#[test]
fn every_genuine_workbook_comes_in_or_names_its_problem() {
    let mut read_in = BTreeMap::new();
    for (name, path) in genuine() {
        match read(&fs::read(&path).unwrap(), &name) {
            Ok(form) => {
                assert_eq!(form.checklist.problems(), [], "{name}");
                let again = import::form(&as_sheets(tables(&form.checklist)), &name);
                assert!(again.is_ok(), "{name} goes out again");
                read_in.insert(name, form);
            }
            // A list of choices without a form.
            Err(error) => assert_eq!(
                (name.as_str(), error),
                ("pyxform/fruits.csv", NoForm::NoQuestions)
            ),
        }
    }
    let Some(mali) = read_in.get("onadata/mali_health.xlsx") else {
        return;
    };
    assert_eq!(read_in.len(), 32);
    assert_eq!(mali.notices, []);
    assert_eq!(mali.checklist.items.len(), 15);
    let says = |name: &str, wanted: fn(&Matter) -> bool| {
        let notices = &read_in[name].notices;
        assert!(
            notices.iter().any(|notice| wanted(&notice.matter)),
            "{name}: {notices:?}"
        );
    };
    // What the reference program refuses is repaired, and the reason is named.
    for name in [
        "pyxform_bugs/duplicate_columns.xlsx",
        "onadata/enumerator_weekly.xlsx",
    ] {
        says(name, |matter| {
            matches!(matter, Matter::DuplicateColumn { .. })
        });
    }
    for name in [
        "cht/delivery.xlsx",
        "cht/pregnancy_home_visit.xlsx",
        "cht/pnc_danger_sign_follow_up_mother.xlsx",
    ] {
        says(
            name,
            |matter| matches!(matter, Matter::Renamed { from } if from == "meta"),
        );
    }
}

proptest! {
    /// Whatever a form holds comes in or is refused, and what came in holds together.
    #[test]
    fn any_rows_come_in_or_are_refused(
        rows in proptest::collection::vec(
            ("(text|integer|select_one a|begin group|end group|begin repeat|calculate|note|x)",
             "[a-c]{0,2}", "(\\$\\{[a-c]\\} = 1|selected\\(\\$\\{a\\}, 'x'\\)|\\(|)"),
            0..20,
        ),
    ) {
        let mut text = "type,name,label,relevant,calculation\n".to_owned();
        for (kind, name, logic) in rows {
            text.push_str(&format!("{kind},{name},Question,\"{logic}\",\"{logic}\"\n"));
        }
        if let Ok(form) = read(text.as_bytes(), "x") {
            prop_assert_eq!(form.checklist.problems(), vec![]);
            let again = import::form(&as_sheets(tables(&form.checklist)), "x");
            prop_assert!(again.is_ok());
        }
    }
}
