//! A laptop is enrolled far from any server: by the laptop of its district's supervisor, whose grant lets it.

use domain::ids::ReplicaId;
use domain::role::Role;
use serde::{Deserialize, Serialize};

use super::{EnrolAnswer, Grant, Purpose, Signed, WireError, to_bytes};
use crate::key::KeyPair;
use crate::octets;

/// What a supervisor's laptop gives a new one: all that a server would have answered, signed by itself, with the server's
/// own word that it may do so. Signed by the supervisor's laptop ([`Purpose::Issue`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Which of the supervisor's issues it is, from 1.
    #[serde(rename = "n")]
    pub serial: u32,
    /// The public key of the laptop that it is for.
    #[serde(rename = "k", with = "octets::array")]
    pub key: [u8; 32],
    /// The grant of the supervisor's laptop, which the server signed and which says how many it may enrol.
    #[serde(rename = "g")]
    pub issuer: Grant,
    /// The public key of the supervisor's laptop.
    #[serde(rename = "i", with = "octets::array")]
    pub issuer_key: [u8; 32],
    /// What the new laptop begins with. Its grant is signed by the supervisor's laptop and counts until the server gives one.
    #[serde(rename = "w")]
    pub welcome: EnrolAnswer,
    /// The server's address.
    #[serde(rename = "a")]
    pub address: String,
    /// The programme's own root certificate in PEM, where there is one.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The card of the supervisor's laptop.
    #[serde(rename = "y")]
    pub card: Signed,
}

impl Issue {
    /// Signs it with the key of the supervisor's laptop.
    pub fn sign(&self, key: &KeyPair) -> Result<Signed, WireError> {
        Ok(Signed::sign(key, Purpose::Issue, to_bytes(self)?))
    }

    /// Reads a signed issue and checks the whole chain: the server that it names let this supervisor's laptop enrol so many,
    /// in a district that its person coaches, and that laptop signed the rest. That it is the right server is for the reader to know.
    pub fn open(signed: &Signed) -> Result<Self, WireError> {
        let issue = Self::from_bytes(&signed.body)?;
        signed.verify(&issue.issuer_key, Purpose::Issue)?;
        issue.issuer.verify(&issue.welcome.server_key)?;
        issue.welcome.grant.verify(&issue.issuer_key)?;
        let (issuer, terms) = (issue.issuer.terms(), issue.welcome.grant.terms());
        let holds = issuer.replica == ReplicaId::of_key(&issue.issuer_key)
            && (1..=issuer.issues).contains(&issue.serial)
            && terms.replica == ReplicaId::of_key(&issue.key)
            && terms.issues == 0
            && terms.place == issue.welcome.place
            && issuer
                .posts()
                .contains(&(Role::Coach, issue.welcome.parent));
        if holds {
            Ok(issue)
        } else {
            Err(WireError::BadSignature)
        }
    }
}
