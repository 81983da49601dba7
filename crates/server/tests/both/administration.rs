//! People who come in at the server themselves: how they come in, what they may, and what is noted of it.

use std::sync::atomic::Ordering;

use super::running;
use crate::common::{DAY_MS, Laptop, Running};
use domain::ids::RecordId;
use domain::role::Role;
use server::deeds::What;
use server::{Error, IDLE_MS, LIFE_MS, NewAdministrator};
use sync::octets::Array;
use sync::wire::{
    Administration, Deed, Failure, ListEnd, LogIn, LoggedIn, NewInvitation, Told, Wish,
};

pub const PHRASE: &str = "le mil pousse au bord du fleuve";

/// Someone who has come in once and chosen [`PHRASE`].
pub fn administrator(at: &Running, name: &str, role: Role, place: &str) {
    let code = entered(at, name, role, place);
    enter(at, name, &code, Some(PHRASE)).unwrap();
}

fn entered(at: &Running, name: &str, role: Role, place: &str) -> String {
    let new = NewAdministrator {
        name: name.to_owned(),
        role,
        place: place.to_owned(),
        days: 7,
    };
    at.server.add_administrator(&new).unwrap()
}

/// Comes in by the network; the refusal's code otherwise.
pub fn enter(
    at: &Running,
    name: &str,
    secret: &str,
    chosen: Option<&str>,
) -> Result<LoggedIn, String> {
    let words = LogIn {
        name: name.to_owned(),
        secret: secret.to_owned(),
        chosen: chosen.map(str::to_owned),
    };
    let (status, body) = at.post("/v1/login", &words.to_bytes().unwrap());
    match status {
        200 => Ok(LoggedIn::from_bytes(&body).unwrap()),
        _ => Err(Failure::from_bytes(&body).unwrap().code),
    }
}

fn wish(at: &Running, who: &LoggedIn, wish: Wish) -> Result<Told, String> {
    let asked = Administration {
        token: who.token,
        wish,
    };
    let (status, body) = at.post("/v1/administration", &asked.to_bytes().unwrap());
    match status {
        200 => Ok(Told::from_bytes(&body).unwrap()),
        _ => Err(Failure::from_bytes(&body).unwrap().code),
    }
}

fn laptops(at: &Running, who: &LoggedIn) -> Vec<String> {
    match wish(at, who, Wish::Laptops).unwrap() {
        Told::Laptops(laptops) => laptops.into_iter().map(|one| one.place).collect(),
        told => panic!("{told:?}"),
    }
}

fn invite(place: &str, facility: Option<&str>, role: Role) -> Wish {
    Wish::Invite(NewInvitation {
        place: place.to_owned(),
        facility: facility.map(str::to_owned),
        role,
        uses: 1,
        days: 14,
        also: Vec::new(),
    })
}

fn words(at: &Running) -> Vec<String> {
    let (lines, broken) = at.server.journal().unwrap();
    assert_eq!(broken, None);
    lines.into_iter().rev().map(|line| line.what).collect()
}

#[test]
fn the_first_administrator_chooses_a_passphrase_with_a_code_and_invites_a_laptop() {
    let (_folder, at) = running();
    assert_eq!(enter(&at, "admin", "admin", None).unwrap_err(), "login-wrong");
    let code = entered(&at, "Awa Traoré", Role::Administrator, "Mali");
    let wrong = enter(&at, "Awa Traoré", "0000-0000-00000", Some(PHRASE));
    assert_eq!(wrong.unwrap_err(), "login-wrong");
    let asked = enter(&at, "Awa Traoré", &code, None);
    assert_eq!(asked.unwrap_err(), "passphrase-needed");
    let weak = enter(&at, "Awa Traoré", &code, Some("Bamako"));
    assert_eq!(weak.unwrap_err(), "passphrase-weak");
    let came = enter(&at, "awa traore", &code.to_lowercase(), Some(PHRASE)).unwrap();
    assert_eq!((came.role, came.place_name.as_str()), (Role::Administrator, "Mali"));
    // The code is good once, and the passphrase from now on, however it is typed.
    let again = enter(&at, "Awa Traoré", &code, Some(PHRASE));
    assert_eq!(again.unwrap_err(), "login-wrong");
    enter(&at, "Awa Traoré", &PHRASE.to_uppercase(), None).unwrap();

    let told = wish(&at, &came, invite("Kati", Some("CSCom de Farako"), Role::Lead)).unwrap();
    let Told::Invited { code, place, .. } = told else {
        panic!("{told:?}");
    };
    assert_eq!(place, "CSCom de Farako");
    let mut laptop = Laptop::new(1);
    laptop.enrol(&at, &code, None).unwrap();
    assert_eq!(laptops(&at, &came), ["CSCom de Farako"]);

    assert_eq!(wish(&at, &came, Wish::Leave).unwrap(), Told::Done);
    assert_eq!(wish(&at, &came, Wish::Laptops).unwrap_err(), "login-ended");
    assert_eq!(
        words(&at),
        [
            "login-refused",
            "administrator-added",
            "login-refused",
            "passphrase-chosen",
            "logged-in",
            "invited",
            "logged-out"
        ]
    );
}

#[test]
fn a_code_and_a_log_in_last_only_so_long() {
    let (_folder, at) = running();
    let code = entered(&at, "Awa", Role::Administrator, "Mali");
    at.clock.forward(7 * DAY_MS);
    assert_eq!(enter(&at, "Awa", &code, Some(PHRASE)).unwrap_err(), "login-wrong");
    let code = at.server.new_administrator_code("awa", 1).unwrap();
    let came = enter(&at, "Awa", &code, Some(PHRASE)).unwrap();

    for _ in 0..LIFE_MS / (IDLE_MS - 1) {
        at.clock.forward(IDLE_MS - 1);
        laptops(&at, &came);
    }
    at.clock.forward(IDLE_MS - 1);
    assert_eq!(wish(&at, &came, Wish::Laptops).unwrap_err(), "login-ended", "its life is over");
    let came = enter(&at, "Awa", PHRASE, None).unwrap();
    at.clock.forward(IDLE_MS);
    assert_eq!(wish(&at, &came, Wish::Laptops).unwrap_err(), "login-ended", "nobody was there");

    let came = enter(&at, "Awa", PHRASE, None).unwrap();
    at.server.disable_administrator("AWA").unwrap();
    assert_eq!(wish(&at, &came, Wish::Laptops).unwrap_err(), "login-ended");
    assert_eq!(enter(&at, "Awa", PHRASE, None).unwrap_err(), "login-wrong");
    // Another code opens again, and the passphrase of before does not.
    let code = at.server.new_administrator_code("Awa", 1).unwrap();
    assert_eq!(enter(&at, "Awa", PHRASE, None).unwrap_err(), "login-wrong");
    enter(&at, "Awa", &code, Some("une autre phrase toute neuve")).unwrap();
    assert!(matches!(
        at.server.new_administrator_code("Moussa", 1),
        Err(Error::NotOne(_))
    ));
}

#[test]
fn who_guesses_is_stopped_for_a_while_and_learns_nothing() {
    let (folder, at) = running();
    administrator(&at, "Awa", Role::Administrator, "Mali");
    for name in ["Awa", "Personne"] {
        for _ in 0..5 {
            assert_eq!(enter(&at, name, "faux", None).unwrap_err(), "login-wrong");
        }
        assert_eq!(enter(&at, name, PHRASE, None).unwrap_err(), "too-many-attempts");
    }
    administrator(&at, "Moussa", Role::Coach, "Kati");
    enter(&at, "Moussa", PHRASE, None).unwrap();
    // Starting the server again gives nobody more tries.
    let clock = at.clock.clone();
    drop(at);
    let at = Running::at_with_clock(&folder, clock);
    assert_eq!(enter(&at, "Awa", PHRASE, None).unwrap_err(), "too-many-attempts");
    at.clock.forward(11 * 60 * 1000);
    enter(&at, "Awa", PHRASE, None).unwrap();
    // Those that were counted while the clock was wrong are over once it is put right.
    at.clock.forward(DAY_MS);
    for _ in 0..5 {
        enter(&at, "Awa", "faux", None).unwrap_err();
    }
    assert_eq!(enter(&at, "Awa", PHRASE, None).unwrap_err(), "too-many-attempts");
    at.clock.0.fetch_sub(DAY_MS, Ordering::SeqCst);
    enter(&at, "Awa", PHRASE, None).unwrap();
}

#[test]
fn wrong_tries_are_noted_once_in_ten_minutes_for_each_name_and_for_all_strangers() {
    let (_folder, at) = running();
    administrator(&at, "Awa", Role::Administrator, "Mali");
    let refused = || {
        let (lines, broken) = at.server.journal().unwrap();
        assert_eq!(broken, None);
        let refused = lines.into_iter().filter(|line| line.what == "login-refused");
        let named = refused.map(|line| line.about.get("name").cloned().unwrap_or_default());
        named.collect::<Vec<_>>()
    };
    for name in ["Personne", "Awa", "Inconnu", "AWA", "Personne"] {
        enter(&at, name, "faux", None).unwrap_err();
    }
    assert_eq!(refused(), ["Awa", ""]);
    at.clock.forward(10 * 60 * 1000 - 1);
    enter(&at, "Awa", "faux", None).unwrap_err();
    assert_eq!(refused().len(), 2);
    at.clock.forward(1);
    enter(&at, "Awa", "faux", None).unwrap_err();
    assert_eq!(refused(), ["Awa", "Awa", ""]);
}

/// Every wish that is about a place, by everyone who may come in.
#[test]
fn everyone_does_what_their_role_allows_at_their_places_and_nothing_else() {
    let (_folder, at) = running();
    let hers = at.laptop(1, "CSCom de Farako").speaking();
    let code = at.invite("Kita", Some("CSCom de Djidian"), Role::Lead);
    let mut stranger = Laptop::new(2).speaking();
    stranger.enrol(&at, &code, None).unwrap();
    for (name, role, place) in [
        ("Coach", Role::Coach, "Kati"),
        ("Région", Role::Region, "Koulikoro"),
        ("Nation", Role::Nation, "Mali"),
        ("Toute", Role::Administrator, "Mali"),
    ] {
        administrator(&at, name, role, place);
        let who = enter(&at, name, PHRASE, None).unwrap();
        let sees: &[&str] = match role {
            Role::Coach | Role::Region => &["CSCom de Farako"],
            _ => &["CSCom de Djidian", "CSCom de Farako"],
        };
        let mut seen = laptops(&at, &who);
        seen.sort();
        assert_eq!(seen, sees, "{name}");

        let (keeps, own, far) = match role {
            Role::Coach => (true, true, false),
            Role::Administrator => (true, true, true),
            _ => (false, false, false),
        };
        assert_eq!(who.may.contains(&Deed::Invite), keeps, "{name}");
        assert_eq!(who.may.contains(&Deed::Move), far, "{name}");
        let may = |wished: Wish, expected: bool, what: &str| {
            let told = wish(&at, &who, wished);
            match expected {
                true => assert!(told.is_ok(), "{name} {what}: {told:?}"),
                false => assert_eq!(told.unwrap_err(), "not-allowed", "{name} {what}"),
            }
        };
        may(invite("Kati", Some("CSCom neuf"), Role::Lead), own, "invites at home");
        may(invite("Kita", Some("CSCom neuf"), Role::Lead), far, "invites elsewhere");
        may(invite("Kati", None, Role::Coach), own, "invites a coach");
        let moved = |district: &str| Wish::Move {
            facility: "CSCom de Farako".to_owned(),
            district: district.to_owned(),
        };
        may(moved("Kita"), far, "moves");
        may(moved("Kati"), own, "moves back");
        let revoke = |of: &Laptop| Wish::RevokeLaptop {
            device: of.replica(),
            reason: "Volé".to_owned(),
        };
        may(revoke(&stranger), far, "revokes elsewhere");
        may(revoke(&hers), own, "revokes at home");
        let unknown = Wish::RevokePerson {
            person: RecordId::natural(&[b"nobody"]),
            laptops: false,
            reason: String::new(),
        };
        assert_eq!(wish(&at, &who, unknown).unwrap_err(), "not-one");
    }
    let (lines, broken) = at.server.journal().unwrap();
    assert_eq!(broken, None);
    let stolen = lines.iter().find(|line| line.what == What::LaptopRevoked.word());
    let stolen = stolen.unwrap();
    assert_eq!((stolen.about["reason"].as_str(), stolen.who.as_str()), ("Volé", "Toute"));
    // Each reads of the list what was done at their places.
    let coach = enter(&at, "Coach", PHRASE, None).unwrap();
    let Told::Journal { lines, .. } = wish(&at, &coach, Wish::Journal).unwrap() else {
        panic!("no list");
    };
    assert!(!lines.is_empty());
    let far = ["CSCom de Djidian", "Mali", "Koulikoro", "Kita"];
    assert!(lines.iter().all(|line| !far.contains(&line.place.as_str())), "{lines:?}");
}

#[test]
fn who_keeps_laptops_lets_in_what_was_kept_aside_without_reading_it() {
    let (_folder, at) = running();
    let mut hers = at.laptop(1, "CSCom de Farako").speaking();
    hers.sync(&at);
    at.server.revoke(&hers.replica().to_string()).unwrap();
    hers.idea(hers.home(), "Appeler les mères");
    let request = hers.request(false);
    hers.ask(&at, &request).unwrap();
    for (name, role, place, reads) in [
        ("Toute", Role::Administrator, "Mali", false),
        ("Coach", Role::Coach, "Kati", true),
    ] {
        administrator(&at, name, role, place);
        let who = enter(&at, name, PHRASE, None).unwrap();
        let Told::Aside(aside) = wish(&at, &who, Wish::Aside).unwrap() else {
            panic!("no list");
        };
        assert_eq!(aside.len(), 1);
        let told = wish(&at, &who, Wish::AsideChanges(aside[0].id.clone())).unwrap();
        let Told::AsideChanges(_, changes) = told else {
            panic!("{told:?}");
        };
        let values: Vec<_> = changes.iter().filter_map(|one| one.value.as_deref()).collect();
        assert_eq!(values.contains(&"Appeler les mères"), reads, "{name}");
    }
    let who = enter(&at, "Toute", PHRASE, None).unwrap();
    let id = at.server.aside().unwrap()[0].id.clone();
    let release = |id: &str| Wish::Release {
        id: id.to_owned(),
        reason: "Vu avec l’équipe".to_owned(),
    };
    wish(&at, &who, release(&id)).unwrap();
    assert_eq!(at.server.aside().unwrap(), []);
    assert_eq!(wish(&at, &who, release(&id)).unwrap_err(), "not-one");
}

#[test]
fn a_code_that_someone_gives_is_for_so_many_laptops_and_days_at_most() {
    let (_folder, at) = running();
    administrator(&at, "Awa", Role::Administrator, "Mali");
    let who = enter(&at, "Awa", PHRASE, None).unwrap();
    let wished = |uses: u32, days: u32| {
        let Wish::Invite(new) = invite("Kati", Some("CSCom de Farako"), Role::Lead) else {
            panic!("no invitation");
        };
        wish(&at, &who, Wish::Invite(NewInvitation { uses, days, ..new }))
    };
    assert!(wished(10, 30).is_ok());
    for (uses, days) in [(11, 30), (10, 31), (u32::MAX, 1), (1, u32::MAX), (0, 1), (1, 0)] {
        assert_eq!(wished(uses, days).unwrap_err(), "malformed", "{uses} {days}");
    }
}

#[test]
fn a_deed_names_the_whole_of_what_was_meant_and_a_backup_is_noted_once_it_stands() {
    let (_folder, at) = running();
    let mut hers = at.laptop(1, "CSCom de Farako").speaking();
    hers.sync(&at);
    at.server.revoke(&hers.replica().to_string()).unwrap();
    hers.idea(hers.home(), "Appeler les mères");
    let request = hers.request(false);
    hers.ask(&at, &request).unwrap();
    let id = at.server.aside().unwrap()[0].id.clone();
    at.server.aside_changes(&id[..2]).unwrap();
    at.server.release(&id[..2]).unwrap();
    let (lines, _) = at.server.journal().unwrap();
    for line in &lines[..2] {
        assert_eq!(line.about["id"].len(), 64, "{}", line.what);
        assert!(line.about["id"].starts_with(&id), "{}", line.what);
    }
    let folder = tempfile::tempdir().unwrap();
    let noted = words(&at);
    at.server.back_up(&folder.path().join("none/copy"), &[]).unwrap_err();
    assert_eq!(words(&at), noted);
}

#[test]
fn nobody_stays_in_when_the_server_was_put_back_and_the_list_goes_on() {
    let (home, at) = running();
    administrator(&at, "Awa", Role::Administrator, "Mali");
    let came = enter(&at, "Awa", PHRASE, None).unwrap();
    let clock = at.clock.clone();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy");
    at.server.back_up(&file, &[]).unwrap();
    let mut noted = words(&at);
    // It is noted once the backup stands, so the backup itself does not know of it.
    assert_eq!(noted.pop().as_deref(), Some("backed-up"));
    drop(at);
    let other = crate::common::Home::new(super::ON);
    server::Server::restore(other.surroundings(&clock), &file, &[]).unwrap();
    let at = Running::at_with_clock(&other, clock);
    assert_eq!(wish(&at, &came, Wish::Laptops).unwrap_err(), "login-ended");
    enter(&at, "Awa", PHRASE, None).unwrap();
    assert_eq!(words(&at)[..noted.len()], noted);
    assert_eq!(words(&at)[noted.len()..], ["restored", "logged-in"]);
    drop(home);
}

#[test]
fn an_end_that_was_cut_off_the_list_of_a_laptop_shows_at_the_server_and_on_the_laptop() {
    let (_folder, at) = running();
    let mut hers = at.laptop(1, "CSCom de Farako").speaking();
    let tell = |hers: &mut Laptop, no: u64, mark: u8, told: Option<(u64, u8)>| {
        let mut request = hers.request(false);
        request.list = Some(ListEnd {
            no,
            mark: [mark; 8],
            told: told.map(|(no, mark)| (no, Array([mark; 8]))),
        });
        let answer = hers.ask(&at, &request).unwrap();
        hers.take_in(&answer);
        let devices = at.server.devices().unwrap();
        (answer.list_gone, devices[0].list_gone.is_some())
    };
    assert_eq!(tell(&mut hers, 5, 5, None), (None, false));
    assert_eq!(tell(&mut hers, 9, 9, Some((5, 5))), (None, false), "it grows");
    assert_eq!(tell(&mut hers, 9, 9, Some((9, 9))), (None, false), "it is told again");
    // Three lines are gone; the list goes on from there, and what was found stays noted.
    assert_eq!(tell(&mut hers, 6, 6, Some((9, 0))), (Some(9), true));
    assert_eq!(tell(&mut hers, 7, 7, Some((6, 6))), (None, true));
    // Written anew and longer than before: the line that was told of is another one.
    assert_eq!(tell(&mut hers, 20, 1, Some((7, 2))), (Some(7), true));
    assert_eq!(tell(&mut hers, 20, 3, None), (Some(20), true));
}
