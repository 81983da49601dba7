//! Types, rules and arithmetic of quality improvement. No input or output, no clock, no randomness.

pub mod action;
pub mod catalog;
pub mod cause;
pub mod event;
pub mod example;
pub mod ids;
pub mod light;
pub mod measure;
pub mod meeting;
pub mod passphrase;
pub mod period;
pub mod permission;
pub mod privacy;
pub mod progress;
pub mod ramp;
pub mod registry;
pub mod role;
pub mod sample;
pub mod spc;
pub mod stratum;
pub mod template;
pub mod text;
pub mod tree;
pub mod trial;
pub mod value;
