//! Types, rules and arithmetic of quality improvement. No input or output, no clock, no randomness.

pub mod ids;
pub mod registry;
pub mod role;
pub mod value;
