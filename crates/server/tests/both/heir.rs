//! A stolen server: its heir names another key, and the old one is worth nothing from then on.

use std::fs;

use super::ON;
use crate::common::{Home, Laptop, Running, TestClock, assert_sound, idea_at, reasons};
use domain::role::Role;
use server::storage::Database;
use server::{Error, RealDisk, Server, Surroundings, no_passphrase, read_heir};
use sync::key::KeyPair;
use sync::wire::{
    EnrolAnswer, EnrolPlace, Failure, Heir, Purpose, Readers, ReturnRequest, Signed, Succession,
    SyncAnswer,
};

/// What the answer to a request says, and which key has signed it.
fn heard(at: &Running, laptop: &mut Laptop, key: &[u8; 32]) -> SyncAnswer {
    let request = laptop.request(false);
    let posted = request.sign(&laptop.key).unwrap();
    let (status, body) = at.post("/v1/sync", &posted);
    assert_eq!(status, 200);
    let signed = Signed::from_bytes(&body).unwrap();
    signed.verify(key, Purpose::Answer).unwrap();
    SyncAnswer::from_bytes(&signed.body).unwrap()
}

fn returns(at: &Running, laptop: &Laptop) -> Result<EnrolAnswer, String> {
    let enrolled = laptop.enrolled.clone().unwrap();
    let words = ReturnRequest {
        grant: laptop.grant.clone().unwrap(),
        key: laptop.key.public(),
        place: EnrolPlace {
            id: enrolled.place,
            name: enrolled.place_name,
            level: enrolled.place_level,
            parent: enrolled.parent,
        },
        person: None,
        status: laptop.status(),
        issue: None,
    };
    match at.post("/v1/return", &words.sign(&laptop.key).unwrap()) {
        (200, body) => Ok(EnrolAnswer::from_bytes(&body).unwrap()),
        (_, body) => Err(Failure::from_bytes(&body).unwrap().code),
    }
}

#[test]
fn an_heir_is_named_once_and_told_in_the_grant_and_idle_answers_stay_as_they_are() {
    let home = Home::new(ON);
    let at = Running::at(&home);
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    assert_eq!(a.grant.as_ref().unwrap().terms().heir, None);
    let file = home.path().join("heir");
    let key = at.server.name_heir(&file, None, None).unwrap();
    assert_eq!(read_heir(&file, &no_passphrase).unwrap().public(), key);
    a.sync(&at);
    let told = Heir { key, since: 0 };
    assert_eq!(a.grant.as_ref().unwrap().terms().heir, Some(told));
    a.sync(&at);
    assert_eq!(a.answered.get(), 71, "nothing is new");
    // Whoever has the server cannot name their own.
    let other = home.path().join("other");
    let again = at.server.name_heir(&other, None, None);
    assert!(matches!(again, Err(Error::HeirStands)) && !other.exists());
    let wrong = KeyPair::from_secret(&[5; 32]);
    let again = at.server.name_heir(&other, None, Some(&wrong));
    assert!(matches!(again, Err(Error::NotTheHeir)) && !other.exists());
    let next = at.server.name_heir(&other, None, Some(&read_heir(&file, &no_passphrase).unwrap())).unwrap();
    let answer = heard(&at, &mut a, &at.server.public_key().unwrap());
    let server = at.server.public_key().unwrap();
    let said = Succession::open(&answer.readers[0], &server, &told).unwrap();
    assert_eq!((said.after, said.heir), (server, next));
    assert_sound(&at.server);
}

#[test]
fn what_the_old_key_says_and_writes_is_worth_nothing_any_more() {
    let clock = TestClock::new();
    let home = Home::new(ON);
    let at = Running::at_with_clock(&home, clock.clone());
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let idea = a.idea(a.home(), "Avant");
    a.sync(&at);
    let scope = a.home();
    let safe = home.path().join("heir");
    at.server.name_heir(&safe, None, None).unwrap();
    a.sync(&at);
    // The server wrote something of its own before the backup, and something after it.
    at.server.relocate("CSCom de Farako", "Yanfolila").unwrap();
    let backup = home.path().join("nuit.backup");
    at.server.back_up(&backup, &[]).unwrap();
    a.sync(&at);
    let mut late = at.laptop(2, "CSCom de Kangaré").speaking();
    late.sync(&at);
    at.server.relocate("CSCom de Farako", "Kati").unwrap();
    a.sync(&at);
    let old = at.server.public_key().unwrap();
    drop(at);

    let new = Home::new(ON);
    let around: Surroundings = new.surroundings(&clock);
    Server::restore(around.clone(), &backup, &[]).unwrap();
    let wrong = Server::succeed(&around, &KeyPair::from_secret(&[5; 32]));
    assert!(matches!(wrong, Err(Error::NotTheHeir)));
    let key = Server::succeed(&around, &read_heir(&safe, &no_passphrase).unwrap()).unwrap();
    assert_ne!(key, old);
    let at = Running::at_with_clock(&new, clock);
    assert_eq!(at.server.public_key().unwrap(), key);
    assert_sound(&at.server);

    // Who was enrolled after the backup shows a grant that the thief could have signed as well.
    assert_eq!(returns(&at, &late).unwrap_err(), "bad-signature");
    // Who is known hears who is there, and brings what the old server wrote.
    let answer = heard(&at, &mut a, &key);
    let told = a.grant.as_ref().unwrap().terms().heir.unwrap();
    let said = Succession::open(&answer.readers[0], &old, &told).unwrap();
    assert_eq!((said.number, said.after, said.epoch), (1, key, answer.epoch));
    assert!(answer.grant.as_ref().unwrap().verify(&key).is_ok());
    a.enrolled.as_mut().unwrap().server_key = key;
    a.take_in(&answer);
    let welcome = returns(&at, &a).unwrap();
    assert_eq!(welcome.successions, [answer.readers[0].clone()]);
    a.outbox = a.held.values().map(|one| one.bytes.clone()).collect();
    let answers = a.sync(&at);
    assert!(answers.iter().any(|answer| reasons(answer).contains(&"revoked")), "{answers:?}");
    assert_eq!(idea_at(&at.server, scope, idea).as_deref(), Some("Avant"));
    let aside = at.server.aside().unwrap();
    assert!(aside.iter().all(|one| one.reason == "revoked") && !aside.is_empty(), "{aside:?}");
    let district = at.server.tree().unwrap();
    let farako = district.iter().find(|place| place.id == scope.place()).unwrap();
    let parent = district.iter().find(|place| Some(place.id) == farako.parent).unwrap();
    assert_eq!(parent.name, "Yanfolila", "as it was at the backup");

    // The statement on readers says up to where the old server counts, and is signed by the new one.
    let readers = answers.iter().flat_map(|answer| &answer.readers);
    let of_scope = readers
        .filter(|signed| signed.verify(&key, Purpose::Readers).is_ok())
        .filter_map(|signed| Readers::from_bytes(&signed.body).ok())
        .rfind(|said| said.scope == scope);
    let revoked = of_scope.unwrap().revoked;
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].until, [(scope, 1)]);
    assert_sound(&at.server);

    // With a new invitation the one who is not known is let in, with all that it has.
    let code = at.invite("Sélingué", Some("CSCom de Kangaré"), Role::Member);
    late.enrol(&at, &code, None).unwrap();
    late.sync(&at);
    // And the second time the backup remembers the first.
    let backup = home.path().join("deux.backup");
    at.server.back_up(&backup, &[]).unwrap();
    drop(at);
    let third = Home::new(ON);
    let clock = TestClock::new();
    let around = third.surroundings(&clock);
    Server::restore(around.clone(), &backup, &[]).unwrap();
    let last = Server::succeed(&around, &read_heir(&safe, &no_passphrase).unwrap()).unwrap();
    let at = Running::at_with_clock(&third, clock);
    let answer = heard(&at, &mut a, &last);
    let said: Vec<Succession> = answer.readers[..2]
        .iter()
        .map(|signed| Succession::from_bytes(&signed.body).unwrap())
        .collect();
    assert_eq!((said[0].before, said[0].after), (old, key));
    assert_eq!((said[1].before, said[1].after), (key, last));
    assert_sound(&at.server);
    fs::remove_file(safe).unwrap();
}

#[test]
fn the_secret_of_an_heir_that_may_have_been_named_stays() {
    let home = Home::new(ON);
    let at = Running::at(&home);
    let database = match &home.database {
        Some(address) => Database::open_at(address, None).unwrap(),
        None => Database::open_on(&home.path().join("server.sqlite"), &RealDisk).unwrap(),
    };
    let rename = |sql: &str| database.write(|tx| tx.run(sql, &[])).unwrap();
    let file = home.path().join("heir");
    rename("ALTER TABLE deed RENAME TO away");
    at.server.name_heir(&file, None, None).unwrap_err();
    assert!(read_heir(&file, &no_passphrase).is_ok());
    rename("ALTER TABLE away RENAME TO deed");
    at.server.name_heir(&home.path().join("other"), None, None).unwrap();
}
