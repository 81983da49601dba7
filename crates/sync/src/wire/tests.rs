//! Round trips, signatures, growth and limits of messages.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::sealing::Erased;

fn key() -> KeyPair {
    KeyPair::from_secret(&[3; 32])
}

fn server() -> KeyPair {
    KeyPair::from_secret(&[4; 32])
}

fn scope(code: &str) -> ScopeId {
    RecordId::of_place_code(code).as_scope()
}

fn terms() -> Terms {
    Terms {
        version: 2,
        replica: key().replica(),
        role: "supervisor".to_owned(),
        place: RecordId::of_place_code("district"),
        scopes: vec![
            GrantScope {
                scope: scope("facility"),
                write: true,
                since_ms: 1_767_225_600_000,
            },
            GrantScope {
                scope: scope("nation"),
                write: false,
                since_ms: 0,
            },
        ],
        issues: 0,
        also: Vec::new(),
        heir: None,
    }
}

fn grant() -> Grant {
    Grant::sign(&server(), terms()).unwrap()
}

fn request() -> SyncRequest {
    SyncRequest {
        grant: 2,
        cursors: vec![(scope("facility"), 900), (scope("nation"), 3)],
        digest: [9; 8],
        segments: vec![vec![1, 2, 3], vec![0; 6_000]],
        ..SyncRequest::empty(key().replica(), [1; 16], 12)
    }
}

fn answer() -> SyncAnswer {
    SyncAnswer {
        grant: Some(grant()),
        accepted: vec![Accepted {
            scope: scope("facility"),
            seq: 4,
            hash: [5; 32],
        }],
        refused: vec![Refused {
            scope: scope("nation"),
            first_seq: 1,
            reason: "outside_grant".to_owned(),
        }],
        segments: vec![Fed {
            scope: scope("facility"),
            feed_no: 901,
            bytes: vec![7; 5_000],
        }],
        cursors: vec![(scope("facility"), 901)],
        more: true,
        want_vector: true,
        ..SyncAnswer::empty([1; 16], 1_767_225_600_000)
    }
}

#[test]
fn messages_round_trip() {
    let full = SyncRequest {
        vector: Some(
            [(scope("facility"), key().replica(), 4)]
                .into_iter()
                .collect(),
        ),
        ..request()
    };
    for request in [request(), full] {
        assert_eq!(
            SyncRequest::from_bytes(&request.to_bytes().unwrap()).unwrap(),
            request
        );
    }
    let idle = SyncAnswer::empty([1; 16], 1_767_225_600_000);
    for answer in [answer(), idle] {
        assert_eq!(
            SyncAnswer::from_bytes(&answer.to_bytes().unwrap()).unwrap(),
            answer
        );
    }
    let enrolled = EnrolAnswer {
        server_key: server().public(),
        epoch: [2; 16],
        grant: grant(),
        place: RecordId::of_place_code("facility"),
        place_name: "CSCom de Sénou".to_owned(),
        place_level: "facility".to_owned(),
        parent: RecordId::of_place_code("district"),
        successions: vec![Signed::sign(&server(), Purpose::Succession, vec![1])],
    };
    assert_eq!(
        EnrolAnswer::from_bytes(&enrolled.to_bytes().unwrap()).unwrap(),
        enrolled
    );
    let failure = Failure {
        code: "invitation_expired".to_owned(),
    };
    assert_eq!(
        Failure::from_bytes(&failure.to_bytes().unwrap()).unwrap(),
        failure
    );
}

#[test]
fn bytes_travel_as_bytes() {
    let bytes = request().to_bytes().unwrap();
    let idle = SyncRequest {
        segments: vec![],
        ..request()
    };
    assert!(
        bytes.len() < idle.to_bytes().unwrap().len() + 6_003 + 20,
        "{} bytes",
        bytes.len()
    );
    let idle = idle.sign(&key()).unwrap();
    println!("idle request of two scopes: {} bytes", idle.len());
    assert!(idle.len() <= 165, "{} bytes", idle.len());
    let answer = SyncAnswer::empty([1; 16], 1_767_225_600_000);
    let answer = Signed::sign(&server(), Purpose::Answer, answer.to_bytes().unwrap());
    let answer = answer.to_bytes().unwrap();
    println!("answer to it: {} bytes", answer.len());
    assert!(answer.len() <= 90, "{} bytes", answer.len());
}

#[test]
fn a_grant_is_the_servers_word() {
    let received = Grant::from_bytes(&grant().to_bytes().unwrap()).unwrap();
    assert_eq!(received.verify(&server().public()), Ok(()));
    assert_eq!(
        received.verify(&key().public()),
        Err(WireError::BadSignature)
    );
    assert_eq!(received.terms(), &terms());
    assert!(received.may_write(scope("facility")) && received.may_read(scope("facility")));
    assert!(received.may_read(scope("nation")) && !received.may_write(scope("nation")));
    assert!(!received.may_read(scope("elsewhere")));
}

#[test]
fn each_changed_byte_of_a_grant_is_noticed() {
    let whole = grant().to_bytes().unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let believed =
            Grant::from_bytes(&bytes).is_ok_and(|grant| grant.verify(&server().public()).is_ok());
        assert!(!believed, "byte {at}");
    }
}

#[test]
fn terms_that_a_newer_server_adds_do_not_break_an_older_reader() {
    use ciborium::Value as Cbor;
    let mut map: Cbor = ciborium::from_reader(terms().to_bytes().unwrap().as_slice()).unwrap();
    map.as_map_mut().unwrap().push(("until".into(), 5.into()));
    let mut body = Vec::new();
    ciborium::into_writer(&map, &mut body).unwrap();
    let bytes = Signed::sign(&server(), Purpose::Grant, body)
        .to_bytes()
        .unwrap();
    let grant = Grant::from_bytes(&bytes).unwrap();
    assert_eq!(grant.terms(), &terms());
    assert_eq!(grant.verify(&server().public()), Ok(()));
    assert_eq!(grant.to_bytes().unwrap(), bytes, "kept as it was signed");
}

#[test]
fn a_request_is_opened_with_the_key_of_the_replica_it_names() {
    let bytes = request().sign(&key()).unwrap();
    let known = |replica| {
        assert_eq!(replica, key().replica());
        Ok::<_, WireError>(key().public())
    };
    assert_eq!(SyncRequest::open(&bytes, known), Ok(request()));
    assert_eq!(
        SyncRequest::open(&bytes, |_| Ok(server().public())),
        Err(WireError::BadSignature)
    );
    assert_eq!(
        SyncRequest::open(&bytes, |_| Err(WireError::TooLarge)),
        Err(WireError::TooLarge)
    );
}

#[test]
fn a_signature_serves_for_one_purpose() {
    let signed = Signed::sign(&key(), Purpose::Request, vec![1, 2]);
    assert_eq!(signed.verify(&key().public(), Purpose::Request), Ok(()));
    for other in [Purpose::Answer, Purpose::Grant, Purpose::Enrolment] {
        assert_eq!(
            signed.verify(&key().public(), other),
            Err(WireError::BadSignature)
        );
    }
}

#[test]
fn enrolment_proves_that_the_secret_half_is_held() {
    let place = EnrolPlace {
        id: RecordId::counted(key().replica(), 1),
        name: "CSCom de Sénou".to_owned(),
        level: "facility".to_owned(),
        parent: RecordId::of_place_code("district"),
    };
    let person = EnrolPerson {
        id: RecordId::counted(key().replica(), 2),
        name: "Awa Traoré".to_owned(),
    };
    let bytes = EnrolRequest::sign(
        &key(),
        "K7QM-2XPA".to_owned(),
        Some(place.clone()),
        Some(person.clone()),
    )
    .unwrap();
    let opened = EnrolRequest::open(&bytes).unwrap();
    assert_eq!(
        (opened.key, opened.code.as_str()),
        (key().public(), "K7QM-2XPA")
    );
    assert_eq!((opened.place, opened.person), (Some(place), Some(person)));

    let stolen = EnrolRequest {
        key: server().public(),
        ..EnrolRequest::open(&bytes).unwrap()
    };
    let signed = Signed::sign(&key(), Purpose::Enrolment, stolen.to_bytes().unwrap());
    assert_eq!(
        EnrolRequest::open(&signed.to_bytes().unwrap()),
        Err(WireError::BadSignature)
    );
}

#[test]
fn long_lists_and_texts_are_refused() {
    let cursors = SyncRequest {
        cursors: vec![(scope("x"), 1); limits::SCOPES + 1],
        ..request()
    };
    assert_eq!(
        SyncRequest::from_bytes(&cursors.to_bytes().unwrap()),
        Err(WireError::TooLarge)
    );
    let segments = SyncRequest {
        segments: vec![vec![]; limits::SEGMENTS + 1],
        ..request()
    };
    assert!(SyncRequest::from_bytes(&segments.to_bytes().unwrap()).is_err());
    let refused = Refused {
        scope: scope("x"),
        first_seq: 1,
        reason: "x".repeat(limits::TEXT + 1),
    };
    let refusal = SyncAnswer {
        refused: vec![refused],
        ..answer()
    };
    assert_eq!(
        SyncAnswer::from_bytes(&refusal.to_bytes().unwrap()),
        Err(WireError::TooLarge)
    );
    assert_eq!(
        Failure::from_bytes(&vec![0; limits::MESSAGE + 1]),
        Err(WireError::TooLarge)
    );
    assert!(
        Grant::sign(
            &server(),
            Terms {
                role: "x".repeat(limits::TEXT + 1),
                ..terms()
            }
        )
        .is_ok_and(|grant| { Grant::from_bytes(&grant.to_bytes().unwrap()).is_err() })
    );
}

#[test]
fn long_lists_of_the_newer_fields_are_refused_too() {
    let few = |length: usize| vec![(scope("x"), 1); length];
    for request in [
        SyncRequest {
            older: few(limits::SCOPES + 1),
            ..request()
        },
        SyncRequest {
            revocations: vec![
                Signed::sign(&key(), Purpose::Readers, Vec::new());
                limits::SCOPES + 1
            ],
            ..request()
        },
        SyncRequest {
            demand: Some(vec![scope("x"); limits::SCOPES + 1]),
            ..request()
        },
        SyncRequest {
            status: Some(Status {
                version: "x".repeat(limits::TEXT + 1),
                seal: [0; 32],
                waiting: 0,
                held: 0,
            }),
            ..request()
        },
    ] {
        assert_eq!(
            SyncRequest::from_bytes(&request.to_bytes().unwrap()),
            Err(WireError::TooLarge)
        );
    }
    let fed = Fed {
        scope: scope("x"),
        feed_no: 1,
        bytes: vec![],
    };
    let statement = Signed::sign(&server(), Purpose::Receipt, vec![]);
    for answer in [
        SyncAnswer {
            older: vec![fed; limits::SEGMENTS + 1],
            ..answer()
        },
        SyncAnswer {
            older_from: few(limits::SCOPES + 1),
            ..answer()
        },
        SyncAnswer {
            receipts: vec![statement.clone(); limits::SEGMENTS + 1],
            ..answer()
        },
        SyncAnswer {
            readers: vec![statement; limits::SCOPES + 1],
            ..answer()
        },
    ] {
        assert_eq!(
            SyncAnswer::from_bytes(&answer.to_bytes().unwrap()),
            Err(WireError::TooLarge)
        );
    }
    assert_eq!(
        Receipt::from_bytes(
            &Receipt {
                replica: key().replica(),
                holder: server().replica(),
                epoch: [0; 16],
                at_ms: 0,
                accepted: vec![
                    Accepted {
                        scope: scope("x"),
                        seq: 1,
                        hash: [0; 32]
                    };
                    limits::SCOPES + 1
                ],
            }
            .to_bytes()
            .unwrap()
        ),
        Err(WireError::TooLarge)
    );
}

#[test]
fn cut_and_lengthened_messages_are_refused() {
    let whole = answer().to_bytes().unwrap();
    for end in 0..whole.len() {
        assert!(
            SyncAnswer::from_bytes(&whole[..end]).is_err(),
            "cut at {end}"
        );
    }
    let request = SyncRequest {
        segments: vec![],
        ..request()
    };
    let whole_request = request.to_bytes().unwrap();
    for end in 0..whole_request.len() {
        assert!(
            SyncRequest::from_bytes(&whole_request[..end]).is_err(),
            "cut at {end}"
        );
    }
    assert!(SyncRequest::from_bytes(&[whole_request, vec![0]].concat()).is_err());
    assert_eq!(
        SyncAnswer::from_bytes(&[whole, vec![0]].concat()),
        Err(WireError::Malformed)
    );
}

prop_compose! {
    fn any_array()(bytes in any::<[u8; 32]>(), again in any::<[u8; 32]>()) -> [u8; 64] {
        let mut both = [0; 64];
        both[..32].copy_from_slice(&bytes);
        both[32..].copy_from_slice(&again);
        both
    }
}

fn any_scope() -> impl Strategy<Value = ScopeId> {
    any::<[u8; 16]>().prop_map(ScopeId::from_bytes)
}

fn any_record() -> impl Strategy<Value = RecordId> {
    any::<[u8; 16]>().prop_map(RecordId::from_bytes)
}

fn any_replica() -> impl Strategy<Value = ReplicaId> {
    any::<[u8; 16]>().prop_map(ReplicaId::from_bytes)
}

fn signed() -> impl Strategy<Value = Signed> {
    (any::<Vec<u8>>(), any_array()).prop_map(|(body, signature)| Signed { body, signature })
}

fn few<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    vec(of, 0..4)
}

fn status() -> impl Strategy<Value = Status> {
    (
        "[0-9.]{0,12}",
        any::<[u8; 32]>(),
        any::<u64>(),
        any::<u64>(),
    )
        .prop_map(|(version, seal, waiting, held)| Status {
            version,
            seal,
            waiting,
            held,
        })
}

fn vector() -> impl Strategy<Value = Vector> {
    vec((any_scope(), any_replica(), any::<u64>()), 0..5)
        .prop_map(|streams| streams.into_iter().collect())
}

fn accepted() -> impl Strategy<Value = Vec<Accepted>> {
    few(
        (any_scope(), any::<u64>(), any::<[u8; 32]>()).prop_map(|(scope, seq, hash)| Accepted {
            scope,
            seq,
            hash,
        }),
    )
}

fn fed() -> impl Strategy<Value = Vec<Fed>> {
    few(
        (any_scope(), any::<u64>(), any::<Vec<u8>>()).prop_map(|(scope, feed_no, bytes)| Fed {
            scope,
            feed_no,
            bytes,
        }),
    )
}

fn any_request() -> impl Strategy<Value = SyncRequest> {
    (
        (any_replica(), any::<[u8; 16]>(), any::<u64>(), any::<u32>()),
        few((any_scope(), any::<u64>())),
        (any::<[u8; 8]>(), any::<[u8; 8]>()),
        prop::option::of(vector()),
        few(any::<Vec<u8>>()),
        prop::option::of(status()),
        prop::option::of(few(any_scope())),
        few((any_scope(), any::<u64>())),
        few(signed()),
        any::<Vec<u8>>(),
        (
            any::<Vec<u8>>(),
            few((any_scope(), any_record())),
            few(
                (any_scope(), any_record(), any_record()).prop_map(|(scope, key, by)| Erase {
                    scope,
                    key,
                    by,
                }),
            ),
            proptest::option::of(any_list_end()),
        ),
    )
        .prop_map(
            |(
                (replica, epoch, counter, grant),
                cursors,
                (digest, last),
                vector,
                segments,
                status,
                demand,
                older,
                revocations,
                ends,
                (keys, wants, erase, list),
            )| SyncRequest {
                replica,
                epoch,
                counter,
                grant,
                cursors,
                digest,
                vector,
                segments,
                last,
                status,
                demand,
                older,
                revocations,
                ends,
                keys,
                wants,
                erase,
                list,
            },
        )
}

prop_compose! {
    fn any_list_end()(
        (no, mark) in any::<(u64, [u8; 8])>(),
        told in proptest::option::of(any::<(u64, [u8; 8])>()),
    ) -> ListEnd {
        ListEnd { no, mark, told: told.map(|(no, mark)| (no, octets::Array(mark))) }
    }
}

prop_compose! {
    fn any_answer()(
        (epoch, server_ms, flags) in (any::<[u8; 16]>(), 0..u64::MAX / 2, any::<[bool; 4]>()),
        (accepted, segments, older) in (accepted(), fed(), fed()),
        (receipts, readers) in (few(signed()), few(signed())),
        (vector, cursors, older_from) in (
            prop::option::of(vector()),
            few((any_scope(), any::<u64>())),
            few((any_scope(), any::<u64>())),
        ),
        refused in few((any_scope(), any::<u64>(), "[a-z_]{0,20}").prop_map(
            |(scope, first_seq, reason)| Refused { scope, first_seq, reason }
        )),
        reached in few((any_scope(), any_record(), any::<u64>(), any::<u64>()).prop_map(
            |(scope, place, seq, at_ms)| Reached { scope, place, seq, at_ms }
        )),
        snapshots in few((any_scope(), any::<u64>(), any::<[u8; 32]>(), any::<u64>()).prop_map(
            |(scope, feed_no, hash, length)| SnapshotRef { scope, feed_no, hash, length }
        )),
        peers in few((any_replica(), any_record(), "[a-z]{0,9}", any::<u64>(), any::<u64>()).prop_map(
            |(replica, place, role, last_ms, waiting)| PeerState {
                replica, place, place_name: role.clone(), above: (waiting > 9).then_some(place), role, last_ms,
                waiting, version: "1.2".to_owned(),
            }
        )),
        granted in any::<bool>(),
        (keys, keys_held, list_gone) in (any::<Vec<u8>>(), few(any_record()), any::<Option<u64>>()),
    ) -> SyncAnswer {
        SyncAnswer {
            epoch,
            server_ms,
            grant: granted.then(grant),
            accepted,
            refused,
            segments,
            cursors,
            more: flags[0],
            want_vector: flags[1],
            mint: flags[2],
            revoked: flags[3],
            vector,
            receipts,
            reached,
            readers,
            snapshots,
            peers,
            older,
            older_from,
            keys,
            keys_held,
            list_gone,
        }
    }
}

prop_compose! {
    fn any_readers()(
        (scope, version, server_seal) in (any_scope(), any::<u64>(), any::<[u8; 32]>()),
        readers in few((any::<[u8; 32]>(), prop::option::of(any::<[u8; 32]>()), any_record(), any::<bool>()).prop_map(
            |(key, seal, place, write)| Reader {
                key, seal: seal.map(octets::Array), role: "member".to_owned(), place, write,
                also: if write { vec![Post::of(Role::Coach, place)] } else { Vec::new() },
            }
        )),
        revoked in few((any_replica(), few((any_scope(), any::<u64>()))).prop_map(
            |(replica, until)| Revoked { replica, until }
        )),
        revoked_people in few((any_record(), few((any_replica(), any::<u64>()))).prop_map(
            |(person, until)| RevokedPerson { person, until }
        )),
        erased in few((any_record(), any_record(), any::<u64>()).prop_map(
            |(key, by, at_ms)| Erased { key, by, at_ms }
        )),
    ) -> Readers {
        Readers { scope, version, server_seal, readers, revoked, revoked_people, erased }
    }
}

prop_compose! {
    fn any_receipt()(
        (replica, holder) in (any_replica(), any_replica()),
        (epoch, at_ms, accepted) in (any::<[u8; 16]>(), any::<u64>(), accepted()),
    ) -> Receipt {
        Receipt { replica, holder, epoch, at_ms, accepted }
    }
}

proptest! {
    #[test]
    fn whatever_is_said_comes_back(
        request in any_request(),
        answer in any_answer(),
        readers in any_readers(),
        receipt in any_receipt(),
        signed in signed(),
    ) {
        prop_assert_eq!(SyncRequest::from_bytes(&request.to_bytes().unwrap()).unwrap(), request);
        prop_assert_eq!(SyncAnswer::from_bytes(&answer.to_bytes().unwrap()).unwrap(), answer);
        prop_assert_eq!(Readers::from_bytes(&readers.to_bytes().unwrap()).unwrap(), readers);
        prop_assert_eq!(Receipt::from_bytes(&receipt.to_bytes().unwrap()).unwrap(), receipt);
        prop_assert_eq!(Signed::from_bytes(&signed.to_bytes().unwrap()).unwrap(), signed);
    }

    #[test]
    fn any_bytes_are_refused_in_peace(mut bytes: Vec<u8>, short: bool) {
        if short && !bytes.is_empty() {
            bytes[0] = 1;
        }
        let _ = Readers::from_bytes(&bytes);
        let _ = Receipt::from_bytes(&bytes);
        let _ = Grant::from_bytes(&bytes);
        let _ = MintRequest::open(&bytes, |_| Ok::<_, WireError>(key().public()));
        let _ = SyncRequest::from_bytes(&bytes);
        let _ = SyncAnswer::from_bytes(&bytes);
        let _ = EnrolRequest::open(&bytes);
    }

    #[test]
    fn mutated_requests_are_not_believed(at: prop::sample::Index, flip in 1..=255_u8) {
        let mut bytes = request().sign(&key()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let opened = SyncRequest::open(&bytes, |_| Ok::<_, WireError>(key().public()));
        prop_assert!(opened.is_err());
    }
}
