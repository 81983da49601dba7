//! Who may do what, as the server holds it: what a role may not write is kept aside, what it may not read does not go down.

use super::administration::{PHRASE, administrator, enter};
use super::running;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use super::snapshots::{busy_at, fetch};
use crate::common::{Laptop, Running, idea_at, reasons, set_idea};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{Kind, PersonField};
use domain::role::Role;
use domain::value::Value;
use sync::bundle;
use sync::log::Change;
use server::http::{Caller, ROUTES};
use sync::key::KeyPair;
use sync::wire::{
    Administration, EnrolPlace, EnrolRequest, Failure, LogIn, MintRequest, Purpose, Readers, ReturnRequest, Signed,
    SyncAnswer, Wish,
};

fn enrolled(at: &Running, secret: u8, place: &str, role: Role) -> Laptop {
    let code = at.invite(place, None, role);
    let mut laptop = Laptop::new(secret).speaking();
    laptop.enrol(at, &code, None).unwrap();
    laptop
}

fn named(record: RecordId, name: &str) -> Change {
    Change {
        kind: Kind::Person.number(),
        record,
        field: PersonField::Name.number(),
        value: Value::text(name),
        seen: Vec::new(),
    }
}

#[test]
fn a_partner_reads_sums_and_what_it_writes_of_the_work_lies_aside() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.idea(a.home(), "Pour l'équipe seule");
    a.sync(&at);
    let mut office = enrolled(&at, 2, "Koulikoro", Role::Region);
    office.sync(&at);
    office.idea(office.home(), "De la direction");
    office.sync(&at);
    let mut partner = enrolled(&at, 3, "Koulikoro", Role::Partner);
    assert_eq!(partner.home(), office.home());

    let oneself = RecordId::counted(partner.replica(), 0);
    partner.save(partner.home(), vec![named(oneself, "Une partenaire")]);
    let kept = partner.idea(partner.home(), "Du partenaire");
    let mixed = partner.save(
        partner.home(),
        vec![named(oneself, "Autrement"), set_idea(kept, "Avec", &[])],
    );
    partner.idea(a.home(), "Chez les autres");
    partner.demand = Some(vec![a.home()]);
    let request = partner.request(false);
    let answer = partner.ask(&at, &request).unwrap();
    assert_eq!(reasons(&answer), ["scope"; 3], "all but their own name");
    assert_eq!(answer.accepted.len(), 1);
    assert_eq!(answer.accepted[0].seq, 1);
    assert_eq!(idea_at(&at.server, partner.home(), kept), None);
    let aside = at.server.aside().unwrap();
    assert_eq!(aside.len(), 3, "nothing is dropped");
    assert_eq!(mixed.header.first_seq, 3);

    partner.take_in(&answer);
    partner.sync(&at);
    let grant = partner.grant.clone().unwrap();
    let scopes: Vec<ScopeId> = grant.terms().scopes.iter().map(|one| one.scope).collect();
    assert_eq!(scopes, [partner.home()], "neither the nation nor a facility");
    assert_eq!(partner.holds(a.home(), a.replica()), 0);
    assert_eq!(partner.holds(office.home(), office.replica()), 1);

    let invited = at.server.invite(&server::Invite {
        place: "Mali".to_owned(),
        facility: None,
        role: Role::Administrator,
        uses: 1,
        days: 1,
        also: Vec::new(),
    });
    assert!(matches!(invited, Err(server::Error::AdministratorOfLaptop)));
}

#[test]
fn whoever_asks_for_everything_of_another_district_gets_nothing() {
    let (_folder, at) = running();
    let (mut hers, _) = busy_at(&at, 1, "CSCom de Farako");
    let code = at.invite("Kita", Some("CSCom de Djidian"), Role::Lead);
    let mut stranger = Laptop::new(2).speaking();
    stranger.enrol(&at, &code, None).unwrap();
    let mut coach = enrolled(&at, 3, "Kita", Role::Coach);
    let mut office = enrolled(&at, 4, "Kayes", Role::Region);
    let mut partner = enrolled(&at, 5, "Mali", Role::Partner);
    at.server.make_snapshots().unwrap();
    let mut hers_above = at.coach(6).speaking();
    let request = hers_above.request(false);
    let offered = hers_above.ask(&at, &request).unwrap().snapshots.remove(0);
    assert_eq!(fetch(&at, &hers_above, &offered.hash, "").0, 200);

    let district = hers_above.home();
    hers_above.idea(district, "Du district");
    hers_above.sync(&at);
    for (who, by_stick) in [
        (&mut stranger, Some("CSCom de Djidian")),
        (&mut coach, Some("Kita")),
        (&mut office, None),
        (&mut partner, None),
    ] {
        who.sync(&at);
        for vector in [false, true] {
            let mut request = who.request(vector);
            request.demand = Some(vec![hers.home(), district]);
            request.cursors = vec![(hers.home(), 0), (district, 0)];
            request.older = vec![(hers.home(), u64::MAX >> 1), (district, 9)];
            request.digest = [0; 8];
            if let Some(vector) = &mut request.vector {
                vector.set(hers.home(), hers.replica(), 1);
            }
            let answer = who.ask(&at, &request).unwrap();
            let theirs = |scope: ScopeId| scope == hers.home() || scope == district;
            let fed = answer.segments.iter().chain(&answer.older);
            assert_eq!(fed.filter(|fed| theirs(fed.scope)).count(), 0);
            assert!(answer.snapshots.iter().all(|one| !theirs(one.scope)));
            assert!(answer.cursors.iter().all(|(scope, _)| !theirs(*scope)));
            assert!(answer.older_from.iter().all(|(scope, _)| !theirs(*scope)));
            assert!(answer.peers.iter().all(|peer| !theirs(peer.place.as_scope())));
            assert!(answer.reached.iter().all(|one| !theirs(one.scope)));
            assert!(answer.vector.iter().flat_map(|v| v.iter()).all(|(scope, ..)| !theirs(scope)));
            let spoken = answer.readers.iter().map(|one| Readers::from_bytes(&one.body).unwrap());
            assert!(spoken.into_iter().all(|readers| !theirs(readers.scope)));
            if let Some(grant) = &answer.grant {
                assert!(!grant.may_read(hers.home()) && !grant.may_read(district));
            }
            who.take_in(&answer);
        }
        let (status, bytes) = fetch(&at, who, &offered.hash, "");
        assert_eq!(status, 404);
        assert!(bytes.len() < 64, "a code and nothing else");
        if let Some(place) = by_stick {
            let files = at.server.bundle_out(place).unwrap();
            let contents = bundle::open(&files[0], &who.key).unwrap();
            assert!(contents.vector.iter().all(|(scope, ..)| scope != hers.home() && scope != district));
            assert!(contents.segments.is_empty() && contents.snapshots.is_empty());
        }
    }
    // And hers goes on as before.
    hers.idea(hers.home(), "Encore");
    assert!(hers.sync(&at)[0].refused.is_empty());
}

/// Whoever may come to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comer {
    /// With nothing at all.
    Nobody,
    /// With bytes that mean nothing.
    Noise,
    /// With a well-formed request under a name that nobody knows.
    Stranger,
    /// In the name of an enrolled laptop, without its key.
    Impostor,
    /// With the code of an invitation.
    Invited,
    /// A laptop that is no longer believed.
    Revoked,
    /// A laptop as it should be.
    Enrolled,
    /// A person with their passphrase.
    Known,
    /// A person who came in.
    Inside,
}

/// Calls a route; gives the status and the answer.
fn come(at: &Running, route: &str, comer: Comer, of: &Laptop, code: &str, hash: &[u8; 32]) -> (u16, Vec<u8>) {
    let own = of.key.clone();
    let wrong = KeyPair::from_secret(&[99; 32]);
    // Another one at each route, for the first of them lets it in.
    let invited = KeyPair::from_secret(&[route.len() as u8 + 120; 32]);
    let (name, signing) = match comer {
        Comer::Stranger => (wrong.replica(), &wrong),
        Comer::Invited => (invited.replica(), &invited),
        Comer::Impostor | Comer::Known | Comer::Inside => (own.replica(), &wrong),
        _ => (own.replica(), &own),
    };
    let code = match comer {
        Comer::Stranger | Comer::Impostor | Comer::Enrolled | Comer::Known | Comer::Inside => {
            "0000000000000"
        }
        _ => code,
    };
    let body = match route {
        _ if comer == Comer::Nobody => Vec::new(),
        _ if comer == Comer::Noise => vec![0xa5; 300],
        "POST /v1/enrol" => EnrolRequest::sign(signing, code.to_owned(), None, None).unwrap(),
        "POST /v1/sync" => {
            let mut request = of.clone().request(false);
            request.replica = name;
            request.counter += 1;
            request.sign(signing).unwrap()
        }
        "POST /v1/mint" => {
            let new = KeyPair::from_secret(&[comer as u8 + 100; 32]);
            let request = MintRequest { old: name, key: new.public(), status: of.status() };
            request.sign(signing, &new).unwrap()
        }
        "POST /v1/return" => {
            let enrolled = of.enrolled.as_ref().unwrap();
            let words = ReturnRequest {
                grant: of.grant.clone().unwrap(),
                key: signing.public(),
                place: EnrolPlace {
                    id: enrolled.place,
                    name: enrolled.place_name.clone(),
                    level: enrolled.place_level.clone(),
                    parent: enrolled.parent,
                },
                person: None,
                status: of.status(),
                issue: None,
            };
            words.sign(signing).unwrap()
        }
        "GET /v1/snapshot/{hash}" => {
            let body = [&name.as_bytes()[..], hash].concat();
            Signed::sign(signing, Purpose::Request, body).to_bytes().unwrap()
        }
        "POST /v1/login" => LogIn {
            name: "Awa Traoré".to_owned(),
            secret: match comer {
                Comer::Known => PHRASE.to_owned(),
                _ => "une phrase que personne ne connaît".to_owned(),
            },
            chosen: None,
        }
        .to_bytes()
        .unwrap(),
        "POST /v1/administration" => {
            let token = match comer {
                Comer::Inside => enter(at, "Awa Traoré", PHRASE, None).unwrap().token,
                _ => [7; 32],
            };
            let wish = Wish::Laptops;
            Administration { token, wish }.to_bytes().unwrap()
        }
        "GET /healthz" => Vec::new(),
        other => panic!("{other}: say here how it is called, and by whom it is refused"),
    };
    let (method, path) = route.split_once(' ').unwrap();
    match method {
        "POST" => at.post(path, &body),
        _ => {
            let named: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            let path = path.replace("{hash}", &named);
            let who = STANDARD.encode(&body);
            let head = format!("GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\nx-nyetaa: {who}\r\n\r\n");
            at.exchange(&[head.as_bytes()])
        }
    }
}

#[test]
fn every_route_answers_those_whom_its_line_names_and_nobody_else() {
    let (_folder, at) = running();
    let (_hers, _) = busy_at(&at, 1, "CSCom de Farako");
    at.server.make_snapshots().unwrap();
    let mut coach = at.coach(2).speaking();
    let request = coach.request(false);
    let offered = coach.ask(&at, &request).unwrap();
    let hash = offered.snapshots[0].hash;
    coach.take_in(&offered);
    let mut gone = at.coach(3).speaking();
    gone.sync(&at);
    at.server.revoke(&gone.replica().to_string()).unwrap();

    administrator(&at, "Awa Traoré", Role::Administrator, "Mali");
    for route in ROUTES {
        for comer in [
            Comer::Nobody,
            Comer::Noise,
            Comer::Stranger,
            Comer::Impostor,
            Comer::Invited,
            Comer::Revoked,
            Comer::Enrolled,
            Comer::Known,
            Comer::Inside,
        ] {
            // Wrong log-ins are counted, and others with their name wait.
            at.clock.forward(11 * 60 * 1000);
            let code = at.invite("Kati", None, Role::Coach);
            let of = if comer == Comer::Revoked { &gone } else { &coach };
            let (status, body) = come(&at, route.name, comer, of, &code, &hash);
            let expected = match route.caller {
                Caller::Anyone => true,
                Caller::Invited => comer == Comer::Invited,
                Caller::EnrolledOnce => matches!(comer, Comer::Enrolled | Comer::Revoked),
                Caller::Enrolled | Caller::Granted => comer == Comer::Enrolled,
                Caller::Known => comer == Comer::Known,
                Caller::Inside => comer == Comer::Inside,
            };
            assert_eq!(status == 200, expected, "{} by {comer:?}: {status}", route.name);
            if !expected {
                assert!((400..500).contains(&status), "{} by {comer:?}: {status}", route.name);
                let code = Failure::from_bytes(&body).unwrap().code;
                assert!(body.len() < 64, "{code} and nothing else");
            }
            if comer == Comer::Revoked && status == 200 && route.caller == Caller::EnrolledOnce {
                let signed = Signed::from_bytes(&body).unwrap();
                let answer = SyncAnswer::from_bytes(&signed.body).unwrap();
                assert!(answer.revoked && answer.segments.is_empty() && answer.snapshots.is_empty());
            }
        }
    }
    // What stands in no line is not there.
    for other in ["/", "/v1", "/v1/devices", "/v1/backup", "/v1/snapshot/", "/metrics"] {
        assert_eq!(at.post(other, &[]).0, 404, "{other}");
    }
}

#[test]
fn whoever_may_not_ask_for_a_place_any_more_is_not_among_its_readers() {
    let (_folder, at) = running();
    let mut a = at.laptop(1, "CSCom de Farako").speaking();
    a.sync(&at);
    let mut office = enrolled(&at, 2, "Koulikoro", Role::Region);
    office.demand = Some(vec![a.home()]);
    office.sync(&at);
    let home = a.home();
    let named = |answers: &[SyncAnswer], who: &Laptop| {
        let said = answers.iter().flat_map(|answer| &answer.readers);
        let mut said = said.map(|signed| Readers::from_bytes(&signed.body).unwrap());
        let last = said.rfind(|said| said.scope == home).unwrap();
        last.readers.iter().any(|reader| reader.key == who.key.public())
    };
    assert!(named(&a.sync(&at), &office));
    let code = at.invite("Kayes", None, Role::Region);
    office.enrol(&at, &code, None).unwrap();
    assert!(!named(&a.sync(&at), &office));
}
