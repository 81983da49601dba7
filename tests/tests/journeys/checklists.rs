//! Checklists as data: a district has one from a file or writes one, gives it out in versions, and its facilities read them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nyetaa_tests::{Laptop, Pair, Time};
use serde_json::{Value as Json, json};

fn coach() -> Laptop {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_coach("Sélingué", "Moussa Keïta");
    laptop
}

fn import(laptop: &Laptop, csv: &str) -> Json {
    let request = json!({
        "place": laptop.home(), "file": "visite.csv", "bytes": STANDARD.encode(csv),
    });
    laptop.call("import_form", request)
}

fn line(laptop: &Laptop, code: &Json) -> Option<Json> {
    let lines = laptop.call("checklists", json!({}));
    let mut found = lines.as_array().unwrap().iter();
    found.find(|line| line["code"] == *code).cloned()
}

fn stored(laptop: &Laptop) -> Vec<Json> {
    let all = laptop.call("stored_checklists", json!({}));
    all.as_array().unwrap().clone()
}

const FORM: &str = "survey,type,name,label::fr,relevant\n\
,select_one oui_non,stock,Le stock est-il suivi ?,\n\
,text,pourquoi,Pourquoi ?,${stock} = 'no'\n\
choices,list_name,name,label::fr\n\
,oui_non,yes,Oui\n\
,oui_non,no,Non\n\
settings,form_id,form_title\n\
,visite,Visite d’essai\n";

#[test]
fn a_form_that_is_imported_again_is_another_version_and_the_old_one_stays() {
    let laptop = coach();
    let first = import(&laptop, FORM);
    assert_eq!(first["same"], false);
    let code = first["line"]["code"].clone();
    let of = |version: &Json| laptop.call("checklist", json!({ "code": code, "version": version }));
    let old = of(&first["line"]["version"]);
    assert_eq!(old["items"].as_array().unwrap().len(), 2);
    assert_eq!(import(&laptop, FORM)["same"], true, "nothing changed");
    let more = FORM.replace("choices,list", ",note,fin,Merci,\nchoices,list");
    let second = import(&laptop, &more);
    assert_eq!(second["line"]["code"], code);
    assert!(
        second["line"]["version"]
            .as_str()
            .unwrap()
            .starts_with("2-")
    );
    assert_eq!(
        of(&first["line"]["version"]),
        old,
        "a visit finds what it was made with"
    );
    assert_eq!(line(&laptop, &code).unwrap()["items"], 3);
    assert_eq!(stored(&laptop).len(), 2);

    let id = &second["id"];
    let request = json!({ "kind": "checklist_version", "id": id, "reason": null });
    let refused = laptop.refused("delete_record", request);
    assert_eq!(refused.code, "checklist-given-out");
    let title = json!({ "fr": "Visite", "en": "Visit" });
    laptop.call("rename_checklist", json!({ "id": id, "title": title }));
    assert_eq!(line(&laptop, &code).unwrap()["title"], title);
    laptop.call("retire_checklist", json!({ "id": id, "retired": true }));
    assert!(line(&laptop, &code).is_none());
    assert_eq!(
        of(&second["line"]["version"])["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    laptop.call("retire_checklist", json!({ "id": id, "retired": false }));
    assert!(line(&laptop, &code).is_some());

    // The next one is written here and taken back; the same form brings another version, under the same code, and so on.
    let next = json!({ "place": laptop.home(), "of": code, "next": true, "title": null });
    let draft = laptop.call("make_checklist", next);
    let third = laptop.call("publish_checklist", json!({ "id": draft["id"] }));
    assert_eq!(
        import(&laptop, &more)["id"],
        third["id"],
        "it asks the same"
    );
    laptop.call(
        "retire_checklist",
        json!({ "id": third["id"], "retired": true }),
    );
    let back = import(&laptop, &more);
    assert_eq!(
        (&back["same"], &back["again"]),
        (&json!(true), &json!(true))
    );
    assert!(
        line(&laptop, &code).is_some(),
        "visits are begun with it again"
    );
    let fourth = import(&laptop, FORM);
    assert_eq!(
        (&fourth["same"], &fourth["line"]["code"]),
        (&json!(false), &code)
    );
}

#[test]
fn a_checklist_that_is_given_out_is_no_removal_and_keeps_its_names() {
    let time = Time::default();
    let laptop = Laptop::new(&time);
    laptop.begin_coach("Sélingué", "Moussa Keïta");
    let title = json!({ "fr": "Paludisme à Sélingué", "en": "" });
    let request = json!({ "place": laptop.home(), "of": "malaria", "next": false, "title": title });
    let made = laptop.call("make_checklist", request);
    let draft = laptop.call("checklist_draft", json!({ "id": made["id"] }));
    assert_eq!(draft["checklist"]["title"], title, "as it was written");
    assert_eq!(draft["taken"], json!([]));
    time.minutes(120);
    let mut list = draft["checklist"].clone();
    let items = list["items"].as_array_mut().unwrap();
    let gone = items.pop().unwrap()["code"].clone();
    assert!(items.len() > 10);
    let kept = json!({ "id": made["id"], "checklist": list, "seen": draft["seen"] });
    laptop.call("save_checklist_draft", kept);
    time.minutes(120);
    let given = laptop.call("publish_checklist", json!({ "id": made["id"] }));
    let removed = laptop.call("removed_batches", json!({ "place": laptop.home() }));
    assert_eq!(removed, json!([]));

    let given = stored(&laptop)
        .into_iter()
        .find(|it| it["id"] == given["id"])
        .unwrap();
    let next = json!({ "place": laptop.home(), "of": given["code"], "next": true, "title": null });
    let made = laptop.call("make_checklist", next);
    let draft = laptop.call("checklist_draft", json!({ "id": made["id"] }));
    assert_eq!(draft["checklist"]["title"], title, "as it was written");
    let taken = draft["taken"].as_array().unwrap();
    assert!(taken.contains(&list["items"][0]["code"]));
    assert!(taken.contains(&list["sections"][0]["key"]));
    assert!(!taken.contains(&gone));
}

#[test]
fn a_shipped_one_is_adapted_tried_given_out_and_reaches_the_facility() {
    let pair = Pair::enrolled();
    let (coach, clinic) = (&pair.coach, &pair.clinic);
    let request = json!({
        "place": coach.home(), "of": "malaria", "next": false,
        "title": { "fr": "Paludisme à Sélingué", "en": "Malaria in Sélingué" },
    });
    let draft = coach.call("make_checklist", request.clone());
    let read = || coach.call("checklist_draft", json!({ "id": draft["id"] }));
    let (mut list, seen) = (read()["checklist"].clone(), read()["seen"].clone());
    // The last one comes first; a question goes, and one is asked where the one before it is yes.
    let items = list["items"].as_array_mut().unwrap();
    let last = items.pop().unwrap();
    items.insert(0, last);
    items.remove(1);
    let at = items
        .iter()
        .position(|item| item["answer"] == "yes_no" || item["answer"] == "yes_no_na")
        .unwrap();
    let first = items[at]["code"].clone();
    items[at + 1]["relevant"] = json!(format!("${{{}}} = 'yes'", first.as_str().unwrap()));
    let keep =
        |list: &Json, seen: &Json| json!({ "id": draft["id"], "checklist": list, "seen": seen });
    coach.call("save_checklist_draft", keep(&list, &seen));
    assert_eq!(read()["checklist"]["items"], list["items"]);
    let late = coach.refused("save_checklist_draft", keep(&list, &seen));
    assert_eq!(
        late.code, "checklist-changed",
        "what another window wrote is not lost"
    );

    let tried = |answers: Json| {
        coach.call(
            "try_checklist",
            json!({ "checklist": list, "answers": answers }),
        )
    };
    assert_eq!(tried(json!([]))["findings"], json!([]));
    assert_eq!(tried(json!([]))["steps"][at + 1]["relevant"], false);
    let yes = tried(json!([{ "code": first, "rounds": [], "answer": "yes" }]));
    assert_eq!(yes["steps"][at + 1]["relevant"], true);
    assert_eq!(yes["score"]["answered"], 1);

    pair.sync_both();
    assert!(
        stored(clinic).is_empty(),
        "what is being written is the coach's"
    );
    let given = coach.call("publish_checklist", json!({ "id": draft["id"] }));
    let gone = coach.refused("checklist_draft", json!({ "id": draft["id"] }));
    assert_eq!(gone.code, "record-gone");
    pair.sync_both();
    let there = stored(clinic);
    assert_eq!(there.len(), 1);
    assert_eq!(
        (&there[0]["id"], &there[0]["writable"]),
        (&given["id"], &json!(false))
    );
    assert_eq!(there[0]["base"]["fr"], coach_title(coach));
    let code = json!({ "code": there[0]["code"], "version": there[0]["version"] });
    assert_eq!(
        clinic.call("checklist", code.clone())["items"],
        list["items"]
    );
    assert_eq!(
        clinic.call("checklist", code.clone()),
        coach.call("checklist", code)
    );
    let stops = clinic.call("checklist_stops", json!({ "codes": [there[0]["code"]] }));
    assert!(stops.as_array().unwrap().len() > 2);
    let refused = clinic.refused(
        "retire_checklist",
        json!({ "id": given["id"], "retired": true }),
    );
    assert_eq!(refused.code, "only-the-coach");
    assert_eq!(
        clinic.refused("make_checklist", request).code,
        "only-the-coach"
    );

    // Its next version is written once, however often it is begun.
    let next =
        json!({ "place": coach.home(), "of": there[0]["code"], "next": true, "title": null });
    let second = coach.call("make_checklist", next.clone());
    assert_eq!(coach.call("make_checklist", next), second);
}

fn coach_title(laptop: &Laptop) -> Json {
    line(laptop, &json!("malaria")).unwrap()["title"]["fr"].clone()
}

#[test]
fn what_does_not_hold_together_is_told_and_not_given_out() {
    let laptop = coach();
    let made = laptop.call(
        "make_checklist",
        json!({ "place": laptop.home(), "of": null, "next": false, "title": { "fr": "Froid", "en": "" } }),
    );
    let draft = laptop.call("checklist_draft", json!({ "id": made["id"] }));
    let refused = laptop.refused("publish_checklist", json!({ "id": made["id"] }));
    assert_eq!(refused.code, "checklist-not-ready");
    let mut list = draft["checklist"].clone();
    let item = |code: &str, relevant: Json| {
        json!({
            "code": code, "section": 0, "text": { "fr": code, "en": code }, "answer": "yes_no", "weight": 0,
            "critical": false, "relevant": relevant, "disabled": false,
        })
    };
    list["items"] = json!([
        item("a", json!("${b} = 'yes'")),
        item("b", json!("${a} = 'yes'"))
    ]);
    let tried = laptop.call("try_checklist", json!({ "checklist": list, "answers": [] }));
    let codes: Vec<&Json> = tried["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["code"])
        .collect();
    assert_eq!(
        codes,
        [&json!("circle"), &json!("no_weights"), &json!("later")]
    );
    list["items"] = json!([item("a", Json::Null), item("b", json!("${a} = 'maybe'"))]);
    let tried = laptop.call("try_checklist", json!({ "checklist": list, "answers": [] }));
    let never = json!({ "at": "b", "blocks": false, "code": "never_asked" });
    assert!(tried["findings"].as_array().unwrap().contains(&never));
    let kept = json!({ "id": made["id"], "checklist": list, "seen": draft["seen"] });
    laptop.call("save_checklist_draft", kept);
    let nameless = json!({ "place": laptop.home(), "of": null, "next": false, "title": null });
    assert_eq!(
        laptop.refused("make_checklist", nameless).code,
        "checklist-without-name"
    );
    let gone = json!({ "kind": "checklist_version", "id": made["id"], "reason": null });
    laptop.call("delete_record", gone);
    assert!(stored(&laptop).is_empty());
}
