//! The power goes at every write of an enrolment by a code, on the laptop and on the server: the laptop is enrolled, or as it was
//! before and takes the same code again; nothing that was typed is lost or doubled.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::collections::BTreeMap;

use domain::role::Role;
use serde_json::{Value as Json, json};
use server::Invite;
use sim::air::Sky;
use sim::ground::{Centre, Laptop, Post, Time};
use sim::sight;
use simdisk::{Chance, Image};

const FACILITY: &str = "CSCom de Kangaré";
const DISTRICT: &str = "Sélingué";
/// What says where a laptop belongs, and to which server.
const BELONGS: [&str; 9] = [
    "grant",
    "role",
    "place",
    "person",
    "server",
    "server_key",
    "server_seal",
    "epoch",
    "heir",
];

/// So many of the first writes are cut several times.
const FIRST: u64 = 4;
const TURNS: u64 = 6;

struct Ground {
    laptop: Laptop,
    centre: Centre,
    sky: Sky,
    time: Time,
    opened: u64,
}

/// What a laptop says of itself and of what was typed.
#[derive(Debug, PartialEq, Eq)]
struct Here {
    belongs: BTreeMap<&'static str, Option<Vec<u8>>>,
    figures: Vec<String>,
    cycles: usize,
}

impl Ground {
    fn new() -> Self {
        Self {
            laptop: Laptop::new("Awa", Post::Team(0), 0, false),
            centre: Centre::default(),
            sky: Sky::new(Chance::of(1)),
            time: Time::at(1_784_116_800_000),
            opened: 0,
        }
    }

    fn chance(&mut self) -> Chance {
        self.opened += 1;
        Chance::of(self.opened)
    }

    fn open_laptop(&mut self) -> bool {
        let (time, sky, chance) = (self.time.clone(), self.sky.clone(), self.chance());
        self.laptop.open(0, &time, &sky, chance).is_ok()
    }

    fn open_server(&mut self) -> bool {
        let (time, chance) = (self.time.clone(), self.chance());
        let opened = self.centre.open(&time, chance).ok();
        let up = opened.is_some();
        self.sky.air().server = opened;
        up
    }

    fn close(&mut self) {
        self.laptop.app = None;
        self.sky.air().server = None;
    }

    fn must(&self, name: &str, request: Json) -> Json {
        let done = self.laptop.call(name, request);
        done.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// A laptop at work for itself: as a member, at a place that the server knows by another name.
    fn begins(&mut self) {
        let search = json!({ "query": DISTRICT, "levels": ["district"] });
        let district = self.must("search_places", search)[0]["id"].clone();
        let begin = json!({
            "language": "fr", "place": null, "person_name": "Awa", "role": "member", "pin": "",
            "new_place": { "name": FACILITY, "level": "facility", "parent": district },
        });
        let place = self.must("begin", begin)["place"]["id"].clone();
        let cycle = json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" });
        self.must("start_cycle", cycle);
        for (month, number) in [("2026-01", "10"), ("2026-02", "11")] {
            let part = |typed: &str| json!({ "typed": typed, "seen": null });
            let cell = json!({
                "indicator": "MNCH-02", "period": month, "numerator": part(number), "denominator": part("40"),
                "no_data": null, "explanation": null,
            });
            self.must(
                "save_cells",
                json!({ "place": place, "cells": [cell], "reason": null }),
            );
        }
    }

    fn here(&self) -> Here {
        let app = self.laptop.app.as_ref().unwrap();
        sight::of(app, |cx| {
            let belongs = BELONGS
                .into_iter()
                .map(|key| (key, cx.store().meta(key).unwrap()));
            let belongs = belongs.collect();
            let read = |sql: &str| -> Vec<String> {
                let read = cx.store().read(|conn| {
                    let mut rows = conn.prepare(sql)?;
                    let rows = rows.query_map([], |row| row.get(0))?;
                    Ok::<_, store::Error>(rows.collect::<Result<_, _>>()?)
                });
                read.unwrap()
            };
            let place = "SELECT hex(place) || ' ' || period || ' ' || numerator FROM measurement WHERE coalesce(deleted, 0) = 0 ORDER BY period";
            let cycle = "SELECT hex(place) FROM cycle WHERE coalesce(deleted, 0) = 0";
            Here {
                belongs,
                figures: read(place),
                cycles: read(cycle).len(),
            }
        })
    }

    fn enrols(&self, code: &str) -> app::Result<Json> {
        let request = json!({ "server": "sim", "code": code });
        self.laptop.call("enrol", request)
    }

    /// It is enrolled, everything that was typed is there once, and the server has all of it.
    fn is_whole(&self, at: u64) {
        let state = self.must("sync_now", json!({}));
        assert_eq!(state["last"]["ok"], true, "cut at {at}: {}", state["last"]);
        assert_eq!(state["state"], "up_to_date", "cut at {at}");
        let here = self.here();
        let numbers: Vec<&str> = here
            .figures
            .iter()
            .filter_map(|one| one.split_once(' '))
            .map(|(_, rest)| rest)
            .collect();
        assert_eq!(numbers, ["2026-01 10.0", "2026-02 11.0"], "cut at {at}");
        assert_eq!(here.cycles, 1, "cut at {at}");
        let role = here.belongs["role"].clone().unwrap();
        assert_eq!(role, Role::Lead.word().as_bytes(), "cut at {at}");
        let server = self.sky.air().server.clone().unwrap();
        assert!(server.check().unwrap().ok, "cut at {at}");
        let app = self.laptop.app.as_ref().unwrap();
        let log = sight::of(app, |cx| sight::laptop_log(cx.store())).unwrap();
        let (held, aside) = sight::server_log(&self.centre).unwrap();
        assert!(aside.is_empty(), "cut at {at}");
        let place = server::places::district(DISTRICT).unwrap();
        // What was saved at the place as it was typed never leaves the laptop.
        let home = sight::of(app, |cx| cx.author().unwrap().home).as_scope();
        assert_ne!(home, place.as_scope());
        let own = log.iter().filter(|(key, _)| key.0 == home);
        assert!(own.clone().count() > 0);
        for (key, save) in own {
            assert_eq!(held.get(key), Some(save), "cut at {at}");
        }
    }
}

/// A laptop at work and a server that has invited it.
fn invited() -> (Image, Image, String) {
    let mut ground = Ground::new();
    assert!(ground.open_server() && ground.open_laptop());
    ground.begins();
    let invite = Invite {
        place: DISTRICT.to_owned(),
        facility: Some(FACILITY.to_owned()),
        role: Role::Lead,
        uses: 1,
        days: 30,
        also: Vec::new(),
    };
    let server = ground.sky.air().server.clone().unwrap();
    let code = server.invite(&invite).unwrap();
    drop(server);
    ground.close();
    (ground.laptop.disk.image(), ground.centre.disk.image(), code)
}

#[test]
fn an_enrolment_that_is_cut_anywhere_is_whole_or_never_was() {
    let (laptop, server, code) = invited();
    let (mut enrolled, mut as_before) = (0, 0u64);
    // The writes of the change itself come first; what a cut there leaves of them differs.
    let turns = (0..FIRST * TURNS).map(|turn| turn / TURNS).chain(FIRST..);
    for (at, turn) in turns.zip(0..) {
        let mut ground = Ground::new();
        ground.opened = turn * 7;
        ground.laptop.disk.put(&laptop);
        ground.centre.disk.put(&server);
        assert!(ground.open_server() && ground.open_laptop());
        let before = ground.here();
        ground.laptop.disk.cut_in(Some(at));
        let _ = ground.enrols(&code);
        let cut = ground.laptop.disk.is_off();
        ground.laptop.app = None;
        if !cut {
            break;
        }
        let mut chance = ground.chance();
        ground.laptop.disk.power_on(&mut chance);
        assert!(ground.open_laptop(), "cut at {at}");
        let here = ground.here();
        if here.belongs["grant"].is_none() {
            assert_eq!(here, before, "cut at {at}");
            as_before += 1;
            let state = ground.enrols(&code).unwrap();
            assert_eq!(state["last"]["ok"], true, "cut at {at}: {}", state["last"]);
        } else {
            enrolled += 1;
        }
        ground.is_whole(at);
    }
    println!("{as_before} cuts left it as it was, {enrolled} enrolled");
    assert!(as_before >= TURNS && enrolled > 10);
}

#[test]
fn an_enrolment_whose_server_is_cut_anywhere_takes_the_same_code_again() {
    let (laptop, server, code) = invited();
    let mut cuts = 0;
    for at in 0.. {
        let mut ground = Ground::new();
        ground.opened = at * 11;
        ground.laptop.disk.put(&laptop);
        ground.centre.disk.put(&server);
        assert!(ground.open_server() && ground.open_laptop());
        let before = ground.here();
        ground.centre.disk.cut_in(Some(at));
        let ended = ground.enrols(&code);
        if !ground.centre.disk.is_off() {
            break;
        }
        cuts += 1;
        ground.sky.air().server = None;
        let mut chance = ground.chance();
        ground.centre.disk.power_on(&mut chance);
        assert!(ground.open_server(), "cut at {at}");
        if ended.is_err() {
            assert_eq!(ground.here(), before, "cut at {at}");
            ground.enrols(&code).unwrap();
        }
        ground.is_whole(at);
    }
    println!("{cuts} cuts of the server");
    assert!(cuts > 10);
}
