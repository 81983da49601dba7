//! What the engine begins with: sound ones of each kind, so that it need not find out what a segment looks like.

use std::io::{Cursor, Read};

use domain::ids::{RecordId, ReplicaId};
use domain::value::Value;
use sync::bundle::{self, Contents};
use sync::clock::Hlc;
use sync::codec;
use sync::heads::Head;
use sync::key::KeyPair;
use sync::log::{Change, Dot, Save, SaveKind};
use sync::segment::{self, Tip};
use sync::snapshot::{self, FieldAt, Snapshot, StreamAt};
use sync::wire::{
    Accepted, Card, EnrolPerson, EnrolPlace, EnrolRequest, Fed, Grant, GrantScope, MintRequest,
    Purpose, Receipt, Signed, Status, SyncAnswer, SyncRequest, Terms,
};

use zip::ZipArchive;

use crate::repair::{PARTS, kept};
use crate::{Target, reader};

const SOUND: &str = "seeds are sound";

/// The seeds of a target, always the same but for bundles, whose sealing draws keys of its own.
///
/// # Panics
/// When one of them cannot be written, which a test would show.
#[allow(
    clippy::expect_used,
    reason = "a seed that cannot be made is a mistake in this file"
)]
pub fn seeds(target: Target) -> Vec<Vec<u8>> {
    let key = KeyPair::from_secret(&[1; 32]);
    let scope = RecordId::of_place_code("ML-CSCOM-1").as_scope();
    let sealed = segment::seal(&key, &Tip::start(scope), &saves(&key)).expect(SOUND);
    let next = segment::seal(&key, &sealed.tip(), &saves(&key)).expect(SOUND);
    match target {
        Target::Segment => {
            let body = codec::encode(1, ReplicaId::from_bytes([5; 16]), &saves(&key)).expect(SOUND);
            vec![sealed.bytes, next.bytes, body]
        }
        Target::Snapshot => vec![snapshot::write(&state(&key)).expect(SOUND)],
        Target::Bundle => {
            let contents = Contents {
                number: 3,
                from: card(&key).sign(&key).expect(SOUND),
                segments: vec![sealed.bytes, next.bytes],
                vector: [(scope, key.replica(), 6)].into_iter().collect(),
                receipts: vec![Signed::sign(&key, Purpose::Receipt, vec![1, 2, 3])],
                readers: Vec::new(),
                snapshots: Vec::new(),
                keys: Vec::new(),
                erase: Vec::new(),
            };
            let mut plain = Vec::new();
            ciborium::into_writer(&contents, &mut plain).expect(SOUND);
            let packed = bundle::pack(&key, &[reader().seal_public()], &contents).expect(SOUND);
            vec![packed, plain]
        }
        Target::Request => {
            let request = request(&key, scope, sealed.bytes);
            let wish =
                EnrolRequest::sign(&key, "0000-0000-00000".to_owned(), None, None).expect(SOUND);
            let mint = MintRequest {
                old: key.replica(),
                key: reader().public(),
                status: status(),
            };
            vec![
                request.to_bytes().expect(SOUND),
                request.sign(&key).expect(SOUND),
                wish,
                mint.sign(&key, &reader()).expect(SOUND),
            ]
        }
        Target::Table => {
            let text = include_bytes!("../../../tests/fixtures/csv/libreoffice-utf8.csv");
            let months = "Indicateur;Partie;2026-01;2026-02\nMNCH-02;num;3;4\nMNCH-02;den;5;-\n";
            let mut seeds = vec![
                text.to_vec(),
                months.as_bytes().to_vec(),
                kept::XLSX.to_vec(),
                kept::ODS.to_vec(),
                kept::XLS.to_vec(),
            ];
            for (whole, part) in PARTS {
                let mut archive = ZipArchive::new(Cursor::new(whole)).expect(SOUND);
                let mut bytes = Vec::new();
                let mut part = archive.by_name(part).expect(SOUND);
                part.read_to_end(&mut bytes).expect(SOUND);
                seeds.push(bytes);
            }
            let mut container = cfb::CompoundFile::open(Cursor::new(kept::XLS)).expect(SOUND);
            let mut stream = Vec::new();
            let mut part = container.open_stream("/Workbook").expect(SOUND);
            part.read_to_end(&mut stream).expect(SOUND);
            seeds.push(stream);
            seeds
        }
        Target::Expression => [
            "${a} >= 2 and selected(/data/s, 'non') or not(regex(., '[a-z]{2}|\\d+'))",
            "if(count(/data/r[n > 1]) = 1, format-date(${d}, '%e/%n/%Y'), join(', ', ../../r/n))",
            "round(sum(${n}) div -3.25, 2) mod 2 + int(today() - date('2026-01-01')) * .5",
            "indexed-repeat(${n}, ${r}, position(..)) != current()/../n[last()]",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec(),
        Target::Form => vec![
            include_bytes!("../../../tests/fixtures/xlsform/visite.csv").to_vec(),
            kept::XLSX.to_vec(),
        ],
        Target::Answer => {
            let answer = answer(&key, scope, next.bytes);
            let receipt = Receipt {
                replica: key.replica(),
                holder: reader().replica(),
                epoch: [0; 16],
                at_ms: 1_800_000_000_000,
                accepted: answer.accepted.clone(),
            };
            vec![
                answer.to_bytes().expect(SOUND),
                receipt.to_bytes().expect(SOUND),
                card(&key).to_bytes().expect(SOUND),
                card(&key).sign(&key).expect(SOUND).to_bytes().expect(SOUND),
            ]
        }
    }
}

fn saves(key: &KeyPair) -> Vec<Save> {
    let own = key.replica();
    let other = ReplicaId::from_bytes([9; 16]);
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Int(-3),
        Value::Decimal {
            mantissa: 125,
            scale: 1,
        },
        Value::Text("Rappel la veille".to_owned()),
        Value::Date(20_600),
        Value::Ref(RecordId::counted(own, 1)),
        Value::List(vec![Value::Text("a".to_owned()), Value::Int(7)]),
    ];
    (0..3_u64)
        .map(|n| Save {
            hlc: Hlc::from_parts(1_800_000_000_000 + n * 60_000, 0),
            author: RecordId::counted(own, 1),
            grant: 2,
            kind: SaveKind::Edit,
            reason: (n == 1).then(|| "recompté".to_owned()),
            changes: (1..)
                .zip(&values)
                .map(|(field, value)| Change {
                    kind: 8,
                    record: RecordId::counted(own, 2 + n),
                    field,
                    value: value.clone(),
                    seen: (n == 2)
                        .then_some(Dot {
                            replica: other,
                            seq: 4,
                            index: 0,
                        })
                        .into_iter()
                        .collect(),
                })
                .collect(),
        })
        .collect()
}

fn state(key: &KeyPair) -> Snapshot {
    let replica = key.replica();
    let fields = (1..5_u16).map(|field| FieldAt {
        kind: 8,
        record: RecordId::counted(replica, 2),
        field,
        head: Head {
            dot: Dot {
                replica,
                seq: 1,
                index: u32::from(field) - 1,
            },
            hlc: Hlc::from_parts(1_800_000_000_000, 0),
            author: RecordId::counted(replica, 1),
            value: Value::Text("Causerie".to_owned()),
            uncertain: false,
        },
    });
    Snapshot {
        scope: RecordId::of_place_code("ML-CSCOM-1").as_scope(),
        registry: [3; 32],
        streams: vec![StreamAt {
            replica,
            key: key.public(),
            sealed_seq: 1,
            hash: [4; 32],
            applied_seq: 1,
        }],
        fields: fields.collect(),
    }
}

fn card(key: &KeyPair) -> Card {
    Card {
        key: key.public(),
        seal: key.seal_public(),
        role: "coach".to_owned(),
        place: EnrolPlace {
            id: RecordId::of_place_code("ML-D-1"),
            name: "Kati".to_owned(),
            level: "district".to_owned(),
            parent: RecordId::of_place_code("ML-R-2"),
        },
        person: EnrolPerson {
            id: RecordId::counted(key.replica(), 1),
            name: "Awa Traoré".to_owned(),
        },
    }
}

fn status() -> Status {
    Status {
        version: "0.1.0".to_owned(),
        seal: reader().seal_public(),
        waiting: 3,
        held: 0,
    }
}

fn request(key: &KeyPair, scope: domain::ids::ScopeId, segment: Vec<u8>) -> SyncRequest {
    let vector: sync::vector::Vector = [(scope, key.replica(), 3)].into_iter().collect();
    SyncRequest {
        replica: key.replica(),
        epoch: [6; 16],
        counter: 41,
        grant: 1,
        cursors: vec![(scope, 12)],
        digest: vector.digest(),
        vector: Some(vector),
        segments: vec![segment],
        last: [2; 8],
        status: Some(status()),
        demand: Some(vec![scope]),
        older: vec![(scope, 9)],
        revocations: Vec::new(),
        ends: Vec::new(),
        keys: Vec::new(),
        wants: Vec::new(),
        erase: Vec::new(),
        list: None,
    }
}

#[allow(
    clippy::expect_used,
    reason = "a seed that cannot be made is a mistake in this file"
)]
fn answer(key: &KeyPair, scope: domain::ids::ScopeId, segment: Vec<u8>) -> SyncAnswer {
    let terms = Terms {
        version: 2,
        replica: reader().replica(),
        role: "lead".to_owned(),
        place: RecordId::of_place_code("ML-CSCOM-1"),
        scopes: vec![GrantScope {
            scope,
            write: true,
            since_ms: 1,
        }],
        issues: 0,
        also: Vec::new(),
        heir: None,
    };
    SyncAnswer {
        grant: Some(Grant::sign(key, terms).expect(SOUND)),
        accepted: vec![Accepted {
            scope,
            seq: 3,
            hash: [8; 32],
        }],
        segments: vec![Fed {
            scope,
            feed_no: 13,
            bytes: segment,
        }],
        cursors: vec![(scope, 13)],
        ..SyncAnswer::empty([6; 16], 1_800_000_000_000)
    }
}
