//! A revocation outlives the server's memory: those who were told of it tell the server.

use super::ON;
use crate::common::{Home, Laptop, Running, TestClock, assert_sound, idea_at, reasons};
use domain::role::Role;
use sync::wire::{EnrolPlace, Purpose, Readers, ReturnRequest, Revoked, Signed};

/// A colleague of the team at Farako.
fn colleague(at: &Running, secret: u8) -> Laptop {
    let code = at.invite("CSCom de Farako", None, Role::Member);
    let mut laptop = Laptop::new(secret).speaking();
    laptop.enrol(at, &code, None).unwrap();
    laptop
}

fn revoked(at: &Running, laptop: &Laptop) -> bool {
    let devices = at.server.devices().unwrap();
    let found = devices.iter().find(|one| one.device == laptop.replica());
    found.is_some_and(|one| one.revoked.is_some())
}

fn come_back(at: &Running, laptop: &Laptop) -> (u16, Vec<u8>) {
    let enrolled = laptop.enrolled.as_ref().unwrap();
    let request = ReturnRequest {
        grant: laptop.grant.clone().unwrap(),
        key: laptop.key.public(),
        place: EnrolPlace {
            id: enrolled.place,
            name: enrolled.place_name.clone(),
            level: enrolled.place_level.clone(),
            parent: enrolled.parent,
        },
        person: None,
        status: laptop.status(),
        issue: None,
    };
    at.post("/v1/return", &request.sign(&laptop.key).unwrap())
}

#[test]
fn a_server_put_back_is_told_whom_it_revoked() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let (mut stolen, mut honest, mut newcomer);
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        stolen = at.laptop(1, "CSCom de Farako").speaking();
        honest = colleague(&at, 2);
        stolen.sync(&at);
        honest.sync(&at);
    }
    let backup = folder.back_up();
    let (before, statement);
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        newcomer = colleague(&at, 3);
        newcomer.sync(&at);
        before = stolen.idea(stolen.home(), "Avant le vol");
        stolen.sync(&at);
        for laptop in [&stolen, &newcomer] {
            at.server.revoke(&laptop.replica().to_string()).unwrap();
        }
        let answers = honest.sync(&at);
        let told = answers.iter().flat_map(|answer| &answer.readers);
        let of_home = told.filter(|signed| {
            Readers::from_bytes(&signed.body).unwrap().scope == honest.home()
        });
        statement = of_home.last().expect("everybody is told").clone();
    }
    folder.put_back(&backup);
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    let at = Running::at_with_clock(&folder, clock);
    assert!(!revoked(&at, &stolen), "it has forgotten");

    // Nobody else's word counts.
    let mut forged = Readers::from_bytes(&statement.body).unwrap();
    forged.revoked = vec![Revoked {
        replica: honest.replica(),
        until: vec![(honest.home(), 0)],
    }];
    let body = forged.to_bytes().unwrap();
    honest.revocations = vec![Signed::sign(&stolen.key, Purpose::Readers, body)];
    honest.sync(&at);
    assert!(!revoked(&at, &honest));

    honest.revocations = vec![statement];
    honest.outbox = honest.held.values().map(|one| one.bytes.clone()).collect();
    let answers = honest.sync(&at);
    assert!(answers.iter().all(|answer| answer.refused.is_empty()));
    // And says it to everybody again.
    let said = answers.iter().flat_map(|answer| &answer.readers);
    let said: Vec<Readers> = said
        .map(|signed| Readers::from_bytes(&signed.body).unwrap())
        .filter(|said| said.scope == honest.home())
        .collect();
    assert_eq!(said.last().unwrap().revoked.len(), 2);
    assert!(revoked(&at, &stolen));
    assert_eq!(idea_at(&at.server, honest.home(), before).unwrap(), "Avant le vol");
    // One that enrolled after the backup, and is not known at all, does not come in again.
    assert_eq!(come_back(&at, &newcomer).0, 403);
    let after = stolen.idea(stolen.home(), "Après le vol");
    let request = stolen.request(false);
    let answer = stolen.ask(&at, &request).unwrap();
    assert!(answer.revoked && answer.segments.is_empty());
    assert_eq!(reasons(&answer), ["revoked"]);
    assert_eq!(idea_at(&at.server, honest.home(), after), None);
    assert_sound(&at.server);
}
