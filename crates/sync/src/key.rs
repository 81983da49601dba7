//! Signing keys of replicas and servers.

use std::fmt;

use domain::ids::ReplicaId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// An Ed25519 key pair. Its public half names the replica.
#[derive(Clone)]
pub struct KeyPair(SigningKey);

impl KeyPair {
    /// From its 32 secret bytes, drawn by the caller from a good source and kept where only the owner reads.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// Its 32 secret bytes, for whoever keeps them where only the owner reads.
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The replica that this key speaks for.
    pub fn replica(&self) -> ReplicaId {
        ReplicaId::of_key(&self.public())
    }

    /// The secret half of the X25519 key that bundles for this replica are encrypted to: derived, so that whoever
    /// has the signing key has it too.
    pub fn seal_secret(&self) -> [u8; 32] {
        blake3::derive_key(
            "nyetaa 2026-11-22 sealing key of a replica",
            &self.0.to_bytes(),
        )
    }

    /// The public half of that key.
    pub fn seal_public(&self) -> [u8; 32] {
        x25519_dalek::x25519(self.seal_secret(), x25519_dalek::X25519_BASEPOINT_BYTES)
    }

    /// Signs `message`. Callers put a context in front, so that no signature serves for two purposes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({})", self.replica())
    }
}

/// Whether `signature` over `message` was made with the secret half of `public_key`.
pub fn is_signed_by(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    // The strict check refuses weak keys and second forms of a signature, so a segment has one hash only.
    VerifyingKey::from_bytes(public_key).is_ok_and(|key| {
        key.verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    })
}
