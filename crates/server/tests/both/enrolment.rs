//! How laptops come in, and what they may reach afterwards.

use super::{ON, running};
use crate::common::{Home, DAY_MS, Laptop, Running};
use domain::ids::RecordId;
use domain::role::Role;
use server::{Error, Invite};
use sync::key::KeyPair;
use sync::wire::{
    EnrolAnswer, EnrolPlace, EnrolRequest, Failure, Grant, Issue, Purpose, ReturnRequest, Signed, Terms,
};

fn district_of(at: &Running, name: &str) -> RecordId {
    let tree = at.server.tree().unwrap();
    tree.iter()
        .find(|place| place.level == "district" && place.name == name)
        .unwrap()
        .id
}

fn provisional(laptop: &Laptop, district: RecordId, level: &str) -> EnrolPlace {
    EnrolPlace {
        id: RecordId::counted(laptop.replica(), 7),
        name: "Farako".to_owned(),
        level: level.to_owned(),
        parent: district,
    }
}

#[test]
fn a_new_facility_takes_over_the_identifier_that_the_laptop_gave_it() {
    let (_folder, at) = running();
    let district = district_of(&at, "Kati");
    let code = at.invite_for("kati", Some("CSCom de Farako"), Role::Lead, 2);
    let mut first = Laptop::new(1);
    let brought = provisional(&first, district, "facility");
    let answer = first.enrol(&at, &code, Some(brought.clone())).unwrap();
    assert_eq!(answer.place, brought.id);
    assert_eq!(
        (answer.place_name.as_str(), answer.parent),
        ("CSCom de Farako", district)
    );
    assert_eq!(answer.place_level, "facility");

    let mut second = Laptop::new(2);
    let own = provisional(&second, district, "facility");
    let answer = second.enrol(&at, &code, Some(own)).unwrap();
    assert_eq!(
        answer.place, brought.id,
        "the second laptop comes to the place that the first founded"
    );
}

#[test]
fn without_a_provisional_facility_of_that_district_the_server_names_it() {
    let (_folder, at) = running();
    let district = district_of(&at, "Kati");
    let other = district_of(&at, "Sikasso");
    let minted = RecordId::natural(&[b"facility", district.as_bytes(), b"cscom de farako"]);
    for (secret, place) in [
        (1, None),
        (2, Some(provisional(&Laptop::new(2), other, "facility"))),
        (3, Some(provisional(&Laptop::new(3), district, "village"))),
        (
            4,
            Some(EnrolPlace {
                id: other,
                ..provisional(&Laptop::new(4), district, "facility")
            }),
        ),
    ] {
        let home = Home::new(ON);
        let at = Running::at(&home);
        let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
        let mut laptop = Laptop::new(secret);
        assert_eq!(laptop.enrol(&at, &code, place).unwrap().place, minted);
    }
}

#[test]
fn nobody_comes_into_another_facility_by_naming_its_identifier() {
    let (_folder, at) = running();
    let victim = at.laptop(1, "CSCom de Farako");
    let code = at.invite("Kati", Some("CSCom de Moribabougou"), Role::Member);
    let mut intruder = Laptop::new(2);
    let district = district_of(&at, "Kati");
    let place = EnrolPlace {
        id: victim.home().place(),
        ..provisional(&intruder, district, "facility")
    };
    intruder.enrol(&at, &code, Some(place)).unwrap();
    assert_ne!(intruder.home(), victim.home());
}

#[test]
fn an_invitation_by_name_leads_to_the_facility_that_is_enrolled_already() {
    let (_folder, at) = running();
    let first = at.laptop(1, "CSCom de Farako");
    let again = at.laptop(2, "cscom de FARAKO");
    assert_eq!(first.home(), again.home());
    let code = at.invite("CSCom de Farako", None, Role::Lead);
    let mut third = Laptop::new(3);
    third.enrol(&at, &code, None).unwrap();
    assert_eq!(third.home(), first.home());
}

#[test]
fn two_open_invitations_for_one_new_facility_lead_to_one_place() {
    let (_folder, at) = running();
    let codes = [(); 2].map(|()| at.invite("Kati", Some("CSCom de Farako"), Role::Member));
    let [mut a, mut b] = [1, 2].map(Laptop::new);
    a.enrol(&at, &codes[0], None).unwrap();
    b.enrol(&at, &codes[1], None).unwrap();
    assert_eq!(a.home(), b.home());
}

#[test]
fn a_code_is_unknown_expired_or_used_and_says_which() {
    let (_folder, at) = running();
    let mut laptop = Laptop::new(1);
    for code in [
        "0000-0000-00000",
        "",
        "no code at all",
        "🙂🙂🙂🙂-🙂🙂🙂🙂-🙂🙂🙂🙂🙂",
    ] {
        assert_eq!(
            laptop.enrol(&at, code, None).unwrap_err(),
            "invitation-unknown"
        );
    }
    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    laptop
        .enrol(&at, &code.to_lowercase().replace('-', " "), None)
        .unwrap();
    assert_eq!(
        Laptop::new(2).enrol(&at, &code, None).unwrap_err(),
        "invitation-used"
    );

    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    at.clock.forward(14 * DAY_MS - 1);
    let late = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    at.clock.forward(1);
    assert_eq!(
        Laptop::new(2).enrol(&at, &code, None).unwrap_err(),
        "invitation-expired"
    );
    Laptop::new(2).enrol(&at, &late, None).unwrap();
}

#[test]
fn an_answer_that_was_lost_is_given_again_and_uses_nothing_up() {
    let (_folder, at) = running();
    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    let mut laptop = Laptop::new(1);
    let first = laptop.enrol(&at, &code, None).unwrap();
    at.clock.forward(100 * DAY_MS);
    let again = laptop.enrol(&at, &code, None).unwrap();
    assert_eq!(first, again);
}

#[test]
fn the_proof_must_be_of_the_key_that_enrols() {
    let (_folder, at) = running();
    let code = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    let honest =
        EnrolRequest::sign(&KeyPair::from_secret(&[1; 32]), code.clone(), None, None).unwrap();
    for at_byte in [10, honest.len() / 2, honest.len() - 1] {
        let mut forged = honest.clone();
        forged[at_byte] ^= 1;
        let (status, body) = at.post("/v1/enrol", &forged);
        assert!(status >= 400);
        let code = Failure::from_bytes(&body).unwrap().code;
        assert!(
            ["malformed", "bad-signature", "invitation-unknown"].contains(&code.as_str()),
            "{code}"
        );
    }
    Laptop::new(1).enrol(&at, &code, None).unwrap();
}

#[test]
fn a_source_that_guesses_is_stopped() {
    let (_folder, at) = running();
    let mut laptop = Laptop::new(1);
    let failures: Vec<_> = (0..30)
        .map(|_| laptop.enrol(&at, "0000-0000-00000", None).unwrap_err())
        .collect();
    assert_eq!(failures.last().unwrap(), "too-many-attempts");
    at.clock.forward(DAY_MS);
    assert_eq!(
        laptop.enrol(&at, "0000-0000-00000", None).unwrap_err(),
        "invitation-unknown"
    );
}

#[test]
fn one_who_guesses_does_not_lock_out_those_behind_the_same_proxy() {
    let (_folder, at) = running();
    let good = at.invite("Kati", Some("CSCom de Farako"), Role::Member);
    let guess = if good.starts_with('0') { "1" } else { "0" }.repeat(13);
    let mut laptop = Laptop::new(1);
    for _ in 0..200 {
        laptop.enrol(&at, &guess, None).unwrap_err();
    }
    laptop.enrol(&at, &good, None).unwrap();
}

#[test]
fn each_role_reaches_what_it_should_and_no_more() {
    let (_folder, at) = running();
    let member = at.laptop(1, "CSCom de Farako");
    let neighbour = at.laptop(2, "CSCom de Moribabougou");
    let coach = at.coach(3);
    let district = district_of(&at, "Kati").as_scope();
    let tree = at.server.tree().unwrap();
    let region = tree
        .iter()
        .find(|place| place.id.as_scope() == district)
        .unwrap()
        .parent
        .unwrap()
        .as_scope();
    let nation = RecordId::of_place_code("ML").as_scope();

    let grant = member.grant.as_ref().unwrap();
    assert!(grant.may_write(member.home()));
    for (scope, read) in [
        (district, true),
        (nation, true),
        (region, false),
        (neighbour.home(), false),
    ] {
        assert_eq!(
            (grant.may_read(scope), grant.may_write(scope)),
            (read, false)
        );
    }
    let grant = coach.grant.as_ref().unwrap();
    for scope in [district, member.home(), neighbour.home()] {
        assert!(grant.may_write(scope));
    }
    for scope in [region, nation] {
        assert_eq!(
            (grant.may_read(scope), grant.may_write(scope)),
            (true, false)
        );
    }
    assert_eq!(grant.terms().role, "coach");
}

#[test]
fn a_facility_enrolled_later_comes_into_the_coachs_grant_at_the_next_exchange() {
    let (_folder, at) = running();
    let mut coach = at.coach(1);
    let before = coach.grant.clone().unwrap();
    assert!(
        coach.sync(&at)[0].grant.is_none(),
        "the same grant is not sent again"
    );
    at.clock.forward(DAY_MS);
    let member = at.laptop(2, "CSCom de Farako");
    let answers = coach.sync(&at);
    let after = answers[0].grant.clone().expect("a new grant");
    assert_eq!(after.terms().version, before.terms().version + 1);
    assert!(after.may_write(member.home()));
    for old in &before.terms().scopes {
        let kept = after
            .terms()
            .scopes
            .iter()
            .find(|new| new.scope == old.scope)
            .unwrap();
        assert_eq!(
            kept.since_ms, old.since_ms,
            "what was granted before keeps its date"
        );
    }
}

#[test]
fn an_operator_who_asks_for_nonsense_is_told() {
    let (_folder, at) = running();
    let invite = |place: &str, facility: Option<&str>, role, uses| {
        at.server.invite(&Invite {
            place: place.to_owned(),
            facility: facility.map(str::to_owned),
            role,
            uses,
            days: 1,
            also: Vec::new(),
        })
    };
    assert!(matches!(
        invite("Kati", Some("CSCom"), Role::Coach, 1),
        Err(Error::CoachOfFacility)
    ));
    assert!(matches!(
        invite("Nowhere", None, Role::Coach, 1),
        Err(Error::Place(_))
    ));
    assert!(matches!(
        invite("Kati", None, Role::Member, 1),
        Err(Error::Place(_))
    ));
    assert!(matches!(
        invite("Kati", None, Role::Coach, 0),
        Err(Error::UselessInvitation)
    ));
    assert!(invite(" kati ", None, Role::Coach, 1).is_ok());
}

#[test]
fn a_laptop_with_another_code_moves_and_keeps_its_name() {
    let (_folder, at) = running();
    let mut laptop = at.laptop(1, "CSCom de Farako");
    let before = laptop.grant.clone().unwrap();
    let code = at.invite("Kati", None, Role::Coach);
    let answer = laptop.enrol(&at, &code, None).unwrap();
    assert_eq!(answer.grant.terms().role, "coach");
    assert_eq!(answer.grant.terms().version, before.terms().version + 1);
    assert_eq!(answer.place, district_of(&at, "Kati"));
    let district = answer.place.as_scope();
    laptop.idea(district, "Pour le district");
    let answers = laptop.sync(&at);
    assert!(answers[0].refused.is_empty() && answers[0].grant.is_none());
    assert_eq!(answers[0].accepted[0].scope, district);
}

#[test]
fn those_who_look_on_write_at_their_own_place_and_read_the_nation() {
    let (_folder, at) = running();
    let nation = RecordId::of_place_code("ML").as_scope();
    let kati = district_of(&at, "Kati").as_scope();
    let enrolled = |secret, place: &str, role| {
        let code = at.invite(place, None, role);
        let mut laptop = Laptop::new(secret);
        laptop.enrol(&at, &code, None).unwrap();
        laptop
    };
    let region = enrolled(1, "Koulikoro", Role::Region);
    let country = enrolled(2, "Mali", Role::Nation);
    let granted = |laptop: &Laptop| {
        let terms = laptop.grant.as_ref().unwrap().terms().clone();
        let mut scopes: Vec<_> = terms.scopes.iter().map(|s| (s.scope, s.write)).collect();
        scopes.sort_unstable();
        (terms.role, scopes)
    };
    let mut expected = vec![(region.home(), true), (nation, false)];
    expected.sort_unstable();
    assert_eq!(granted(&region), ("region".to_owned(), expected));
    assert_eq!(
        granted(&country),
        ("nation".to_owned(), vec![(nation, true)])
    );
    assert!(!region.grant.as_ref().unwrap().may_read(kati));
}

#[test]
fn a_role_that_was_taken_away_does_not_come_back_with_the_answer_of_before() {
    let (_folder, at) = running();
    let invited = at.server.invite(&Invite {
        place: "Kati".to_owned(),
        facility: None,
        role: Role::Coach,
        uses: 1,
        days: 1,
        also: vec![(Role::Coach, "Kita".to_owned())],
    });
    let code = invited.unwrap();
    let kita = district_of(&at, "Kita").as_scope();
    let mut coach = Laptop::new(1);
    let answer = coach.enrol(&at, &code, None).unwrap();
    assert!(answer.grant.may_write(kita));
    let device = coach.replica().to_string();
    at.server.set_post(&device, (Role::Coach, "Kita"), false).unwrap();
    let answer = coach.enrol(&at, &code, None).unwrap();
    assert!(!answer.grant.may_read(kita));
    // Nor does one go that was given.
    at.server.set_post(&device, (Role::Coach, "Sikasso"), true).unwrap();
    let answer = coach.enrol(&at, &code, None).unwrap();
    assert!(answer.grant.may_write(district_of(&at, "Sikasso").as_scope()));
}

/// What a coach's laptop gives a new one at a facility of a district, shown to the server by the new one.
fn shows(at: &Running, coach: &Laptop, serial: u32, new: &Laptop, parent: RecordId) -> Result<EnrolAnswer, String> {
    let place = EnrolPlace {
        name: format!("CSCom {serial}"),
        ..provisional(new, parent, "facility")
    };
    let terms = Terms {
        version: 0,
        replica: new.replica(),
        role: "lead".to_owned(),
        place: place.id,
        scopes: Vec::new(),
        issues: 0,
        also: Vec::new(),
        heir: None,
    };
    let grant = Grant::sign(&coach.key, terms).unwrap();
    let issue = Issue {
        serial,
        key: new.key.public(),
        issuer: coach.grant.clone().unwrap(),
        issuer_key: coach.key.public(),
        welcome: EnrolAnswer {
            grant: grant.clone(),
            place: place.id,
            place_name: place.name.clone(),
            place_level: place.level.clone(),
            parent,
            ..coach.enrolled.clone().unwrap()
        },
        address: "nyetaa.example.ml".to_owned(),
        root: None,
        card: Signed::sign(&coach.key, Purpose::Card, Vec::new()),
    };
    let words = ReturnRequest {
        grant,
        key: new.key.public(),
        place,
        person: None,
        status: new.status(),
        issue: Some(issue.sign(&coach.key).unwrap()),
    };
    match at.post("/v1/return", &words.sign(&new.key).unwrap()) {
        (200, body) => Ok(EnrolAnswer::from_bytes(&body).unwrap()),
        (_, body) => Err(Failure::from_bytes(&body).unwrap().code),
    }
}

#[test]
fn a_coach_enrols_in_every_district_that_is_coached_and_in_none_that_was_taken_away() {
    let (_folder, at) = running();
    let (kati, kita) = (district_of(&at, "Kati"), district_of(&at, "Kita"));
    let mut coach = at.coach(1).speaking();
    let device = coach.replica().to_string();
    let further = |held| at.server.set_post(&device, (Role::Coach, "Kita"), held).unwrap();
    let refused = shows(&at, &coach, 1, &Laptop::new(2), kita);
    assert_eq!(refused.unwrap_err(), "bad-signature", "not coached");
    further(true);
    coach.sync(&at);
    for (serial, parent) in [(1, kita), (2, kati)] {
        let new = Laptop::new(serial as u8 + 2);
        let answer = shows(&at, &coach, serial, &new, parent).unwrap();
        assert_eq!(answer.parent, parent);
    }
    // The laptop has not heard of it, and its grant says so still.
    further(false);
    let refused = shows(&at, &coach, 3, &Laptop::new(5), kita);
    assert_eq!(refused.unwrap_err(), "issuer-revoked");
    shows(&at, &coach, 3, &Laptop::new(6), kati).unwrap();
    let known = shows(&at, &coach, 1, &Laptop::new(3), kita).unwrap();
    assert_eq!(known.parent, kita, "who was let in stays");
}
