//! Laptops and a hub that are nothing but stores, and how they exchange.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part, and one that cannot go on must fail"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::registry::{IdeaField, Kind, MeasurementField};
use domain::value::Value;
use store::project::{self, FieldAt};
use store::{Draft, Edit, RealDisk, Seen, Store};
use sync::admit::Admission;
use sync::heads::Head;
use sync::log::SaveKind;
use sync::segment::Hash;
use sync::snapshot::{self, Snapshot, StreamAt};

/// Noon of a day in July 2026.
pub const NOW: u64 = 1_784_116_800_000;

/// The records and fields that tests write.
pub const FIELDS: [(Kind, u8, u16); 6] = [
    (Kind::Measurement, 1, MeasurementField::Numerator as u16),
    (Kind::Measurement, 1, MeasurementField::Denominator as u16),
    (Kind::Measurement, 2, MeasurementField::Explanation as u16),
    (Kind::Idea, 3, IdeaField::Text as u16),
    (Kind::Idea, 3, IdeaField::Position as u16),
    (Kind::Idea, 4, IdeaField::Text as u16),
];

pub fn scope() -> ScopeId {
    RecordId::natural(&[b"the place of these tests"]).as_scope()
}

pub fn scopes() -> BTreeSet<ScopeId> {
    BTreeSet::from([scope()])
}

pub fn record(n: u8) -> RecordId {
    RecordId::natural(&[b"record", &[n]])
}

/// The n-th value of a field, of the field's type.
pub fn value(field: usize, n: u8) -> Value {
    match field {
        0 | 1 => Value::number(f64::from(n)).unwrap(),
        4 => Value::Int(n.into()),
        _ => Value::Text(format!("« {n} »")),
    }
}

/// A store in a folder of its own, without a key, so that it is quick.
pub struct Laptop {
    pub store: Store,
    pub folder: tempfile::TempDir,
}

impl Laptop {
    pub fn new(number: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), number);
        Self { store, folder }
    }

    /// The same folder again, as a disk image has it.
    pub fn copy(&self) -> Self {
        self.copy_by(0)
    }

    /// The same, opened with another chance.
    pub fn copy_by(&self, chance: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["", "-wal"] {
            let name = format!("{}{ending}", store::DATABASE);
            std::fs::copy(self.folder.path().join(&name), folder.path().join(&name)).unwrap();
        }
        let store = open(folder.path(), chance);
        Self { store, folder }
    }

    /// Saves one field, having seen what is shown.
    pub fn types(&self, field: usize, n: u8) {
        self.saves(&[(field, n)]);
    }

    pub fn saves(&self, fields: &[(usize, u8)]) {
        let edits = fields.iter().map(|(field, n)| {
            let (kind, number, column) = FIELDS[*field];
            Edit {
                kind,
                record: record(number),
                field: column,
                value: value(*field, *n),
                seen: Seen::Shown,
            }
        });
        let draft = Draft {
            scope: scope(),
            author: record(200),
            grant: 1,
            kind: SaveKind::Edit,
            reason: None,
            edits: edits.collect(),
        };
        self.store
            .write(NOW, |w| w.save(draft).map(|_| ()))
            .unwrap();
    }

    pub fn heads(&self, field: usize) -> Vec<Head> {
        heads(&self.store, field)
    }

    /// The values of a field, the shown one first, each once.
    pub fn shows(&self, field: usize) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for head in self.heads(field) {
            if !values.contains(&head.value) {
                values.push(head.value);
            }
        }
        values
    }

    pub fn seal(&self) {
        self.store.seal(&scopes()).unwrap();
    }

    /// Gives `other` all that it lacks.
    pub fn gives(&self, other: &Laptop) {
        self.seal();
        let vector = other.store.vector(&scopes()).unwrap();
        for bytes in self.store.beyond(&vector, &scopes(), usize::MAX).unwrap() {
            other.store.take(&bytes).unwrap();
        }
        other.store.apply(scope(), NOW).unwrap();
    }

    /// An exchange with a hub as a laptop has it with the server. False when the hub knows another past of it.
    pub fn exchanges(&self, hub: &Laptop) -> bool {
        if !self.sends(hub) {
            return false;
        }
        hub.gives(self);
        self.hears(hub);
        true
    }

    /// The first half of it: the answer does not arrive. False when the hub knows another past.
    pub fn sends(&self, hub: &Laptop) -> bool {
        self.seal();
        let unsent = self.store.unsent(&scopes(), usize::MAX).unwrap();
        for bytes in unsent {
            let taken = hub.store.take(&bytes).unwrap();
            if taken.admission == Admission::Fork {
                return false;
            }
        }
        hub.store.apply(scope(), NOW).unwrap();
        true
    }

    /// How far the hub holds its stream, believed when the chain agrees.
    pub fn hears(&self, hub: &Laptop) {
        let (seq, hash) = hub.tip(self.store.replica());
        if let Some(hash) = hash {
            self.store.accept(scope(), seq, &hash).unwrap();
        }
    }

    /// A stream's last save here and the hash of the segment that it stands in.
    pub fn tip(&self, replica: ReplicaId) -> (u64, Option<Hash>) {
        self.store
            .read(|conn| {
                let mut rows = conn.prepare(
                    "SELECT s.sealed_seq, s.sealed_hash FROM stream s JOIN replica r ON r.no = s.replica
                     WHERE r.id = ?1 AND s.scope = ?2",
                )?;
                let mut rows = rows.query((replica.as_bytes(), scope().as_bytes()))?;
                Ok::<_, store::Error>(match rows.next()? {
                    Some(row) => (row.get::<_, i64>(0)? as u64, row.get(1)?),
                    None => (0, None),
                })
            })
            .unwrap()
    }

    pub fn mints(&self, number: u8) -> u64 {
        self.store.mint(&[number; 32], NOW).unwrap()
    }

    /// What the tables say, without local numbers.
    pub fn says(&self) -> Vec<Vec<Head>> {
        (0..FIELDS.len()).map(|field| self.heads(field)).collect()
    }

    /// The tables are what the log says.
    pub fn rebuilds_alike(&self) {
        let before = self.says();
        self.store.rebuild(NOW + 1).unwrap();
        assert_eq!(before, self.says(), "rebuilt from the log");
    }

    /// The state of the scope, as a server's snapshot has it.
    pub fn snapshot(&self) -> (Snapshot, Vec<u8>) {
        let streams = self
            .store
            .read(|conn| {
                let mut rows = conn.prepare(
                    "SELECT r.id, r.key, s.sealed_seq, s.sealed_hash, s.applied_seq FROM stream s JOIN replica r ON r.no = s.replica
                     WHERE s.scope = ?1 AND s.sealed_seq > 0",
                )?;
                let rows = rows.query_map([scope().as_bytes()], |row| {
                    Ok(StreamAt {
                        replica: ReplicaId::from_bytes(row.get(0)?),
                        key: row.get(1)?,
                        sealed_seq: row.get::<_, i64>(2)? as u64,
                        hash: row.get(3)?,
                        applied_seq: row.get::<_, i64>(4)? as u64,
                    })
                })?;
                Ok::<_, store::Error>(rows.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        let mut fields = Vec::new();
        for (number, (kind, of, field)) in FIELDS.into_iter().enumerate() {
            fields.extend(
                self.heads(number)
                    .into_iter()
                    .map(|head| snapshot::FieldAt {
                        kind: kind.number(),
                        record: record(of),
                        field,
                        head,
                    }),
            );
        }
        let snapshot = Snapshot {
            scope: scope(),
            registry: [0; 32],
            streams,
            fields,
        };
        let bytes = snapshot::write(&snapshot).unwrap();
        (snapshot::read(&bytes).unwrap(), bytes)
    }

    pub fn loads(&self, from: &Laptop) {
        let (snapshot, bytes) = from.snapshot();
        self.store.load_snapshot(&snapshot, &bytes, NOW).unwrap();
    }
}

pub fn open(folder: &Path, number: u8) -> Store {
    Store::open_on(Arc::new(RealDisk), folder, None, &[number; 32]).unwrap()
}

pub fn heads(store: &Store, field: usize) -> Vec<Head> {
    let (kind, number, column) = FIELDS[field];
    let at = FieldAt {
        scope: scope(),
        kind: kind.number(),
        record: record(number),
        field: column,
    };
    store.read(|conn| project::heads(conn, &at)).unwrap()
}

/// Everyone exchanges until nothing is new, and then says the same, out of the tables as out of the log.
pub fn all_end_alike(laptops: &[Laptop], hub: &Laptop) {
    for _ in 0..4 {
        for laptop in laptops {
            assert!(laptop.exchanges(hub));
            laptop.gives(hub);
        }
    }
    let said = hub.says();
    for laptop in laptops {
        assert_eq!(laptop.says(), said);
        assert_eq!(laptop.store.held().unwrap(), 0);
        assert!(laptop.store.waiting().unwrap().is_empty());
        laptop.rebuilds_alike();
    }
}
