//! What other systems lost their users' work by: a cursor believed without proof, a copied or put-back laptop that goes
//! on under its old name, a clock with a veto, one bad record among good ones, and “all sent” over unsent work.

use super::{ON, running};
use crate::common::{DAY_MS, Laptop, Running, START_MS, TestClock, assert_sound, idea_at, reasons, set_idea, Home};
use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{IdeaField, Kind};
use domain::role::Role;
use domain::value::Value;
use server::Server;
use sync::clock::Hlc;
use sync::log::{Save, SaveKind};
use sync::segment::{Tip, seal};
use sync::wire::{
    END_BYTES, EnrolAnswer, EnrolPlace, Grant, Purpose, Readers, Receipt, ReturnRequest, SyncAnswer,
};

/// Asks once and takes the answer in.
fn once(laptop: &mut Laptop, at: &Running) -> SyncAnswer {
    let request = laptop.request(false);
    let answer = laptop.ask(at, &request).unwrap();
    laptop.take_in(&answer);
    answer
}

fn minted(laptop: &mut Laptop, at: &Running) -> bool {
    let request = laptop.request(false);
    laptop.ask(at, &request).unwrap().mint
}

#[test]
fn a_copied_laptop_goes_on_under_another_name_and_nothing_is_lost() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let first = a.idea(a.home(), "Avant la copie");
    a.sync(&at);
    let mut copy = a.clone();
    let by_a = a.idea(a.home(), "De l'ordinateur");
    a.sync(&at);
    a.sync(&at);

    let request = copy.request(false);
    let answer = copy.ask(&at, &request).unwrap();
    assert!(answer.mint);
    assert!(answer.segments.is_empty() && answer.cursors.is_empty());
    // It learns what is stored of the name that it had.
    assert_eq!(answer.accepted[0].seq, 2);
    let old = copy.replica();
    let again = copy.clone().mint(&at, 9).unwrap();
    let answer = copy.mint(&at, 9).unwrap();
    assert_eq!(answer.grant, again.grant, "repeated, it is the same");
    assert_eq!(answer.place, a.enrolled.as_ref().unwrap().place);
    let by_copy = copy.idea(copy.home(), "De la copie");
    copy.sync(&at);

    // The laptop that it is a copy of never noticed.
    assert!(!a.sync(&at).iter().any(|answer| answer.mint));
    for (record, words) in [
        (first, "Avant la copie"),
        (by_a, "De l'ordinateur"),
        (by_copy, "De la copie"),
    ] {
        assert_eq!(idea_at(&at.server, a.home(), record).unwrap(), words);
    }
    assert_eq!(a.holds(a.home(), copy.replica()), 1);
    assert_eq!(copy.holds(a.home(), old), 2);
    assert_sound(&at.server);
}

#[test]
fn two_copies_that_take_turns_are_told_apart_at_the_second_contact() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    a.sync(&at);
    let mut copy = a.clone();
    once(&mut a, &at);
    at.clock.forward(1000);
    // It looks like a laptop whose last answer was lost. Without work of its own it would be no other one at all.
    copy.idea(copy.home(), "De la copie");
    assert!(!once(&mut copy, &at).mint);
    // What it was told counted for nobody else: the laptop goes on, and the copy cannot.
    assert!(!minted(&mut a, &at));
    assert!(minted(&mut copy, &at));
}

#[test]
fn a_laptop_put_back_from_a_backup_is_recognised() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    let mut backup = a.clone();
    for words in ["Un", "Deux", "Trois"] {
        a.idea(a.home(), words);
        a.sync(&at);
    }
    assert!(minted(&mut backup, &at));
    // Also one that goes on writing under numbers that are taken.
    backup.idea(backup.home(), "Un autre premier");
    let request = backup.request(false);
    let answer = backup.ask(&at, &request).unwrap();
    assert!(answer.mint && answer.accepted[0].seq == 3);
    let mut fresh = backup.clone();
    fresh.last = [0; 8];
    assert!(minted(&mut fresh, &at), "and one put back to its first day");
}

#[test]
fn a_request_that_comes_twice_or_late_makes_no_copy() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    let mut late = None;
    for round in 0..6 {
        a.idea(a.home(), "En double");
        let request = a.request(false);
        let first = a.ask(&at, &request).unwrap();
        let given = a.given.get();
        assert!(!a.ask(&at, &request).unwrap().mint, "round {round}");
        if round % 2 == 0 {
            // The first answer is the one that arrived.
            a.given.set(given);
        }
        a.take_in(&first);
        if let Some(old) = late.replace(request) {
            // Nobody waits for what is said to one that was long under way.
            let kept = a.given.get();
            let _ = a.ask(&at, &old);
            a.given.set(kept);
        }
    }
    assert!(!a.sync(&at).iter().any(|answer| answer.mint));
}

#[test]
fn an_answer_that_was_lost_makes_no_copy() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    for round in 0..3 {
        a.idea(a.home(), "Perdu");
        let request = a.request(false);
        for _ in 0..3 {
            // Sent again with another counter each time, as nothing came back.
            assert!(!a.ask(&at, &request).unwrap().mint, "round {round}");
        }
        let answer = a.ask(&at, &request).unwrap();
        a.take_in(&answer);
    }
}

#[test]
fn a_second_past_of_a_stream_is_kept_aside_and_asks_for_another_name() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    a.sync(&at);
    let mut copy = a.clone();
    a.idea(a.home(), "Le premier passé");
    once(&mut a, &at);
    let second = copy.idea(copy.home(), "Le second passé");
    // By its binding it could be one whose answer was lost; its stream says otherwise.
    let request = copy.request(false);
    let answer = copy.ask(&at, &request).unwrap();
    assert!(answer.mint);
    let aside = at.server.aside().unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].reason, "fork");
    // Its numbers are taken. Once a person answers for it, the server saves it again, and everybody gets it.
    at.server.release(&aside[0].id).unwrap();
    let (kind, field) = (Kind::Idea.number(), IdeaField::Text.number());
    let heads = || at.server.heads(a.home(), kind, second, field).unwrap();
    let said = Value::Text("Le second passé".into());
    // Both copies gave it the same number, and neither has seen the other's.
    assert_eq!(heads().iter().filter(|head| head.value == said).count(), 1);
    assert_eq!(heads().len(), 2);
    assert!(at.server.aside().unwrap().is_empty());
    // Brought once more, it is not made twice.
    let request = copy.request(false);
    copy.ask(&at, &request).unwrap();
    assert!(at.server.aside().unwrap().is_empty());
    assert_eq!(heads().len(), 2);
    assert!(!minted(&mut a, &at));
    assert_sound(&at.server);
}

/// A copy's work came to the coach by hand, and the laptop's own by the network: both are as long.
#[test]
fn another_past_of_the_same_length_shows_by_its_end_and_is_given_from_its_beginning() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let mut coach = at.coach(2).speaking();
    a.idea(a.home(), "Commun");
    a.sync(&at);
    coach.sync(&at);
    let mut copy = a.clone();
    let first = a.idea(a.home(), "Le premier passé");
    a.sync(&at);
    copy.idea(copy.home(), "Le second passé");
    let by_hand = copy.held[&(a.home(), a.replica(), 2)].clone();
    coach.held.insert((a.home(), a.replica(), 2), by_hand);

    let mut request = coach.request(true);
    let length_alone = coach.ask(&at, &request).unwrap();
    assert!(length_alone.segments.is_empty(), "an older version does not tell them apart");
    coach.take_in(&length_alone);
    request = coach.request(true);
    let held = &coach.held;
    let end = |(scope, replica, seq): (ScopeId, ReplicaId, u64)| {
        let hash = held[&(scope, replica, seq)].hash;
        hash.into_iter().take(END_BYTES)
    };
    request.ends = request.vector.iter().flat_map(|v| v.iter()).flat_map(end).collect();
    let answer = coach.ask(&at, &request).unwrap();
    let given: Vec<&[u8]> = answer.segments.iter().map(|fed| fed.bytes.as_slice()).collect();
    let whole: Vec<&[u8]> = a.held.values().map(|sealed| sealed.bytes.as_slice()).collect();
    assert_eq!(given, whole);
    assert!(idea_at(&at.server, a.home(), first).is_some());
    // Once it has that, nothing more is given.
    coach.take_in(&answer);
    for (key, sealed) in &a.held {
        coach.held.insert(*key, sealed.clone());
    }
    assert!(once(&mut coach, &at).segments.is_empty());
}

#[test]
fn a_server_put_back_from_a_backup_calls_nobody_a_copy() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let (mut a, mut b);
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        a = at.laptop(1, "CSCom de Farako").speaking();
        b = at.coach(2).speaking();
        a.sync(&at);
        b.sync(&at);
    }
    let backup = folder.back_up();
    let idea;
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        idea = a.idea(a.home(), "Après la sauvegarde");
        a.sync(&at);
        b.sync(&at);
        b.sync(&at);
    }
    folder.put_back(&backup);
    // The epoch beside it is that of the lost life.
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    let at = Running::at_with_clock(&folder, clock);
    // The coach comes first: she brings what a colleague wrote.
    let answers = b.sync(&at);
    assert!(answers.iter().all(|answer| !answer.mint));
    let refill = answers.last().unwrap();
    let vector = refill.vector.clone().expect("what the server still has");
    assert_eq!(vector.get(a.home(), a.replica()), 0);
    b.outbox = b
        .held
        .values()
        .filter(|sealed| {
            let header = &sealed.header;
            header.last_seq > vector.get(header.scope, header.replica)
        })
        .map(|sealed| sealed.bytes.clone())
        .collect();
    let answer = once(&mut b, &at);
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    assert_eq!(
        idea_at(&at.server, a.home(), idea).unwrap(),
        "Après la sauvegarde"
    );
    assert!(a.sync(&at).iter().all(|answer| !answer.mint));
    assert_sound(&at.server);
}

#[test]
fn a_version_that_says_nothing_of_itself_is_served_as_it_always_was() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let idea = a.idea(a.home(), "Sans rien dire");
    for _ in 0..3 {
        let answer = once(&mut a, &at);
        assert!(!answer.mint && answer.readers.is_empty() && answer.peers.is_empty());
    }
    assert_eq!(
        idea_at(&at.server, a.home(), idea).unwrap(),
        "Sans rien dire"
    );
    // After an update it says who it is, and goes on.
    a.speaks = true;
    for _ in 0..3 {
        assert!(!once(&mut a, &at).mint);
    }
}

#[test]
fn a_cursor_is_not_believed_without_proof() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let mut b = at.coach(2).speaking();
    a.idea(a.home(), "Un");
    a.idea(a.home(), "Deux");
    a.sync(&at);
    // It claims to have everything, and has nothing.
    b.cursors.insert(a.home(), 2);
    let answer = once(&mut b, &at);
    assert!(answer.want_vector && answer.segments.is_empty());
    b.sync(&at);
    assert_eq!(b.holds(a.home(), a.replica()), 2);
}

#[test]
fn no_clock_has_a_veto() {
    let (_folder, at) = running();
    let mut laptops = Vec::new();
    for (secret, years) in [(1, -10), (2, 0), (3, 10)] {
        let mut laptop = at.laptop(secret, &format!("CSCom {secret}")).speaking();
        laptop.millis =
            START_MS.saturating_add_signed(years * 365 * i64::try_from(DAY_MS).unwrap());
        let idea = laptop.idea(laptop.home(), "À toute heure");
        let answer = once(&mut laptop, &at);
        assert!(answer.refused.is_empty());
        assert_eq!(answer.accepted[0].seq, 1);
        laptops.push((laptop, idea));
    }
    // Nor has the server's own, when it jumps.
    at.clock.forward(20 * 365 * DAY_MS);
    for (laptop, idea) in &mut laptops {
        assert!(!once(laptop, &at).mint);
        let shown = idea_at(&at.server, laptop.home(), *idea);
        assert_eq!(shown.unwrap(), "À toute heure");
    }
}

#[test]
fn one_bad_segment_holds_up_no_good_one() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let neighbour = at.laptop(2, "CSCom de Moribabougou");
    let foreign = a.idea(neighbour.home(), "Chez le voisin");
    let good = a.idea(a.home(), "Chez nous");
    a.outbox.insert(1, b"garbage".to_vec());
    let mut altered = a.outbox[0].clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    a.outbox.insert(0, altered);
    let answer = once(&mut a, &at);
    let mut told = reasons(&answer);
    told.sort_unstable();
    assert_eq!(told, ["damaged", "scope", "signature"]);
    assert_eq!(idea_at(&at.server, a.home(), good).unwrap(), "Chez nous");
    assert_eq!(idea_at(&at.server, neighbour.home(), foreign), None);
    assert_sound(&at.server);
}

#[test]
fn nothing_is_called_accepted_that_is_not_stored() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    for words in ["Un", "Deux", "Trois"] {
        a.idea(a.home(), words);
    }
    // The middle one is lost on the way.
    a.outbox.remove(1);
    let request = a.request(false);
    let answer = a.ask(&at, &request).unwrap();
    assert_eq!(answer.accepted[0].seq, 1);
    assert_eq!(
        answer.accepted[0].hash,
        a.held.values().next().unwrap().hash
    );
    assert_eq!(reasons(&answer), ["gap"]);
}

#[test]
fn what_was_written_under_an_older_grant_is_let_in_late() {
    let (_folder, at) = running();
    let mut facility = at.laptop(1, "CSCom de Farako").speaking();
    let mut coach = at.coach(2).speaking();
    facility.idea(facility.home(), "De l'équipe");
    facility.sync(&at);
    coach.sync(&at);
    assert_eq!(coach.grant.as_ref().unwrap().terms().version, 1);
    // Written before the move, sent after it.
    let late = coach.idea(facility.home(), "Du coach d'avant");
    at.server.relocate("CSCom de Farako", "Kita").unwrap();
    let request = coach.request(false);
    let answer = coach.ask(&at, &request).unwrap();
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    let accepted = answer.accepted.iter().find(|a| a.scope == facility.home());
    assert_eq!(accepted.unwrap().seq, 1, "so that the laptop may forget it");
    coach.take_in(&answer);
    let grant = coach.grant.clone().unwrap();
    assert!(!grant.may_read(facility.home()));
    assert_eq!(
        idea_at(&at.server, facility.home(), late).unwrap(),
        "Du coach d'avant"
    );
    // What is written under the new grant is not.
    let version = grant.terms().version;
    let save = Save {
        hlc: Hlc::from_parts(START_MS + 99_000, 0),
        author: RecordId::counted(coach.replica(), 0),
        grant: version,
        kind: SaveKind::Edit,
        reason: None,
        changes: vec![set_idea(late, "Trop tard", &[])],
    };
    let tip: Tip = coach.tip(facility.home());
    coach.outbox = vec![seal(&coach.key, &tip, &[save]).unwrap().bytes];
    assert_eq!(reasons(&once(&mut coach, &at)), ["scope"]);

    // The new coach gets everything, the facility goes on as if nothing had happened.
    let code = at.invite("Kita", None, Role::Coach);
    let mut other = Laptop::new(3).speaking();
    other.enrol(&at, &code, None).unwrap();
    other.sync(&at);
    assert_eq!(other.holds(facility.home(), coach.replica()), 1);
    assert_eq!(other.holds(facility.home(), facility.replica()), 1);
    facility.sync(&at);
    assert_eq!(facility.holds(facility.home(), coach.replica()), 1);
    facility.idea(facility.home(), "Après le départ");
    facility.sync(&at);
    coach.outbox.clear();
    coach.sync(&at);
    assert_eq!(coach.holds(facility.home(), facility.replica()), 0);
    assert_sound(&at.server);
}

#[test]
fn what_was_written_under_a_grant_that_was_lost_with_a_life_of_the_server_is_let_in() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let (mut facility, mut coach);
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        facility = at.laptop(1, "CSCom de Farako").speaking();
        coach = at.coach(2).speaking();
        facility.sync(&at);
        coach.sync(&at);
    }
    let backup = folder.back_up();
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        // Another facility of her district: a grant that no backup knows.
        at.laptop(3, "CSCom de Lofigué").speaking().sync(&at);
        coach.sync(&at);
    }
    let version = coach.grant.as_ref().unwrap().terms().version;
    assert_eq!(version, 2);
    folder.put_back(&backup);
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    let at = Running::at_with_clock(&folder, clock);
    let late = coach.idea(facility.home(), "Sous un droit oublié");
    at.server.relocate("CSCom de Farako", "Kita").unwrap();
    let request = coach.request(false);
    let answer = coach.ask(&at, &request).unwrap();
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    assert_eq!(
        idea_at(&at.server, facility.home(), late).unwrap(),
        "Sous un droit oublié"
    );
    assert_sound(&at.server);
}

#[test]
fn a_revoked_laptop_brings_nothing_in_and_takes_nothing_out() {
    let (_folder, at) = running();
    let mut stolen = at.laptop(1, "CSCom de Farako").speaking();
    let code = at.invite("CSCom de Farako", None, Role::Member);
    let mut colleague = Laptop::new(2).speaking();
    colleague.enrol(&at, &code, None).unwrap();
    let before = stolen.idea(stolen.home(), "Avant le vol");
    stolen.sync(&at);
    let device = stolen.replica().to_string();
    at.server.revoke(&device[..10]).unwrap();
    colleague.idea(colleague.home(), "Secret");
    colleague.sync(&at);

    let after = stolen.idea(stolen.home(), "Après le vol");
    let answer = once(&mut stolen, &at);
    assert!(answer.revoked);
    assert_eq!(reasons(&answer), ["revoked"]);
    assert!(answer.segments.is_empty() && answer.cursors.is_empty() && answer.readers.is_empty());
    assert!(answer.grant.unwrap().terms().scopes.is_empty());
    assert_eq!(
        idea_at(&at.server, stolen.home(), before).unwrap(),
        "Avant le vol"
    );
    assert_eq!(idea_at(&at.server, colleague.home(), after), None);
    assert_eq!(stolen.mint(&at, 8).unwrap_err(), "replica-revoked");
    // Nor by another's hand.
    let carried = stolen.outbox.clone();
    let sealed = stolen.held.values().last().unwrap().bytes.clone();
    assert!(carried.is_empty());
    colleague.outbox = vec![sealed];
    assert_eq!(reasons(&once(&mut colleague, &at)), ["revoked"]);
    let readers = readers_of(&once(&mut colleague, &at), &colleague);
    assert!(readers.is_empty(), "nothing new: {readers:?}");

    // A person looks at it and lets it in.
    let aside = at.server.aside().unwrap();
    assert_eq!(aside.len(), 1);
    let (_, changes) = at.server.aside_changes(&aside[0].id).unwrap();
    assert_eq!(changes[0].value.as_deref(), Some("Après le vol"));
    assert_eq!(
        (changes[0].kind.as_str(), changes[0].field.as_str()),
        ("idea", "text")
    );
    at.server.release(&aside[0].id).unwrap();
    assert_eq!(
        idea_at(&at.server, colleague.home(), after).unwrap(),
        "Après le vol"
    );
    assert!(at.server.aside().unwrap().is_empty());
    assert_sound(&at.server);
}

fn readers_of(answer: &SyncAnswer, laptop: &Laptop) -> Vec<Readers> {
    let key = laptop.enrolled.as_ref().unwrap().server_key;
    let read = |signed: &sync::wire::Signed| {
        signed.verify(&key, Purpose::Readers).unwrap();
        Readers::from_bytes(&signed.body).unwrap()
    };
    answer.readers.iter().map(read).collect()
}

#[test]
fn who_reads_a_scope_is_said_once_and_again_when_it_changes() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let said = once(&mut a, &at);
    let home = |answer: &SyncAnswer, a: &Laptop| {
        let found = readers_of(answer, a);
        found.into_iter().find(|readers| readers.scope == a.home())
    };
    let first = home(&said, &a).unwrap();
    assert_eq!(first.readers.len(), 1);
    assert_eq!(first.readers[0].seal.unwrap().0, a.key.seal_public());
    assert!(once(&mut a, &at).readers.is_empty(), "it has arrived");
    let mut coach = at.coach(2).speaking();
    coach.sync(&at);
    let request = a.request(false);
    let second = home(&a.ask(&at, &request).unwrap(), &a).unwrap();
    assert!(second.version > first.version);
    assert_eq!(second.readers.len(), 2);
    // That answer was lost: it is said again.
    let request = a.request(false);
    let answer = a.ask(&at, &request).unwrap();
    assert_eq!(home(&answer, &a).unwrap(), second);
    a.take_in(&answer);
    assert!(once(&mut a, &at).readers.is_empty());
    at.server.revoke(&coach.replica().to_string()).unwrap();
    let third = home(&once(&mut a, &at), &a).unwrap();
    assert_eq!(third.readers.len(), 1);
    assert_eq!(third.revoked[0].replica, coach.replica());
}

#[test]
fn what_one_brings_for_another_has_a_receipt() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let mut coach = at.coach(2).speaking();
    coach.sync(&at);
    let sealed = a.save(
        a.home(),
        vec![set_idea(RecordId::counted(a.replica(), 1), "Par clé", &[])],
    );
    coach
        .held
        .insert((a.home(), a.replica(), 1), sealed.clone());
    coach.outbox = vec![sealed.bytes.clone()];
    let answer = once(&mut coach, &at);
    assert_eq!(answer.receipts.len(), 1);
    let key = coach.enrolled.as_ref().unwrap().server_key;
    answer.receipts[0].verify(&key, Purpose::Receipt).unwrap();
    let receipt = Receipt::from_bytes(&answer.receipts[0].body).unwrap();
    assert_eq!(receipt.replica, a.replica());
    assert_eq!(receipt.epoch, coach.epoch);
    assert_eq!(
        (receipt.accepted[0].seq, receipt.accepted[0].hash),
        (1, sealed.hash)
    );
    assert!(once(&mut coach, &at).receipts.is_empty());
}

#[test]
fn an_author_learns_that_the_district_holds_it_and_the_coach_who_has_not_synced() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let mut coach = at.coach(2).speaking();
    a.waiting = 7;
    a.idea(a.home(), "Lu ?");
    a.sync(&at);
    at.clock.forward(1000);
    let answers = coach.sync(&at);
    let peer = &answers[0].peers[0];
    assert_eq!(
        (peer.replica, peer.waiting, peer.version.as_str()),
        (a.replica(), 7, "0.3.0")
    );
    assert_eq!(peer.last_ms, START_MS);
    at.clock.forward(1000);
    assert!(
        once(&mut a, &at).reached.is_empty(),
        "given is not yet held"
    );
    at.clock.forward(1000);
    // The next request shows that it arrived.
    once(&mut coach, &at);
    at.clock.forward(1000);
    let reached = once(&mut a, &at).reached;
    assert_eq!(reached.len(), 1);
    assert_eq!((reached[0].scope, reached[0].seq), (a.home(), 1));
    assert_eq!(reached[0].place, coach.enrolled.as_ref().unwrap().place);
    at.clock.forward(1000);
    assert!(once(&mut a, &at).reached.is_empty());
    at.clock.forward(1000);
    assert_eq!(once(&mut coach, &at).peers.len(), 1);
    at.clock.forward(1000);
    assert!(once(&mut coach, &at).peers.is_empty());
}

#[test]
fn older_history_comes_when_it_is_asked_for() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    for n in 0..4 {
        a.idea(a.home(), &format!("Idée {n}"));
    }
    a.sync(&at);
    a.older = vec![(a.home(), 4)];
    let answer = once(&mut a, &at);
    let numbers: Vec<u64> = answer.older.iter().map(|fed| fed.feed_no).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(answer.older_from, [(a.home(), 1)]);
    let neighbour = at.laptop(2, "CSCom de Moribabougou");
    a.older = vec![(neighbour.home(), 9)];
    assert!(once(&mut a, &at).older_from.is_empty());
}

#[test]
fn those_above_read_single_places_on_demand() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.idea(a.home(), "Vu d'en haut");
    a.sync(&at);
    let code = at.invite("Koulikoro", None, Role::Region);
    let mut region = Laptop::new(2).speaking();
    region.enrol(&at, &code, None).unwrap();
    region.sync(&at);
    assert_eq!(region.holds(a.home(), a.replica()), 0);
    let elsewhere = RecordId::of_place_code("ML0101").as_scope();
    region.demand = Some(vec![a.home(), elsewhere]);
    region.sync(&at);
    let grant = region.grant.clone().unwrap();
    assert!(grant.may_read(a.home()) && !grant.may_write(a.home()));
    assert!(!grant.may_read(elsewhere), "Kayes is not theirs");
    region.demand = None;
    region.sync(&at);
    assert_eq!(region.holds(a.home(), a.replica()), 1);
    let readers = readers_of(&once(&mut a, &at), &a);
    let home = readers
        .iter()
        .find(|readers| readers.scope == a.home())
        .unwrap();
    assert!(
        home.readers
            .iter()
            .any(|reader| reader.role == "region" && !reader.write)
    );
    region.demand = Some(Vec::new());
    region.sync(&at);
    assert!(!region.grant.as_ref().unwrap().may_read(a.home()));
}

#[test]
fn the_operator_sees_who_has_not_synced() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    let _silent = at.laptop(2, "CSCom de Moribabougou");
    at.clock.forward(3 * DAY_MS);
    a.waiting = 4;
    a.sync(&at);
    let devices = at.server.devices().unwrap();
    assert_eq!(devices[0].place, "CSCom de Moribabougou");
    assert_eq!((devices[0].days, devices[0].version.as_str()), (3, ""));
    assert_eq!((devices[1].waiting, devices[1].days), (4, 0));
    assert_eq!(devices[1].above, "Kati");
    let server: &Server = &at.server;
    assert!(server.revoke("").is_err() && server.relocate("Nulle part", "Kita").is_err());
}

#[test]
fn an_exchange_of_nothing_costs_almost_nothing() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.idea(a.home(), "Une idée");
    a.sync(&at);
    for _ in 0..3 {
        at.clock.forward(DAY_MS);
        let mut request = a.request(false);
        // What it is, it has said.
        request.status = None;
        let body = request.sign(&a.key).unwrap();
        let head = format!(
            "POST /v1/sync HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let down = at.raw(&[head.as_bytes(), &body]);
        let down = down.len() - "connection: close\r\n".len();
        assert!(down <= 120, "{down} bytes");
        let answer = a.ask(&at, &request).unwrap();
        assert_eq!(a.answered.get(), 71);
        a.take_in(&answer);
    }
    // One that never says anything of itself could not read it.
    let mut older = at.laptop(2, "CSCom de Moribabougou");
    older.sync(&at);
    older.sync(&at);
    assert!(older.answered.get() > 71);
}

#[test]
fn a_laptop_that_a_server_put_back_has_forgotten_shows_its_own_word() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    drop(Running::at_with_clock(&folder, clock.clone()));
    let backup = folder.back_up();
    let (mut a, idea);
    {
        let at = Running::at_with_clock(&folder, clock.clone());
        a = at.laptop(1, "CSCom de Farako").speaking();
        idea = a.idea(a.home(), "Après la sauvegarde");
        a.sync(&at);
    }
    folder.put_back(&backup);
    std::fs::write(folder.path().join("epoch"), "0".repeat(32)).unwrap();
    let at = Running::at_with_clock(&folder, clock);
    let request = a.request(false);
    assert_eq!(a.ask(&at, &request).unwrap_err(), "replica-unknown");

    let enrolled = a.enrolled.clone().unwrap();
    let mut words = ReturnRequest {
        grant: a.grant.clone().unwrap(),
        key: a.key.public(),
        place: EnrolPlace {
            id: enrolled.place,
            name: enrolled.place_name.clone(),
            level: enrolled.place_level.clone(),
            parent: enrolled.parent,
        },
        person: None,
        status: a.status(),
        issue: None,
    };
    for _ in 0..2 {
        let (status, body) = at.post("/v1/return", &words.sign(&a.key).unwrap());
        assert_eq!(status, 200);
        let answer = EnrolAnswer::from_bytes(&body).unwrap();
        assert_eq!(answer.grant, a.grant.clone().unwrap());
        assert_eq!((answer.place, &answer.place_name), (enrolled.place, &enrolled.place_name));
    }
    let answers = a.sync(&at);
    assert!(answers.iter().all(|answer| !answer.mint));
    a.outbox = a.held.values().map(|sealed| sealed.bytes.clone()).collect();
    a.sync(&at);
    assert_eq!(
        idea_at(&at.server, a.home(), idea).unwrap(),
        "Après la sauvegarde"
    );
    assert_sound(&at.server);

    // Not with the word of another server, nor with another's grant.
    let stranger = Laptop::new(9);
    words.key = stranger.key.public();
    assert_eq!(at.post("/v1/return", &words.sign(&stranger.key).unwrap()).0, 401);
    let mut terms = words.grant.terms().clone();
    terms.replica = stranger.replica();
    words.grant = Grant::sign(&stranger.key, terms).unwrap();
    assert_eq!(at.post("/v1/return", &words.sign(&stranger.key).unwrap()).0, 401);
}
