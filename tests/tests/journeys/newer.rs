//! Two ages of the program at the same time: what a newer one writes is kept by an older one, shown as far as it can be, and
//! handed on byte for byte.

use std::collections::BTreeSet;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{IdeaField, Kind};
use domain::value::Value;
use nyetaa_tests::{Centre, Laptop, Light, Line, Pair, Time, Weather};
use serde_json::{Value as Json, json};
use sync::clock::Hlc;
use sync::log::{Change, Save, SaveKind};
use sync::segment;
use sync::vector::Vector;
use sync::wire::{Purpose, Signed, SyncAnswer, SyncRequest};

/// A second laptop of the clinic, with the program of a later year.
fn later_version(centre: &Centre) -> Light {
    let code = centre.invite_facility("CSCom de Kangaré", "Sélingué");
    let mut light = Light::new(77);
    light.enrolled(&centre.server().enrol(&light.wish(&code), None).unwrap());
    light
}

/// A save with a record of a kind that nobody here knows, a field and a form of save that nobody knows, and an idea as ever.
fn save(light: &Light, time: &Time, text: &str) -> Save {
    let record = |number| RecordId::counted(light.replica(), 10 * light.last_seq() + number);
    let change = |kind, record, field, value| Change {
        kind,
        record,
        field,
        value,
        seen: Vec::new(),
    };
    let idea = Kind::Idea.number();
    Save {
        hlc: Hlc::from_parts(time.now(), 0),
        author: light.author(),
        grant: light.grant(),
        kind: SaveKind::Other(99),
        reason: None,
        changes: vec![
            change(60_000, record(1), 1, Value::text("visite d’appui")),
            change(60_000, record(1), 2, Value::Int(4)),
            change(idea, record(2), IdeaField::Text.number(), Value::text(text)),
            change(idea, record(2), 900, Value::text("champ à venir")),
        ],
    }
}

/// The segments of a stream as they are stored on a laptop.
fn stored(laptop: &Laptop, light: &Light) -> Vec<Vec<u8>> {
    let scopes = BTreeSet::from([light.home()]);
    let all = laptop
        .app()
        .with(|cx| cx.store().beyond(&Vector::new(), &scopes, usize::MAX))
        .unwrap();
    all.into_iter()
        .filter(|bytes| segment::read(bytes).unwrap().header().replica == light.replica())
        .collect()
}

fn ideas_of(laptop: &Laptop, scope: ScopeId, light: &Light) -> Vec<String> {
    let shown = |seq: u64| {
        let record = RecordId::counted(light.replica(), 10 * seq + 2);
        let entries = laptop
            .app()
            .with(|cx| cx.store().history(scope, record).unwrap());
        !entries.is_empty()
    };
    (0..light.last_seq())
        .filter(|seq| shown(*seq))
        .map(|seq| format!("idée {seq}"))
        .collect()
}

#[test]
fn what_a_newer_version_writes_is_kept_and_handed_on_byte_for_byte() {
    let (mut pair, cycle) = Pair::at_work();
    pair.sync_both();
    let mut light = later_version(&pair.centre);
    pair.centre.stop();
    let before = pair.centre.back_up();
    pair.centre.start();
    for n in 0..3 {
        light.write(&[save(&light, &pair.time, &format!("idée {n}"))]);
    }
    light.exchange(pair.centre.socket()).unwrap();
    assert!(light.is_held());

    // The clinic's own laptop, of today, takes it and works on as ever.
    let state = pair.clinic.sync();
    assert_eq!(state["state"], "up_to_date", "{state}");
    let held = stored(&pair.clinic, &light);
    assert_eq!(held.len(), 3);
    assert_eq!(
        ideas_of(&pair.clinic, light.home(), &light),
        ["idée 0", "idée 1", "idée 2"],
        "what it knows of it is shown"
    );
    pair.clinic_changes("2026-06", "27");

    // It goes by stick to the coach, who has no network.
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    pair.clinic.call("stick_send", send);
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = pair.coach.call("stick_receive", take);
    assert_eq!(
        (&got["damaged"], &got["aside"]),
        (&json!([]), &json!(0)),
        "{got}"
    );
    assert_eq!(stored(&pair.coach, &light), held);

    // The tables made anew out of the log are the same.
    for laptop in [&pair.clinic, &pair.coach] {
        let tables = || {
            laptop
                .app()
                .with(|cx| cx.store().read(nyetaa_tests::dump).unwrap())
        };
        let as_it_came = tables();
        laptop
            .app()
            .with(|cx| cx.store().rebuild(cx.now_ms).unwrap());
        assert_eq!(tables(), as_it_came);
    }

    // A server that has lost all of it gets it back from them, and gives it to whoever comes then.
    pair.centre.stop();
    pair.centre.put_back(&before, "");
    pair.centre.start();
    pair.coach.sync();
    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Fanta Sidibé");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert_eq!(stored(&late, &light), held);
    assert_eq!(
        late.cell(&pair.place(), "MNCH-02", "2026-06")["numerator"],
        27.0
    );
    assert_eq!(late.cycle(&cycle)["cycle"]["meta"]["id"], cycle);
}

#[test]
fn a_frame_of_a_newer_version_is_carried_unopened_and_holds_up_nobody_else() {
    let (pair, cycle) = Pair::at_work();
    let mut light = later_version(&pair.centre);
    let newer = light.write_newer(&[save(&light, &pair.time, "dans un format à venir")]);
    light.write(&[save(&light, &pair.time, "après cela")]);
    light.exchange(pair.centre.socket()).unwrap();
    assert!(light.is_held());

    pair.clinic_changes("2026-06", "27");
    pair.clinic.sync();
    let held = stored(&pair.clinic, &light);
    assert_eq!((held.len(), &held[0]), (2, &newer));
    let state = pair.clinic.sync_state();
    assert_ne!(
        state["state"], "up_to_date",
        "something that came is not shown: {state}"
    );
    assert_ne!(state["held"], 0);
    // Everybody else's work goes through, both ways, and by stick.
    pair.coach.sync();
    assert_eq!(pair.cells("2026-06")[1]["numerator"], 27.0);
    let comment = json!({ "id": null, "about": cycle, "text": "Bravo", "seen": null });
    pair.coach.call("save_comment", comment);
    pair.network.turn(Weather::Down);
    let stick = tempfile::tempdir().unwrap();
    let send = json!({ "path": stick.path(), "places": null });
    pair.coach.call("stick_send", send);
    let take = json!({ "path": stick.path(), "trust": [] });
    let got = pair.clinic.call("stick_receive", take);
    assert_eq!((&got["damaged"], &got["aside"]), (&json!([]), &json!(0)));
    assert_eq!(pair.clinic.cycle(&cycle)["comments"][0]["text"], "Bravo");
    assert_eq!(stored(&pair.coach, &light), held);
    let report = pair.centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// What a later version may add to a request is skipped, not refused.
#[test]
fn a_request_with_keys_that_nobody_knows_yet_is_answered() {
    let (pair, _) = Pair::at_work();
    pair.clinic_changes("2026-06", "27");
    let scopes = BTreeSet::from([pair.place().as_str().unwrap().parse::<ScopeId>().unwrap()]);
    let (body, key) = pair.clinic.app().with(|cx| {
        let store = cx.store();
        store.seal(&scopes).unwrap();
        let counter = store.next_request().unwrap();
        let last = store.meta("last_binding").unwrap().unwrap();
        let request = SyncRequest {
            grant: 1,
            segments: store.unsent(&scopes, usize::MAX).unwrap(),
            last: last.try_into().unwrap(),
            ..SyncRequest::empty(store.replica(), [0; 16], counter)
        };
        assert!(!request.segments.is_empty());
        let bare = SyncRequest {
            segments: Vec::new(),
            ..request.clone()
        };
        let map = bare.to_bytes().unwrap().len();
        let mut body = request.to_bytes().unwrap();
        // One entry more in the map of what does not stand at a fixed place: "zz" with a list.
        body[map] += 1;
        body.extend_from_slice(&[0x62, b'z', b'z', 0x82, 1, 2]);
        (body, store.key())
    });
    let bytes = Signed::sign(&key, Purpose::Request, body)
        .to_bytes()
        .unwrap();
    let mut line = Line::to(pair.centre.socket()).unwrap();
    let answer = line.post("/v1/sync", &bytes).unwrap();
    let answer = SyncAnswer::from_bytes(&Signed::from_bytes(&answer).unwrap().body).unwrap();
    assert!(!answer.mint && answer.refused.is_empty());
    assert_eq!(answer.accepted.len(), 1, "what it brought is held");
    let state: Json = pair.clinic.sync();
    assert_eq!(state["state"], "up_to_date");
    pair.coach.sync();
    assert_eq!(pair.cells("2026-06")[1]["numerator"], 27.0);
}
