//! A disk in memory that loses power, fills up, breaks and lies, for the database engine and for plain files alike.
//!
//! What a power cut may take: of everything written since the last flush, any subset of 512-byte sectors; of the
//! names changed since the last flush of their folder, any subset, so that deleted files may come back. The usual
//! model assumes, as the engine's layer for Unix arranges, that the first flush of a new journal makes earlier
//! deletions in its folder last too; [`Model::harsh`] does not.
//!
//! Disks are many and independent: each has a folder of its own, [`SimDisk::root`], below which all of its files
//! stand, and the engine's file layer is registered once for all of them. A laptop's plain files go by
//! [`store::Disk`] under the same rules.

mod chance;
mod platter;
mod vfs;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

pub use chance::Chance;
pub use platter::{Counts, Image, Model};
use platter::{Fault, Platter, folder_of};

/// The name of the engine's file layer.
pub const VFS: &str = "nyetaa-sim";

/// Where all disks stand.
const TOP: &str = "/sim-disk/";

/// A disk. Clones are the same disk.
#[derive(Clone)]
pub struct SimDisk(Arc<Shared>);

struct Shared {
    number: u64,
    platter: Mutex<Platter>,
    memory: vfs::Memories,
    locks: Mutex<vfs::Locks>,
}

impl Shared {
    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.platter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Table {
    next: u64,
    disks: BTreeMap<u64, Weak<Shared>>,
}

fn table() -> MutexGuard<'static, Table> {
    static TABLE: OnceLock<Mutex<Table>> = OnceLock::new();
    TABLE
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// The disk that a whole path leads to, and the file's name on it.
fn resolve(path: &str) -> Option<(Arc<Shared>, &str)> {
    let (number, name) = path.strip_prefix(TOP)?.split_once('/')?;
    let disk = table().disks.get(&number.parse().ok()?)?.upgrade()?;
    Some((disk, name))
}

/// Where the engine's temporary files lie, and the name of a new one. No power cut reaches that disk.
fn scratch() -> (Arc<Shared>, String) {
    static SCRATCH: OnceLock<SimDisk> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let disk = SCRATCH.get_or_init(SimDisk::default);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    (Arc::clone(&disk.0), format!("temporary-{number}"))
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimDisk({})", self.0.number)
    }
}

impl Default for SimDisk {
    fn default() -> Self {
        Self::new(Model::default())
    }
}

impl SimDisk {
    /// A new empty disk.
    ///
    /// # Panics
    /// When the engine does not take the file layer: nothing can be simulated then.
    pub fn new(model: Model) -> Self {
        vfs::register();
        let mut table = table();
        table.next += 1;
        let mut platter = Platter::default();
        platter.model = model;
        let shared = Arc::new(Shared {
            number: table.next,
            platter: Mutex::new(platter),
            memory: vfs::Memories::default(),
            locks: Mutex::default(),
        });
        table.disks.retain(|_, disk| disk.strong_count() > 0);
        table.disks.insert(shared.number, Arc::downgrade(&shared));
        Self(shared)
    }

    /// The folder below which all files of this disk stand.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(format!("{TOP}{}", self.0.number))
    }

    /// The power goes after so many more operations that change something; `None` takes that back.
    pub fn cut_in(&self, operations: Option<u64>) {
        self.0.platter().cut_in(operations);
    }

    /// The power goes now.
    pub fn cut(&self) {
        self.0.platter().cut();
    }

    /// Whether the power is off.
    pub fn is_off(&self) -> bool {
        self.0.platter().is_off()
    }

    /// The power comes back, after a cut or straight on: chance has kept some of what was not flushed. What was open
    /// before is dead.
    pub fn power_on(&self, chance: &mut Chance) {
        self.0.platter().power_on(chance);
        self.forget_open();
    }

    /// After so many more operations that change something, the device refuses as many as said.
    pub fn break_in(&self, operations: u64, so_many: u64) {
        self.0.platter().break_in(operations, so_many);
    }

    /// How many bytes of files fit; `None` is no bound.
    pub fn room(&self, bytes: Option<u64>) {
        self.0.platter().room(bytes);
    }

    /// Bytes of all files.
    pub fn used(&self) -> u64 {
        self.0.platter().used()
    }

    /// Changes how the disk behaves from now on.
    pub fn behave(&self, model: Model) {
        self.0.platter().model = model;
    }

    /// What it was asked and did since it is there.
    pub fn counts(&self) -> Counts {
        self.0.platter().counts
    }

    /// A copy of the whole disk as it is read now. Costs next to nothing until one of the two is written.
    pub fn image(&self) -> Image {
        self.0.platter().image()
    }

    /// The disk becomes what the image shows, all of it flushed. What was open before is dead.
    pub fn put(&self, image: &Image) {
        self.0.platter().put(image);
        self.forget_open();
    }

    fn forget_open(&self) {
        self.0.memory.forget();
        let mut locks = self.0.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.clear();
    }

    fn name<'a>(&self, path: &'a Path) -> io::Result<&'a str> {
        let path = path.to_str().ok_or(io::ErrorKind::InvalidInput)?;
        let rest = path
            .strip_prefix(TOP)
            .and_then(|rest| rest.strip_prefix(&self.0.number.to_string()))
            .ok_or(io::ErrorKind::NotFound)?;
        match rest.strip_prefix('/') {
            Some(name) => Ok(name.trim_end_matches('/')),
            None if rest.is_empty() => Ok(""),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Off => Self::other("the power is off"),
            Fault::Full => io::ErrorKind::StorageFull.into(),
            Fault::Broken => Self::other("the device refuses"),
            Fault::Absent => io::ErrorKind::NotFound.into(),
        }
    }
}

impl store::Disk for SimDisk {
    fn vfs(&self) -> Option<&str> {
        Some(VFS)
    }

    fn len(&self, path: &Path) -> io::Result<u64> {
        let platter = self.0.platter();
        let inode = platter.find(self.name(path)?)?;
        Ok(platter.length(inode)? as u64)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let platter = self.0.platter();
        let inode = platter.find(self.name(path)?)?;
        Ok(platter.read(inode)?.to_vec())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let name = self.name(path)?;
        let part = format!("{name}.part");
        let mut platter = self.0.platter();
        match platter.remove(&part) {
            Ok(()) | Err(Fault::Absent) => {}
            Err(fault) => return Err(fault.into()),
        }
        let inode = platter.create(Some(&part), false)?;
        platter.write(inode, 0, bytes)?;
        platter.sync(inode)?;
        platter.rename(&part, name)?;
        Ok(platter.sync_folder(folder_of(name))?)
    }

    fn append(&self, path: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        let name = self.name(path)?;
        let at = usize::try_from(at).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut platter = self.0.platter();
        let inode = match platter.find(name) {
            Err(Fault::Absent) => platter.create(Some(name), false)?,
            found => found?,
        };
        if platter.length(inode)? < at {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        platter.truncate(inode, at)?;
        platter.write(inode, at, bytes)?;
        Ok(platter.sync(inode)?)
    }

    fn rewrite(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.0.platter();
        let inode = platter.find(self.name(path)?)?;
        let bytes = platter.read(inode)?;
        platter.write(inode, 0, &bytes)?;
        Ok(platter.sync(inode)?)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(self.0.platter().rename(self.name(from)?, self.name(to)?)?)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Ok(self.0.platter().remove(self.name(path)?)?)
    }

    fn create_dir_all(&self, folder: &Path) -> io::Result<()> {
        Ok(self.0.platter().make_folder(self.name(folder)?)?)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let name = self.name(folder)?;
        let found = self.0.platter().list(name)?;
        Ok(found.into_iter().map(|name| folder.join(name)).collect())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        Ok(self.0.platter().sync_folder(self.name(folder)?)?)
    }
}
