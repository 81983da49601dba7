//! Keys of sealed texts: who brings, gets and destroys them.

use domain::ids::{RecordId, ScopeId};
use domain::role::Role;
use sync::sealing::{Erase, RecordKey, open_keys, pack_keys};
use sync::wire::Readers;

use super::running;
use crate::common::{Laptop, Running};

fn key(scope: ScopeId, n: u8, class: &str) -> RecordKey {
    RecordKey {
        scope,
        record: RecordId::from_bytes([n; 16]),
        class: class.to_owned(),
        secret: [n; 32],
    }
}

/// What keys for the server are sealed to, as it tells a newcomer.
fn seal_of(at: &Running) -> [u8; 32] {
    let mut newcomer = enrolled(at, 99, "Kati", None, Role::Coach);
    let answers = newcomer.sync(at);
    let told = answers.iter().flat_map(|answer| &answer.readers).next();
    Readers::from_bytes(&told.unwrap().body).unwrap().server_seal
}

/// Brings keys; answers the names of those that need not be brought again.
fn bring(at: &Running, seal: [u8; 32], laptop: &mut Laptop, keys: &[RecordKey]) -> Vec<RecordId> {
    let mut request = laptop.request(false);
    request.keys = pack_keys(keys, &[seal]).unwrap();
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
    answer.keys_held
}

/// Asks for keys by name, whether it may have them or not; answers what it got.
fn ask_for(at: &Running, laptop: &mut Laptop, keys: &[RecordKey]) -> Vec<RecordKey> {
    let mut request = laptop.request(false);
    request.wants = keys.iter().map(|key| (key.scope, key.id())).collect();
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
    open_keys(&answer.keys, 1, &laptop.key).unwrap()
}

fn destroy(at: &Running, laptop: &mut Laptop, key: &RecordKey) {
    let mut request = laptop.request(false);
    request.erase = vec![Erase {
        scope: key.scope,
        key: key.id(),
        by: RecordId::from_bytes([8; 16]),
    }];
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
}

fn enrolled(at: &Running, secret: u8, place: &str, facility: Option<&str>, role: Role) -> Laptop {
    let mut laptop = Laptop::new(secret).speaking();
    laptop
        .enrol(at, &at.invite(place, facility, role), None)
        .unwrap();
    laptop
}

#[test]
fn keys_are_given_to_those_alone_who_may_read_what_they_open() {
    let (_folder, at) = running();
    let mut clinic = enrolled(&at, 1, "Kati", Some("CSCom de Farako"), Role::Member);
    let mut coach = enrolled(&at, 2, "Kati", None, Role::Coach);
    let mut region = enrolled(&at, 3, "Koulikoro", None, Role::Region);
    let mut elsewhere = enrolled(&at, 4, "Kita", None, Role::Coach);
    let mut neighbour = enrolled(&at, 5, "Kati", Some("CSCom de Siby"), Role::Lead);
    let mut partner = enrolled(&at, 6, "Koulikoro", None, Role::Partner);
    let seal = seal_of(&at);
    for laptop in [
        &mut clinic,
        &mut coach,
        &mut region,
        &mut elsewhere,
        &mut neighbour,
        &mut partner,
    ] {
        laptop.sync(&at);
    }
    let home = clinic.home();
    let (work, staff) = (key(home, 1, "work"), key(home, 2, "staff"));
    let strange = key(home, 3, "money");
    let all = [work.clone(), staff.clone(), strange];
    let names = |keys: &[RecordKey]| keys.iter().map(RecordKey::id).collect::<Vec<_>>();
    assert_eq!(bring(&at, seal, &mut clinic, &all), names(&all[..2]));

    assert_eq!(ask_for(&at, &mut coach, &all), all[..2]);
    for laptop in [&mut region, &mut elsewhere, &mut neighbour, &mut partner] {
        assert_eq!(ask_for(&at, laptop, &all), []);
    }
    region.demand = Some(vec![home]);
    region.sync(&at);
    region.demand = None;
    assert_eq!(ask_for(&at, &mut region, &all), all[..1], "it reads the work");
    // Nobody leaves a key where they neither read nor write.
    let slipped = key(home, 4, "work");
    assert_eq!(bring(&at, seal, &mut elsewhere, std::slice::from_ref(&slipped)), []);
    assert_eq!(ask_for(&at, &mut clinic, &[slipped]), []);

    // Whoever writes nothing there destroys nothing; a coach writes no staff record.
    for laptop in [&mut region, &mut elsewhere, &mut neighbour, &mut partner] {
        destroy(&at, laptop, &work);
    }
    destroy(&at, &mut coach, &staff);
    assert_eq!(ask_for(&at, &mut clinic, &all), all[..2]);
    destroy(&at, &mut coach, &work);
    destroy(&at, &mut clinic, &staff);
    for laptop in [&mut clinic, &mut coach] {
        assert_eq!(ask_for(&at, laptop, &all), []);
        // Offered again it is refused, and need not be offered any more.
        assert_eq!(bring(&at, seal, laptop, &all[..2]), names(&all[..2]));
        assert_eq!(ask_for(&at, laptop, &all), []);
    }
    // One that nobody has brought yet is destroyed as well.
    let late = key(home, 5, "work");
    destroy(&at, &mut clinic, &late);
    bring(&at, seal, &mut clinic, std::slice::from_ref(&late));
    assert_eq!(ask_for(&at, &mut clinic, &[late]), []);
    // A revoked laptop gets none.
    let stays = key(home, 6, "work");
    bring(&at, seal, &mut clinic, std::slice::from_ref(&stays));
    at.server.revoke(&coach.replica().to_string()).unwrap();
    assert_eq!(ask_for(&at, &mut coach, std::slice::from_ref(&stays)), []);
}

#[test]
fn keys_come_along_with_what_they_open() {
    let (_folder, at) = running();
    let mut clinic = enrolled(&at, 1, "Kati", Some("CSCom de Farako"), Role::Member);
    let mut coach = enrolled(&at, 2, "Kati", None, Role::Coach);
    let mut region = enrolled(&at, 3, "Koulikoro", None, Role::Region);
    let seal = seal_of(&at);
    let home = clinic.home();
    region.demand = Some(vec![home]);
    for laptop in [&mut clinic, &mut coach, &mut region] {
        laptop.sync(&at);
    }
    // One request, its answer, and the keys in it.
    let ask = |laptop: &mut Laptop, bring: &[RecordKey]| {
        let mut request = laptop.request(false);
        request.keys = pack_keys(bring, &[seal]).unwrap();
        let answer = laptop.ask(&at, &request).unwrap();
        laptop.take_in(&answer);
        open_keys(&answer.keys, 1, &laptop.key).unwrap()
    };
    let (work, staff) = (key(home, 1, "work"), key(home, 2, "staff"));
    clinic.idea(home, "une");
    let both = [work.clone(), staff.clone()];
    assert_eq!(ask(&mut clinic, &both), [], "it has what it brings");
    let works = std::slice::from_ref(&work);
    assert_eq!(ask(&mut region, &[]), works, "it reads the work");
    let mut came = ask(&mut coach, &[]);
    came.sort_by_key(|key| key.record);
    assert_eq!(came, both);
    for laptop in [&mut clinic, &mut coach, &mut region] {
        assert_eq!(ask(laptop, &[]), [], "once");
    }
    // What comes later brings none of the earlier ones again; one that was destroyed does not come.
    let (later, gone) = (key(home, 3, "work"), key(home, 4, "work"));
    clinic.idea(home, "deux");
    ask(&mut clinic, &[later.clone(), gone.clone()]);
    destroy(&at, &mut clinic, &gone);
    assert_eq!(ask(&mut coach, &[]), std::slice::from_ref(&later));
    clinic.idea(home, "trois");
    ask(&mut clinic, &[]);
    assert_eq!(ask(&mut coach, &[]), []);
    // Whoever begins gets all of them with the log.
    let mut newcomer = enrolled(&at, 7, "Kati", None, Role::Coach);
    let mut all: Vec<RecordKey> = Vec::new();
    for answer in newcomer.sync(&at) {
        all.extend(open_keys(&answer.keys, 1, &newcomer.key).unwrap());
    }
    all.sort_by_key(|key| key.record);
    assert_eq!(all, [work, staff, later]);
}

#[test]
fn who_wrote_before_a_facility_moved_leaves_its_keys_after_it() {
    let (_folder, at) = running();
    let mut clinic = enrolled(&at, 1, "Kati", Some("CSCom de Farako"), Role::Member);
    let mut old = enrolled(&at, 2, "Kati", None, Role::Coach);
    let mut new = enrolled(&at, 3, "Kita", None, Role::Coach);
    let mut region = enrolled(&at, 4, "Koulikoro", None, Role::Region);
    let seal = seal_of(&at);
    for laptop in [&mut clinic, &mut old, &mut new, &mut region] {
        laptop.sync(&at);
    }
    let home = clinic.home();
    at.server.relocate("CSCom de Farako", "Kita").unwrap();
    let unsent = [key(home, 1, "work")];
    assert_eq!(bring(&at, seal, &mut region, &unsent), [], "it never wrote there");
    assert_eq!(bring(&at, seal, &mut old, &unsent), [unsent[0].id()]);
    assert_eq!(ask_for(&at, &mut old, &unsent), [], "it reads there no more");
    assert_eq!(ask_for(&at, &mut new, &unsent), unsent);
    let theirs = [key(home, 2, "staff")];
    assert_eq!(bring(&at, seal, &mut old, &theirs), [], "nor wrote that");
    at.server.revoke(&old.replica().to_string()).unwrap();
    assert_eq!(bring(&at, seal, &mut old, &[key(home, 3, "work")]), []);
}

#[test]
fn a_key_that_comes_at_the_moment_of_its_erasure_does_not_stay() {
    use postgres::error::SqlState;
    use postgres::{Client, IsolationLevel, NoTls};

    let (folder, at) = running();
    let Some(database) = folder.database.clone() else {
        // One connection writes there at a time.
        return;
    };
    let mut clinic = enrolled(&at, 1, "Kati", Some("CSCom de Farako"), Role::Member);
    let seal = seal_of(&at);
    clinic.sync(&at);
    let late = key(clinic.home(), 5, "work");
    let mut other = Client::connect(&database, NoTls).unwrap();
    let rows = "SELECT count(*) FROM sealed_key WHERE secret <> $1";
    let zeros = [0u8; 32];
    // Another request has seen that nothing was destroyed, and keeps the key only after it was.
    let mut slow = other.build_transaction();
    slow = slow.isolation_level(IsolationLevel::RepeatableRead);
    let mut slow = slow.start().unwrap();
    let seen = slow.query("SELECT 1 FROM erased_key", &[]).unwrap();
    assert!(seen.is_empty());
    destroy(&at, &mut clinic, &late);
    let kept = slow.execute(
        "INSERT INTO sealed_key (scope_id, key_id, record, class, secret, feed_no)
         VALUES ($1, $2, $3, 'work', $4, 0) ON CONFLICT (scope_id, key_id) DO NOTHING",
        &[
            &late.scope.as_bytes().as_slice(),
            &late.id().as_bytes().as_slice(),
            &late.record.as_bytes().as_slice(),
            &late.secret.as_slice(),
        ],
    );
    let outrun = kept.unwrap_err();
    assert_eq!(outrun.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE));
    drop(slow);
    bring(&at, seal, &mut clinic, std::slice::from_ref(&late));
    let row = other.query_one(rows, &[&zeros.as_slice()]).unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}

#[test]
fn no_laptop_takes_the_room_for_erasing_from_the_others() {
    let (_folder, at) = running();
    let mut clinic = enrolled(&at, 1, "Kati", Some("CSCom de Farako"), Role::Member);
    let mut coach = enrolled(&at, 2, "Kati", None, Role::Coach);
    let seal = seal_of(&at);
    for laptop in [&mut clinic, &mut coach] {
        laptop.sync(&at);
    }
    let home = clinic.home();
    let mut request = clinic.request(false);
    request.erase = (0..600u32)
        .map(|n| {
            let mut name = [7; 16];
            name[..4].copy_from_slice(&n.to_be_bytes());
            Erase {
                scope: home,
                key: RecordId::from_bytes(name),
                by: RecordId::from_bytes([8; 16]),
            }
        })
        .collect();
    let answer = clinic.ask(&at, &request).unwrap();
    clinic.take_in(&answer);
    let theirs = key(home, 1, "work");
    bring(&at, seal, &mut coach, std::slice::from_ref(&theirs));
    destroy(&at, &mut clinic, &theirs);
    assert_eq!(ask_for(&at, &mut coach, std::slice::from_ref(&theirs)), std::slice::from_ref(&theirs), "it had its share");
    clinic.mint(&at, 50).unwrap();
    destroy(&at, &mut clinic, &theirs);
    assert_eq!(ask_for(&at, &mut coach, std::slice::from_ref(&theirs)), std::slice::from_ref(&theirs), "under any name");
    destroy(&at, &mut coach, &theirs);
    assert_eq!(ask_for(&at, &mut clinic, &[theirs]), []);
}
