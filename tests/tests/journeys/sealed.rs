//! Texts whose key can be destroyed: comments that are masked, telephone numbers that are erased, and who can read them.

use nyetaa_tests::{Laptop, Pair};
use serde_json::{Value as Json, json};

/// Stands nowhere else.
const NAMED: &str = "Mme Kelenfila, 76 12 34 56";

/// Writes a comment about a cycle; answers its record.
fn comments(laptop: &Laptop, cycle: &Json, text: &str) -> Json {
    let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
    laptop.call("save_comment", request)["id"].clone()
}

/// The comments of a cycle, as a laptop shows them.
fn shown(laptop: &Laptop, cycle: &Json) -> Json {
    laptop.cycle(cycle)["comments"].clone()
}

fn is_masked(laptop: &Laptop, cycle: &Json) -> bool {
    let comment = shown(laptop, cycle)[0].clone();
    assert!(!comment.to_string().contains(NAMED), "{comment}");
    comment["masked"]["by"] == "Awa Traoré"
}

/// How many keys of sealed texts a laptop has.
fn keys(laptop: &Laptop) -> usize {
    laptop.app().with(|cx| cx.store().keys()).unwrap().len()
}

#[test]
fn a_comment_is_read_by_all_of_the_scope_and_masked_for_everybody() {
    let (pair, cycle) = Pair::at_work();
    let comment = comments(&pair.clinic, &cycle, NAMED);
    assert_eq!(shown(&pair.clinic, &cycle)[0]["text"], NAMED);
    pair.clinic.sync();
    pair.coach.sync();
    let seen = shown(&pair.coach, &cycle)[0].clone();
    assert_eq!(seen["text"], NAMED);
    assert_eq!(seen["maskable"], true);
    let history = json!({ "kind": "comment", "record": comment });
    let told = pair.coach.call("record_history", history.clone());
    assert!(told.to_string().contains(NAMED), "{told}");

    pair.clinic.call("mask_comment", json!({ "id": comment }));
    assert!(is_masked(&pair.clinic, &cycle), "at once, without network");
    assert_eq!(shown(&pair.coach, &cycle)[0]["text"], NAMED);
    pair.clinic.sync();
    pair.coach.sync();
    assert!(is_masked(&pair.coach, &cycle));
    assert_eq!((keys(&pair.clinic), keys(&pair.coach)), (0, 0));
    for laptop in [&pair.clinic, &pair.coach] {
        let told = laptop.call("record_history", history.clone());
        assert!(!told.to_string().contains(NAMED), "{told}");
        // Nothing is asked or told again, and nothing waits.
        let state = laptop.sync();
        assert_eq!(
            (&state["state"], &state["last"]["requests"]),
            (&json!("up_to_date"), &json!(1))
        );
    }

    // Who joins now gets the text, and never its key.
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert!(is_masked(&late, &cycle));
    assert_eq!(keys(&late), 0);
}

#[test]
fn a_newcomer_gets_the_keys_of_what_stands() {
    let (pair, cycle) = Pair::at_work();
    comments(&pair.clinic, &cycle, NAMED);
    pair.clinic.sync();
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert_eq!(shown(&late, &cycle)[0]["text"], NAMED);
}
