//! Round trips, signatures, growth and limits of messages.

use super::*;

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
    }
}

fn grant() -> Grant {
    Grant::sign(&server(), terms()).unwrap()
}

fn request() -> SyncRequest {
    SyncRequest {
        replica: key().replica(),
        epoch: [1; 16],
        counter: 12,
        grant: 2,
        cursors: vec![(scope("facility"), 900), (scope("nation"), 3)],
        digest: [9; 8],
        vector: None,
        segments: vec![vec![1, 2, 3], vec![0; 6_000]],
        last: [0; 8],
        status: None,
        demand: None,
        older: Vec::new(),
    }
}

fn answer() -> SyncAnswer {
    SyncAnswer {
        epoch: [1; 16],
        server_ms: 1_767_225_600_000,
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
        mint: false,
        revoked: false,
        vector: None,
        receipts: Vec::new(),
        reached: Vec::new(),
        readers: Vec::new(),
        snapshots: Vec::new(),
        peers: Vec::new(),
        older: Vec::new(),
        older_from: Vec::new(),
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
    let idle = SyncAnswer {
        grant: None,
        accepted: vec![],
        refused: vec![],
        segments: vec![],
        cursors: vec![],
        more: false,
        want_vector: false,
        ..answer()
    };
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
    assert!(idle.len() <= 260, "{} bytes", idle.len());
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
fn cut_and_lengthened_messages_are_refused() {
    let whole = answer().to_bytes().unwrap();
    for end in (0..whole.len()).step_by(7) {
        assert!(
            SyncAnswer::from_bytes(&whole[..end]).is_err(),
            "cut at {end}"
        );
    }
    assert_eq!(
        SyncAnswer::from_bytes(&[whole, vec![0]].concat()),
        Err(WireError::Malformed)
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_refused_in_peace(bytes: Vec<u8>) {
        let _ = SyncRequest::from_bytes(&bytes);
        let _ = SyncAnswer::from_bytes(&bytes);
        let _ = EnrolRequest::open(&bytes);
    }

    #[test]
    fn mutated_requests_are_not_believed(at: proptest::sample::Index, flip in 1..=255_u8) {
        let mut bytes = request().sign(&key()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let opened = SyncRequest::open(&bytes, |_| Ok::<_, WireError>(key().public()));
        proptest::prop_assert!(opened.is_err());
    }
}
