//! A line that breaks off at any byte at all, up or down: afterwards one healthy exchange completes what was begun, and every
//! save is at the server and at the other laptop once.
//!
//! Every byte of a small exchange is tried, by laptops without a database; a large one is broken in a few dozen places, by the
//! app.

#![allow(
    clippy::unwrap_used,
    reason = "a test whose world cannot be set up has failed"
)]

use domain::ids::RecordId;
use domain::registry::Kind;
use domain::role::Role;
use domain::value::Value;
use nyetaa_tests::{Centre, Light, Line, Network, Pair, Stopped, Time, Weather};
use serde_json::{Value as Json, json};
use server::Invite;
use sync::clock::Hlc;
use sync::log::{Change, Save, SaveKind};
use sync::segment;
use sync::wire::{Signed, SyncAnswer};

/// Two laptops of one facility.
fn two(centre: &Centre) -> [Light; 2] {
    let code = centre.invite(&Invite {
        place: "Sélingué".to_owned(),
        facility: Some("CSCom de Kangaré".to_owned()),
        role: Role::Lead,
        uses: 2,
        days: 14,
        also: Vec::new(),
    });
    [1, 2].map(|number| {
        let mut light = Light::new(number);
        light.enrolled(&centre.server().enrol(&light.wish(&code), None).unwrap());
        light
    })
}

fn writes(light: &mut Light, time: &Time) {
    let save = Save {
        hlc: Hlc::from_parts(time.now(), 0),
        author: light.author(),
        grant: light.grant(),
        kind: SaveKind::Edit,
        reason: None,
        changes: vec![Change {
            kind: Kind::Comment.number(),
            record: RecordId::counted(light.replica(), 2 + light.last_seq()),
            field: 2,
            value: Value::Text(format!("vu {}", light.last_seq())),
            seen: Vec::new(),
        }],
    };
    light.write(&[save]);
}

/// How often the server gives each save of `light`, asked by it for everything.
fn times_there(light: &mut Light, network: &Network) -> Vec<u32> {
    let request = light.asks_for_all();
    let answer = Line::to(network.address().parse().unwrap())
        .unwrap()
        .post("/v1/sync", &request)
        .unwrap();
    let answer = SyncAnswer::from_bytes(&Signed::from_bytes(&answer).unwrap().body).unwrap();
    assert!(!answer.more, "it fits into one answer");
    let mut times = vec![0; usize::try_from(light.last_seq()).unwrap()];
    for fed in &answer.segments {
        let read = segment::read(&fed.bytes).unwrap();
        if read.header().replica == light.replica() {
            for seq in read.header().first_seq..=read.header().last_seq {
                times[usize::try_from(seq).unwrap() - 1] += 1;
            }
        }
    }
    times
}

#[test]
fn a_small_exchange_cut_at_every_byte_loses_and_doubles_nothing() {
    let time = Time::default();
    let centre = Centre::open(&time);
    let network = Network::to(centre.socket());
    let (way, direct) = (network.address().parse().unwrap(), centre.socket());
    let [mut here, mut there] = two(&centre);
    here.exchange(way).unwrap();
    there.exchange(direct).unwrap();
    let both_write = |here: &mut Light, there: &mut Light| {
        time.minutes(1);
        writes(here, &time);
        writes(there, &time);
        there.exchange(direct).unwrap();
    };
    // What is only told once has been told before it is measured.
    for _ in 0..4 {
        both_write(&mut here, &mut there);
        network.carried();
        here.exchange(way).unwrap();
    }
    let (up, down) = network.carried();
    assert!(
        up > 300 && down > 300,
        "something goes each way: {up}, {down}"
    );
    let mut broken = 0;
    for weather in (0..up)
        .map(Weather::CutUp)
        .chain((0..down).map(Weather::CutDown))
    {
        both_write(&mut here, &mut there);
        network.turn(weather);
        match here.exchange(way) {
            Err(Stopped::Line(_)) => broken += 1,
            // Messages differ by a byte or two, so the last cuts may come too late.
            Ok(_) => {}
            Err(other) => panic!("{weather:?}: {other:?}"),
        }
        network.turn(Weather::Fair);
        here.exchange(way)
            .unwrap_or_else(|stopped| panic!("{weather:?}: {stopped:?}"));
        assert!(here.is_held(), "{weather:?}");
    }
    assert!(
        broken > (up + down) * 8 / 10,
        "{broken} of {} broke off",
        up + down
    );
    there.exchange(direct).unwrap();
    for light in [&mut here, &mut there] {
        let times = times_there(light, &network);
        assert!(times.iter().all(|times| *times == 1), "{times:?}");
    }
    for (light, other) in [(&here, &there), (&there, &here)] {
        let received = light
            .received()
            .iter()
            .map(|bytes| segment::read(bytes).unwrap());
        let mut seqs: Vec<u64> = received
            .filter(|read| read.header().replica == other.replica())
            .map(|read| read.header().first_seq)
            .collect();
        seqs.sort_unstable();
        let all: Vec<u64> = (1..=other.last_seq()).collect();
        assert_eq!(seqs, all, "each of the other's came once");
    }
    let report = centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}

/// Months of figures wait on either side; the line breaks in many places of the one exchange that carries them all.
#[test]
fn a_large_exchange_cut_anywhere_goes_on_from_what_is_durable() {
    let (pair, cycle) = Pair::at_work();
    let comments = |pair: &Pair, n: usize| {
        for at in 0..n {
            let text = format!(
                "{at} : {}",
                "revoir le registre des consultations avec la matrone ".repeat(1 + at % 3)
            );
            let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
            pair.time.minutes(7);
            pair.coach.call("save_comment", request.clone());
            pair.clinic.call("save_comment", request);
        }
        pair.coach.sync();
    };
    comments(&pair, 40);
    pair.network.carried();
    pair.clinic.sync();
    let (up, down) = pair.network.carried();
    let cuts = |whole: u64| (0..9).map(move |ninth| whole * ninth / 9 + ninth);
    for weather in cuts(up)
        .map(Weather::CutUp)
        .chain(cuts(down).map(Weather::CutDown))
    {
        comments(&pair, 40);
        pair.network.turn(weather);
        let state = pair.clinic.call("sync_now", json!({}));
        assert_eq!(state["last"]["ok"], false, "{weather:?}");
        pair.network.turn(Weather::Fair);
        let state = pair.clinic.sync();
        assert_eq!(
            (&state["waiting_saves"], &state["held"]),
            (&json!(0), &json!(0)),
            "{weather:?}"
        );
    }
    pair.coach.sync();
    let shown = [&pair.clinic, &pair.coach].map(|laptop| {
        let comments = laptop.cycle(&cycle)["comments"].clone();
        let mut ids: Vec<String> = comments
            .as_array()
            .unwrap()
            .iter()
            .map(|comment: &Json| comment["meta"]["id"].to_string())
            .collect();
        ids.sort_unstable();
        ids
    });
    assert_eq!(shown[0].len(), 2 * 40 * 19, "each comment of either once");
    assert_eq!(shown[0], shown[1]);
    let report = pair.centre.server().check().unwrap();
    assert!(report.ok, "{report:?}");
}
