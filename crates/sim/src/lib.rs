//! The simulation: real stores, real laptops and a real server on disks that lose power, over links that fail, by
//! clocks that jump, everything drawn from one seed.

pub mod air;
mod checks;
pub mod drills;
pub mod ground;
mod holders;
pub mod power;
mod rest;
pub mod sight;
mod stolen;
pub mod upheaval;
mod versions;
mod work;
pub mod world;

use world::{Beginning, Tally, World};

/// How much happens in one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Steps of chance.
    pub steps: u64,
    /// [`World::calm`].
    pub calm: bool,
    /// Sticks go round, places move and newcomers come in every seed, and no laptop is copied, put back or revoked.
    pub by_hand: bool,
}

/// Lives one seed: so many steps of chance, then everything is healed and looked through. A failure comes with the last
/// steps before it.
pub fn run(seed: u64, length: Length, beginning: &Beginning) -> (Tally, Result<(), String>) {
    let mut world = match World::new(seed, beginning) {
        Ok(world) => world,
        Err(failure) => return (Tally::default(), Err(failure)),
    };
    world.calm = length.calm;
    world.by_hand |= length.by_hand;
    let ended = live(&mut world, length.steps);
    let ended = ended.map_err(|failure| {
        let steps = world.last_steps().join("\n  ");
        format!("{failure}\nThe last steps:\n  {steps}")
    });
    (world.tally, ended)
}

fn live(world: &mut World, steps: u64) -> Result<(), String> {
    for _ in 0..steps {
        world.step()?;
        world.watch()?;
    }
    world.heal()?;
    world.quiet()?;
    world.let_in()?;
    world.quiet()?;
    world.check()
}

/// Keeps the encrypting engine from reporting to the terminal what a disk without power answers, as long as the
/// answer lives. `None` when it cannot be told.
pub fn hush() -> Option<rusqlite::Connection> {
    let conn = rusqlite::Connection::open_in_memory().ok()?;
    // The first key of a process starts the engine's encryption, which sets the level of its reports.
    conn.execute_batch(
        "PRAGMA key = 'x'; SELECT count(*) FROM sqlite_schema; PRAGMA cipher_log_level = NONE;",
    )
    .ok()?;
    Some(conn)
}
