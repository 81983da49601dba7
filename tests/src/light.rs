//! A laptop without a database: its own keys, real segments and the real messages, so that a thousand of them fit
//! into one process. What it holds is what [`Light::compose`] says it holds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use domain::ids::{RecordId, ReplicaId, ScopeId};
use sync::key::KeyPair;
use sync::log::Save;
use sync::segment::{self, Tip};
use sync::vector::Vector;
use sync::wire::{
    EnrolAnswer, EnrolPerson, EnrolRequest, Failure, Purpose, Signed, Status, SyncAnswer,
    SyncRequest, binding,
};

use simdisk::Chance;

/// Why an exchange did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The line or the server gave out: worth another try.
    Line(String),
    /// The server has said no, with this code.
    Refused(String),
    /// What came is not what it must be.
    Wrong(&'static str),
}

/// One such laptop.
pub struct Light {
    key: KeyPair,
    author: RecordId,
    server_key: [u8; 32],
    epoch: [u8; 16],
    grant: u32,
    counter: u64,
    last: [u8; 8],
    home: ScopeId,
    readable: BTreeSet<ScopeId>,
    cursors: BTreeMap<ScopeId, u64>,
    vector: Vector,
    tip: Tip,
    sealed: Vec<(u64, Vec<u8>)>,
    accepted: u64,
    received: Vec<Vec<u8>>,
}

impl Light {
    /// The laptop number `number`, which works alone at a place of its own once it is [`enrolled`](Self::enrolled).
    pub fn new(number: u64) -> Self {
        let key = KeyPair::from_secret(&secret_of(number));
        let home = ScopeId::from_bytes([0; 16]);
        Self {
            author: RecordId::counted(key.replica(), 1),
            key,
            server_key: [0; 32],
            epoch: [0; 16],
            grant: 0,
            counter: 0,
            last: [0; 8],
            home,
            readable: BTreeSet::new(),
            cursors: BTreeMap::new(),
            vector: Vector::new(),
            tip: Tip::start(home),
            sealed: Vec::new(),
            accepted: 0,
            received: Vec::new(),
        }
    }

    /// Its name in the log.
    pub fn replica(&self) -> ReplicaId {
        self.key.replica()
    }

    /// The scope it writes.
    pub fn home(&self) -> ScopeId {
        self.home
    }

    /// Who writes on it.
    pub fn author(&self) -> RecordId {
        self.author
    }

    /// The version of the grant it holds.
    pub fn grant(&self) -> u32 {
        self.grant
    }

    /// The number of its last save.
    pub fn last_seq(&self) -> u64 {
        self.tip.last_seq
    }

    /// The segments that came from others, in the order in which they came.
    pub fn received(&self) -> &[Vec<u8>] {
        &self.received
    }

    /// What it posts to `/v1/enrol`.
    pub fn wish(&self, code: &str) -> Vec<u8> {
        let person = EnrolPerson {
            id: self.author,
            name: "Équipe".to_owned(),
        };
        EnrolRequest::sign(&self.key, code.to_owned(), None, Some(person)).expect("a small request")
    }

    /// Takes the answer to it.
    pub fn enrolled(&mut self, answer: &[u8]) {
        let answer = EnrolAnswer::from_bytes(answer).expect("an answer to an enrolment");
        self.server_key = answer.server_key;
        self.epoch = answer.epoch;
        let terms = answer.grant.terms();
        self.grant = terms.version;
        self.readable = terms.scopes.iter().map(|granted| granted.scope).collect();
        self.home = answer.place.as_scope();
        self.tip = Tip::start(self.home);
    }

    /// Seals saves of its own as the next segments of its stream.
    pub fn write(&mut self, saves: &[Save]) {
        for sealed in
            segment::seal_all(&self.key, &self.tip, saves).expect("saves that can be sealed")
        {
            self.tip = sealed.tip();
            self.sealed.push((self.tip.last_seq, sealed.bytes));
        }
    }

    /// Seals saves as the next segment in the manner of a later version, whose frames this one stores and forwards without
    /// opening them. Answers its bytes.
    pub fn write_newer(&mut self, saves: &[Save]) -> Vec<u8> {
        let sealed = segment::seal(&self.key, &self.tip, saves).expect("saves that can be sealed");
        let tip = sealed.tip();
        let mut bytes = sealed.bytes;
        bytes.truncate(bytes.len() - 64);
        bytes[VERSION_AT] += 1;
        let sum = checksum(&[&bytes[VERSION_AT..SUM_AT], &bytes[SUM_AT + 4..]].concat());
        bytes[SUM_AT..SUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
        let signature = self.key.sign(&bytes);
        bytes.extend_from_slice(&signature);
        let newer = segment::read(&bytes).expect("a whole segment");
        self.tip = Tip {
            hash: newer.hash(),
            ..tip
        };
        self.sealed.push((self.tip.last_seq, bytes.clone()));
        bytes
    }

    /// Whether the server has said that it holds all of it.
    pub fn is_held(&self) -> bool {
        self.accepted == self.tip.last_seq
    }

    /// The next request, signed.
    pub fn compose(&mut self, with_vector: bool) -> Vec<u8> {
        self.counter += 1;
        let segments: Vec<Vec<u8>> = self
            .sealed
            .iter()
            .filter(|(last, _)| *last > self.accepted)
            .map(|(_, bytes)| bytes.clone())
            .collect();
        let mut vector = self.vector.clone();
        vector.set(self.home, self.replica(), self.tip.last_seq);
        self.request(segments, &vector, with_vector)
    }

    /// A request that holds nothing and asks for everything it may read.
    pub fn asks_for_all(&mut self) -> Vec<u8> {
        self.counter += 1;
        self.request(Vec::new(), &Vector::new(), true)
    }

    fn request(&self, segments: Vec<Vec<u8>>, vector: &Vector, with_vector: bool) -> Vec<u8> {
        SyncRequest {
            grant: self.grant,
            cursors: self
                .cursors
                .iter()
                .map(|(scope, no)| (*scope, *no))
                .collect(),
            digest: vector.digest(),
            vector: with_vector.then(|| vector.clone()),
            segments,
            last: self.last,
            // Told once, as the app does.
            status: (self.last == [0; 8]).then(|| Status {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                seal: self.key.seal_public(),
                waiting: 0,
                held: 0,
            }),
            ..SyncRequest::empty(self.replica(), self.epoch, self.counter)
        }
        .sign(&self.key)
        .expect("a request within its limits")
    }

    /// Takes the answer to `request`. Answers what to do next: nothing, or to ask again, with the vector or without.
    ///
    /// # Errors
    /// When the server did not sign it, or refused a segment.
    pub fn take(&mut self, request: &[u8], answer: &[u8]) -> Result<Option<bool>, Stopped> {
        let wrong = |_| Stopped::Wrong("not an answer of the server");
        let signed = Signed::from_bytes(answer).map_err(wrong)?;
        signed
            .verify(&self.server_key, Purpose::Answer)
            .map_err(wrong)?;
        let said = SyncAnswer::from_bytes(&signed.body).map_err(wrong)?;
        if let Some(refused) = said.refused.first() {
            return Err(Stopped::Refused(refused.reason.clone()));
        }
        if said.mint {
            return Err(Stopped::Wrong("it was taken for a copy"));
        }
        if let Some(grant) = &said.grant {
            self.grant = grant.terms().version;
            self.readable = grant
                .terms()
                .scopes
                .iter()
                .map(|granted| granted.scope)
                .collect();
        }
        self.epoch = said.epoch;
        for accepted in &said.accepted {
            if accepted.scope == self.home
                && accepted.seq == self.tip.last_seq
                && accepted.hash != self.tip.hash
            {
                return Err(Stopped::Wrong("the server holds another chain"));
            }
            if accepted.scope == self.home {
                self.accepted = accepted.seq;
                self.vector.set(self.home, self.replica(), accepted.seq);
            }
        }
        for fed in &said.segments {
            let read =
                segment::read(&fed.bytes).map_err(|_| Stopped::Wrong("a damaged segment"))?;
            let header = read.header();
            if header.replica != self.replica() {
                let had = self.vector.get(header.scope, header.replica);
                self.vector
                    .set(header.scope, header.replica, had.max(header.last_seq));
            }
            self.received.push(fed.bytes.clone());
        }
        for (scope, feed_no) in &said.cursors {
            self.cursors.insert(*scope, *feed_no);
        }
        self.last = binding(request, answer);
        Ok(match (said.want_vector, said.more || !self.is_held()) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        })
    }

    /// Exchanges over HTTP until nothing is left to say. Answers how many requests it took.
    ///
    /// # Errors
    /// When the line gives out or the server refuses. What was taken stays taken.
    pub fn exchange(&mut self, server: SocketAddr) -> Result<u32, Stopped> {
        let mut line = Line::to(server)?;
        let (mut with_vector, mut requests) = (false, 0);
        loop {
            let request = self.compose(with_vector);
            let answer = line.post("/v1/sync", &request)?;
            requests += 1;
            match self.take(&request, &answer)? {
                None => return Ok(requests),
                Some(_) if requests > 100 => return Err(Stopped::Wrong("it never ends")),
                Some(vector) => with_vector = vector,
            }
        }
    }
}

/// Where a frame's version and its checksum stand.
const VERSION_AT: usize = 4;
const SUM_AT: usize = 13;

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let bit = |sum: u32, _| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
    let byte = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), bit);
    !bytes.iter().fold(!0, byte)
}

/// The secret of its key, which follows from its number.
fn secret_of(number: u64) -> [u8; 32] {
    let mut chance = Chance::of(number ^ 0x6E79_6574_6161);
    let mut secret = [0; 32];
    for part in secret.chunks_mut(8) {
        part.copy_from_slice(&chance.bits().to_le_bytes());
    }
    secret
}

/// A connection that posts, and no more: HTTP/1.1 with a length, as the server answers.
pub struct Line(TcpStream, SocketAddr);

impl Line {
    /// Connects.
    ///
    /// # Errors
    /// When nobody answers within twenty seconds.
    pub fn to(server: SocketAddr) -> Result<Self, Stopped> {
        let gone = |error: std::io::Error| Stopped::Line(error.to_string());
        let stream = TcpStream::connect_timeout(&server, Duration::from_secs(20)).map_err(gone)?;
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .map_err(gone)?;
        stream.set_nodelay(true).map_err(gone)?;
        Ok(Self(stream, server))
    }

    /// Posts a body and reads the answer's.
    ///
    /// # Errors
    /// When the line gives out, and when the answer is a failure.
    pub fn post(&mut self, path: &str, body: &[u8]) -> Result<Vec<u8>, Stopped> {
        let gone = |error: std::io::Error| Stopped::Line(error.to_string());
        let mut message = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\r\n",
            self.1,
            body.len()
        )
        .into_bytes();
        message.extend_from_slice(body);
        self.0.write_all(&message).map_err(gone)?;
        let mut bytes = Vec::new();
        let mut buffer = [0; 16_384];
        loop {
            if let Some(answer) = whole(&bytes) {
                return answer;
            }
            match self.0.read(&mut buffer).map_err(gone)? {
                0 => return Err(Stopped::Line("broken off".to_owned())),
                read => bytes.extend_from_slice(&buffer[..read]),
            }
        }
    }
}

/// The answer's body, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Result<Vec<u8>, Stopped>> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse::<usize>().ok());
    let Some(length) = length else {
        return Some(Err(Stopped::Wrong("an answer without a length")));
    };
    let body = bytes.get(end + 4..end + 4 + length)?.to_vec();
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    Some(match status {
        "200" => Ok(body),
        // Too much at once, or a moment of weakness: both pass.
        "503" | "500" | "408" => Err(Stopped::Line(status.to_owned())),
        _ => Err(Stopped::Refused(
            Failure::from_bytes(&body).map_or_else(|_| status.to_owned(), |failure| failure.code),
        )),
    })
}
