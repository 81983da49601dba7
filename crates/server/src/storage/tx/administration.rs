//! People who come in at the server, who is in, and who did what.

use domain::ids::{RecordId, ReplicaId};

use super::Tx;
use crate::storage::Result;
use crate::storage::cell::{Row, params};
use crate::storage::rows::{AdministratorRow, DeedRow, LoginRow, WitnessRow};

const ADMINISTRATOR: &str =
    "SELECT id, name, called, role, place, secret, code, code_until, created_at, disabled_at
    FROM administrator";
const DEED: &str = "SELECT no, at, who, what, place, about, hash FROM deed";

impl dyn Tx + '_ {
    /// Wrong log-ins that are counted under a name: since when, and how many.
    pub fn wrong_log_ins(&self, id: &[u8; 16]) -> Result<Option<(u64, u32)>> {
        let sql = "SELECT since, wrong FROM wrong_log_in WHERE id = ?1";
        self.one(sql, params![id], |row| Ok((row.take()?, row.take()?)))
    }

    /// Counts another one, and forgets those of which the first was before `from`, or is still to come: the clock was
    /// put right since.
    pub fn count_wrong_log_in(&self, id: &[u8; 16], now: u64, from: u64) -> Result<()> {
        self.run(
            "DELETE FROM wrong_log_in WHERE since < ?1 OR since > ?2",
            params![from, now],
        )?;
        self.run(
            "INSERT INTO wrong_log_in (id, since, wrong) VALUES (?1, ?2, 1)
             ON CONFLICT (id) DO UPDATE SET wrong = wrong_log_in.wrong + 1",
            params![id, now],
        )?;
        Ok(())
    }

    /// Adds someone, or gives a known one all of the row but name, role, place and day.
    pub fn put_administrator(&self, one: &AdministratorRow) -> Result<()> {
        self.run(
            "INSERT INTO administrator
                 (id, name, called, role, place, secret, code, code_until, created_at, disabled_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET secret = ?6, code = ?7, code_until = ?8, disabled_at = ?10",
            params![
                &one.id,
                &one.name,
                &one.called,
                one.role,
                &one.place,
                one.secret.as_deref(),
                one.code.as_ref(),
                one.code_until,
                one.created_at,
                one.disabled_at
            ],
        )?;
        Ok(())
    }

    /// The one of this identifier.
    pub fn administrator(&self, id: RecordId) -> Result<Option<AdministratorRow>> {
        let sql = format!("{ADMINISTRATOR} WHERE id = ?1");
        self.one(&sql, params![&id], to_administrator)
    }

    /// The one of this name, folded.
    pub fn administrator_called(&self, called: &str) -> Result<Option<AdministratorRow>> {
        let sql = format!("{ADMINISTRATOR} WHERE called = ?1");
        self.one(&sql, params![called], to_administrator)
    }

    /// All of them, by name.
    pub fn administrators(&self) -> Result<Vec<AdministratorRow>> {
        let sql = format!("{ADMINISTRATOR} ORDER BY called");
        self.all(&sql, &[], to_administrator)
    }

    /// Keeps a log-in, or when it was last used.
    pub fn put_login(&self, hash: &[u8; 32], login: &LoginRow) -> Result<()> {
        self.run(
            "INSERT INTO login (hash, administrator, epoch, began_at, last_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (hash) DO UPDATE SET last_at = ?5",
            params![
                hash,
                &login.administrator,
                &login.epoch,
                login.began_at,
                login.last_at
            ],
        )?;
        Ok(())
    }

    /// The log-in of this hash.
    pub fn login(&self, hash: &[u8; 32]) -> Result<Option<LoginRow>> {
        self.one(
            "SELECT administrator, epoch, began_at, last_at FROM login WHERE hash = ?1",
            params![hash],
            |row| {
                Ok(LoginRow {
                    administrator: row.take()?,
                    epoch: row.take()?,
                    began_at: row.take()?,
                    last_at: row.take()?,
                })
            },
        )
    }

    /// Forgets the log-in of this hash.
    pub fn forget_login(&self, hash: &[u8; 32]) -> Result<()> {
        self.run("DELETE FROM login WHERE hash = ?1", params![hash])?;
        Ok(())
    }

    /// Forgets all log-ins of someone.
    pub fn forget_logins_of(&self, administrator: RecordId) -> Result<()> {
        let sql = "DELETE FROM login WHERE administrator = ?1";
        self.run(sql, params![&administrator])?;
        Ok(())
    }

    /// Forgets the log-ins that began before a moment.
    pub fn forget_logins_before(&self, began_at: u64) -> Result<()> {
        self.run("DELETE FROM login WHERE began_at < ?1", params![began_at])?;
        Ok(())
    }

    /// Adds a line to the list of deeds.
    pub fn add_deed(&self, deed: &DeedRow) -> Result<()> {
        self.run(
            "INSERT INTO deed (no, at, who, what, place, about, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                deed.no,
                deed.at,
                deed.who.as_ref(),
                &deed.what,
                deed.place.as_ref(),
                &deed.about,
                &deed.hash
            ],
        )?;
        Ok(())
    }

    /// The last line of the list of deeds.
    pub fn last_deed(&self) -> Result<Option<DeedRow>> {
        self.one(&format!("{DEED} ORDER BY no DESC LIMIT 1"), &[], to_deed)
    }

    /// How far a laptop's own list of who did what goes, as it told.
    pub fn witnessed(&self, replica: ReplicaId) -> Result<Option<WitnessRow>> {
        self.one(
            "SELECT no, mark, back_at FROM witness WHERE replica = ?1",
            params![&replica],
            |row| {
                Ok(WitnessRow {
                    no: row.take()?,
                    mark: row.take()?,
                    back_at: row.take()?,
                })
            },
        )
    }

    /// Keeps how far a laptop's own list of who did what goes.
    pub fn put_witnessed(&self, replica: ReplicaId, row: &WitnessRow) -> Result<()> {
        self.run(
            "INSERT INTO witness (replica, no, mark, back_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (replica) DO UPDATE SET no = ?2, mark = ?3, back_at = ?4",
            params![&replica, row.no, &row.mark, row.back_at],
        )?;
        Ok(())
    }

    /// Lines of the list of deeds from after a number on, the earliest first, so many at most.
    pub fn deeds_after(&self, no: u64, most: u32) -> Result<Vec<DeedRow>> {
        let sql = format!("{DEED} WHERE no > ?1 ORDER BY no LIMIT {most}");
        self.all(&sql, params![no], to_deed)
    }

    /// Lines of the list of deeds from before a number, the latest first, so many at most.
    pub fn deeds_before(&self, no: u64, most: u32) -> Result<Vec<DeedRow>> {
        let sql = format!("{DEED} WHERE no < ?1 ORDER BY no DESC LIMIT {most}");
        self.all(&sql, params![no], to_deed)
    }

    /// The number of a line that says just this, from after one moment until another.
    pub fn deed_between(
        &self,
        what: &str,
        about: &str,
        after: u64,
        until: u64,
    ) -> Result<Option<u64>> {
        self.one(
            "SELECT no FROM deed WHERE what = ?1 AND about = ?2 AND at > ?3 AND at <= ?4 LIMIT 1",
            params![what, about, after, until],
            |row| row.take(),
        )
    }

    /// Writes a line of the list of deeds as it stands.
    pub fn touch_deed(&self, no: u64) -> Result<()> {
        self.run("UPDATE deed SET at = at WHERE no = ?1", params![no])?;
        Ok(())
    }
}

fn to_administrator(row: &mut Row) -> Result<AdministratorRow> {
    Ok(AdministratorRow {
        id: row.take()?,
        name: row.take()?,
        called: row.take()?,
        role: row.take()?,
        place: row.take()?,
        secret: row.take()?,
        code: row.take()?,
        code_until: row.take()?,
        created_at: row.take()?,
        disabled_at: row.take()?,
    })
}

fn to_deed(row: &mut Row) -> Result<DeedRow> {
    Ok(DeedRow {
        no: row.take()?,
        at: row.take()?,
        who: row.take()?,
        what: row.take()?,
        place: row.take()?,
        about: row.take()?,
        hash: row.take()?,
    })
}
