//! Sticks at the server.

use super::running;
use crate::common::{Laptop, Running, assert_sound, idea_at, set_idea};
use domain::ids::RecordId;
use domain::role::Role;
use server::RealDisk;
use server::storage::Database;
use sync::bundle::{self, Contents};
use sync::snapshot;
use sync::vector::Vector;
use sync::wire::{Card, EnrolPerson, EnrolPlace, Purpose, Readers, Receipt, Signed};

/// What a laptop carries: all that it holds, for these keys.
fn packed(laptop: &Laptop, number: u64, recipients: &[[u8; 32]]) -> Vec<u8> {
    let enrolled = laptop.enrolled.as_ref().unwrap();
    let card = Card {
        key: laptop.key.public(),
        seal: laptop.key.seal_public(),
        role: "lead".to_owned(),
        place: EnrolPlace {
            id: enrolled.place,
            name: enrolled.place_name.clone(),
            level: enrolled.place_level.clone(),
            parent: enrolled.parent,
        },
        person: EnrolPerson {
            id: RecordId::counted(laptop.replica(), 0),
            name: "Awa".to_owned(),
        },
    };
    let contents = Contents {
        number,
        from: card.sign(&laptop.key).unwrap(),
        segments: laptop.held.values().map(|sealed| sealed.bytes.clone()).collect(),
        vector: laptop.vector(),
        receipts: Vec::new(),
        readers: Vec::new(),
        snapshots: Vec::new(),
        keys: Vec::new(),
        erase: Vec::new(),
    };
    bundle::pack(&laptop.key, recipients, &contents).unwrap()
}

/// What bundles for the server are encrypted to, as laptops are told.
fn server_seal(at: &Running, laptop: &mut Laptop) -> [u8; 32] {
    let request = laptop.request(false);
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
    Readers::from_bytes(&answer.readers[0].body).unwrap().server_seal
}

#[test]
fn what_a_courier_brings_is_taken_in_once() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let seal = server_seal(&at, &mut a);
    let idea = a.idea(a.home(), "Par la piste");
    let file = packed(&a, 1, &[seal]);
    let brought = at.server.bundle_in(&file).unwrap();
    assert_eq!((brought.from, brought.number, brought.new), (a.replica(), 1, 1));
    assert_eq!(idea_at(&at.server, a.home(), idea).unwrap(), "Par la piste");
    assert_eq!(at.server.bundle_in(&file).unwrap().new, 0);
    // The laptop learns it when it comes by itself.
    let answers = a.sync(&at);
    assert_eq!(answers[0].accepted[0].seq, 1);

    for place in [4, file.len() / 2, file.len() - 1] {
        let mut altered = file.clone();
        altered[place] ^= 1;
        assert!(at.server.bundle_in(&altered).is_err());
    }
    let elsewhere = packed(&a, 2, &[a.key.seal_public()]);
    assert!(at.server.bundle_in(&elsewhere).is_err(), "it is not for us");
    assert_sound(&at.server);
}

#[test]
fn a_bundle_that_cannot_be_noted_is_not_taken_in() {
    let (home, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let seal = server_seal(&at, &mut a);
    a.idea(a.home(), "Par la piste");
    let file = packed(&a, 1, &[seal]);
    let database = match &home.database {
        Some(address) => Database::open_at(address, None).unwrap(),
        None => Database::open_on(&home.path().join("server.sqlite"), &RealDisk).unwrap(),
    };
    let rename = |sql: &str| database.write(|tx| tx.run(sql, &[])).unwrap();
    rename("ALTER TABLE deed RENAME TO away");
    at.server.bundle_in(&file).unwrap_err();
    rename("ALTER TABLE away RENAME TO deed");
    assert_eq!(at.server.bundle_in(&file).unwrap().new, 1);
}

#[test]
fn a_bundle_holds_up_nothing_good_and_hides_nothing_bad() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let seal = server_seal(&at, &mut a);
    let neighbour = at.laptop(2, "CSCom de Moribabougou");
    let mut stranger = Laptop::new(7);
    let record = RecordId::counted(stranger.replica(), 1);
    let foreign = stranger.save(a.home(), vec![set_idea(record, "D'un inconnu", &[])]);
    a.held.insert((a.home(), stranger.replica(), 1), foreign);
    a.idea(neighbour.home(), "Chez le voisin");
    let good = a.idea(a.home(), "Chez nous");
    let brought = at.server.bundle_in(&packed(&a, 1, &[seal])).unwrap();
    assert_eq!((brought.segments, brought.new), (3, 1));
    let refused: Vec<_> = brought.refused.into_iter().collect();
    assert_eq!(refused, [("replica-unknown".to_owned(), 1), ("scope".to_owned(), 1)]);
    assert_eq!(idea_at(&at.server, a.home(), good).unwrap(), "Chez nous");
    assert_eq!(at.server.aside().unwrap().len(), 2);

    at.server.revoke(&a.replica().to_string()).unwrap();
    a.idea(a.home(), "Après le vol");
    let brought = at.server.bundle_in(&packed(&a, 2, &[seal])).unwrap();
    assert_eq!((brought.new, brought.refused.len()), (0, 1));
    assert_sound(&at.server);
}

#[test]
fn the_way_back_is_for_the_coaches_alone_and_holds_what_they_lack() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    for n in 0..60_u64 {
        let words: String = (0..8).map(|k| format!("{} ", (n * 7919 + k * 104_729) % 99_991)).collect();
        a.idea(a.home(), &words);
    }
    a.sync(&at);
    assert!(at.server.bundle_out("Kati").is_err(), "nobody there yet");
    let code = at.invite("Kati", None, Role::Coach);
    let mut coach = Laptop::new(2).speaking();
    coach.enrol(&at, &code, None).unwrap();
    let request = coach.request(false);
    coach.ask(&at, &request).unwrap();

    let files = at.server.bundle_out("kati").unwrap();
    let [file] = files.as_slice() else { panic!("one is enough") };
    assert!(bundle::open(file, &a.key).is_err(), "it is not for the facility");
    let contents = bundle::open(file, &coach.key).unwrap();
    assert_eq!(contents.number, 1);
    assert!(contents.segments.is_empty(), "the snapshot holds it all");
    let (bytes, vouched) = &contents.snapshots[0];
    let key = coach.enrolled.as_ref().unwrap().server_key;
    vouched.verify(&key, Purpose::Snapshot).unwrap();
    assert_eq!(vouched.body, snapshot::hash(bytes));
    assert_eq!(contents.vector.get(a.home(), a.replica()), 60);
    let read = |signed: &Signed| {
        signed.verify(&key, Purpose::Receipt).unwrap();
        Receipt::from_bytes(&signed.body).unwrap()
    };
    let receipts: Vec<Receipt> = contents.receipts.iter().map(read).collect();
    assert_eq!((receipts[0].replica, receipts[0].accepted[0].seq), (a.replica(), 60));
    assert!(contents.readers.iter().all(|signed| signed.verify(&key, Purpose::Readers).is_ok()));

    // She has loaded it and says so by the next stick: from then on only what is new goes along.
    let held: Vector = contents.vector.clone();
    coach.held.extend(a.held.clone());
    let seal = Readers::from_bytes(&contents.readers[0].body).unwrap().server_seal;
    assert_eq!(coach.vector().get(a.home(), a.replica()), held.get(a.home(), a.replica()));
    at.server.bundle_in(&packed(&coach, 1, &[seal])).unwrap();
    a.idea(a.home(), "De plus");
    a.sync(&at);
    let contents = bundle::open(&at.server.bundle_out("Kati").unwrap()[0], &coach.key).unwrap();
    assert_eq!(contents.number, 2);
    assert_eq!((contents.snapshots.len(), contents.segments.len()), (0, 1));
}

#[test]
fn what_one_of_them_holds_elsewhere_is_not_given_to_the_others() {
    let (_folder, at) = running();
    let code = at.invite("Kita", Some("CSCom de Djidian"), Role::Lead);
    let mut elsewhere = Laptop::new(1).speaking();
    elsewhere.enrol(&at, &code, None).unwrap();
    elsewhere.idea(elsewhere.home(), "De Kita");
    elsewhere.sync(&at);
    let mut here = at.laptop(2, "CSCom de Farako").speaking();
    here.idea(here.home(), "De Kati");
    here.sync(&at);
    let mut coaches = [at.coach(3).speaking(), at.coach(4).speaking()];
    coaches.sort_by_key(Laptop::replica);
    for coach in &mut coaches {
        coach.sync(&at);
    }
    // Whichever of them comes first.
    for coach in &coaches {
        let device = coach.replica().to_string();
        at.server.set_post(&device, (Role::Coach, "Kita"), true).unwrap();
        let contents = bundle::open(&at.server.bundle_out("Kati").unwrap()[0], &coaches[1].key).unwrap();
        assert_eq!(contents.vector.get(here.home(), here.replica()), 1);
        assert_eq!(contents.vector.get(elsewhere.home(), elsewhere.replica()), 0);
        let told = |signed: &Signed| Readers::from_bytes(&signed.body).unwrap().scope;
        assert!(!contents.readers.iter().map(told).any(|scope| scope == elsewhere.home()));
        assert_eq!(contents.segments.len(), 1);
        at.server.set_post(&device, (Role::Coach, "Kita"), false).unwrap();
    }
}
