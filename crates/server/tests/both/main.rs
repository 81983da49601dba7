//! What the server does, on each of its databases alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "the same tests stand here once for each database"
)]

#[path = "../common/mod.rs"]
mod common;

/// The tests of this program on one storage.
macro_rules! on {
    ($name:ident, $storage:expr) => {
        #[path = "."]
        mod $name {
            use crate::common::{Home, Running, Storage, running_on};

            const ON: Storage = $storage;

            fn running() -> (Home, Running) {
                running_on(ON)
            }

            mod administration;
            mod aggregates;
            mod backup;
            mod bundles;
            mod enrolment;
            mod exchange;
            mod heir;
            mod limits;
            mod merge;
            mod moves;
            mod revoked;
            mod rights;
            mod sealed;
            mod snapshots;
            mod trust;
        }
    };
}

on!(sqlite, Storage::Sqlite);
on!(postgres, Storage::Postgres);
