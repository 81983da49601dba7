//! The shortest answer: nothing is new.
//!
//! Most requests of a laptop that looks every hour bring nothing and take nothing, and over 2G their headers cost more
//! than their contents. Instead of a signed [`SyncAnswer`] they get 71 bytes: a zero, which no other answer begins
//! with, the server's clock in 6 bytes (little-endian milliseconds), and the server's signature
//! ([`Purpose::Nothing`]) over clock and BLAKE3 of the request as it was posted. That it answers this very request
//! stands for the epoch too.

use super::{Purpose, Signed, SyncAnswer};
use crate::key::KeyPair;

const TAG: u8 = 0;
const CLOCK: usize = 6;
const LENGTH: usize = 1 + CLOCK + 64;

impl SyncAnswer {
    /// One that says nothing.
    pub fn empty(epoch: [u8; 16], server_ms: u64) -> Self {
        Self {
            epoch,
            server_ms,
            grant: None,
            accepted: Vec::new(),
            refused: Vec::new(),
            segments: Vec::new(),
            cursors: Vec::new(),
            more: false,
            want_vector: false,
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
            keys: Vec::new(),
            keys_held: Vec::new(),
            list_gone: None,
        }
    }

    /// Whether it says nothing but the time to one who knows the server by `epoch`.
    pub fn is_empty(&self, epoch: &[u8; 16]) -> bool {
        self.epoch == *epoch && *self == Self::empty(self.epoch, self.server_ms)
    }

    /// The shortest answer to a request as it was posted: nothing is new.
    pub fn nothing(key: &KeyPair, request: &[u8], server_ms: u64) -> Vec<u8> {
        let clock = server_ms.to_le_bytes();
        let signed = Signed::sign(key, Purpose::Nothing, body(&clock[..CLOCK], request));
        [&[TAG], &clock[..CLOCK], &signed.signature].concat()
    }

    /// Reads the shortest answer. `None` when the bytes are another one, or not of the owner of `server_key` to
    /// this request.
    pub fn read_nothing(
        bytes: &[u8],
        server_key: &[u8; 32],
        request: &[u8],
        epoch: [u8; 16],
    ) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        if *tag != TAG || bytes.len() != LENGTH {
            return None;
        }
        let (clock, signature) = rest.split_at(CLOCK);
        let signed = Signed {
            body: body(clock, request),
            signature: signature.try_into().ok()?,
        };
        signed.verify(server_key, Purpose::Nothing).ok()?;
        let mut ms = [0; 8];
        ms[..CLOCK].copy_from_slice(clock);
        Some(Self::empty(epoch, u64::from_le_bytes(ms)))
    }
}

fn body(clock: &[u8], request: &[u8]) -> Vec<u8> {
    [clock, blake3::hash(request).as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_one_request_of_one_server() {
        let key = KeyPair::from_secret(&[1; 32]);
        let bytes = SyncAnswer::nothing(&key, b"request", 1_767_225_600_123);
        assert_eq!(bytes.len(), 71);
        let read = |bytes: &[u8], key: &KeyPair, request: &[u8]| {
            SyncAnswer::read_nothing(bytes, &key.public(), request, [7; 16])
        };
        let answer = read(&bytes, &key, b"request").unwrap();
        assert_eq!(
            (answer.epoch, answer.server_ms),
            ([7; 16], 1_767_225_600_123)
        );
        assert!(answer.is_empty(&[7; 16]) && !answer.is_empty(&[8; 16]));
        assert_eq!(read(&bytes, &key, b"another"), None);
        assert_eq!(
            read(&bytes, &KeyPair::from_secret(&[2; 32]), b"request"),
            None
        );
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert_eq!(read(&altered, &key, b"request"), None, "byte {at}");
        }
        assert_eq!(read(&bytes[..70], &key, b"request"), None);
        assert!(
            Signed::from_bytes(&bytes).is_err(),
            "no other answer begins so"
        );
    }
}
