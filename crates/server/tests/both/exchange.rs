//! What one exchange takes, gives and refuses.

use super::{ON, running};
use crate::common::{Home, Laptop, Running, TestClock, assert_sound, dot, idea_at, reasons, set_idea};
use domain::ids::RecordId;
use domain::registry::{DELETED, IdeaField, Kind};
use domain::role::Role;
use domain::value::Value;
use sync::log::{Change, Dot};
use sync::vector::Vector;

#[test]
fn one_request_sends_and_brings() {
    let (_folder, at) = running();
    let mut member = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = member.home();
    let idea = member.idea(home, "Appeler les femmes");
    let answers = member.sync(&at);
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].accepted[0].seq, 1);
    assert_eq!(answers[0].accepted[0].hash, member.tip(home).hash);
    assert!(
        answers[0].segments.is_empty(),
        "own segments do not come back"
    );

    coach.save(
        home,
        vec![set_idea(
            RecordId::counted(coach.replica(), 1),
            "Bravo",
            &[],
        )],
    );
    let answers = coach.sync(&at);
    assert_eq!((answers.len(), answers[0].segments.len()), (1, 1));
    assert_eq!(coach.holds(home, member.replica()), 1);

    let answers = member.sync(&at);
    assert_eq!((answers.len(), answers[0].segments.len()), (1, 1));
    assert_eq!(member.vector(), {
        let mut both = Vector::new();
        both.set(home, member.replica(), 1);
        both.set(home, coach.replica(), 1);
        both
    });
    assert_eq!(
        idea_at(&at.server, home, idea).as_deref(),
        Some("Appeler les femmes")
    );
    assert_sound(&at.server);
}

#[test]
fn an_idle_exchange_is_one_short_request() {
    let (_folder, at) = running();
    let mut member = at.laptop(1, "CSCom de Farako");
    member.idea(member.home(), "Appeler");
    member.sync(&at);
    let mut coach = at.coach(2);
    coach.sync(&at);
    for laptop in [&mut member, &mut coach] {
        laptop.sync(&at);
        let request = laptop.request(false);
        assert!(request.sign(&laptop.key).unwrap().len() <= 260);
        let (status, body) = at.post("/v1/sync", &request.sign(&laptop.key).unwrap());
        assert_eq!(status, 200);
        assert!(body.len() <= 120, "{} bytes", body.len());
        let answer = laptop.ask(&at, &request).unwrap();
        assert!(!answer.want_vector && !answer.more && answer.segments.is_empty());
    }
}

#[test]
fn a_scope_is_refused_both_ways() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut b = at.laptop(2, "CSCom de Moribabougou");
    let (mine, theirs) = (a.home(), b.home());
    let secret = b.idea(theirs, "À nous");
    b.sync(&at);

    // Writing into a neighbour's scope, or a scope that may only be read.
    let district = a.enrolled.as_ref().unwrap().parent.as_scope();
    let stray = a.idea(theirs, "Chez vous");
    a.idea(district, "Chez le district");
    a.idea(mine, "Chez nous");
    let mut request = a.request(false);
    // Asking for a neighbour's feed.
    request.cursors.push((theirs, 0));
    let mut vector = a.vector();
    vector.set(theirs, b.replica(), 0);
    request.vector = Some(vector);
    let answer = a.ask(&at, &request).unwrap();
    assert_eq!(reasons(&answer), ["scope", "scope"]);
    assert_eq!(
        answer
            .accepted
            .iter()
            .map(|accepted| accepted.scope)
            .collect::<Vec<_>>(),
        [mine]
    );
    assert!(answer.segments.iter().all(|fed| fed.scope != theirs));
    assert!(answer.cursors.iter().all(|(scope, _)| *scope != theirs));
    assert_eq!(idea_at(&at.server, theirs, stray), None);
    assert_eq!(
        idea_at(&at.server, theirs, secret).as_deref(),
        Some("À nous")
    );
    assert_eq!(
        at.server.check().unwrap().quarantined,
        2,
        "nothing is thrown away"
    );
    assert_sound(&at.server);
}

#[test]
fn a_gap_is_told_with_the_frontier_and_closes_when_the_missing_comes() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let home = a.home();
    for text in ["Un", "Deux", "Trois"] {
        a.idea(home, text);
    }
    let all = std::mem::take(&mut a.outbox);
    a.outbox = vec![all[0].clone(), all[2].clone()];
    let request = a.request(false);
    let answer = a.ask(&at, &request).unwrap();
    assert_eq!(reasons(&answer), ["gap"]);
    assert_eq!(
        (answer.accepted[0].seq, answer.refused[0].first_seq),
        (1, 3)
    );
    a.outbox = all[1..].to_vec();
    let answers = a.sync(&at);
    assert_eq!(answers.last().unwrap().accepted[0].seq, 3);
    assert_sound(&at.server);
}

#[test]
fn a_second_past_is_kept_aside_and_the_first_stays() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let home = a.home();
    a.idea(home, "Avant la copie");
    a.sync(&at);
    let mut copy = a.clone();
    let idea = a.idea(home, "L’original");
    a.sync(&at);
    copy.idea(home, "La copie");
    let request = copy.request(false);
    let answer = copy.ask(&at, &request).unwrap();
    assert_eq!(reasons(&answer), ["fork"]);
    assert_eq!(
        (answer.refused[0].scope, answer.refused[0].first_seq),
        (home, 2)
    );
    assert_eq!(answer.accepted[0].hash, a.tip(home).hash);
    assert_eq!(
        idea_at(&at.server, home, idea).as_deref(),
        Some("L’original")
    );
    assert_eq!(at.server.check().unwrap().quarantined, 1);
    // Again: kept once.
    copy.ask(&at, &request).unwrap();
    assert_eq!(at.server.check().unwrap().quarantined, 1);
}

#[test]
fn one_bad_segment_does_not_hold_up_the_others() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut b = at.laptop(2, "CSCom de Moribabougou");
    let home = a.home();
    let idea = a.idea(home, "Bon");
    let good = std::mem::take(&mut a.outbox);
    let mut unsigned = good[0].clone();
    let last = unsigned.len() - 1;
    unsigned[last] ^= 1;
    b.idea(home, "De quelqu’un d’autre");
    a.outbox = vec![
        b"garbage".to_vec(),
        Vec::new(),
        unsigned,
        good[0][..good[0].len() - 9].to_vec(),
        b.outbox[0].clone(),
        good[0].clone(),
        good[0].clone(),
    ];
    let request = a.request(false);
    let answer = a.ask(&at, &request).unwrap();
    assert_eq!(
        reasons(&answer),
        ["damaged", "damaged", "signature", "damaged", "scope"]
    );
    assert_eq!(answer.accepted[0].seq, 1);
    assert_eq!(idea_at(&at.server, home, idea).as_deref(), Some("Bon"));
    assert_sound(&at.server);
}

#[test]
fn a_stranger_is_not_answered_and_a_strangers_segments_are_kept_aside() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut stranger = Laptop::new(9);
    (stranger.grant, stranger.enrolled) = (a.grant.clone(), a.enrolled.clone());
    let request = stranger.request(false);
    assert_eq!(stranger.ask(&at, &request).unwrap_err(), "replica-unknown");
    // In the name of someone who is enrolled.
    let forged = sync::wire::SyncRequest {
        replica: a.replica(),
        ..request
    };
    assert_eq!(stranger.ask(&at, &forged).unwrap_err(), "bad-signature");

    let home = a.home();
    stranger.idea(home, "Je ne suis pas d’ici");
    a.outbox = std::mem::take(&mut stranger.outbox);
    let request = a.request(false);
    assert_eq!(reasons(&a.ask(&at, &request).unwrap()), ["replica-unknown"]);
    assert_eq!(at.server.check().unwrap().quarantined, 1);
}

#[test]
fn repeating_a_request_changes_nothing_and_is_answered_alike() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    coach.sync(&at);
    coach.idea(home, "Bonjour");
    coach.sync(&at);
    a.idea(home, "Appeler");
    let request = a.request(false);
    let first = a.ask(&at, &request).unwrap();
    let again = a.ask(&at, &request).unwrap();
    assert_eq!(first, again);
    assert_eq!(at.server.check().unwrap().segments, 2);
    // A request from before, after a newer one: taken in all the same.
    a.take_in(&first);
    a.sync(&at);
    assert_eq!(a.ask(&at, &request).unwrap(), first);
    assert_eq!(at.server.check().unwrap().segments, 2);
}

#[test]
fn anyone_may_carry_what_others_signed() {
    let (_folder, at) = running();
    let a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    let mut offline = a.clone();
    let idea = offline.idea(home, "Porté sur une clé");
    coach.outbox = std::mem::take(&mut offline.outbox);
    coach.held.extend(offline.held.clone());
    let answers = coach.sync(&at);
    assert_eq!(answers.len(), 1, "what it forwards counts in the digest");
    assert!(
        answers[0].segments.is_empty(),
        "what it forwards does not come back"
    );
    assert!(
        answers[0].accepted.is_empty(),
        "receipts are for own streams"
    );
    assert_eq!(
        idea_at(&at.server, home, idea).as_deref(),
        Some("Porté sur une clé")
    );
    let answers = coach.sync(&at);
    assert_eq!((answers.len(), answers[0].segments.len()), (1, 0));
}

#[test]
fn a_wrong_digest_asks_for_the_vector_which_brings_exactly_what_is_missing() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    for n in 0..5 {
        a.idea(home, &format!("Idée {n}"));
        a.sync(&at);
        coach.sync(&at);
        coach.idea(home, &format!("Réponse {n}"));
        coach.sync(&at);
    }
    a.sync(&at);
    // A cursor that was believed without the segments it stands for, and an own segment lost with a disk.
    coach.held.remove(&(home, a.replica(), 2));
    for seq in [3, 4, 5] {
        coach.held.remove(&(home, a.replica(), seq));
    }
    coach.held.remove(&(home, coach.replica(), 5));
    let answers = coach.sync(&at);
    assert_eq!(answers.len(), 2);
    assert!(
        answers[0].want_vector && answers[0].segments.is_empty() && answers[0].cursors.is_empty()
    );
    let streams: Vec<_> = answers[1]
        .segments
        .iter()
        .map(|fed| {
            let segment = sync::segment::read(&fed.bytes).unwrap();
            (
                segment.header().replica == a.replica(),
                segment.header().first_seq,
            )
        })
        .collect();
    assert_eq!(
        streams,
        [(true, 2), (true, 3), (true, 4), (true, 5), (false, 5)]
    );
    assert!(!answers[1].want_vector);
    assert_eq!(
        answers[1].accepted.len(),
        1,
        "with the vector all own frontiers come"
    );
    assert_eq!(coach.sync(&at).len(), 1, "and then all is well");
}

#[test]
fn a_large_backlog_comes_in_pages() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let home = a.home();
    // Text that does not pack: 60 segments of about 64 kB are twice what one answer holds.
    let mut state = 7u32;
    let mut noise = || {
        let letter = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b' ' + (state >> 24) as u8 % 95)
        };
        (0..80_000).map(letter).collect::<String>()
    };
    for _ in 0..60 {
        a.idea(home, &noise());
    }
    a.sync(&at);
    let mut coach = at.coach(2);
    let answers = coach.sync(&at);
    assert!(answers.len() >= 2 && answers[0].more && !answers.last().unwrap().more);
    assert!(answers.iter().all(|answer| !answer.want_vector));
    assert_eq!(coach.holds(home, a.replica()), 60);

    // The same when everything must be asked for by vector.
    coach.held.clear();
    let answers = coach.sync(&at);
    assert!(answers[0].want_vector);
    assert_eq!(coach.holds(home, a.replica()), 60);
    assert_eq!(coach.sync(&at).len(), 1);
}

#[test]
fn a_save_waits_for_what_its_author_had_seen() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    let idea = RecordId::counted(a.replica(), 1);
    a.save(home, vec![set_idea(idea, "Un", &[])]);
    // The coach had it from a stick and sends first.
    let held = a.held.clone();
    coach.held.extend(held);
    coach.save(home, vec![set_idea(idea, "Deux", &[dot(a.replica(), 1)])]);
    coach.sync(&at);
    assert_eq!(idea_at(&at.server, home, idea), None);
    assert_eq!(at.server.check().unwrap().waiting, 1);
    a.sync(&at);
    assert_eq!(idea_at(&at.server, home, idea).as_deref(), Some("Deux"));
    assert_eq!(
        at.server
            .heads(home, Kind::Idea.number(), idea, IdeaField::Text.number())
            .unwrap()
            .len(),
        1
    );
    assert_sound(&at.server);
}

#[test]
fn an_edit_that_a_deletion_had_not_seen_revives_the_record() {
    let (_folder, at) = running();
    for (name, deletion_first) in [("CSCom A", true), ("CSCom B", false)] {
        let mut a = at.laptop(if deletion_first { 1 } else { 3 }, name);
        let mut coach = at.coach(if deletion_first { 2 } else { 4 });
        let home = a.home();
        let idea = RecordId::counted(a.replica(), 1);
        a.save(home, vec![set_idea(idea, "Appeler", &[])]);
        a.sync(&at);
        coach.sync(&at);
        let seen = dot(a.replica(), 1);
        // A deletion writes the record again: the text that its author saw, and then the mark.
        let deletion = |seen: &[Dot]| {
            let mark = Change {
                kind: Kind::Idea.number(),
                record: idea,
                field: DELETED.number,
                value: Value::Bool(true),
                seen: Vec::new(),
            };
            vec![set_idea(idea, "Appeler", seen), mark]
        };
        let shown = || {
            let values = at.server.record(home, Kind::Idea.number(), idea);
            let values = values.unwrap().unwrap();
            (values["deleted"] == true, values.get("revived").is_some())
        };
        a.save(home, deletion(&[seen]));
        coach.save(home, vec![set_idea(idea, "Rappeler", &[seen])]);
        if deletion_first {
            a.sync(&at);
            assert_eq!(shown(), (true, false));
            coach.sync(&at);
        } else {
            coach.sync(&at);
            a.sync(&at);
        }
        assert_eq!(shown(), (true, true));

        // Whoever has seen both may delete it for good.
        a.sync(&at);
        let heads = [dot(a.replica(), 2), dot(coach.replica(), 1)];
        a.save(home, deletion(&heads));
        a.sync(&at);
        assert_eq!(shown(), (true, false));
    }
    assert_sound(&at.server);
}

#[test]
fn what_comes_from_a_newer_version_is_kept_and_handed_on() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    let record = RecordId::counted(a.replica(), 1);
    let change = |kind, field, value| Change {
        kind,
        record,
        field,
        value,
        seen: Vec::new(),
    };
    let sealed = Value::Sealed {
        key: record,
        bytes: vec![1, 2, 3],
    };
    let sent = a.save(
        home,
        vec![
            change(60_000, 1, Value::text("Tout neuf")),
            change(Kind::Idea.number(), 777, sealed.clone()),
            change(Kind::Idea.number(), IdeaField::Text.number(), Value::Int(5)),
        ],
    );
    a.sync(&at);
    coach.sync(&at);
    assert_eq!(
        coach.held[&(home, a.replica(), 1)].bytes,
        sent.bytes,
        "byte for byte"
    );
    let head = |kind, field| {
        at.server.heads(home, kind, record, field).unwrap()[0]
            .value
            .clone()
    };
    assert_eq!(head(60_000, 1), Value::text("Tout neuf"));
    assert_eq!(head(Kind::Idea.number(), 777), sealed);
    assert_eq!(
        head(Kind::Idea.number(), IdeaField::Text.number()),
        Value::Int(5)
    );
    assert_sound(&at.server);
}

#[test]
fn what_facilities_save_about_places_shows_in_the_tree() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let home = a.home();
    let village = RecordId::counted(a.replica(), 50);
    let place = |record, field: domain::registry::PlaceField, value| Change {
        kind: Kind::Place.number(),
        record,
        field: field.number(),
        value,
        seen: Vec::new(),
    };
    use domain::registry::PlaceField::{Level, Name, Parent};
    let nation = RecordId::of_place_code("ML");
    a.save(
        home,
        vec![
            place(home.place(), Name, Value::text("CSCom de Farako (ASACOFA)")),
            place(village, Name, Value::text("Farakoro")),
            place(village, Level, Value::text("village")),
            place(village, Parent, Value::Ref(home.place())),
            // Nobody renames the nation from a facility.
            place(nation, Name, Value::text("Chez nous")),
        ],
    );
    a.sync(&at);
    let tree = at.server.tree().unwrap();
    let of = |id| {
        tree.iter()
            .filter(|place| place.id == id)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(home.place())[0].name, "CSCom de Farako (ASACOFA)");
    assert_eq!(of(village)[0].parent, Some(home.place()));
    assert_eq!(
        (of(village)[0].level.as_str(), of(village)[0].name.as_str()),
        ("village", "Farakoro")
    );
    assert_eq!((of(nation).len(), of(nation)[0].name.as_str()), (1, "Mali"));
}

#[test]
fn a_restart_keeps_everything() {
    let folder = Home::new(ON);
    let clock = TestClock::new();
    let at = Running::at_with_clock(&folder, clock.clone());
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    let idea = a.idea(home, "Appeler");
    a.sync(&at);
    let key = at.server.public_key().unwrap();
    drop(at);
    let at = Running::at_with_clock(&folder, clock);
    assert_eq!(at.server.public_key().unwrap(), key);
    assert_eq!(idea_at(&at.server, home, idea).as_deref(), Some("Appeler"));
    let answers = a.sync(&at);
    assert_eq!(answers.len(), 1, "the epoch and the cursors still hold");
    coach.sync(&at);
    assert_eq!(coach.holds(home, a.replica()), 1);
    assert_sound(&at.server);
}

#[test]
fn a_server_put_back_from_a_backup_is_noticed_and_filled_again() {
    let folder = Home::new(ON);
    let at = Running::at(&folder);
    let mut a = at.laptop(1, "CSCom de Farako");
    let mut coach = at.coach(2);
    let home = a.home();
    a.idea(home, "Avant la sauvegarde");
    a.sync(&at);
    coach.sync(&at);
    drop(at);
    let backup = folder.back_up();
    let at = Running::at(&folder);
    let idea = a.idea(home, "Après la sauvegarde");
    a.sync(&at);
    coach.sync(&at);
    let epoch = a.epoch;
    drop(at);

    // Put back with its epoch file: nothing on the server tells, but the laptops' cursors do.
    folder.put_back(&backup);
    let at = Running::at(&folder);
    assert_eq!(idea_at(&at.server, home, idea), None);
    let answers = coach.sync(&at);
    assert!(answers[0].want_vector);
    assert_ne!(coach.epoch, epoch, "a new epoch");
    // The coach's laptop holds the other's signed segments and gives them back.
    coach.outbox = vec![coach.held[&(home, a.replica(), 2)].bytes.clone()];
    coach.sync(&at);
    assert_eq!(
        idea_at(&at.server, home, idea).as_deref(),
        Some("Après la sauvegarde")
    );
    let answers = a.sync(&at);
    assert!(answers[0].want_vector, "every laptop is asked once");
    assert_eq!(answers[1].accepted[0].seq, 2);
    assert_eq!(a.sync(&at).len(), 1);
    assert_sound(&at.server);
}

#[test]
fn a_database_without_its_epoch_file_starts_a_new_epoch() {
    let folder = Home::new(ON);
    let at = Running::at(&folder);
    let mut a = at.laptop(1, "CSCom de Farako");
    a.idea(a.home(), "Appeler");
    a.sync(&at);
    for damage in ["", "00000000000000000000000000000000\n"] {
        let epoch = a.epoch;
        std::fs::write(folder.path().join("epoch"), damage).unwrap();
        let again = Running::at(&folder);
        let answers = a.sync(&again);
        assert!(answers[0].want_vector && answers.len() == 2);
        assert_ne!(a.epoch, epoch);
        assert_eq!(a.sync(&again).len(), 1);
    }
}

#[test]
fn absurd_cursors_cannot_keep_the_server_in_new_epochs() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako");
    let home = a.home();
    for n in 0..3 {
        a.cursors.insert(home, u64::MAX - n);
        let request = a.request(false);
        let answer = a.ask(&at, &request).unwrap();
        assert!(answer.want_vector);
        let first = a.epoch;
        a.take_in(&answer);
        assert_eq!(a.epoch == first, n > 0, "once an hour at most");
    }
    a.sync(&at);
}

#[test]
fn members_and_leads_of_one_facility_share_it() {
    let (_folder, at) = running();
    let mut member = at.laptop(1, "CSCom de Farako");
    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Lead);
    let mut lead = Laptop::new(2);
    lead.enrol(&at, &code, None).unwrap();
    let home = member.home();
    member.idea(home, "Appeler");
    member.sync(&at);
    lead.idea(home, "Écrire");
    let answers = lead.sync(&at);
    assert_eq!((answers.len(), answers[0].segments.len()), (1, 1));
    member.sync(&at);
    assert_eq!(member.vector(), lead.vector());
}
