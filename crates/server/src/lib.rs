//! The sync server: keeps every segment byte for byte, gives each replica what it may read, and shows
//! what the log says now.
//!
//! [`Server`] is the whole of it without a network: [`Server::enrol`] and [`Server::sync`] take and give
//! bytes. [`http`] puts it on a socket, in clear or by TLS, [`serve`] runs it until it is told to stop. [`contact`] says what
//! happens in one exchange, [`enrolment`] how a laptop comes in, [`places`] who reaches what, [`projection`]
//! how records come out of the log, and [`storage`] where it all lies.

mod administration;
mod administrators;
mod admission;
mod again;
pub mod aggregates;
mod answers;
pub mod backup;
pub mod bundles;
mod check;
pub mod contact;
pub mod deeds;
mod disk;
pub mod enrolment;
mod epoch;
mod error;
mod heir;
pub mod http;
mod intake;
mod invitation;
mod issues;
mod listen;
pub mod news;
pub mod operator;
pub mod own;
pub mod places;
pub mod projection;
pub mod readers;
mod relocation;
mod returning;
mod revocation;
mod sealing;
mod server;
pub mod snapshots;
pub mod storage;
mod tls;
mod witness;

pub use administrators::{Administrator, IDLE_MS, LIFE_MS, NewAdministrator};
pub use bundles::Brought;
pub use check::{Fault, Report};
pub use disk::{Disk, RealDisk};
pub use error::{Error, Refusal, Result};
pub use heir::{no_passphrase, read_heir};
pub use http::{serve, serve_with, serve_within};
pub use invitation::Invite;
pub use listen::Patience;
pub use operator::{Aside, AsideChange, Device, Person};
pub use server::{Clock, Random, Server, Surroundings, system_clock, system_random};
pub use storage::rows::TreePlace;
pub use tls::{Tls, TlsError};
