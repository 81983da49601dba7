//! Faults that are planted on purpose, so that the checks of the simulation can show that they would notice, and laptops
//! of an older version beside newer ones.
//!
//! Only a build with the feature `faults` can plant any; in every other one [`planted`] and [`unknown`] are constantly
//! false and the branches behind them are not compiled in.

/// A mistake that systems like this one were seen to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Fault {
    /// The server acknowledges before its transaction is committed.
    AcknowledgeBeforeCommit = 1,
    /// The laptop's database does not wait for the disk.
    SynchronousNormal,
    /// A save that arrives twice is applied twice.
    SkipDedup,
    /// Of several simultaneous values only the shown one is kept.
    DropLoser,
    /// The server gives segments of scopes that the replica may not read.
    IgnoreScope,
    /// The later clock wins, whatever its author saw.
    OrderByWallClock,
    /// A number of the own stream is given to a second save.
    ReuseSequence,
    /// A save that names others not here yet is thrown away instead of waiting.
    DropWaiting,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AcknowledgeBeforeCommit,
        Self::SynchronousNormal,
        Self::SkipDedup,
        Self::DropLoser,
        Self::IgnoreScope,
        Self::OrderByWallClock,
        Self::ReuseSequence,
        Self::DropWaiting,
    ];
}

#[cfg(feature = "faults")]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Plants one fault in the whole process, or takes it out again.
#[cfg(feature = "faults")]
pub fn plant(fault: Option<Fault>) {
    let number = fault.map_or(0, |fault| fault as u8);
    PLANTED.store(number, std::sync::atomic::Ordering::SeqCst);
}

/// Whether this fault is planted now.
#[cfg(feature = "faults")]
pub fn planted(fault: Fault) -> bool {
    PLANTED.load(std::sync::atomic::Ordering::SeqCst) == fault as u8
}

/// Whether this fault is planted: never, in a build without the feature `faults`.
#[cfg(not(feature = "faults"))]
pub const fn planted(_: Fault) -> bool {
    false
}

#[cfg(feature = "faults")]
thread_local! {
    static OLDER: std::cell::Cell<&'static [(u16, Option<u16>)]> = const { std::cell::Cell::new(&[]) };
}

/// From now on, what this thread does is done by a version that does not know these kinds, or these fields of kinds.
#[cfg(feature = "faults")]
pub fn read_without(unknown: &'static [(u16, Option<u16>)]) {
    OLDER.set(unknown);
}

/// Whether the version that this thread plays does not know a field, or none of the kind at all.
#[cfg(feature = "faults")]
pub fn unknown(kind: u16, field: u16) -> bool {
    OLDER
        .get()
        .iter()
        .any(|(of, without)| *of == kind && without.is_none_or(|number| number == field))
}

/// Whether this version is said not to know a field: never, in a build without the feature `faults`.
#[cfg(not(feature = "faults"))]
pub const fn unknown(_: u16, _: u16) -> bool {
    false
}
