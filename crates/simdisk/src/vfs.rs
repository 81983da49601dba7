//! The engine's file layer: SQLite's C interface on one side, a [`Platter`](crate::platter::Platter) on the other.
//!
//! One layer is registered for the life of the process; a path says which disk it lies on. An open file keeps its disk
//! alive. After a power cut every file opened before it answers with an error and changes nothing.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};

use rusqlite::ffi;

use crate::platter::{Fault, Inode, Platter};
use crate::{Shared, resolve};

/// Longest path; ours are short.
const PATH_BYTES: c_int = 512;
/// SQLite's own number of lock slots in shared memory.
const SLOTS: usize = 8;

/// Who holds a file, by the engine's five levels.
#[derive(Debug, Default)]
pub struct Locked {
    shared: u32,
    reserved: bool,
    pending: bool,
    exclusive: bool,
}

/// The locks of a disk's files.
pub type Locks = BTreeMap<Inode, Locked>;

/// Memory that connections to one database share.
#[derive(Debug, Default)]
pub struct Memory {
    regions: Mutex<Vec<Region>>,
    slots: Mutex<[Slot; SLOTS]>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Slot {
    shared: u32,
    exclusive: bool,
}

/// Zeroed words of a fixed place, freed with the [`Memory`].
#[derive(Debug)]
struct Region {
    start: *mut u64,
    words: usize,
}

// SAFETY: the words are handed to the engine alone, which orders its accesses by the slots' locks and its own
// barriers, as it does with memory shared by processes; this crate only makes and frees them.
unsafe impl Send for Region {}

impl Region {
    fn new(bytes: usize) -> Self {
        let words = vec![0u64; bytes.div_ceil(8)].into_boxed_slice();
        let words_count = words.len();
        Self {
            start: Box::into_raw(words).cast(),
            words: words_count,
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: `start` and `words` are those of a boxed slice made in `new` and given up nowhere else; every
        // file that was handed the address holds the `Memory`, so none is open any more.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(self.start, self.words)) });
    }
}

/// A disk's shared memories: gone when the last file that uses one is closed.
#[derive(Debug, Default)]
pub struct Memories(Mutex<BTreeMap<Inode, Weak<Memory>>>);

impl Memories {
    fn of(&self, inode: Inode) -> Arc<Memory> {
        let mut all = guard(&self.0);
        if let Some(memory) = all.get(&inode).and_then(Weak::upgrade) {
            return memory;
        }
        let memory = Arc::new(Memory::default());
        all.insert(inode, Arc::downgrade(&memory));
        memory
    }

    /// After a power cut nothing is shared with what was open before.
    pub fn forget(&self) {
        guard(&self.0).clear();
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that the engine has open.
struct Open {
    disk: Arc<Shared>,
    inode: Inode,
    /// The disk's age when it was opened.
    age: u64,
    level: c_int,
    memory: Option<Arc<Memory>>,
    held_shared: [bool; SLOTS],
    held_exclusive: [bool; SLOTS],
    removed_with: Option<String>,
}

/// What stands where the engine has made room for an open file.
#[repr(C)]
struct Handle {
    base: ffi::sqlite3_file,
    open: *mut Open,
}

impl Open {
    /// Works on the disk, unless the power was off since the file was opened.
    fn on<T>(&self, work: impl FnOnce(&mut Platter) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut platter = self.disk.platter();
        if platter.age != self.age {
            return Err(Fault::Off);
        }
        work(&mut platter)
    }

    fn is_dead(&self) -> bool {
        self.disk.platter().age != self.age
    }

    fn unlock_slots(&mut self) {
        let Some(memory) = &self.memory else { return };
        let mut slots = guard(&memory.slots);
        for (at, slot) in slots.iter_mut().enumerate() {
            if std::mem::take(&mut self.held_shared[at]) {
                slot.shared -= 1;
            }
            if std::mem::take(&mut self.held_exclusive[at]) {
                slot.exclusive = false;
            }
        }
    }

    fn lock(&mut self, level: c_int) -> c_int {
        if self.is_dead() {
            return ffi::SQLITE_IOERR_LOCK;
        }
        if self.level >= level {
            return ffi::SQLITE_OK;
        }
        let mut locks = guard(&self.disk.locks);
        let file = locks.entry(self.inode).or_default();
        if self.level == ffi::SQLITE_LOCK_NONE {
            if file.pending || file.exclusive {
                return ffi::SQLITE_BUSY;
            }
            file.shared += 1;
            self.level = ffi::SQLITE_LOCK_SHARED;
        }
        if level >= ffi::SQLITE_LOCK_RESERVED && self.level < ffi::SQLITE_LOCK_RESERVED {
            if file.reserved || file.pending {
                return ffi::SQLITE_BUSY;
            }
            if level == ffi::SQLITE_LOCK_RESERVED {
                file.reserved = true;
                self.level = ffi::SQLITE_LOCK_RESERVED;
            }
        }
        if level == ffi::SQLITE_LOCK_EXCLUSIVE {
            file.pending = true;
            if self.level < ffi::SQLITE_LOCK_RESERVED {
                file.reserved = true;
            }
            self.level = ffi::SQLITE_LOCK_PENDING;
            if file.shared > 1 {
                return ffi::SQLITE_BUSY;
            }
            file.exclusive = true;
            self.level = ffi::SQLITE_LOCK_EXCLUSIVE;
        }
        ffi::SQLITE_OK
    }

    fn unlock(&mut self, level: c_int) {
        if self.level <= level {
            return;
        }
        // After a power cut the disk's locks are those of others.
        if !self.is_dead() {
            let mut locks = guard(&self.disk.locks);
            let file = locks.entry(self.inode).or_default();
            if self.level >= ffi::SQLITE_LOCK_RESERVED {
                (file.reserved, file.pending, file.exclusive) = (false, false, false);
            }
            if level == ffi::SQLITE_LOCK_NONE {
                file.shared = file.shared.saturating_sub(1);
            }
        }
        self.level = level;
    }
}

/// Registers the layer, the first time.
pub fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let layer = Box::leak(Box::new(ffi::sqlite3_vfs {
            iVersion: 1,
            szOsFile: size_of::<Handle>() as c_int,
            mxPathname: PATH_BYTES,
            pNext: std::ptr::null_mut(),
            zName: c"nyetaa-sim".as_ptr(),
            pAppData: std::ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: None,
            xCurrentTimeInt64: None,
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the layer and its name live as long as the process, and its functions keep to the interface.
        let code = unsafe { ffi::sqlite3_vfs_register(layer, 0) };
        assert_eq!(code, ffi::SQLITE_OK, "the engine takes the file layer");
    });
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

fn code(fault: Fault, otherwise: c_int) -> c_int {
    match fault {
        Fault::Full => ffi::SQLITE_FULL,
        _ => otherwise,
    }
}

fn said(outcome: Result<(), Fault>, otherwise: c_int) -> c_int {
    outcome.map_or_else(|fault| code(fault, otherwise), |()| ffi::SQLITE_OK)
}

/// # Safety
/// `file` is one that [`open`] has opened and nobody has closed, and no other reference to it is alive: the engine
/// never enters two methods of one file at a time.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Open {
    // SAFETY: `open` has put a whole `Handle` here with a `Box`'s address in it; the rest the caller promises.
    unsafe { &mut *(*file.cast::<Handle>()).open }
}

/// # Safety
/// `name` is null or ends with a zero byte and lives as long as the answer is used.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller promises the rest.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: the engine gives `szOsFile` bytes of room; a null `pMethods` says that nothing was opened.
    unsafe { (*file).pMethods = std::ptr::null() };
    // SAFETY: the engine's file names end with a zero byte and outlive the call.
    let name = unsafe { text(name) };
    // A temporary file has no name.
    let named = if name.is_some() {
        name.and_then(resolve)
            .map(|(disk, name)| (disk, name.to_owned()))
    } else {
        Some(crate::scratch())
    };
    let Some((disk, name)) = named else {
        return ffi::SQLITE_CANTOPEN;
    };
    let name = name.as_str();
    let journal = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
    let (age, found) = {
        let mut platter = disk.platter();
        let found = match platter.find(name) {
            Err(Fault::Absent) if flags & ffi::SQLITE_OPEN_CREATE != 0 => {
                platter.create(Some(name), journal)
            }
            found => found,
        };
        (platter.age, found)
    };
    let inode = match found {
        Ok(inode) => inode,
        Err(fault) => return code(fault, ffi::SQLITE_CANTOPEN),
    };
    let removed_with = (flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0).then(|| name.to_owned());
    let open = Box::new(Open {
        disk,
        inode,
        age,
        level: ffi::SQLITE_LOCK_NONE,
        memory: None,
        held_shared: [false; SLOTS],
        held_exclusive: [false; SLOTS],
        removed_with,
    });
    let handle = Handle {
        base: ffi::sqlite3_file {
            pMethods: &raw const METHODS,
        },
        open: Box::into_raw(open),
    };
    // SAFETY: `file` has room for a `Handle` (`szOsFile`) and is aligned for it, as the engine aligns to eight bytes.
    unsafe { file.cast::<Handle>().write(handle) };
    if !out_flags.is_null() {
        // SAFETY: not null, so it is the engine's place for an answer.
        unsafe { *out_flags = flags };
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the engine closes a file once, and what `open` boxed is taken back here alone.
    let mut open = unsafe { Box::from_raw((*file.cast::<Handle>()).open) };
    // SAFETY: still the engine's room for this file; from here on it counts as not open.
    unsafe { (*file).pMethods = std::ptr::null() };
    open.unlock(ffi::SQLITE_LOCK_NONE);
    open.unlock_slots();
    if let Some(name) = open.removed_with.take() {
        // A temporary file that stays after a power cut harms nobody.
        let _ = open.on(|platter| platter.remove(&name));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let (Ok(count), Ok(at)) = (usize::try_from(count), usize::try_from(at)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: the engine gives room for `count` bytes; they are set before they are read as bytes.
    let into = unsafe {
        into.cast::<u8>().write_bytes(0, count);
        std::slice::from_raw_parts_mut(into.cast::<u8>(), count)
    };
    match open.on(|platter| platter.read_at(open.inode, at, into)) {
        Ok(read) if read == count => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let (Ok(count), Ok(at)) = (usize::try_from(count), usize::try_from(at)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: the engine gives `count` bytes.
    let from = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count) };
    let outcome = open.on(|platter| platter.write(open.inode, at, from));
    said(outcome, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let Ok(size) = usize::try_from(size) else {
        return ffi::SQLITE_IOERR_TRUNCATE;
    };
    let outcome = open.on(|platter| platter.truncate(open.inode, size));
    said(outcome, ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let outcome = open.on(|platter| platter.sync(open.inode));
    said(outcome, ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    match open.on(|platter| platter.length(open.inode)) {
        Ok(length) => {
            // SAFETY: the engine's place for the answer.
            unsafe { *size = length as ffi::sqlite3_int64 };
            ffi::SQLITE_OK
        }
        Err(_) => ffi::SQLITE_IOERR_FSTAT,
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file of ours.
    unsafe { opened(file) }.lock(level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file of ours.
    unsafe { opened(file) }.unlock(level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let locks = guard(&open.disk.locks);
    let held = locks
        .get(&open.inode)
        .is_some_and(|file| file.reserved || file.pending || file.exclusive);
    // SAFETY: the engine's place for the answer.
    unsafe { *answer = c_int::from(held) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    512
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    // What the engine's own layers say of every disk.
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    answer: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let (Ok(region), Ok(bytes)) = (usize::try_from(region), usize::try_from(bytes)) else {
        return ffi::SQLITE_IOERR_SHMMAP;
    };
    if open.is_dead() {
        return ffi::SQLITE_IOERR_SHMMAP;
    }
    let memory = match &open.memory {
        Some(memory) => Arc::clone(memory),
        None => open.disk.memory.of(open.inode),
    };
    open.memory = Some(Arc::clone(&memory));
    let mut regions = guard(&memory.regions);
    if extend != 0 {
        while regions.len() <= region {
            regions.push(Region::new(bytes));
        }
    }
    let start = regions
        .get(region)
        .map_or(std::ptr::null_mut(), |region| region.start.cast());
    // SAFETY: the engine's place for the answer.
    unsafe { *answer = start };
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    let Some(memory) = open.memory.clone() else {
        return ffi::SQLITE_IOERR_SHMLOCK;
    };
    let (Ok(offset), Ok(count)) = (usize::try_from(offset), usize::try_from(count)) else {
        return ffi::SQLITE_IOERR_SHMLOCK;
    };
    let wanted = offset..(offset + count).min(SLOTS);
    let mut slots = guard(&memory.slots);
    let shared = flags & ffi::SQLITE_SHM_SHARED != 0;
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        for at in wanted {
            if shared && std::mem::take(&mut open.held_shared[at]) {
                slots[at].shared -= 1;
            }
            if !shared && std::mem::take(&mut open.held_exclusive[at]) {
                slots[at].exclusive = false;
            }
        }
        return ffi::SQLITE_OK;
    }
    let taken = wanted.clone().any(|at| {
        let others = slots[at].shared - u32::from(open.held_shared[at]);
        (slots[at].exclusive && !open.held_exclusive[at]) || (!shared && others > 0)
    });
    if taken {
        return ffi::SQLITE_BUSY;
    }
    for at in wanted {
        if shared {
            slots[at].shared += u32::from(!open.held_shared[at]);
            open.held_shared[at] = true;
        } else {
            slots[at].exclusive = true;
            open.held_exclusive[at] = true;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _remove: c_int) -> c_int {
    // SAFETY: an open file of ours.
    let open = unsafe { opened(file) };
    open.unlock_slots();
    open.memory = None;
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: the engine's file names end with a zero byte and outlive the call.
    let Some((disk, name)) = unsafe { text(name) }.and_then(resolve) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    let mut platter = disk.platter();
    let removed = platter.remove(name).and_then(|()| {
        if sync_folder == 0 {
            return Ok(());
        }
        platter.sync_folder(crate::folder_of(name))
    });
    match removed {
        Err(Fault::Absent) => ffi::SQLITE_IOERR_DELETE_NOENT,
        other => said(other, ffi::SQLITE_IOERR_DELETE),
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: the engine's file names end with a zero byte and outlive the call.
    let found = unsafe { text(name) }.and_then(resolve).map(|(disk, name)| {
        let platter = disk.platter();
        let length = platter.find(name).and_then(|inode| platter.length(inode));
        // An empty journal counts as none, as in the engine's own layers.
        length.map(|length| length > 0)
    });
    let there = match found {
        Some(Ok(there)) => there,
        Some(Err(Fault::Absent)) | None => false,
        Some(Err(_)) => return ffi::SQLITE_IOERR_ACCESS,
    };
    // SAFETY: the engine's place for the answer.
    unsafe { *answer = c_int::from(there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    into: *mut c_char,
) -> c_int {
    // SAFETY: the engine's file names end with a zero byte and outlive the call.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if usize::try_from(room).is_ok_and(|room| name.len() <= room) {
        // SAFETY: there is room for `room` bytes, and the two do not overlap.
        unsafe { into.copy_from_nonoverlapping(name.as_ptr().cast(), name.len()) };
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_CANTOPEN
    }
}

/// The engine seeds its own generator with this; nothing secret comes of it in a simulation.
unsafe extern "C" fn randomness(
    _: *mut ffi::sqlite3_vfs,
    count: c_int,
    into: *mut c_char,
) -> c_int {
    let count_bytes = usize::try_from(count).unwrap_or(0);
    let mut chance = crate::Chance::of(1);
    for at in 0..count_bytes {
        // SAFETY: there is room for `count` bytes, and `at` is below that.
        unsafe { into.add(at).write(chance.bits() as c_char) };
    }
    count
}

/// Nobody waits in a simulation: who would have to is told that the other is busy.
unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    microseconds
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, answer: *mut f64) -> c_int {
    // 2026-01-01 as a Julian day.
    // SAFETY: the engine's place for the answer.
    unsafe { *answer = 2_461_041.5 };
    ffi::SQLITE_OK
}
