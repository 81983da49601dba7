//! The last answer of each replica, for as long as the server runs. A request may come twice: sent again by the laptop, or
//! doubled on the way. Two different answers to it cannot both be the one that the laptop shows next time, so it is given
//! the same one. After a restart the second one counts, as for a laptop whose first answer was lost.

use std::collections::BTreeMap;

use domain::ids::ReplicaId;
use sync::wire::SyncRequest;

/// Larger answers are not kept.
const LARGEST: usize = 16 << 10;
/// So many laptops at most; then all are forgotten.
const MOST: usize = 4_000;

/// What was said last.
#[derive(Debug, Default)]
pub(crate) struct Answers(BTreeMap<ReplicaId, ([u8; 32], Vec<u8>)>);

impl Answers {
    /// The answer to this very request, if it was the last one of its replica.
    pub fn to(&self, request: &SyncRequest, bytes: &[u8]) -> Option<Vec<u8>> {
        let (asked, said) = self.0.get(&request.replica)?;
        (asked == blake3::hash(bytes).as_bytes()).then(|| said.clone())
    }

    /// Keeps an answer after everything in it is on the disk.
    pub fn keep(&mut self, request: &SyncRequest, bytes: &[u8], answer: &[u8]) {
        if answer.len() > LARGEST {
            self.0.remove(&request.replica);
            return;
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let asked = *blake3::hash(bytes).as_bytes();
        self.0.insert(request.replica, (asked, answer.to_vec()));
    }
}
