//! What lies between laptops and the server: requests get lost, answers get lost, messages come twice or much later.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::{AppError, Link, Links};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use server::Server;
use simdisk::Chance;

/// How messages fare for the time being.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weather {
    /// Everything arrives.
    #[default]
    Fair,
    /// Nothing does.
    Down,
    /// Each message may be lost, doubled or late.
    Rough,
}

/// What befell messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fates {
    /// Requests that were posted.
    pub posted: u64,
    /// Requests lost on the way.
    pub lost: u64,
    /// Answers lost on the way.
    pub unheard: u64,
    /// Requests that came twice.
    pub doubled: u64,
    /// Requests that came again much later, after others.
    pub late: u64,
}

struct Letter {
    path: String,
    body: Vec<u8>,
}

/// The air itself.
pub struct Air {
    /// The server, when it is up.
    pub server: Option<Server>,
    /// The stolen one, which goes on under the old key.
    pub thief: Option<Server>,
    /// Who is led to the stolen one.
    pub astray: Option<usize>,
    chance: Chance,
    weather: BTreeMap<usize, Weather>,
    late: Vec<Letter>,
    /// What befell messages.
    pub fates: Fates,
}

/// The air, shared by all who breathe it.
#[derive(Clone)]
pub struct Sky(Arc<Mutex<Air>>);

impl Sky {
    /// Fair, with nobody listening yet.
    pub fn new(chance: Chance) -> Self {
        Self(Arc::new(Mutex::new(Air {
            server: None,
            thief: None,
            astray: None,
            chance,
            weather: BTreeMap::new(),
            late: Vec::new(),
            fates: Fates::default(),
        })))
    }

    /// The air, for a moment.
    pub fn air(&self) -> MutexGuard<'_, Air> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ways of one laptop.
    pub fn ways(&self, who: usize) -> Arc<dyn Links> {
        Arc::new(Ways {
            sky: self.clone(),
            who,
        })
    }

    /// Sets the weather over one laptop.
    pub fn turn(&self, who: usize, weather: Weather) {
        self.air().weather.insert(who, weather);
    }

    /// Delivers one message that was under way for long.
    pub fn deliver_late(&self) {
        let mut air = self.air();
        if air.late.is_empty() {
            return;
        }
        let most = air.late.len() as u64;
        let at = air.chance.below(most) as usize;
        let letter = air.late.remove(at);
        air.fates.late += 1;
        // Nobody waits for the answer any more.
        let _ = air.hand_over(None, &letter.path, &letter.body);
    }

    /// What is still under way never arrives.
    pub fn forget_late(&self) {
        self.air().late.clear();
    }
}

impl Air {
    /// Who answers a laptop; what is late has lost its way to the stolen one.
    fn answering(&self, who: Option<usize>) -> app::Result<&Server> {
        let led = who.is_some() && who == self.astray;
        let server = if led { &self.thief } else { &self.server };
        server
            .as_ref()
            .ok_or_else(|| AppError::new("server-unreachable"))
    }

    fn hand_over(&self, who: Option<usize>, path: &str, body: &[u8]) -> app::Result<Vec<u8>> {
        let server = self.answering(who)?;
        let answer = match path {
            "/v1/enrol" => server.enrol(body, None),
            "/v1/mint" => server.mint(body),
            "/v1/return" => server.take_back(body),
            "/v1/sync" => server.sync(body),
            _ => return Err(AppError::new("server-other")),
        };
        answer.map_err(told)
    }

    /// What stands at a path from a byte on, or a part of it when the weather cuts it off.
    fn get(&mut self, who: usize, path: &str, header: &str, from: u64) -> app::Result<Vec<u8>> {
        let lost = || AppError::new("server-unreachable");
        self.fates.posted += 1;
        let weather = self.weather.get(&who).copied().unwrap_or_default();
        if weather == Weather::Down || (weather == Weather::Rough && self.chance.one_in(6)) {
            self.fates.lost += 1;
            return Err(lost());
        }
        let server = self.answering(Some(who))?;
        let hash = path
            .strip_prefix("/v1/snapshot/")
            .and_then(hash_of)
            .ok_or_else(|| AppError::new("server-other"))?;
        let asking = STANDARD
            .decode(header)
            .map_err(|_| AppError::new("server-other"))?;
        let bytes = server.snapshot(&hash, &asking).map_err(told)?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let mut rest = bytes.get(from..).unwrap_or_default().to_vec();
        if weather == Weather::Rough && self.chance.one_in(3) {
            let so_far = self.chance.below(rest.len() as u64) as usize;
            rest.truncate(so_far);
        }
        Ok(rest)
    }

    fn post(&mut self, who: usize, path: &str, body: Vec<u8>) -> app::Result<Vec<u8>> {
        let lost = || AppError::new("server-unreachable");
        self.fates.posted += 1;
        match self.weather.get(&who).copied().unwrap_or_default() {
            Weather::Fair => return self.hand_over(Some(who), path, &body),
            Weather::Down => return Err(lost()),
            Weather::Rough => {}
        }
        match self.chance.below(10) {
            0 => {
                self.fates.lost += 1;
                Err(lost())
            }
            1 => {
                self.fates.unheard += 1;
                let _ = self.hand_over(Some(who), path, &body);
                Err(lost())
            }
            2 => {
                self.fates.doubled += 1;
                let first = self.hand_over(Some(who), path, &body);
                let second = self.hand_over(Some(who), path, &body);
                if self.chance.one_in(2) { first } else { second }
            }
            3 => {
                let path = path.to_owned();
                self.late.push(Letter { path, body });
                Err(lost())
            }
            4 => {
                let path = path.to_owned();
                let answer = self.hand_over(Some(who), &path, &body);
                self.late.push(Letter { path, body });
                answer
            }
            _ => self.hand_over(Some(who), path, &body),
        }
    }
}

/// What a laptop is told of the server's failure.
fn told(error: server::Error) -> AppError {
    match error {
        server::Error::Refused(refusal) => AppError::new(refusal.code()),
        _ => AppError::new("server-error"),
    }
}

fn hash_of(hex: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

struct Ways {
    sky: Sky,
    who: usize,
}

impl Links for Ways {
    fn to(&self, address: &str) -> app::Result<Box<dyn Link>> {
        Ok(Box::new(Way {
            sky: self.sky.clone(),
            who: self.who,
            address: address.to_owned(),
        }))
    }
}

struct Way {
    sky: Sky,
    who: usize,
    address: String,
}

impl Link for Way {
    fn address(&self) -> String {
        self.address.clone()
    }

    fn post(&self, path: &str, body: Vec<u8>) -> app::Result<(Vec<u8>, u32)> {
        let answer = self.sky.air().post(self.who, path, body)?;
        let size = u32::try_from(answer.len()).unwrap_or(u32::MAX);
        Ok((answer, size))
    }

    fn get(
        &self,
        path: &str,
        header: &str,
        from: u64,
        keep: &mut dyn FnMut(&[u8]) -> app::Result<()>,
    ) -> app::Result<u64> {
        let bytes = self.sky.air().get(self.who, path, header, from)?;
        for piece in bytes.chunks(32 << 10) {
            keep(piece)?;
        }
        Ok(bytes.len() as u64)
    }
}
