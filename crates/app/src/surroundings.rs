//! What the app stands on: a folder, a clock, chance and the ways to servers, all given from outside, so that a
//! simulation is the same code on another ground.

use std::path::PathBuf;
use std::sync::Arc;

use report::document::{Document, NotWritten, PaperForm};
use store::{Disk, RealDisk};

use crate::accounts::secret::{Effort, Guard, SecretFile};
use crate::cx::{Clock, wall_clock};
use crate::error::{AppError, Result};
use crate::home;
use crate::sync_client::Carriers;

/// Thirty-two bytes that nobody can foretell.
pub type Random = Arc<dyn Fn() -> Result<[u8; 32]> + Send + Sync>;

/// Milliseconds since any moment: a clock that nobody sets and that goes on while the computer sleeps.
pub type Steady = Box<dyn Fn() -> u64 + Send + Sync>;

/// Writes a document as a file. Given from outside, since it weighs more than the app: what prints nothing is built without.
pub type Press = fn(PaperForm, &Document) -> std::result::Result<Vec<u8>, NotWritten>;

/// What an app is opened on.
pub struct Surroundings {
    /// The data folder.
    pub home: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// Tells how much time goes by.
    pub steady: Steady,
    /// The ways to servers.
    pub link: Arc<dyn Links>,
    /// The disk that the folder lies on, and the sticks.
    pub disk: Arc<dyn Disk>,
    /// Where keys and chance come from.
    pub random: Random,
    /// Whether the database is encrypted; not in simulations that run the same code many thousand times.
    pub encrypted: bool,
    /// What people's codes are mixed with. Where there is none, nobody has a code, and the key lies in a file.
    pub guard: Option<Guard>,
    /// What documents are written by.
    pub press: Press,
}

impl Surroundings {
    /// The computer's own, with what documents are written by.
    pub fn real(home: PathBuf, press: Press) -> Self {
        Self {
            link: Arc::new(Carriers::new(&home)),
            home,
            clock: wall_clock(),
            steady: steady(),
            disk: Arc::new(RealDisk),
            random: Arc::new(home::random),
            encrypted: true,
            guard: Some(Guard {
                secret: Box::new(SecretFile::of_login()),
                effort: Effort::Measured,
            }),
            press,
        }
    }
}

/// The computer's own: it counts the night that a closed laptop slept through.
fn steady() -> Steady {
    #[cfg(target_os = "linux")]
    return Box::new(|| {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let (seconds, nanos) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
        seconds * 1000 + nanos / 1_000_000
    });
    #[cfg(not(target_os = "linux"))]
    {
        let start = std::time::Instant::now();
        Box::new(move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

/// The ways to servers.
pub trait Links: Send + Sync {
    /// The way to the server at an address as people type it. An error when it is no address.
    fn to(&self, address: &str) -> Result<Box<dyn Link>>;

    /// Believes this root certificate (PEM) alone from now on, or again what the platform believes. Answers what was
    /// believed before. Ways that know no certificates refuse one.
    fn trust(&self, root: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
        match root {
            Some(_) => Err(AppError::new("root-invalid")),
            None => Ok(None),
        }
    }

    /// The root certificate (PEM) that alone is believed, when there is one.
    fn root(&self) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

/// The way to one server. Everything that goes wrong on it is a code.
pub trait Link {
    /// The address in full.
    fn address(&self) -> String;

    /// Posts a body to a path; answers the answer's body and how many bytes came.
    fn post(&self, path: &str, body: Vec<u8>) -> Result<(Vec<u8>, u32)>;

    /// Gets what stands at a path, from byte `from` on, with the `x-nyetaa` header, and hands it to `keep` piece by piece as
    /// it comes. Answers how many bytes came before it ended or broke off; none when there is no more.
    fn get(
        &self,
        path: &str,
        header: &str,
        from: u64,
        keep: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64>;
}
