//! The drill: back up, go on, lose everything, put back, and let the laptops fill it again.

use std::collections::BTreeMap;
use std::fs;

use super::{ON, running};
use crate::common::{
    Home, Laptop, Running, Storage, TestClock, assert_sound, dot, idea_at, set_idea,
};
use domain::ids::{RecordId, ScopeId};
use domain::role::Role;
use server::storage::Database;
use server::{Error, RealDisk, Server, backup};

fn other(on: Storage) -> Storage {
    match on {
        Storage::Sqlite => Storage::Postgres,
        Storage::Postgres => Storage::Sqlite,
    }
}

/// What the server shows of these records, each with its open values.
fn shown(server: &Server, of: &[(ScopeId, RecordId)]) -> BTreeMap<RecordId, String> {
    let kind = domain::registry::Kind::Idea.number();
    let field = domain::registry::IdeaField::Text.number();
    of.iter()
        .map(|(scope, record)| {
            let values = server.record(*scope, kind, *record).unwrap();
            let heads = server.heads(*scope, kind, *record, field).unwrap();
            let hash = blake3::hash(format!("{values:?} {heads:?}").as_bytes());
            (*record, hash.to_string())
        })
        .collect()
}

/// An exchange of a laptop that gives a restored server everything that it holds.
fn refill(laptop: &mut Laptop, at: &Running) {
    laptop.outbox = laptop.held.values().map(|one| one.bytes.clone()).collect();
    laptop.sync(at);
}

/// A key for backups, as its owner has it in a file.
fn key(home: &Home) -> (backup::Reader, Vec<backup::Key>) {
    let file = home.path().join("backup.key");
    let reader = backup::new_key(&file).unwrap();
    (reader, backup::keys(&file).unwrap())
}

fn drill(from: Storage, to: Storage) {
    let clock = TestClock::new();
    let home = Home::new(from);
    let at = Running::at_with_clock(&home, clock.clone());
    let code = at.invite_for("Kati", Some("CSCom de Farako"), Role::Member, 2);
    let (mut a, mut b) = (Laptop::new(1), Laptop::new(2));
    a.enrol(&at, &code, None).unwrap();
    b.enrol(&at, &code, None).unwrap();
    let mut coach = at.coach(3);
    let scope = a.home();
    let mut records = vec![(scope, a.idea(scope, "Avant la sauvegarde"))];
    a.sync(&at);
    b.sync(&at);
    let file = home.path().join("nuit.backup");
    let (reader, keys) = key(&home);
    let report = at.server.back_up(&file, &[reader]).unwrap();
    assert!(report.ok && report.segments == 1, "{report:?}");

    // Life goes on, with two who write the same field without seeing each other.
    let seen = [dot(a.replica(), 1)];
    a.save(scope, vec![set_idea(records[0].1, "Selon Awa", &seen)]);
    b.save(scope, vec![set_idea(records[0].1, "Selon Moussa", &seen)]);
    records.push((scope, b.idea(scope, "Après la sauvegarde")));
    records.push((coach.home(), coach.idea(coach.home(), "Du district")));
    for laptop in [&mut a, &mut b, &mut coach] {
        laptop.sync(&at);
    }
    a.sync(&at);
    assert_sound(&at.server);
    let before = shown(&at.server, &records);
    let (key, epoch) = (at.server.public_key().unwrap(), a.epoch);
    drop(at);

    let new = Home::new(to);
    let report = Server::restore(new.surroundings(&clock), &file, &keys).unwrap();
    assert!(report.ok && report.segments == 1, "{report:?}");
    let at = Running::at_with_clock(&new, clock);
    assert_eq!(at.server.public_key().unwrap(), key, "it is the same server");
    assert_eq!(idea_at(&at.server, scope, records[1].1), None, "and it has forgotten");

    // Only one of the two who wrote in the facility comes back: what the other wrote lies with her too.
    for laptop in [&mut a, &mut coach] {
        let request = laptop.request(false);
        let answer = laptop.ask(&at, &request).unwrap();
        assert!(answer.want_vector && !answer.mint && answer.epoch != epoch);
        laptop.take_in(&answer);
        refill(laptop, &at);
    }
    assert_eq!(shown(&at.server, &records), before);
    for laptop in [&mut b, &mut a, &mut coach] {
        laptop.sync(&at);
    }
    assert_eq!(shown(&at.server, &records), before);
    assert_eq!(a.vector(), b.vector());
    assert_eq!(coach.holds(scope, b.replica()), b.holds(scope, b.replica()));
    // And on it goes.
    let idea = b.idea(scope, "Le lendemain");
    b.sync(&at);
    assert_eq!(idea_at(&at.server, scope, idea).as_deref(), Some("Le lendemain"));
    assert_sound(&at.server);
}

#[test]
fn a_server_put_back_is_filled_again_by_the_laptops() {
    drill(ON, ON);
}

#[test]
fn a_server_moves_to_the_other_database_by_its_backup() {
    drill(ON, other(ON));
}

/// A server with one segment, its home, and a backup of it.
fn backed_up() -> (Home, Running, std::path::PathBuf) {
    let (home, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    a.idea(a.home(), "Appeler");
    a.sync(&at);
    let file = home.path().join("nuit.backup");
    at.server.back_up(&file, &[]).unwrap();
    (home, at, file)
}

#[test]
fn a_damaged_backup_makes_nothing() {
    let (home, _at, file) = backed_up();
    let whole = fs::read(&file).unwrap();
    let mut target = Home::new(ON);
    let clock = TestClock::new();
    let other = Home::new(ON);
    let sound = Server::restore(other.surroundings(&clock), &file, &[]).unwrap();
    let damaged = home.path().join("damaged");
    let mut cases: Vec<Vec<u8>> = (0..whole.len())
        .step_by(whole.len() / 40)
        .map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            bytes
        })
        .collect();
    cases.extend([0, 4, 8, 9, 200, whole.len() - 1].map(|length| whole[..length].to_vec()));
    let mut harmless = 0;
    for bytes in cases {
        fs::write(&damaged, bytes).unwrap();
        match Server::restore(target.surroundings(&clock), &damaged, &[]) {
            Err(refused) => assert!(
                !matches!(refused, Error::Occupied),
                "nothing was left by the last one"
            ),
            // A bit that unpacking does not look at: what came out is what went in, by its hash.
            Ok(report) => {
                assert_eq!(report, sound);
                harmless += 1;
                target = Home::new(ON);
            }
        }
    }
    assert!(harmless < 4, "{harmless} damaged files were taken");
    Server::restore(target.surroundings(&clock), &file, &[]).unwrap();
}

#[test]
fn a_backup_is_not_put_back_over_a_server() {
    let (home, at, file) = backed_up();
    let refused = Server::restore(home.surroundings(&at.clock), &file, &[]).unwrap_err();
    assert!(matches!(refused, Error::Occupied), "{refused}");
    assert_sound(&at.server);
}

#[test]
fn a_backup_of_a_damaged_server_is_not_kept() {
    let (home, at, file) = backed_up();
    let before = fs::read(&file).unwrap();
    let database = match &home.database {
        Some(address) => Database::open_at(address, None).unwrap(),
        None => Database::open_on(&home.path().join("server.sqlite"), &RealDisk).unwrap(),
    };
    database
        .write(|tx| tx.run("DELETE FROM segment WHERE feed_no = 1", &[]))
        .unwrap();
    let refused = at.server.back_up(&file, &[]).unwrap_err();
    assert!(matches!(refused, Error::UnsoundBackup(_)), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), before, "the last good one is still there");
    assert_eq!(
        fs::read_dir(home.path()).unwrap().filter(|one| {
            let name = one.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with(".part")
        }).count(),
        0
    );
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, _at, file) = backed_up();
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_backup_opens_with_the_keys_that_it_was_made_for_and_no_others() {
    let (home, at, plain) = backed_up();
    let (reader, keys) = key(&home);
    let other = Home::new(ON);
    let (second, theirs) = key(&other);
    let (_, strangers) = key(&Home::new(ON));
    let file = home.path().join("scellee.backup");
    let report = at.server.back_up(&file, &[reader, second]).unwrap();
    assert!(report.ok);
    let sealed = fs::read(&file).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1\n"));
    assert!(fs::read(plain).unwrap().starts_with(backup::MAGIC), "only that one is readable");

    let nowhere = Home::new(ON);
    let put_back = |keys: &[backup::Key]| {
        Server::restore(nowhere.surroundings(&at.clock), &file, keys)
    };
    assert!(matches!(put_back(&[]), Err(Error::SealedBackup)));
    assert!(matches!(put_back(&strangers), Err(Error::BackupOfOthers)));
    for at_byte in [30, sealed.len() / 2, sealed.len() - 1] {
        let mut damaged = sealed.clone();
        damaged[at_byte] ^= 1;
        fs::write(&file, damaged).unwrap();
        let refused = put_back(&theirs).unwrap_err();
        assert!(
            matches!(refused, Error::DamagedBackup(_) | Error::BackupOfOthers),
            "{at_byte}: {refused}"
        );
    }
    fs::write(&file, &sealed[..sealed.len() - 20]).unwrap();
    assert!(matches!(put_back(&theirs), Err(Error::DamagedBackup(_))));
    fs::write(&file, &sealed).unwrap();
    assert_eq!(put_back(&theirs).unwrap(), report);
    assert!(matches!(put_back(&keys), Err(Error::Occupied)));
}

#[test]
fn a_key_is_made_once_and_a_file_without_one_is_told() {
    let home = Home::new(ON);
    let (reader, keys) = key(&home);
    assert_eq!(keys[0].to_public(), reader);
    let file = home.path().join("backup.key");
    assert!(backup::new_key(&file).is_err(), "the first one still opens what it opened");
    assert_eq!(backup::keys(&file).unwrap()[0].to_public(), reader);
    for nothing in ["", "# rien\n", "AGE-SECRET-KEY-1NON\n"] {
        fs::write(&file, nothing).unwrap();
        assert!(matches!(backup::keys(&file), Err(Error::NoBackupKey)), "{nothing}");
    }
}
