//! What a person who administrates says to the server, and what they are told. Spoken now and then by few people, so the keys are
//! words.

use domain::ids::{RecordId, ReplicaId};
use domain::role::Role;
use serde::{Deserialize, Serialize};

use crate::octets;

/// Someone comes in at the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogIn {
    /// The name that they were entered under.
    pub name: String,
    /// Their passphrase, or the code that they were given.
    pub secret: String,
    /// With a code: the passphrase that they choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
}

/// Someone came in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedIn {
    /// What shows from now on who asks. It says nothing, and nothing but its hash is kept.
    #[serde(with = "octets::array")]
    pub token: [u8; 32],
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The place where they hold it.
    pub place: RecordId,
    /// What that place is called.
    pub place_name: String,
    /// What they may do somewhere.
    pub may: Vec<Deed>,
    /// When it is over at the latest, in milliseconds by the server's clock.
    pub ends: u64,
}

/// What can be done; the words of the server's list of deeds are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Look at laptops.
    Laptops,
    /// Look at people.
    People,
    /// Invite a laptop.
    Invite,
    /// No longer believe a laptop.
    RevokeLaptop,
    /// No longer believe a person.
    RevokePerson,
    /// Put a facility under another district.
    Move,
    /// Let in what was kept aside.
    Release,
    /// Look at who did what.
    Journal,
}

/// One wish, with what shows who has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administration {
    /// What was given at the log-in.
    #[serde(with = "octets::array")]
    pub token: [u8; 32],
    /// What is wished.
    pub wish: Wish,
}

/// What someone who came in wishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To leave.
    Leave,
    /// The laptops of their places.
    Laptops,
    /// The people of their places.
    People,
    /// An invitation.
    Invite(NewInvitation),
    /// No longer to believe a laptop.
    RevokeLaptop {
        /// Which.
        device: ReplicaId,
        /// Why, in their words.
        reason: String,
    },
    /// No longer to believe a person.
    RevokePerson {
        /// Whom.
        person: RecordId,
        /// The laptops that they enrolled, too.
        laptops: bool,
        /// Why, in their words.
        reason: String,
    },
    /// That whoever enrolled a laptop holds a further role, or no longer does.
    Post {
        /// Which laptop.
        device: ReplicaId,
        /// The role.
        role: Role,
        /// Where: a name, alias, code or identifier.
        place: String,
        /// Whether from now on; else no longer.
        held: bool,
    },
    /// A facility under another district.
    Move {
        /// Which facility: its name or identifier.
        facility: String,
        /// The district: its name, alias, code or identifier.
        district: String,
    },
    /// What is kept aside at their places.
    Aside,
    /// What one of it says.
    AsideChanges(String),
    /// To let one of it in.
    Release {
        /// Which.
        id: String,
        /// Why, in their words.
        reason: String,
    },
    /// Who did what at their places.
    Journal,
}

/// An invitation that someone wishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInvitation {
    /// A place by name, alias, code or identifier.
    pub place: String,
    /// The name of a facility in that district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// What the laptop's people may do at most.
    pub role: Role,
    /// How many laptops may enrol with it.
    pub uses: u32,
    /// For how many days.
    pub days: u32,
    /// What whoever enrols holds besides: a role, and a place by name, alias, code or identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(Role, String)>,
}

/// What someone who came in is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It is done.
    Done,
    /// Laptops, those not heard of for longest first.
    Laptops(Vec<Device>),
    /// People, by place and name.
    People(Vec<Person>),
    /// The invitation, whose code is kept nowhere else.
    Invited {
        /// The code.
        code: String,
        /// What the place is called.
        place: String,
        /// From when on it is refused, in milliseconds by the server's clock.
        expires: u64,
    },
    /// It is done, and these laptops have to do with it.
    Concerns(Vec<ReplicaId>),
    /// What is kept aside.
    Aside(Vec<Aside>),
    /// What one of it says.
    AsideChanges(Aside, Vec<AsideChange>),
    /// Who did what, newest first.
    Journal {
        /// The newest lines.
        lines: Vec<JournalLine>,
        /// The number of the first line that does not follow from the one before it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        broken: Option<u64>,
    },
}

/// A laptop as it is administrated: who has not synced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The replica, which names it elsewhere.
    pub device: ReplicaId,
    /// Where it works.
    pub place: String,
    /// The district, region or nation above.
    pub above: String,
    /// What its people may do.
    pub role: Role,
    /// What the person who enrolled it holds besides: a role, its place, and what that is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(Role, RecordId, String)>,
    /// Its last contact, in milliseconds since 1970-01-01 UTC by the server's clock.
    pub last_contact: u64,
    /// Whole days since then.
    pub days: u64,
    /// Own saves that it had not sent, as it said then.
    pub waiting: u64,
    /// Saves that waited for others, as it said then.
    pub held: u64,
    /// Its app's version, empty when it never told.
    pub version: String,
    /// The replica whose copy it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<ReplicaId>,
    /// When it was revoked, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
    /// When lines of its list of who did what were found gone that it had told of, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_gone: Option<u64>,
}

/// Someone who works with the app, as laptops told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their record, which names them elsewhere.
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their role, where it is known.
    pub role: Option<Role>,
    /// Where they work.
    pub place: String,
    /// Since when they are no longer believed, in milliseconds by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// A segment that was kept aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    /// What to call it elsewhere.
    pub id: String,
    /// Why it was not let in: a code.
    pub reason: String,
    /// The place whose scope it is for.
    pub place: String,
    /// Whose stream.
    pub device: ReplicaId,
    /// Who brought it.
    pub carrier: ReplicaId,
    /// When, in milliseconds by the server's clock.
    pub received: u64,
    /// The number of its first save.
    pub first: u64,
    /// The number of its last save.
    pub last: u64,
}

/// One change of a segment that was kept aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsideChange {
    /// The number of its save.
    pub save: u64,
    /// When, by its author's clock, in milliseconds.
    pub at: u64,
    /// The kind of record, by name where it is known.
    pub kind: String,
    /// The record.
    pub record: RecordId,
    /// The field, by name where it is known.
    pub field: String,
    /// What it should hold; none for whoever does not read the work of that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One line of who did what on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// Its number, from 1.
    pub no: u64,
    /// When, in milliseconds by the server's clock.
    pub at: u64,
    /// Who, by name; empty for the operator, who sits at the server.
    pub who: String,
    /// What: a word.
    pub what: String,
    /// The place that it was about, empty when none.
    pub place: String,
    /// What else belongs to it, by name.
    pub about: std::collections::BTreeMap<String, String>,
}

impl Wish {
    /// The longest text in it, in bytes.
    pub(super) fn longest(&self) -> usize {
        let longest = |texts: &[&str]| texts.iter().map(|text| text.len()).max().unwrap_or(0);
        match self {
            Self::Leave | Self::Laptops | Self::People | Self::Aside | Self::Journal => 0,
            Self::Invite(invite) => {
                let also = invite.also.iter().map(|(_, place)| place.len()).max();
                longest(&[&invite.place, invite.facility.as_deref().unwrap_or("")])
                    .max(also.unwrap_or(0))
            }
            Self::Post { place, .. } => place.len(),
            Self::RevokeLaptop { reason, .. } | Self::RevokePerson { reason, .. } => reason.len(),
            Self::Move { facility, district } => longest(&[facility, district]),
            Self::AsideChanges(id) => id.len(),
            Self::Release { id, reason } => longest(&[id, reason]),
        }
    }
}

/// What opens a door stays out of logs.
macro_rules! silent {
    ($($message:ident),*) => { $(
        impl std::fmt::Debug for $message {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($message), "(…)"))
            }
        }
    )* };
}
silent!(LogIn, LoggedIn, Administration);
