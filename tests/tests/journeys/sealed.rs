//! Texts whose key can be destroyed: comments that are masked, telephone numbers that are erased, and who can read them.

use std::path::Path;

use domain::role::Role;
use nyetaa_tests::{Laptop, PIN, Pair};
use serde_json::{Value as Json, json};
use server::Invite;

use crate::sticks::{Stick, introduce, receive, send, strangers};

/// Stands nowhere else.
const NAMED: &str = "Mme Kelenfila, 76 12 34 56";
const NUMBER: &str = "66 77 88 99";

/// Writes a comment about a cycle; answers its record.
fn comments(laptop: &Laptop, cycle: &Json, text: &str) -> Json {
    let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
    laptop.call("save_comment", request)["id"].clone()
}

/// The comments of a cycle, as a laptop shows them.
fn shown(laptop: &Laptop, cycle: &Json) -> Json {
    laptop.cycle(cycle)["comments"].clone()
}

/// The one of that record.
fn one(laptop: &Laptop, cycle: &Json, id: &Json) -> Json {
    let all = shown(laptop, cycle);
    let mut all = all.as_array().unwrap().iter();
    all.find(|one| one["meta"]["id"] == *id).unwrap().clone()
}

/// Whether Awa's comment is masked there.
fn is_masked(laptop: &Laptop, cycle: &Json, id: &Json) -> bool {
    let comment = one(laptop, cycle, id);
    let masked = comment["masked"]["by"] == "Awa Traoré";
    assert!(!masked || !comment.to_string().contains(NAMED), "{comment}");
    masked
}

/// The first colleague of that name.
fn person(laptop: &Laptop, name: &str) -> Json {
    let people = laptop.call("people", json!({}));
    let mut people = people.as_array().unwrap().iter();
    people.find(|one| one["name"] == name).unwrap().clone()
}

/// Whether any file of a folder holds these bytes.
fn stands_in(folder: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => stands_in(&path, wanted),
            false => {
                let bytes = std::fs::read(&path).unwrap();
                bytes.windows(wanted.len()).any(|part| part == wanted)
            }
        }
    })
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
    assert!(
        is_masked(&pair.clinic, &cycle, &comment),
        "at once, without network"
    );
    assert_eq!(shown(&pair.coach, &cycle)[0]["text"], NAMED);
    pair.clinic.sync();
    pair.coach.sync();
    assert!(is_masked(&pair.coach, &cycle, &comment));
    assert_eq!((keys(&pair.clinic), keys(&pair.coach)), (0, 0));
    for laptop in [&pair.clinic, &pair.coach] {
        let told = laptop.call("record_history", history.clone());
        assert!(!told.to_string().contains(NAMED), "{told}");
        assert_eq!(told["entries"][0]["kind"], "mask");
        assert_eq!(told["entries"][0]["author"], "Awa Traoré");
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
    assert!(is_masked(&late, &cycle, &comment));
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

#[test]
fn a_telephone_number_is_for_those_who_read_staff_records_and_can_be_erased() {
    let (pair, cycle) = Pair::at_work();
    let awa = person(&pair.clinic, "Awa Traoré");
    assert_eq!(awa["phone"], false);
    let of_awa = json!({ "person": awa["id"] });
    let save = json!({ "person": awa["id"], "phone": NUMBER });
    pair.clinic.call("save_phone", save);
    comments(&pair.clinic, &cycle, "Bravo");
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(
        pair.coach.call("read_phone", of_awa.clone())["phone"],
        NUMBER
    );
    // Who chooses between values has to see them: not in the list of what differs.
    let part = json!({ "field": "phone", "value": "70 00 00 00", "seen": [] });
    let chosen = json!({
        "kind": "person", "record": awa["id"], "parts": [part], "reason": null, "undo": false,
    });
    for laptop in [&pair.clinic, &pair.coach] {
        assert_eq!(
            laptop.refused("settle", chosen.clone()).code,
            "settle-staff"
        );
    }
    // Each reading is noted, and by whom.
    let asked = json!({ "person": null, "group": "reading", "from": null, "until": null });
    let noted = pair.coach.call("audit", asked);
    assert!(noted.to_string().contains("phone-read"), "{noted}");

    // A region that reads the centre has the key of its comments, and none of its people's.
    let region = Laptop::new(&pair.time);
    region.begin_region("Sikasso", "Fatoumata Koné");
    let code = pair.centre.invite(&Invite {
        place: "Sikasso".to_owned(),
        facility: None,
        role: Role::Region,
        uses: 1,
        days: 14,
        also: Vec::new(),
    });
    region.enrol(&pair.centre, &code);
    region.call("demand", json!({ "place": pair.place(), "on": true }));
    region.sync();
    region.sync();
    assert_eq!(shown(&region, &cycle)[0]["text"], "Bravo");
    assert_eq!(
        person(&region, "Awa Traoré")["phone"],
        true,
        "something stands there"
    );
    assert_eq!(keys(&region), 1);
    assert_eq!(
        region.refused("read_phone", of_awa.clone()).code,
        "only-the-lead"
    );

    // A colleague of the same laptop reads their own and no other.
    let add = json!({ "person": null, "name": "Binta", "role": "member", "pin": "618203" });
    pair.clinic.call("add_account", add);
    let binta = person(&pair.clinic, "Binta");
    let save = json!({ "person": binta["id"], "phone": "70 00 00 01" });
    pair.clinic.call("save_phone", save);
    pair.clinic.call("lock", json!({}));
    pair.clinic
        .call("unlock", json!({ "person": binta["id"], "pin": "618203" }));
    assert_eq!(
        pair.clinic.refused("read_phone", of_awa.clone()).code,
        "only-the-lead"
    );
    let own = pair
        .clinic
        .call("read_phone", json!({ "person": binta["id"] }));
    assert_eq!(own["phone"], "70 00 00 01");
    assert_eq!(
        pair.clinic.refused("erase_phone", of_awa.clone()).code,
        "only-the-lead"
    );
    let history = json!({ "kind": "person", "record": awa["id"] });
    let told = pair.clinic.call("record_history", history);
    assert!(!told.to_string().contains(NUMBER), "{told}");
    pair.clinic.call("lock", json!({}));
    pair.clinic
        .call("unlock", json!({ "person": awa["id"], "pin": PIN }));

    let secrets = pair.clinic.app().with(|cx| cx.store().keys()).unwrap();
    let of_number = secrets
        .iter()
        .find(|key| json!(key.record) == awa["id"])
        .unwrap();
    assert!(
        stands_in(pair.centre.folder(), &of_number.secret),
        "it is there to be found"
    );
    pair.clinic.call("erase_phone", of_awa.clone());
    assert_eq!(person(&pair.clinic, "Awa Traoré")["phone"], false);
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(pair.coach.call("read_phone", of_awa.clone())["phone"], "");
    assert_eq!(person(&pair.coach, "Awa Traoré")["phone"], false);
    assert!(!stands_in(pair.centre.folder(), &of_number.secret));
    assert!(!stands_in(pair.centre.folder(), NUMBER.as_bytes()));
    // Another number is written down later, under a key of its own.
    let save = json!({ "person": awa["id"], "phone": "70 00 00 02" });
    pair.clinic.call("save_phone", save);
    pair.clinic.sync();
    pair.coach.sync();
    assert_eq!(
        pair.coach.call("read_phone", of_awa)["phone"],
        "70 00 00 02"
    );
}

#[test]
fn keys_and_erasures_go_by_stick_where_there_is_no_server() {
    let (_time, clinic, coach) = strangers();
    let cycle = clinic.start_cycle(&clinic.home(), "anc-four-contacts", "mnch");
    let stick = Stick::new();
    introduce(&clinic, &coach, &stick);
    let comment = comments(&clinic, &cycle, NAMED);
    let awa = person(&clinic, "Awa Traoré");
    clinic.call(
        "save_phone",
        json!({ "person": awa["id"], "phone": NUMBER }),
    );
    send(&clinic, &stick);
    receive(&coach, &stick, &[]);
    assert_eq!(shown(&coach, &cycle)[0]["text"], NAMED);
    let read = coach.call("read_phone", json!({ "person": awa["id"] }));
    assert_eq!(read["phone"], NUMBER);
    let said = comments(&coach, &cycle, "Pas de nom ici, s’il vous plaît");
    // An older bundle with the key stays on the stick, and is taken in again after the erasure: it changes nothing.
    clinic.call("mask_comment", json!({ "id": comment }));
    let late = Stick::new();
    send(&clinic, &late);
    receive(&coach, &late, &[]);
    assert!(is_masked(&coach, &cycle, &comment));
    receive(&coach, &stick, &[]);
    receive(&clinic, &stick, &[]);
    for laptop in [&clinic, &coach] {
        assert!(
            is_masked(laptop, &cycle, &comment),
            "a key that is offered again is refused"
        );
    }
    // The coach masks what a comment of the centre says too, and the stick goes back.
    send(&coach, &late);
    receive(&clinic, &late, &[]);
    assert_eq!(
        one(&clinic, &cycle, &said)["text"],
        "Pas de nom ici, s’il vous plaît"
    );
    coach.call("mask_comment", json!({ "id": said }));
    send(&coach, &late);
    receive(&clinic, &late, &[]);
    assert_eq!(
        one(&clinic, &cycle, &said)["masked"]["by"],
        "Issa Coulibaly"
    );
}

#[test]
fn whoever_was_away_or_put_back_ends_without_the_key() {
    let (mut pair, cycle) = Pair::at_work();
    let comment = comments(&pair.clinic, &cycle, NAMED);
    pair.sync_both();
    pair.coach.call("backup_now", json!({}));
    pair.clinic.call("backup_now", json!({}));
    let secret = pair.clinic.app().with(|cx| cx.store().keys()).unwrap()[0].secret;
    pair.centre.stop();
    let night = pair.centre.back_up();
    pair.centre.start();
    assert!(stands_in(night.path(), &secret));

    // Masked without network, and gone back at once to a backup from before.
    pair.clinic.call("mask_comment", json!({ "id": comment }));
    let newest = |laptop: &Laptop| {
        let all = laptop.call("backups", json!({}))["backups"].clone();
        let asked = all
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["reason"] == "asked");
        asked.unwrap()["no"].clone()
    };
    let back = |laptop: &Laptop, keep: bool| {
        let no = newest(laptop);
        laptop.call("restore_backup", json!({ "no": no, "keep_since": keep }));
    };
    back(&pair.clinic, false);
    assert!(
        is_masked(&pair.clinic, &cycle, &comment),
        "what was destroyed here stays so"
    );
    pair.clinic.sync();

    // The coach was away all the time; and goes back to a backup after having heard of it.
    assert_eq!(shown(&pair.coach, &cycle)[0]["text"], NAMED);
    pair.coach.sync();
    assert!(is_masked(&pair.coach, &cycle, &comment));
    back(&pair.coach, true);
    assert!(is_masked(&pair.coach, &cycle, &comment));

    // The server is put back as it was before: the laptops tell it.
    // What was written since shows that to them.
    comments(&pair.clinic, &cycle, "On écrit « la patiente »");
    pair.clinic.sync();
    pair.coach.sync();
    pair.centre.stop();
    pair.centre.put_back(&night, "");
    pair.centre.start();
    assert!(stands_in(pair.centre.folder(), &secret));
    for _ in 0..2 {
        pair.coach.sync();
        pair.clinic.sync();
    }
    assert!(!stands_in(pair.centre.folder(), &secret));
    assert!(!stands_in(pair.centre.folder(), NAMED.as_bytes()));
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert!(is_masked(&late, &cycle, &comment));
    for laptop in [&pair.clinic, &pair.coach, &late] {
        assert_eq!(keys(laptop), 1, "of what was written since");
    }
}

#[test]
fn a_laptop_whose_database_is_gone_destroys_again_what_the_server_knows_to_be_destroyed() {
    let (mut pair, cycle) = Pair::at_work();
    let comment = comments(&pair.clinic, &cycle, NAMED);
    pair.sync_both();
    pair.clinic.call("backup_now", json!({}));
    pair.clinic.call("mask_comment", json!({ "id": comment }));
    pair.clinic.sync();
    assert_eq!(keys(&pair.clinic), 0);
    pair.clinic.close();
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{}{ending}", store::DATABASE);
        let _ = std::fs::remove_file(pair.clinic.folder().join(file));
    }
    // Nothing here knows of it any more, and the backup is from before.
    pair.clinic.reopen_locked();
    let person = pair.clinic.call("accounts", json!({}))[0]["person"].clone();
    let come_in = json!({ "person": person, "pin": PIN });
    let missing = pair.clinic.refused("unlock", come_in);
    assert_eq!(missing.code, "database-missing");
    let rescue = pair.clinic.call("rescue_state", json!({}));
    let before = rescue["backups"].as_array().unwrap().iter();
    let no = before
        .filter(|one| one["reason"] == "asked")
        .map(|one| one["no"].clone())
        .next_back();
    pair.clinic.call("rescue_restore", json!({ "no": no }));
    assert_eq!(shown(&pair.clinic, &cycle)[0]["text"], NAMED);
    pair.clinic.sync();
    pair.clinic.sync();
    assert!(is_masked(&pair.clinic, &cycle, &comment));
    assert_eq!(
        keys(&pair.clinic),
        0,
        "the key came with the backup and went"
    );
}
