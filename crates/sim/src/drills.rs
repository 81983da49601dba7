//! Two small scenes, played straight through before the seeds: what arrives twice, and a laptop that takes a new name.

use std::sync::Arc;

use domain::ids::{RecordId, ScopeId};
use domain::registry::{CommentField, Kind};
use domain::value::Value;
use simdisk::SimDisk;
use store::project::{self, FieldAt};
use store::{Draft, Edit, Seen, Store};
use sync::log::SaveKind;

const NOW_MS: u64 = 1_784_116_800_000;

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn scope() -> ScopeId {
    RecordId::of_place_code("SIM").as_scope()
}

fn record() -> RecordId {
    RecordId::natural(&[b"drill"])
}

fn open(secret: u8) -> Result<Store, String> {
    let disk = SimDisk::default();
    let home = disk.root().join("home");
    Store::open_on(Arc::new(disk), &home, None, &[secret; 32]).map_err(said)
}

/// Saves over what is shown and seals, so that each save travels by itself.
fn write(store: &Store, text: &str) -> Result<(), String> {
    let saved = store.write(NOW_MS, |w| {
        w.save(Draft {
            scope: scope(),
            author: RecordId::natural(&[b"author"]),
            grant: 0,
            kind: SaveKind::Edit,
            reason: None,
            edits: vec![Edit {
                kind: Kind::Comment,
                record: record(),
                field: CommentField::Text.number(),
                value: Value::Text(text.to_owned()),
                seen: Seen::Shown,
            }],
        })
    });
    saved.map_err(|error: store::Error| said(error))?;
    store.seal(&[scope()].into()).map_err(said)
}

/// A segment that comes again after a later one says nothing new.
fn twice() -> Result<(), String> {
    let (one, other) = (open(1)?, open(2)?);
    write(&one, "premier")?;
    write(&one, "second")?;
    let segments = one.unsent(&[scope()].into(), 1 << 20).map_err(said)?;
    for bytes in segments.iter().chain(&segments[..1]) {
        other.take(bytes).map_err(said)?;
        other.apply(scope(), NOW_MS).map_err(said)?;
    }
    let at = FieldAt {
        scope: scope(),
        kind: Kind::Comment.number(),
        record: record(),
        field: CommentField::Text.number(),
    };
    let heads = other.read(|conn| project::heads(conn, &at)).map_err(said)?;
    match heads.as_slice() {
        [head] if head.value == Value::Text("second".to_owned()) => Ok(()),
        heads => Err(format!("what came twice was applied twice: {heads:?}")),
    }
}

/// After a new name was taken, no number of the old one is given again.
fn renamed() -> Result<(), String> {
    let store = open(3)?;
    write(&store, "avant")?;
    let old = store.replica();
    store.mint(&[4; 32], NOW_MS).map_err(said)?;
    write(&store, "après")?;
    if store.replica() == old {
        return Err("a number is given twice under a name that was to end".to_owned());
    }
    Ok(())
}

/// Plays both.
///
/// # Errors
/// What does not end as it should.
pub fn play() -> Result<(), String> {
    twice()?;
    renamed()
}
