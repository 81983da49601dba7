//! A laptop that the server does not know any more, because it was put back from a backup made before.

use serde::{Deserialize, Serialize};

use super::{EnrolPerson, EnrolPlace, Grant, Purpose, Signed, Status, WireError, to_bytes};
use crate::key::KeyPair;
use crate::octets;

/// A laptop shows the server its own word: the grant that it once signed. Signed by the key that the grant is for
/// ([`Purpose::Return`]), answered by an [`EnrolAnswer`](super::EnrolAnswer); repeating it gives the same. Nobody needs a new
/// invitation because the server lost its memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRequest {
    /// The newest grant that the laptop was given.
    #[serde(rename = "g")]
    pub grant: Grant,
    /// The public key of the replica that it was given to.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// Where it works: the server may have forgotten the place too.
    #[serde(rename = "p")]
    pub place: EnrolPlace,
    /// Who works with it.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub person: Option<EnrolPerson>,
    /// What it says of itself.
    #[serde(rename = "i")]
    pub status: Status,
    /// The word of the supervisor's laptop that enrolled it by file, an [`Issue`](super::Issue), until the server has given a
    /// grant of its own.
    #[serde(rename = "y", default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<Signed>,
}

impl ReturnRequest {
    /// Signs the request with the key that it names.
    pub fn sign(&self, key: &KeyPair) -> Result<Vec<u8>, WireError> {
        to_bytes(&Signed::sign(key, Purpose::Return, self.to_bytes()?))
    }

    /// Reads a signed request and checks that it is of the key that it names. What the grant says is for the
    /// server to check, which knows its own signature.
    pub fn open(bytes: &[u8]) -> Result<Self, WireError> {
        let signed = Signed::from_bytes(bytes)?;
        let request = Self::from_bytes(&signed.body)?;
        signed.verify(&request.key, Purpose::Return)?;
        Ok(request)
    }
}
