//! Backups: one file that either database can be filled from again.
//!
//! A backup holds the truth: the server's own row and key, places, invitations, replicas, every segment, and what
//! is known of laptops. What the log says now is not in it: it is made from the segments when they are put back, as
//! are snapshots. It is taken on one unchanging view while the server goes on, written aside, filled into a scratch
//! database and examined there; only then does it get its name.
//!
//! The file begins with [`MAGIC`]; all that follows is packed by zstd: for each table its name, the names of its
//! columns and its rows; an empty name; and BLAKE3 of everything before. Whoever can read it has the server's key.
//! So all of it is encrypted to those whom the operator names ([`envelope`]), and to a key that is drawn for the
//! examination and forgotten after it: what is examined are the very bytes that are kept. Only who asks for it
//! gets a backup that anybody can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use domain::ids::ScopeId;

use crate::check::{self, Report};
use crate::error::{Error, Result};
use crate::projection::{self, Opened};
use crate::storage::Database;
use crate::storage::cell::{Cell, Param, Row, params};
use crate::storage::tx::Tx;

mod envelope;

use envelope::Envelope;
pub use envelope::{Key, Reader, keys, new_key};

/// How a backup begins.
pub const MAGIC: &[u8; 8] = b"NYETBAK1";
/// Rows of one statement.
const PAGE: u64 = 500;
/// The longest cell or name that is believed.
const LONGEST: u32 = 256 << 20;

/// In which portions a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// All at once, in this order.
    Whole(&'static str),
    /// A scope at a time.
    Scope,
    /// A scope's feed, page by page.
    Feed,
}

/// A table as it stands in a backup.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [&'static str],
    /// How it is read.
    pub portion: Portion,
}

const fn whole(name: &'static str, columns: &'static [&'static str], order: &'static str) -> Table {
    let portion = Portion::Whole(order);
    Table {
        name,
        columns,
        portion,
    }
}

const fn by_scope(name: &'static str, columns: &'static [&'static str]) -> Table {
    let portion = Portion::Scope;
    Table {
        name,
        columns,
        portion,
    }
}

/// The tables of a backup, each after those that it refers to.
pub const TABLES: [Table; 25] = [
    whole(
        "server",
        &[
            "only",
            "secret",
            "epoch",
            "registry",
            "hlc",
            "bundle_no",
            "heir",
        ],
        "1",
    ),
    whole("succession", &["no", "secret", "statement", "at"], "no"),
    whole(
        "place",
        &["id", "parent", "level", "name", "code", "source"],
        "CASE level WHEN 'country' THEN 0 WHEN 'region' THEN 1 WHEN 'district' THEN 2 ELSE 3 END, id",
    ),
    whole(
        "invitation",
        &[
            "id",
            "hash",
            "role",
            "place",
            "facility",
            "adopted",
            "uses_left",
            "created_at",
            "expires_at",
            "also",
        ],
        "id",
    ),
    whole(
        "replica",
        &[
            "id",
            "key",
            "role",
            "place",
            "invitation",
            "grant_version",
            "grant_bytes",
            "counter",
            "counter_went_back",
            "enrolled_at",
            "last_contact",
            "place_since",
            "said",
            "before",
            "person",
            "seal",
            "version",
            "waiting",
            "held",
            "minted_from",
            "revoked_at",
            "also",
        ],
        "id",
    ),
    whole(
        "grant_given",
        &["replica", "version", "bytes"],
        "replica, version",
    ),
    whole("scope_head", &["scope_id", "feed_no"], "scope_id"),
    Table {
        name: "segment",
        columns: &[
            "scope_id",
            "replica",
            "first_seq",
            "last_seq",
            "received_at",
            "feed_no",
            "prev",
            "hash",
            "bytes",
        ],
        portion: Portion::Feed,
    },
    by_scope(
        "stream",
        &["scope_id", "replica", "last_seq", "hash", "applied_seq"],
    ),
    by_scope(
        "quarantine",
        &[
            "scope_id",
            "replica",
            "hash",
            "reason",
            "carrier",
            "received_at",
            "bytes",
        ],
    ),
    by_scope("revoked", &["scope_id", "replica", "until"]),
    whole(
        "issued",
        &["issuer", "serial", "replica", "at"],
        "issuer, serial",
    ),
    by_scope("revoked_person", &["scope_id", "person", "since"]),
    by_scope(
        "revoked_person_until",
        &["scope_id", "person", "replica", "until"],
    ),
    whole("readers", &["scope_id", "version", "bytes"], "scope_id"),
    by_scope(
        "readers_given",
        &["scope_id", "replica", "version", "confirmed"],
    ),
    by_scope("reach", &["scope_id", "replica", "reader", "seq", "at"]),
    by_scope("demand", &["scope_id", "replica"]),
    by_scope(
        "sealed_key",
        &["scope_id", "key_id", "record", "class", "secret", "feed_no"],
    ),
    by_scope("erased_key", &["scope_id", "key_id", "person", "at"]),
    by_scope(
        "key_count",
        &["scope_id", "replica", "brought", "destroyed"],
    ),
    whole("aggregate", &["scope_id", "feed_no", "made_at"], "scope_id"),
    whole(
        "administrator",
        &[
            "id",
            "name",
            "called",
            "role",
            "place",
            "secret",
            "code",
            "code_until",
            "created_at",
            "disabled_at",
        ],
        "id",
    ),
    whole(
        "deed",
        &["no", "at", "who", "what", "place", "about", "hash"],
        "no",
    ),
    whole("witness", &["replica", "no", "mark", "back_at"], "replica"),
];

/// What is made from the log instead, when a backup is put back; log-ins end with the epoch, and people come in again.
pub const MADE_ANEW: [&str; 5] = ["record", "head", "snapshot", "login", "wrong_log_in"];

/// Writes a backup of `database` to the file `to`, for `readers` alone, or for everybody when there are none; what stands
/// there is replaced when the new one is found sound.
///
/// # Errors
/// When it cannot be written, or is not sound: then nothing stands there but what stood there before.
pub(crate) fn write(database: &Database, to: &Path, readers: &[Reader]) -> Result<Report> {
    let part = beside(to);
    let written = write_part(database, &part, readers);
    match written {
        Ok(report) => {
            fs::rename(&part, to)?;
            #[cfg(unix)]
            if let Some(folder) = to.parent() {
                let here = folder.as_os_str().is_empty();
                File::open(if here { Path::new(".") } else { folder })?.sync_all()?;
            }
            Ok(report)
        }
        Err(error) => {
            // It is worth nothing; that it stays when it cannot be removed changes nothing.
            let _ = fs::remove_file(&part);
            Err(error)
        }
    }
}

fn write_part(database: &Database, part: &Path, readers: &[Reader]) -> Result<Report> {
    let examiner = Key::generate();
    let mut readers = readers.to_vec();
    if !readers.is_empty() {
        readers.push(examiner.to_public());
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part)?;
    // A second attempt begins at the file's beginning.
    database.read(|tx| {
        let mut file = &file;
        io::Seek::rewind(&mut file)?;
        file.set_len(0)?;
        let mut out = Envelope::around(file, &readers)?;
        dump(tx, &mut out)?;
        out.close()
    })?;
    file.sync_all()?;
    let report = examine(part, &[examiner])?;
    if !report.ok {
        let what = report.faults.first().map(|fault| fault.what.clone());
        return Err(Error::UnsoundBackup(what.unwrap_or_default()));
    }
    Ok(report)
}

/// Fills a scratch database from a backup and examines it.
fn examine(file: &Path, keys: &[Key]) -> Result<Report> {
    let scratch = Database::scratch()?;
    scratch.write(|tx| fill(tx, file, keys))?;
    scratch.read(check::check)
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    to.with_file_name(name)
}

/// Writes what `tx` sees.
fn dump(tx: &dyn Tx, mut file: impl Write) -> Result<()> {
    file.write_all(MAGIC)?;
    let mut out = Content {
        inner: zstd::stream::write::Encoder::new(file, 3)?,
        hash: blake3::Hasher::new(),
    };
    for table in &TABLES {
        dump_table(tx, table, &mut out)?;
    }
    out.text("")?;
    let hash = out.hash.finalize();
    out.inner.write_all(hash.as_bytes())?;
    out.inner.finish()?;
    Ok(())
}

fn dump_table<W: Write>(tx: &dyn Tx, table: &Table, out: &mut Content<W>) -> Result<()> {
    let Table {
        name,
        columns,
        portion,
    } = *table;
    out.text(name)?;
    out.length(columns.len())?;
    for column in columns {
        out.text(column)?;
    }
    let select = format!("SELECT {} FROM {name}", listed(columns));
    match portion {
        Portion::Whole(order) => {
            out.rows(tx.rows(&format!("{select} ORDER BY {order}"), &[])?)?;
        }
        Portion::Scope => {
            let sql = format!("{select} WHERE scope_id = ?1");
            for scope in scopes(tx, name)? {
                out.rows(tx.rows(&sql, params![&scope])?)?;
            }
        }
        Portion::Feed => {
            let sql = format!(
                "{select} WHERE scope_id = ?1 AND feed_no > ?2 AND feed_no <= ?3 ORDER BY feed_no"
            );
            for scope in scopes(tx, name)? {
                let end = tx.feed_no(scope)?;
                let mut after = 0;
                while after < end {
                    out.rows(tx.rows(&sql, params![&scope, after, after + PAGE])?)?;
                    after += PAGE;
                }
            }
        }
    }
    out.bytes(&[0])
}

fn scopes(tx: &dyn Tx, table: &str) -> Result<Vec<ScopeId>> {
    let sql = format!("SELECT DISTINCT scope_id FROM {table} ORDER BY scope_id");
    let rows = tx.rows(&sql, &[])?.into_iter();
    Ok(rows
        .map(|mut row| row.take())
        .collect::<crate::storage::Result<_>>()?)
}

/// Some of these are words of SQL.
fn listed(columns: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{}\"", column.as_ref()))
        .collect();
    quoted.join(", ")
}

/// Fills the empty database of `tx` from a backup that one of `keys` opens, and makes the projection.
///
/// # Errors
/// When the file is damaged, of a newer version, for others' keys, or cannot be read.
pub(crate) fn fill(tx: &dyn Tx, file: &Path, keys: &[Key]) -> Result<()> {
    let mut file = envelope::open(file, keys)?;
    let mut magic = [0; 8];
    file.read_exact(&mut magic).map_err(damaged)?;
    if magic != *MAGIC {
        return Err(Error::DamagedBackup("it is no backup of this server"));
    }
    let mut content = Content {
        inner: zstd::stream::read::Decoder::with_buffer(file)?,
        hash: blake3::Hasher::new(),
    };
    loop {
        let name = content.read_text()?;
        if name.is_empty() {
            break;
        }
        fill_table(tx, &name, &mut content)?;
    }
    let hash = content.hash.finalize();
    let mut told = [0; 32];
    content.inner.read_exact(&mut told).map_err(damaged)?;
    if hash != blake3::Hash::from_bytes(told) {
        return Err(Error::DamagedBackup("its content has changed"));
    }
    tx.run("UPDATE stream SET applied_seq = 0", &[])?;
    for scope in tx.scopes()? {
        projection::settle(tx, scope, &mut Opened::new())?;
    }
    Ok(())
}

fn fill_table<R: Read>(tx: &dyn Tx, name: &str, content: &mut Content<R>) -> Result<()> {
    const NEWER: Error = Error::DamagedBackup("it is of a newer version");
    let table = TABLES.iter().find(|table| table.name == name);
    let table = table.ok_or(NEWER)?;
    let count = content.read_length()?;
    if count > table.columns.len() {
        return Err(NEWER);
    }
    let mut columns = Vec::with_capacity(count);
    for _ in 0..count {
        let column = content.read_text()?;
        let known = table.columns.iter().find(|known| **known == column);
        columns.push(*known.ok_or(NEWER)?);
    }
    let places: Vec<String> = (1..=count).map(|n| format!("?{n}")).collect();
    let insert = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        listed(&columns),
        places.join(", ")
    );
    loop {
        match content.read_tag()? {
            0 => return Ok(()),
            1 => {}
            _ => return Err(Error::DamagedBackup("a row is none")),
        }
        let mut cells = Vec::with_capacity(count);
        for _ in 0..count {
            cells.push(content.read_cell()?);
        }
        let params: Vec<Param<'_>> = cells.iter().map(Param::from).collect();
        tx.run(&insert, &params)?;
    }
}

fn damaged(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::DamagedBackup("it ends too early"),
        // What the unpacking finds wrong has no kind of its own.
        io::ErrorKind::Other | io::ErrorKind::InvalidData => {
            Error::DamagedBackup("it cannot be unpacked")
        }
        _ => Error::Io(error),
    }
}

/// What is packed, with the hash of what has gone through.
struct Content<T> {
    inner: T,
    hash: blake3::Hasher,
}

impl<W: Write> Content<W> {
    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        Ok(self.inner.write_all(bytes)?)
    }

    fn length(&mut self, length: usize) -> Result<()> {
        let length = u32::try_from(length)
            .ok()
            .filter(|length| *length <= LONGEST);
        let length = length.ok_or(Error::Unreadable("a value is too long for a backup"))?;
        self.bytes(&length.to_le_bytes())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.length(text.len())?;
        self.bytes(text.as_bytes())
    }

    fn rows(&mut self, rows: Vec<Row>) -> Result<()> {
        for row in rows {
            self.bytes(&[1])?;
            for cell in row.cells() {
                match cell {
                    Cell::Null => self.bytes(&[0])?,
                    Cell::Int(int) => {
                        self.bytes(&[1])?;
                        self.bytes(&int.to_le_bytes())?;
                    }
                    Cell::Text(text) => {
                        self.bytes(&[2])?;
                        self.text(&text)?;
                    }
                    Cell::Bytes(bytes) => {
                        self.bytes(&[3])?;
                        self.length(bytes.len())?;
                        self.bytes(&bytes)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Content<R> {
    fn read_array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes).map_err(damaged)?;
        self.hash.update(&bytes);
        Ok(bytes)
    }

    fn read_tag(&mut self) -> Result<u8> {
        let [tag] = self.read_array()?;
        Ok(tag)
    }

    fn read_length(&mut self) -> Result<usize> {
        let length = u32::from_le_bytes(self.read_array()?);
        if length > LONGEST {
            return Err(Error::DamagedBackup("a value is too long"));
        }
        usize::try_from(length).map_err(|_| Error::DamagedBackup("a value is too long"))
    }

    fn read_bytes(&mut self) -> Result<Vec<u8>> {
        let length = self.read_length()?;
        // It grows with what comes: a length alone takes no memory.
        let mut bytes = Vec::new();
        let limit = u64::try_from(length).unwrap_or(u64::MAX);
        let read = (&mut self.inner).take(limit).read_to_end(&mut bytes);
        if read.map_err(damaged)? != length {
            return Err(Error::DamagedBackup("it ends too early"));
        }
        self.hash.update(&bytes);
        Ok(bytes)
    }

    fn read_text(&mut self) -> Result<String> {
        String::from_utf8(self.read_bytes()?).map_err(|_| Error::DamagedBackup("a text is none"))
    }

    fn read_cell(&mut self) -> Result<Cell> {
        match self.read_tag()? {
            0 => Ok(Cell::Null),
            1 => Ok(Cell::Int(i64::from_le_bytes(self.read_array()?))),
            2 => Ok(Cell::Text(self.read_text()?)),
            3 => Ok(Cell::Bytes(self.read_bytes()?)),
            _ => Err(Error::DamagedBackup("a value is none")),
        }
    }
}
