//! What happens when bytes from elsewhere are none of ours: every decoder, and whatever reads a file, is given anything at all
//! and must say no.
//!
//! [`run`] is one attempt, an ordinary function. `tests/corpus.rs` gives it the kept corpus in every test run;
//! `cargo xtask fuzz` lets an engine look for further inputs, guided by which branches they reach.
//!
//! Checksums and hashes would stop nearly everything at the door, so each target also [repairs](Target) them first: an
//! attacker can do that too.

#![forbid(unsafe_code)]

mod repair;
mod seeds;

use chrono::NaiveDateTime;
use domain::checklist::walk::{Answers, Place, Reader};
use domain::expression::{Expression, Tree, View};
use domain::ids::ReplicaId;
use domain::text::Language;
use exchange::{values, xlsform};
use sync::codec::{self, Limits};
use sync::key::KeyPair;
use sync::wire::{
    Card, EnrolAnswer, EnrolRequest, Failure, Grant, MintRequest, Readers, Receipt, Signed,
    SyncAnswer, SyncRequest,
};
use sync::{bundle, segment, snapshot};

pub use repair::{framed, old_workbook};
pub use seeds::seeds;

/// What is given anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A segment: its frame, its header, its body as saves.
    Segment,
    /// A snapshot of a scope.
    Snapshot,
    /// A bundle as found on a stick, and its contents once opened.
    Bundle,
    /// What a laptop sends to the server.
    Request,
    /// What the server answers, and the statements that travel beside segments.
    Answer,
    /// A file of values that a person chose: text, or a workbook of any sort.
    Table,
    /// An expression of a checklist.
    Expression,
    /// A form of another program: text, or a workbook of any sort.
    Form,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Segment,
        Self::Snapshot,
        Self::Bundle,
        Self::Request,
        Self::Answer,
        Self::Table,
        Self::Expression,
        Self::Form,
    ];

    /// Its name on the command line, and its folder of the corpus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Snapshot => "snapshot",
            Self::Bundle => "bundle",
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Table => "table",
            Self::Expression => "expression",
            Self::Form => "form",
        }
    }

    /// The target of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}

/// The laptop that bundles of the corpus are meant for.
pub fn reader() -> KeyPair {
    KeyPair::from_secret(&[7; 32])
}

/// Gives `data` to a target's decoders. What they accept must survive being written and read again.
///
/// # Panics
/// When a decoder accepts what it would not write, which is as wrong as a panic of its own.
pub fn run(target: Target, data: &[u8]) {
    match target {
        Target::Segment => segments(data),
        Target::Snapshot => snapshots(data),
        Target::Bundle => bundles(data),
        Target::Request => requests(data),
        Target::Answer => answers(data),
        Target::Table => tables(data),
        Target::Expression => expressions(data),
        Target::Form => forms(data),
    }
}

fn segments(data: &[u8]) {
    for bytes in [data.to_vec(), repair::frame(*b"NYET", data, 64)] {
        if let Ok(read) = segment::read(&bytes) {
            assert_eq!(read.bytes(), bytes, "a segment is kept byte for byte");
            let key = read.header().key.unwrap_or_default();
            let _ = read.verify(&key);
            let _ = read.saves();
        }
    }
    // The body by itself, since the engine cannot guess what packs to it.
    let author = ReplicaId::from_bytes([5; 16]);
    if let Ok(saves) = codec::decode(1, author, data, &Limits::default())
        && let Ok(written) = codec::encode(1, author, &saves)
    {
        assert_eq!(
            codec::decode(1, author, &written, &Limits::default()).as_ref(),
            Ok(&saves),
            "saves that were read are written and read alike"
        );
    }
}

fn snapshots(data: &[u8]) {
    let packed = repair::snapshot(data);
    for bytes in [data, &repair::frame(*b"NYES", data, 0), &packed] {
        if let Ok(read) = snapshot::read(bytes)
            && let Ok(written) = snapshot::write(&read)
        {
            assert_eq!(
                snapshot::read(&written).as_ref(),
                Ok(&read),
                "a snapshot that was read is written and read alike"
            );
        }
    }
}

fn bundles(data: &[u8]) {
    for bytes in [data.to_vec(), repair::bundle(data)] {
        if let Ok(outline) = bundle::outline(&bytes) {
            assert_eq!(outline.length, bytes.len());
        }
        let _ = bundle::open(&bytes, &reader());
    }
    if let Ok(contents) = ciborium::from_reader::<bundle::Contents, _>(data) {
        let _ = bundle::pack(&reader(), &[reader().seal_public()], &contents);
    }
}

/// Reads a message; what was read must come through once more.
macro_rules! message {
    ($message:ident, $data:expr) => {
        if let Ok(read) = $message::from_bytes($data)
            && let Ok(written) = read.to_bytes()
        {
            assert_eq!(
                $message::from_bytes(&written).as_ref(),
                Ok(&read),
                "a message that was read is written and read alike"
            );
        }
    };
}

fn requests(data: &[u8]) {
    message!(Signed, data);
    message!(SyncRequest, data);
    message!(EnrolRequest, data);
    message!(MintRequest, data);
    let _ = EnrolRequest::open(data);
    let _ = SyncRequest::open::<sync::wire::WireError>(data, |_| Ok(reader().public()));
    let _ = MintRequest::open::<sync::wire::WireError>(data, |_| Ok(reader().public()));
}

fn tables(data: &[u8]) {
    for bytes in std::iter::once(data.to_vec()).chain(repair::workbooks(data)) {
        let Ok((_, parsed)) = values::parse_bytes(&bytes) else {
            continue;
        };
        let said = |row: &values::Row| (row.indicator.clone(), row.period, row.entry);
        let read: Vec<_> = parsed.rows.iter().map(said).collect();
        let file = values::write(&parsed.rows, Language::Fr);
        let again = values::parse_bytes(&file).map(|(_, parsed)| parsed.rows);
        if !read.is_empty() {
            assert_eq!(
                again.map(|rows| rows.iter().map(said).collect::<Vec<_>>()),
                Ok(read),
                "values that were read are written and read alike"
            );
        }
    }
}

/// Answers that an expression finds something in, with a section that is asked three times.
fn visit() -> Tree {
    let mut tree = Tree::new();
    let top = tree.add(Tree::TOP, "data", "");
    for (name, answer) in [("a", "3"), ("b", ""), ("s", "oui non"), ("d", "2026-03-14")] {
        tree.add(top, name, answer);
    }
    for number in ["1", "2", "x"] {
        let round = tree.add(top, "r", "");
        tree.add(round, "n", number);
    }
    tree
}

fn expressions(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(read) = Expression::parse(&text) else {
        return;
    };
    let tree = visit();
    for at in [Tree::TOP, tree.nearest(Tree::TOP, "n")[1]] {
        let view = View {
            tree: &tree,
            at,
            now: NaiveDateTime::default(),
        };
        if let Ok(answer) = read.value(view) {
            let again = read.value(view).map(|answer| answer.text());
            assert_eq!(Ok(answer.text()), again, "the same answers, the same value");
        }
    }
}

fn forms(data: &[u8]) {
    // Broken workbooks are the target above; here it is what stands in their cells.
    let Ok(form) = xlsform::read(data, "form") else {
        return;
    };
    let list = &form.checklist;
    let reader = Reader::new(list);
    assert!(reader.is_ok(), "a form that was read holds together");
    if let (Ok(reader), true) = (reader, list.items.len() <= 50) {
        let given: Answers = list
            .items
            .iter()
            .map(|item| (Place::once(&item.code), "1".to_owned()))
            .collect();
        let _ = reader.walk(&given, NaiveDateTime::default());
    }
}

fn answers(data: &[u8]) {
    message!(SyncAnswer, data);
    message!(EnrolAnswer, data);
    message!(Grant, data);
    message!(Readers, data);
    message!(Receipt, data);
    message!(Card, data);
    message!(Failure, data);
    if let Ok(signed) = Signed::from_bytes(data) {
        let _ = Card::open(&signed);
    }
}
