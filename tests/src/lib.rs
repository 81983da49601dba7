//! The world that the journeys happen in: laptops, a real server on a free port, and a network that fails when told.
//!
//! Nothing in it is a stand-in for the product: a [`Laptop`] is the app on a folder of its own, a [`Centre`] is
//! the server on a socket, and what goes between them goes through TCP. Only time is chosen by the test.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test whose world cannot be set up has failed"
)]

mod centre;
mod laptop;
mod network;
mod time;

pub use centre::{Centre, coach_of, facility_in};
pub use laptop::{Laptop, cell};
pub use network::{Network, Weather};
pub use time::Time;
