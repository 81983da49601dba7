//! What goes wrong in a clinic: broken files, full disks, wrong addresses, strange texts. Each has its own code, from
//! which the screen makes a sentence, and loses nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod content;
mod folder;
mod scripts;
mod server;
