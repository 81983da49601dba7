//! Taking segments in: each is judged by itself, and what is not let in is kept aside.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ids::{ReplicaId, ScopeId};
use domain::role::Role;
use sync::admit::{Admission, admit};
use sync::fault::{Fault, planted};
use sync::log::Save;
use sync::segment::{self, Segment, SegmentError};
use sync::wire::{Grant, Refused};

use crate::again;
use crate::error::{Error, Result};
use crate::own;
use crate::places;
use crate::projection::Opened;
use crate::readers;
use crate::server::{identity, short};
use crate::storage::rows::{Quarantined, SegmentRow};
use crate::storage::tx::Tx;

/// Bytes that one sender may bring into quarantine.
pub const QUARANTINE_BYTES: u64 = 64 << 20;

/// How far a request itself proves that the client holds a stream.
pub(crate) type Brought = BTreeMap<(ScopeId, ReplicaId), u64>;

/// Takes the segments of one request.
pub(crate) struct Intake<'t> {
    tx: &'t dyn Tx,
    carrier: ReplicaId,
    now: u64,
    /// Replicas met so far. `None` for one that is not enrolled.
    writers: HashMap<ReplicaId, Option<Writer>>,
    /// Whether strangers were compared with the server's own lives, which takes a while.
    own_known: bool,
    pub(crate) brought: Brought,
    pub(crate) refused: Vec<Refused>,
    /// Scopes for which the carrier brought segments of its own.
    pub(crate) touched: BTreeSet<ScopeId>,
    /// The saves of newly stored segments, to be applied at the end.
    pub(crate) opened: BTreeMap<ScopeId, Opened>,
    pub(crate) stored: usize,
}

impl<'t> Intake<'t> {
    pub(crate) fn new(tx: &'t dyn Tx, carrier: ReplicaId, now: u64) -> Self {
        Self {
            tx,
            carrier,
            now,
            writers: HashMap::new(),
            own_known: false,
            brought: Brought::new(),
            refused: Vec::new(),
            touched: BTreeSet::new(),
            opened: BTreeMap::new(),
            stored: 0,
        }
    }

    /// Judges one segment, and stores it or keeps it aside.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let Ok(segment) = segment::read(bytes) else {
            self.refuse(ScopeId::from_bytes([0; 16]), 0, "damaged");
            return Ok(());
        };
        let (scope, replica, first_seq) = named(&segment);
        if replica == self.carrier {
            self.touched.insert(scope);
        }
        match self.judge(&segment)? {
            Verdict::Store(saves) => self.let_in(&segment, saves)?,
            Verdict::Had => self.note(&segment),
            Verdict::Refuse(reason) => {
                tracing::warn!(
                    replica = %short(replica),
                    carrier = %short(self.carrier),
                    reason,
                    "a segment was not taken"
                );
                self.refuse(scope, first_seq, reason);
            }
        }
        Ok(())
    }

    /// Stores a segment that continues its stream.
    pub(crate) fn let_in(&mut self, segment: &Segment, saves: Option<Vec<Save>>) -> Result<()> {
        let header = segment.header();
        self.tx.append_segment(
            header.scope,
            &SegmentRow {
                replica: header.replica,
                first_seq: header.first_seq,
                last_seq: header.last_seq,
                received_at: self.now,
                feed_no: 0,
                prev: header.prev,
                hash: segment.hash(),
                bytes: segment.bytes().to_vec(),
            },
        )?;
        self.note(segment);
        self.stored += 1;
        let opened = self.opened.entry(header.scope).or_default();
        if let Some(saves) = saves {
            opened.insert((header.replica, header.first_seq), saves);
        }
        Ok(())
    }

    /// Stores a segment that a person answers for, whatever its replica may do, and though nobody knows it any more. False
    /// when it cannot go on its own stream, whose numbers are taken, and has to be saved again.
    pub(crate) fn release(&mut self, segment: &Segment) -> Result<bool> {
        let header = segment.header();
        let refuse = |why| Err(Error::NotReleased(why));
        let known = self.writer(header.replica)?.map(|writer| writer.key);
        let key = match known.or(header.key) {
            Some(key) => Some(key),
            None => key_brought(self.tx, header.scope, header.replica)?,
        };
        let Some(key) = key else {
            return refuse("its replica is not known, and the beginning of its stream is missing");
        };
        if segment.verify(&key).is_err() {
            return refuse("its replica did not sign it");
        }
        match self.admission(segment)? {
            Admission::Duplicate => return Ok(true),
            Admission::Gap { .. } if again::goes_on(self.tx, segment)? => return Ok(false),
            Admission::Gap { .. } => return refuse("earlier ones of its stream are missing"),
            Admission::Fork => return Ok(false),
            Admission::Next => {}
        }
        match segment.saves() {
            Ok(saves) => self.let_in(segment, Some(saves))?,
            Err(SegmentError::NewerFormat) => self.let_in(segment, None)?,
            Err(_) => return refuse("its saves do not open"),
        }
        Ok(true)
    }

    /// Judges again what was kept aside because its replica was not known, now that it is.
    pub(crate) fn take_from_aside(&mut self, replica: ReplicaId) -> Result<()> {
        let mut kept = self.tx.quarantined(u32::MAX)?;
        kept.retain(|row| row.replica == replica && row.reason == "replica-unknown");
        let first = |bytes: &[u8]| segment::read(bytes).map_or(0, |s| s.header().first_seq);
        kept.sort_by_key(|row| (row.scope, first(&row.bytes)));
        for row in kept {
            self.tx.forget_quarantined(row.scope, replica, &row.hash)?;
            self.take(&row.bytes)?;
        }
        Ok(())
    }

    /// Whether any of these segments of the carrier's own shows that its past is another than the one that is
    /// stored. Those that do are kept aside.
    pub(crate) fn is_second_past(&mut self, segments: &[Vec<u8>]) -> Result<bool> {
        let mut second = false;
        for segment in segments
            .iter()
            .filter_map(|bytes| segment::read(bytes).ok())
        {
            let (scope, replica, _) = named(&segment);
            if replica != self.carrier || self.admission(&segment)? != Admission::Fork {
                continue;
            }
            let key = self.writer(replica)?.map(|writer| writer.key);
            if key.is_some_and(|key| segment.verify(&key).is_ok()) {
                tracing::warn!(replica = %short(replica), scope = %scope, "a second past");
                self.keep_aside(&segment, "fork")?;
                second = true;
            }
        }
        Ok(second)
    }

    /// Keeps all that is new of these segments aside, for one who is no longer believed.
    pub(crate) fn keep_all_aside(&mut self, segments: &[Vec<u8>]) -> Result<()> {
        for bytes in segments {
            let Ok(segment) = segment::read(bytes) else {
                self.refuse(ScopeId::from_bytes([0; 16]), 0, "damaged");
                continue;
            };
            let (scope, replica, first_seq) = named(&segment);
            if replica == self.carrier {
                self.touched.insert(scope);
            }
            if self.admission(&segment)? == Admission::Duplicate {
                self.note(&segment);
                continue;
            }
            if let Verdict::Refuse(reason) = self.keep_aside(&segment, "revoked")? {
                self.refuse(scope, first_seq, reason);
            }
        }
        Ok(())
    }

    fn refuse(&mut self, scope: ScopeId, first_seq: u64, reason: &str) {
        self.refused.push(Refused {
            scope,
            first_seq,
            reason: reason.to_owned(),
        });
    }

    fn note(&mut self, segment: &Segment) {
        let header = segment.header();
        let seq = self
            .brought
            .entry((header.scope, header.replica))
            .or_insert(0);
        *seq = header.last_seq.max(*seq);
    }

    fn admission(&self, segment: &Segment) -> Result<Admission> {
        let header = segment.header();
        let (scope, replica) = (header.scope, header.replica);
        let stored = self.tx.stream(scope, replica)?;
        let at = self.tx.segment_hash(scope, replica, header.first_seq)?;
        let stored = stored.map(|stream| (stream.last_seq, stream.hash));
        Ok(admit(stored, header, &segment.hash(), |_| at))
    }

    fn judge(&mut self, segment: &Segment) -> Result<Verdict> {
        let header = segment.header();
        let Some(writer) = self.writer(header.replica)?.cloned() else {
            if self.admission(segment)? == Admission::Duplicate {
                return Ok(Verdict::Had);
            }
            // Only the first segment of a stream brings its key along; others of it cannot be verified.
            return match header.key.map(|key| segment.verify(&key)) {
                Some(Err(_)) => Ok(Verdict::Refuse("signature")),
                _ => self.keep_aside(segment, "replica-unknown"),
            };
        };
        if segment.verify(&writer.key).is_err() {
            return Ok(Verdict::Refuse("signature"));
        }
        if writer.revoked {
            let until = self.tx.revoked_until(header.scope, header.replica)?;
            let scope = header.scope;
            if until.is_none() && writer.own && self.tx.place(scope.place())?.is_some() {
                // A stream that was begun with a key that was stolen: whoever took it in must hear of it.
                self.tx.put_revoked(scope, header.replica, 0)?;
                readers::refresh(self.tx, &identity(self.tx)?, scope)?;
            }
            if until.is_none_or(|until| header.last_seq > until) {
                return self.keep_aside(segment, "revoked");
            }
        }
        let saves = segment.saves();
        if !self.may_write(&writer, segment, saves.as_deref().ok())? {
            return self.keep_aside(segment, "scope");
        }
        let admission = self.admission(segment)?;
        // What is stored already counts, and what does not go on from there is judged when it does.
        if admission == Admission::Next
            && self.is_of_revoked_people(segment, saves.as_deref().ok().unwrap_or_default())?
        {
            return self.keep_aside(segment, "author-revoked");
        }
        match admission {
            Admission::Duplicate => Ok(Verdict::Had),
            Admission::Gap { .. } => Ok(Verdict::Refuse("gap")),
            Admission::Fork => self.keep_aside(segment, "fork"),
            Admission::Next => match saves {
                Ok(saves) => Ok(Verdict::Store(Some(saves))),
                // Stored and handed on as it is; this server opens it after an update.
                Err(SegmentError::NewerFormat) => Ok(Verdict::Store(None)),
                Err(_) => Ok(Verdict::Refuse("damaged")),
            },
        }
    }

    /// Whether someone who is no longer believed wrote one of these saves, later than what counts of them.
    fn is_of_revoked_people(&self, segment: &Segment, saves: &[Save]) -> Result<bool> {
        let header = segment.header();
        let gone = self.tx.revoked_people(header.scope)?;
        Ok(saves.iter().zip(header.first_seq..).any(|(save, seq)| {
            let mut gone = gone.iter().filter(|gone| gone.person == save.author);
            gone.any(|gone| gone.is_late(header.replica, seq))
        }))
    }

    /// Whether its writer may write all of it in the scope now, or might have when each of its saves was written.
    fn may_write(
        &self,
        writer: &Writer,
        segment: &Segment,
        saves: Option<&[Save]>,
    ) -> Result<bool> {
        let header = segment.header();
        if planted(Fault::IgnoreScope) {
            return Ok(true);
        }
        if writer.own {
            return Ok(self.tx.place(header.scope.place())?.is_some());
        }
        let posts = places::bearing(self.tx, &writer.posts, header.scope)?;
        let now = |save: &Save| places::writes_all(&posts, header.scope, save);
        let reaches = writer.writes.contains(&header.scope);
        let Some(saves) = saves.filter(|saves| !saves.is_empty()) else {
            return Ok(reaches);
        };
        if reaches && saves.iter().all(now) {
            return Ok(true);
        }
        let mut grants: BTreeMap<u32, Vec<Grant>> = BTreeMap::new();
        for save in saves {
            let grants = match grants.entry(save.grant) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.grants(header.replica, save.grant)?),
            };
            let mut allowed = false;
            for grant in grants.iter().filter(|grant| grant.may_write(header.scope)) {
                let posts = places::bearing(self.tx, &grant.terms().posts(), header.scope)?;
                allowed |= places::writes_all(&posts, header.scope, save);
            }
            if !allowed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The grants of this version that a replica had, under this name or, as the same laptop, under one that it had
    /// before. Of a version that a life of this server gave which was lost, the last known
    /// one before it tells: nobody can claim more by it than by naming that one.
    fn grants(&self, replica: ReplicaId, version: u32) -> Result<Vec<Grant>> {
        let mut grants = Vec::new();
        for name in self.tx.names(replica)? {
            if let Some(bytes) = self.tx.grant_given(name, version)? {
                grants.push(Grant::from_bytes(&bytes)?);
            }
        }
        Ok(grants)
    }

    fn keep_aside(&self, segment: &Segment, reason: &'static str) -> Result<Verdict> {
        let header = segment.header();
        if self.tx.quarantined_bytes(self.carrier)? >= QUARANTINE_BYTES {
            return Ok(Verdict::Refuse("full"));
        }
        self.tx.quarantine(
            header.scope,
            &Quarantined {
                replica: header.replica,
                hash: segment.hash(),
                reason,
                carrier: self.carrier,
                received_at: self.now,
                bytes: segment.bytes(),
            },
        )?;
        Ok(Verdict::Refuse(reason))
    }

    fn writer(&mut self, id: ReplicaId) -> Result<Option<&Writer>> {
        if !self.writers.contains_key(&id) {
            let writer = match self.tx.replica(id)? {
                Some(replica) => {
                    let posts = replica.posts();
                    let reach = places::reach(self.tx, &posts)?;
                    Some(Writer {
                        key: replica.key,
                        posts,
                        writes: reach.write.into_iter().collect(),
                        revoked: replica.revoked_at.is_some(),
                        own: false,
                    })
                }
                None => self.own_writer(id)?,
            };
            self.writers.insert(id, writer);
        }
        Ok(self.writers.get(&id).and_then(Option::as_ref))
    }

    /// The server itself in this life or another.
    fn own_writer(&mut self, id: ReplicaId) -> Result<Option<Writer>> {
        // Once a request: strangers by the thousand must not keep the server busy.
        if std::mem::replace(&mut self.own_known, true) {
            return Ok(None);
        }
        let identity = identity(self.tx)?;
        let now = std::iter::once((&identity.secret, false));
        for (secret, revoked) in now.chain(identity.past_secrets().map(|secret| (secret, true))) {
            for (replica, key) in own::all(secret) {
                self.writers.entry(replica).or_insert(Some(Writer {
                    key,
                    posts: vec![(Role::Nation, own::author(replica))],
                    writes: BTreeSet::new(),
                    revoked,
                    own: true,
                }));
            }
        }
        Ok(self.writers.get(&id).cloned().flatten())
    }
}

/// The key that the first segment of a stored stream has brought along.
pub(crate) fn key_brought(
    tx: &dyn Tx,
    scope: ScopeId,
    replica: ReplicaId,
) -> Result<Option<[u8; 32]>> {
    let first = tx.segment_holding(scope, replica, 1)?;
    let first = first.and_then(|stored| segment::read(&stored.bytes).ok());
    Ok(first.and_then(|first| first.header().key))
}

fn named(segment: &Segment) -> (ScopeId, ReplicaId, u64) {
    let header = segment.header();
    (header.scope, header.replica, header.first_seq)
}

/// Whose segments may be taken.
#[derive(Debug, Clone)]
struct Writer {
    key: [u8; 32],
    posts: Vec<places::Held>,
    /// The scopes that it may write now.
    writes: BTreeSet<ScopeId>,
    revoked: bool,
    /// The server itself.
    own: bool,
}

/// What is done with a segment.
enum Verdict {
    /// Store it; its saves, unless it takes a newer version to open them.
    Store(Option<Vec<Save>>),
    /// It is stored already.
    Had,
    /// It is not taken, for this reason.
    Refuse(&'static str),
}
