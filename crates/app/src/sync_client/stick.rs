//! Sticks: bundles carried by hand, from laptop to laptop and to the server. A courier can neither read nor change
//! them; whatever is written is read back before anyone is told that it is there.

mod cards;
mod folder;
mod look;
mod receive;
mod send;

use serde::{Deserialize, Serialize};
use sync::bundle::BundleError;

pub use cards::{Card, ForgetCard, cards, forget_card, own as own_card};
pub use folder::{StickPlace, bundles, stick_places};
pub use look::{StickFile, stick_look};
pub use receive::{DamagedFile, StickReceive, StickReceived, stick_receive};
pub use send::{StickSend, StickSent, stick_send};

/// A folder, on a stick or anywhere.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct StickPath {
    /// Where it is.
    pub path: String,
}

/// Why a file of a stick is not taken, as a code.
fn reason(error: &BundleError) -> &'static str {
    match error {
        BundleError::Damaged(_) => "damaged",
        BundleError::NotForUs => "not-for-us",
        BundleError::NewerFormat => "newer",
        BundleError::TooLarge => "too-large",
        BundleError::BadSignature => "signature",
    }
}

/// What is kept of an exchange by stick for the log: counts, no names.
#[derive(Debug, Default, Serialize)]
struct Counts {
    files: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    not_for_us: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    damaged: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    receipts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed: Option<String>,
}
