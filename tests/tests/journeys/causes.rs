//! Why a problem stands: causes on two laptops, what shows them, and the ideas that answer to them.

use std::collections::BTreeSet;

use nyetaa_tests::{Laptop, Pair, texts};
use serde_json::{Value as Json, json};

fn named<'a>(detail: &'a Json, part: &str, text: &str) -> &'a Json {
    let all = detail[part].as_array().unwrap();
    let found = all.iter().find(|one| one["text"] == text);
    found.unwrap_or_else(|| panic!("no {text} in {all:?}"))
}

/// Every cause, reached from the top.
fn reached(detail: &Json) -> BTreeSet<String> {
    let causes = detail["causes"].as_array().unwrap();
    let mut found = BTreeSet::new();
    let mut below = vec![Json::Null];
    while let Some(parent) = below.pop() {
        for cause in causes.iter().filter(|cause| cause["parent"] == parent) {
            found.insert(cause["text"].as_str().unwrap_or_default().to_owned());
            below.push(cause["meta"]["id"].clone());
        }
    }
    found
}

/// The clinic's cycle, begun without a template, is on both laptops.
fn begun() -> (Pair, Json) {
    let pair = Pair::enrolled();
    let start =
        json!({ "place": pair.place(), "template": null, "area": "mnch", "language": "fr" });
    let cycle = pair.clinic.call("start_cycle", start)["id"].clone();
    pair.sync_both();
    (pair, cycle)
}

fn adds(laptop: &Laptop, cycle: &Json, text: &str, category: Json, parent: &Json) -> Json {
    let fields = json!({ "text": text, "category": category, "parent": parent });
    laptop.part("save_cause", cycle, &Json::Null, fields)
}

#[test]
fn two_laptops_merge_a_fishbone_and_nothing_is_lost_or_out_of_reach() {
    let (pair, cycle) = begun();
    let late = adds(
        &pair.clinic,
        &cycle,
        "Elles viennent tard",
        json!("community"),
        &Json::Null,
    );
    adds(
        &pair.clinic,
        &cycle,
        "Le marché est loin",
        Json::Null,
        &late,
    );
    pair.sync_both();

    // Both add a cause; the one takes away the parent below which the other writes.
    adds(
        &pair.coach,
        &cycle,
        "Les rendez-vous ne sont pas dits",
        json!("methods"),
        &Json::Null,
    );
    adds(
        &pair.coach,
        &cycle,
        "Pas d’argent avant la récolte",
        Json::Null,
        &late,
    );
    adds(
        &pair.clinic,
        &cycle,
        "Une seule sage-femme",
        json!("people"),
        &Json::Null,
    );
    let gone = json!({ "kind": "cause", "id": late, "reason": null });
    pair.clinic.call("delete_record", gone);
    pair.sync_both();
    pair.coach.sync();

    let [here, there] = [&pair.clinic, &pair.coach].map(|laptop| laptop.cycle(&cycle));
    assert_eq!(here["causes"], there["causes"]);
    let expected = [
        "Le marché est loin",
        "Les rendez-vous ne sont pas dits",
        "Pas d’argent avant la récolte",
        "Une seule sage-femme",
    ];
    assert_eq!(reached(&here), expected.map(str::to_owned).into());
    let child = named(&here, "causes", "Pas d’argent avant la récolte");
    assert_eq!(
        (&child["parent"], &child["category"]),
        (&Json::Null, &json!("community")),
        "it stays on the bone that it was on"
    );

    // Taken back, everything hangs where it hung.
    pair.clinic
        .call("restore_record", json!({ "kind": "cause", "id": late }));
    let again = pair.clinic.cycle(&cycle);
    assert_eq!(
        named(&again, "causes", "Le marché est loin")["parent"],
        late
    );
    assert_eq!(
        named(&again, "causes", "Pas d’argent avant la récolte")["parent"],
        late
    );
    assert_eq!(reached(&again).len(), 5);
}

#[test]
fn the_cycles_own_cause_comes_back_with_its_new_words() {
    let (pair, cycle) = begun();
    let clinic = &pair.clinic;
    clinic.edit_cycle(&cycle, json!({ "cause": "Elles viennent tard" }));
    let shown = clinic.cycle(&cycle);
    let own = named(&shown, "causes", "Elles viennent tard").clone();
    clinic.part(
        "save_cause",
        &cycle,
        &own,
        json!({ "category": "community" }),
    );
    let gone = json!({ "kind": "cause", "id": own["meta"]["id"], "reason": null });
    clinic.call("delete_record", gone);
    assert_eq!(clinic.cycle(&cycle)["causes"], json!([]));
    // Something else of the cycle leaves it removed.
    clinic.edit_cycle(&cycle, json!({ "problem": "Trop peu de CPN" }));
    assert_eq!(clinic.cycle(&cycle)["causes"], json!([]));
    clinic.edit_cycle(&cycle, json!({ "cause": "Le marché est loin" }));
    let shown = clinic.cycle(&cycle);
    let back = named(&shown, "causes", "Le marché est loin");
    assert_eq!(back["meta"]["id"], own["meta"]["id"]);
    assert_eq!(back["in_cycle"], true);
    assert_eq!(back["category"], "community");
}

#[test]
fn two_causes_that_are_hung_on_each_other_apart_are_both_reached() {
    let (pair, cycle) = begun();
    let one = adds(&pair.clinic, &cycle, "Un", json!("people"), &Json::Null);
    let two = adds(&pair.clinic, &cycle, "Deux", json!("methods"), &Json::Null);
    pair.sync_both();
    for (laptop, of, text, on) in [
        (&pair.clinic, &one, "Un", &two),
        (&pair.coach, &two, "Deux", &one),
    ] {
        let shown = laptop.cycle(&cycle);
        assert_eq!(named(&shown, "causes", text)["meta"]["id"], *of);
        laptop.part(
            "save_cause",
            &cycle,
            named(&shown, "causes", text),
            json!({ "parent": on }),
        );
    }
    // On one laptop it is refused.
    let shown = pair.clinic.cycle(&cycle);
    let edits = json!([{ "field": "parent", "value": one, "seen": null }]);
    let request = json!({ "id": two, "cycle": cycle, "edits": edits, "reason": null });
    assert_eq!(
        pair.clinic.refused("save_cause", request).code,
        "request-invalid"
    );
    assert_eq!(reached(&shown).len(), 2);
    pair.sync_both();
    pair.coach.sync();
    for laptop in [&pair.clinic, &pair.coach] {
        let shown = laptop.cycle(&cycle);
        assert_eq!(reached(&shown), ["Deux", "Un"].map(str::to_owned).into());
    }
    assert_eq!(
        pair.clinic.cycle(&cycle)["causes"],
        pair.coach.cycle(&cycle)["causes"]
    );
}

#[test]
fn the_cause_of_the_page_is_one_of_the_fishbone_and_has_one_text() {
    let (pair, cycle) = begun();
    let clinic = &pair.clinic;
    assert_eq!(clinic.cycle(&cycle)["causes"], json!([]));
    clinic.edit_cycle(&cycle, json!({ "cause": "Le registre manque" }));
    let shown = clinic.cycle(&cycle);
    let cause = named(&shown, "causes", "Le registre manque");
    assert_eq!(
        (&cause["in_cycle"], &cause["main"], &cause["standing"]),
        (&json!(true), &json!(true), &json!("suspected"))
    );
    let own = cause["meta"]["id"].clone();

    // More is said of it in the picture; its words stay where they are.
    let below = adds(clinic, &cycle, "Le dépôt n’en a plus", Json::Null, &own);
    assert_eq!(
        named(&clinic.cycle(&cycle), "causes", "Le dépôt n’en a plus")["parent"],
        own
    );
    clinic.part(
        "save_cause",
        &cycle,
        cause,
        json!({ "category": "supplies", "standing": "verified" }),
    );
    clinic.edit_cycle(&cycle, json!({ "cause": "Le registre de CPN manque" }));
    let words = json!([{ "field": "text", "value": "Autre chose", "seen": null }]);
    let request = json!({ "id": own, "cycle": cycle, "edits": words, "reason": null });
    assert_eq!(
        clinic.refused("save_cause", request).code,
        "request-invalid"
    );
    let shown = clinic.cycle(&cycle);
    let cause = named(&shown, "causes", "Le registre de CPN manque");
    assert_eq!(
        (&cause["meta"]["id"], &cause["category"], &cause["standing"]),
        (&own, &json!("supplies"), &json!("verified"))
    );
    let child = named(&shown, "causes", "Le dépôt n’en a plus");
    assert_eq!(
        (&child["parent"], &child["category"]),
        (&own, &json!("supplies"))
    );

    // The team goes on to the cause behind it; the coach sees the same.
    clinic.edit_cycle(&cycle, json!({ "main_cause": below }));
    pair.sync_both();
    let there = pair.coach.cycle(&cycle);
    assert_eq!(
        named(&there, "causes", "Le dépôt n’en a plus")["main"],
        true
    );
    assert_eq!(
        named(&there, "causes", "Le registre de CPN manque")["main"],
        false
    );
    assert_eq!(there["causes"], pair.clinic.cycle(&cycle)["causes"]);
}

#[test]
fn what_shows_a_cause_and_what_answers_to_it_are_of_the_same_cycle() {
    let (pair, cycle) = begun();
    let clinic = &pair.clinic;
    let other = clinic.start_cycle(&pair.place(), "pre-eclampsia-screening", "mnch");
    let cause = adds(
        clinic,
        &cycle,
        "Pas de tensiomètre",
        json!("supplies"),
        &Json::Null,
    );
    let driver = clinic.part(
        "save_driver",
        &cycle,
        &Json::Null,
        json!({ "text": "Du matériel" }),
    );
    let below = json!({ "text": "Un tensiomètre par salle", "parent": driver });
    let below = clinic.part("save_driver", &cycle, &Json::Null, below);
    let shows = json!({ "about": cause, "sort": "observation", "text": "L’étagère, le 3 mai" });
    clinic.part("save_evidence", &cycle, &Json::Null, shows);
    let idea = json!({ "text": "En emprunter un", "cause": cause, "driver": below, "effort": 2, "effect": 4 });
    clinic.part("save_idea", &cycle, &Json::Null, idea);
    for (command, edits) in [
        ("save_idea", json!({ "cause": cause })),
        ("save_idea", json!({ "effort": 6 })),
        ("save_idea", json!({ "effect": 0 })),
        ("save_cause", json!({ "parent": cause })),
        ("save_cause", json!({ "category": "money" })),
        ("save_cause", json!({ "standing": "sure" })),
        ("save_driver", json!({ "parent": driver })),
        ("save_evidence", json!({ "about": cause })),
        ("save_evidence", json!({ "sort": "rumour" })),
        ("save_member", json!({ "sex": "x" })),
    ] {
        let edits = nyetaa_tests::edits(&Json::Null, &edits);
        let request = json!({ "id": null, "cycle": other, "edits": edits, "reason": null });
        assert_eq!(
            clinic.refused(command, request).code,
            "request-invalid",
            "{command}"
        );
    }
    pair.sync_both();
    let there = pair.coach.cycle(&cycle);
    let idea = named(&there, "ideas", "En emprunter un");
    assert_eq!((&idea["effort"], &idea["effect"]), (&json!(2), &json!(4)));
    assert_eq!((&idea["cause"], &idea["driver"]), (&cause, &below));
    assert_eq!(
        named(&there, "drivers", "Un tensiomètre par salle")["parent"],
        driver
    );
    assert_eq!(
        named(&there, "evidence", "L’étagère, le 3 mai")["about"],
        cause
    );
}

#[test]
fn a_cycle_begun_from_a_sign_keeps_it_and_follows_its_measure_first() {
    let (pair, _) = begun();
    let sign = json!({ "indicator": "MNCH-03", "text": "Six mois sous la médiane." });
    let mut start = json!({
        "place": pair.place(), "template": "anc-four-contacts", "area": "mnch", "language": "fr", "sign": sign,
    });
    let cycle = pair.clinic.call("start_cycle", start.clone())["id"].clone();
    let shown = pair.clinic.cycle(&cycle);
    // The causes that others have met come along, each to be verified.
    let causes = shown["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 3);
    assert!(
        causes
            .iter()
            .all(|cause| cause["standing"] == "suspected" && cause["main"] == false)
    );
    let shows = &shown["evidence"][0];
    assert_eq!(
        (
            &shows["about"],
            &shows["sort"],
            &shows["indicator"],
            &shows["text"]
        ),
        (
            &cycle,
            &json!("signal"),
            &json!("MNCH-03"),
            &json!("Six mois sous la médiane.")
        )
    );
    let followed = texts(&shown["measures"], "indicator");
    assert_eq!(followed, ["MNCH-03", "MNCH-02", "MNCH-01"]);
    start["sign"]["indicator"] = json!("NONE-01");
    assert_eq!(
        pair.clinic.refused("start_cycle", start).code,
        "indicator-unknown"
    );
}
