//! People who come in at the server themselves: they are entered by the operator, who gives them a code that is good once and for
//! some days; with it they choose a passphrase. There is no password that anybody knows beforehand.
//!
//! Whoever came in shows a token, of which only the hash is kept. It ends after [`IDLE_MS`] without a wish and [`LIFE_MS`] at the
//! latest, when the server begins a new epoch, and with their access. The server's clock decides.
//!
//! Passphrases are stretched before anything is compared, and as long for a name that nobody bears: neither the answer nor the
//! time that it takes tells who is entered here.

use std::net::IpAddr;

use argon2::{Algorithm, Argon2, Params, Version};
use domain::ids::RecordId;
use domain::passphrase;
use domain::permission::{Action, Class};
use domain::role::Role;
use domain::text::fold;
use serde::Serialize;
use sync::wire::{Deed, LogIn, LoggedIn};

use crate::deeds::{By, What, note_refused};
use crate::error::{Error, Refusal, Result};
use crate::invitation::{Code, WINDOW_MS, wrong_log_ins};
use crate::places::{self, Unclear};
use crate::server::{Server, identity};
use crate::storage::rows::{AdministratorRow, LoginRow};
use crate::storage::tx::Tx;

/// After so long without a wish someone is out, in milliseconds.
pub const IDLE_MS: u64 = 15 * 60 * 1000;
/// After so long at the latest, in milliseconds.
pub const LIFE_MS: u64 = 4 * 60 * 60 * 1000;
/// When someone was last heard of is written this often, in milliseconds.
const NOTE_MS: u64 = 60 * 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// How passphrases are stretched: 64 MiB and three passes, above OWASP's floor of 19 MiB and two.
const KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// Someone whom the operator enters.
#[derive(Debug, Clone)]
pub struct NewAdministrator {
    /// Their name, by which they come in.
    pub name: String,
    /// Their role: coach, region, nation or administrator.
    pub role: Role,
    /// Where: a district, a region or the nation, by name, alias, code or identifier.
    pub place: String,
    /// For how many days the code is good.
    pub days: u32,
}

/// Someone who may come in, as the operator sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Administrator {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Where they hold it.
    pub place: String,
    /// When they were entered, in milliseconds by the server's clock.
    pub created: u64,
    /// Whether they have chosen a passphrase.
    pub came_in: bool,
    /// Until when the code that they were given last is good, when it was not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_until: Option<u64>,
    /// Since when they no longer come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<u64>,
}

impl Server {
    /// Enters someone who may come in, and gives the code that they do it with the first time.
    ///
    /// # Errors
    /// When someone of this name is entered, or the role is not held at such a place.
    pub fn add_administrator(&self, new: &NewAdministrator) -> Result<String> {
        let (now, code) = (self.now(), self.new_code()?);
        let id = RecordId::natural(&[b"administrator", &self.random()?]);
        let called = fold(&new.name);
        if called.is_empty() || new.days == 0 {
            return Err(Error::UselessCode);
        }
        self.database().write_alone(|tx| {
            if tx.administrator_called(&called)?.is_some() {
                return Err(Error::NameTaken(new.name.trim().to_owned()));
            }
            let row = AdministratorRow {
                id,
                name: new.name.trim().to_owned(),
                called: called.clone(),
                role: new.role,
                place: held_place(new)?,
                secret: None,
                code: Some(*code.hash().as_bytes()),
                code_until: Some(now.saturating_add(u64::from(new.days) * DAY_MS)),
                created_at: now,
                disabled_at: None,
            };
            tx.put_administrator(&row)?;
            let about = [("name", row.name.as_str()), ("role", row.role.word())];
            By::Operator.note(tx, now, What::AdministratorAdded, Some(row.place), &about)
        })?;
        Ok(code.to_string())
    }

    /// Those who may come in, by name, also those who no longer do.
    pub fn administrators(&self) -> Result<Vec<Administrator>> {
        let now = self.now();
        self.database().read(|tx| {
            let mut all = Vec::new();
            for row in tx.administrators()? {
                all.push(Administrator {
                    place: tx.place(row.place)?.map_or_else(String::new, |at| at.name),
                    role: row.role,
                    created: row.created_at,
                    came_in: row.secret.is_some(),
                    code_until: row.code_until.filter(|until| *until > now),
                    disabled: row.disabled_at,
                    name: row.name,
                });
            }
            Ok(all)
        })
    }

    /// Lets someone come in no longer. Whoever is in is out at once.
    ///
    /// # Errors
    /// When nobody is entered under this name.
    pub fn disable_administrator(&self, name: &str) -> Result<()> {
        let now = self.now();
        self.change_administrator(name, What::AdministratorDisabled, |row| {
            row.disabled_at = row.disabled_at.or(Some(now));
            (row.secret, row.code, row.code_until) = (None, None, None);
        })
    }

    /// Gives someone another code, for so many days: they have lost the first one, or forgotten their passphrase, which no longer
    /// counts from now on. Someone who was shut out may come in again.
    ///
    /// # Errors
    /// When nobody is entered under this name.
    pub fn new_administrator_code(&self, name: &str, days: u32) -> Result<String> {
        if days == 0 {
            return Err(Error::UselessCode);
        }
        let (now, code) = (self.now(), self.new_code()?);
        self.change_administrator(name, What::CodeGiven, |row| {
            row.disabled_at = None;
            row.secret = None;
            row.code = Some(*code.hash().as_bytes());
            row.code_until = Some(now.saturating_add(u64::from(days) * DAY_MS));
        })?;
        Ok(code.to_string())
    }

    fn change_administrator(
        &self,
        name: &str,
        what: What,
        change: impl Fn(&mut AdministratorRow),
    ) -> Result<()> {
        let now = self.now();
        self.database().write_alone(|tx| {
            let known = tx.administrator_called(&fold(name))?;
            let mut row = known.ok_or_else(|| Error::NotOne(name.trim().to_owned()))?;
            change(&mut row);
            tx.put_administrator(&row)?;
            tx.forget_logins_of(row.id)?;
            By::Operator.note(tx, now, what, Some(row.place), &[("name", &row.name)])
        })
    }

    fn new_code(&self) -> Result<Code> {
        let mut random = [0; 13];
        random.copy_from_slice(&self.random()?[..13]);
        Ok(Code::from_random(random))
    }

    /// Lets someone in who shows their passphrase, or the code that they were given together with the passphrase that they choose
    /// now. `source` is where the request came from, to stop guessing.
    ///
    /// # Errors
    /// `login-wrong`, whatever of it is wrong; `passphrase-needed` and `passphrase-weak` to whoever showed a good code;
    /// `too-many-attempts` after wrong ones.
    pub fn log_in(&self, bytes: &[u8], source: Option<IpAddr>) -> Result<Vec<u8>> {
        let asked = LogIn::from_bytes(bytes).map_err(|error| Refusal::from(&error))?;
        let (now, called) = (self.now(), fold(&asked.name));
        let known = self.database().read(|tx| {
            for (id, most) in wrong_log_ins(source, &called) {
                let wrong = tx.wrong_log_ins(&id)?;
                if wrong.is_some_and(|(since, wrong)| {
                    let counts = now.checked_sub(since).is_some_and(|ago| ago <= WINDOW_MS);
                    counts && wrong >= most
                }) {
                    return Err(Error::from(Refusal::TooManyAttempts));
                }
            }
            Ok(tx.administrator_called(&called)?)
        })?;
        let decoy = Stretched {
            salt: [0; 16],
            hash: [0; 32],
        };
        let kept = known
            .as_ref()
            .and_then(|known| Stretched::from_bytes(known.secret.as_deref()?));
        let stretched = Stretched::of(&asked.secret, kept.as_ref().unwrap_or(&decoy).salt)?;
        let comes = known.filter(|known| {
            known.disabled_at.is_none()
                && (kept.is_some_and(|kept| kept.is(&stretched)) || fits(known, &asked.secret, now))
        });
        let Some(comes) = comes else {
            self.database().write_alone(|tx| {
                for (id, _) in wrong_log_ins(source, &called) {
                    tx.count_wrong_log_in(&id, now, now.saturating_sub(WINDOW_MS))?;
                }
                let known = tx.administrator_called(&called)?;
                note_refused(tx, now, known.as_ref())
            })?;
            return Err(Refusal::LoginWrong.into());
        };
        let chosen = match fits(&comes, &asked.secret, now) {
            true => Some(self.chosen(asked.chosen.as_deref())?),
            false => None,
        };
        let token = self.random()?;
        let answer = self.database().write_alone(|tx| {
            // It may have changed while the passphrase was stretched.
            let now_there = tx.administrator(comes.id)?.ok_or(Refusal::LoginWrong)?;
            if (&now_there.secret, now_there.code, now_there.disabled_at)
                != (&comes.secret, comes.code, None)
            {
                return Err(Error::from(Refusal::LoginWrong));
            }
            let mut row = now_there;
            if let Some(chosen) = &chosen {
                row.secret = Some(chosen.to_bytes());
                (row.code, row.code_until) = (None, None);
                tx.put_administrator(&row)?;
                tx.forget_logins_of(row.id)?;
            }
            let login = LoginRow {
                administrator: row.id,
                epoch: identity(tx)?.epoch,
                began_at: now,
                last_at: now,
            };
            tx.forget_logins_before(now.saturating_sub(LIFE_MS))?;
            tx.put_login(&hash_of(&token), &login)?;
            let what = match chosen {
                Some(_) => What::PassphraseChosen,
                None => What::LoggedIn,
            };
            By::Person(&row, "").note(tx, now, what, Some(row.place), &[])?;
            welcome(tx, &row, token, now)
        })?;
        Ok(answer.to_bytes()?)
    }

    fn chosen(&self, typed: Option<&str>) -> Result<Stretched> {
        let typed = typed.ok_or(Refusal::PassphraseNeeded)?;
        if !passphrase::is_long_enough(typed) {
            return Err(Refusal::PassphraseWeak.into());
        }
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.random()?[..16]);
        Stretched::of(typed, salt)
    }
}

/// Whether the code that someone was given is this one, and good still.
fn fits(known: &AdministratorRow, typed: &str, now: u64) -> bool {
    let code = Code::parse(typed).map(|code| code.hash());
    let kept = known.code.map(blake3::Hash::from_bytes);
    kept.is_some() && code == kept && known.code_until.is_some_and(|until| now < until)
}

fn welcome(tx: &dyn Tx, row: &AdministratorRow, token: [u8; 32], now: u64) -> Result<LoggedIn> {
    let top = places::top(tx, row.place)?.unwrap_or(row.place);
    // What counts for a deed is asked again when it is done, at its place.
    let somewhere: [(Deed, Action, Class, RecordId); 8] = [
        (Deed::Laptops, Action::Read, Class::Devices, row.place),
        (Deed::People, Action::Read, Class::People, row.place),
        (Deed::Invite, Action::Enrol, Class::Devices, row.place),
        (
            Deed::RevokeLaptop,
            Action::Revoke,
            Class::Devices,
            row.place,
        ),
        (Deed::RevokePerson, Action::Write, Class::People, row.place),
        (Deed::Move, Action::Enrol, Class::Devices, top),
        (Deed::Release, Action::Enrol, Class::Devices, row.place),
        (Deed::Journal, Action::Read, Class::Audit, row.place),
    ];
    let mut may = Vec::new();
    for (deed, action, class, place) in somewhere {
        if places::may(tx, row.role, row.place, action, class, place)? {
            may.push(deed);
        }
    }
    Ok(LoggedIn {
        token,
        name: row.name.clone(),
        role: row.role,
        place: row.place,
        place_name: tx.place(row.place)?.map_or_else(String::new, |at| at.name),
        may,
        ends: now.saturating_add(LIFE_MS),
    })
}

/// Who shows this token.
///
/// # Errors
/// `login-ended` when nobody does any more.
pub(crate) fn whoever(tx: &dyn Tx, token: &[u8; 32], now: u64) -> Result<AdministratorRow> {
    let hash = hash_of(token);
    let login = tx.login(&hash)?.ok_or(Refusal::LoginEnded)?;
    let who = tx.administrator(login.administrator)?;
    let who = who.ok_or(Refusal::LoginEnded)?;
    let over = now >= login.began_at.saturating_add(LIFE_MS)
        || now >= login.last_at.saturating_add(IDLE_MS)
        || login.epoch != identity(tx)?.epoch
        || who.disabled_at.is_some();
    match over {
        true => Err(Refusal::LoginEnded.into()),
        false => Ok(who),
    }
}

/// Notes that someone is still there, now and then.
pub(crate) fn still_there(tx: &dyn Tx, token: &[u8; 32], now: u64) -> Result<()> {
    let hash = hash_of(token);
    match tx.login(&hash)? {
        Some(login) if now.saturating_sub(login.last_at) >= NOTE_MS => {
            let later = LoginRow {
                last_at: now,
                ..login
            };
            Ok(tx.put_login(&hash, &later)?)
        }
        _ => Ok(()),
    }
}

/// Ends a log-in.
pub(crate) fn leave(tx: &dyn Tx, token: &[u8; 32]) -> Result<()> {
    Ok(tx.forget_login(&hash_of(token))?)
}

/// What is kept of a token. A plain hash is enough: 256 random bits cannot be tried out.
fn hash_of(token: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"nyetaa login\0").update(token);
    *hasher.finalize().as_bytes()
}

/// A passphrase, stretched.
struct Stretched {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Stretched {
    /// 1, salt and hash: a later version may stretch otherwise.
    const VERSION: u8 = 1;

    fn of(typed: &str, salt: [u8; 16]) -> Result<Self> {
        let wrong = |_| Error::Unreadable("a passphrase cannot be stretched");
        let params = Params::new(KIB, PASSES, 1, Some(32)).map_err(wrong)?;
        let mut hash = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase::normal(typed).as_bytes(), &salt, &mut hash)
            .map_err(wrong)?;
        Ok(Self { salt, hash })
    }

    /// Whether it is the same, in a time that tells nothing.
    fn is(&self, other: &Self) -> bool {
        blake3::Hash::from_bytes(self.hash) == blake3::Hash::from_bytes(other.hash)
    }

    fn to_bytes(&self) -> Vec<u8> {
        [&[Self::VERSION][..], &self.salt, &self.hash].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, hash) = bytes.strip_prefix(&[Self::VERSION])?.split_at_checked(16)?;
        Some(Self {
            salt: salt.try_into().ok()?,
            hash: hash.try_into().ok()?,
        })
    }
}

/// Where someone holds their role.
fn held_place(new: &NewAdministrator) -> Result<RecordId> {
    let typed = &new.place;
    let any = || {
        let found = places::nation(typed).or_else(|_| places::region(typed));
        found.or_else(|_: Unclear| places::district(typed))
    };
    Ok(match new.role {
        Role::Coach => places::district(typed)?,
        Role::Region => places::region(typed)?,
        Role::Nation => places::nation(typed)?,
        Role::Administrator => any()?,
        Role::Member | Role::Lead | Role::Partner => return Err(Error::RoleOfLaptop),
    })
}
