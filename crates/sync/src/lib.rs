//! The log and its exchange without input or output: bytes in, bytes out; clock, keys and storage come
//! from outside.
//!
//! A press of “save” is a [`log::Save`] in the stream of one replica in one scope. Consecutive saves are
//! packed by [`codec`], sealed into [`segment`]s that are signed, chained and never cut again, let in by
//! [`mod@admit`], and merged field by field by [`heads`]. [`vector`] says what one has; [`wire`] is what
//! laptop and server say to each other, [`bundle`] what goes by hand, a [`snapshot`] stands for a long log, and
//! [`sealing`] is for texts whose key can be destroyed.

pub mod admit;
pub mod bundle;
#[cfg(any(test, feature = "cases"))]
pub mod cases;
pub mod clock;
pub mod codec;
mod dictionary;
pub mod fault;
mod frame;
pub mod heads;
pub mod key;
pub mod log;
pub mod octets;
pub mod sealing;
pub mod segment;
pub mod snapshot;
pub mod vector;
pub mod wire;
