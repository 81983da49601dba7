//! Who may do what, and where: one pure rule behind the server's grants (and so behind what is sent, given and put into
//! bundles), the laptop's commands and what the screen shows. What no line allows is denied.
//!
//! A permission is a role, an action, a class of data and how its place lies to the place where the role is held. Several
//! people share one laptop and one database key, so between colleagues this is a rule of the interface and of the
//! audit; between laptops, and towards the server, it is held by signatures and by what is given at all.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::registry::{Kind, PersonField};
use crate::role::Role;

use Action::*;
use Class::*;
use Lies::*;
use Role::*;

/// What is read or written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Class {
    /// Cycles, figures, trials and lessons of a place.
    Work,
    /// Sums over the places below.
    Sums,
    /// Who works where: names, posts, training, contact.
    Staff,
    /// Supervision visits and their checklists.
    Visit,
    /// The people who use the app at a place: accounts, roles, PINs.
    People,
    /// The laptops of a place: when they were last heard of, enrolment, loss.
    Devices,
    /// What everyone shares: indicators, templates, checklists, the tree of places.
    Reference,
    /// What was done by whom.
    Audit,
    /// How figures are read and visits are scored: which chart, by which rules, by which checklist. Whoever is measured does not
    /// choose them.
    Method,
}

impl Class {
    /// The class that records of a kind belong to.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::People,
            Kind::Place
            | Kind::Cycle
            | Kind::TeamMember
            | Kind::CycleMeasure
            | Kind::Measurement
            | Kind::Idea
            | Kind::Trial
            | Kind::Lesson
            | Kind::Comment
            | Kind::Opening
            | Kind::ChartPhase
            | Kind::ChartFreeze
            | Kind::ExcludedPoint
            | Kind::ChartGoal
            | Kind::Variant
            | Kind::Event
            | Kind::Action
            | Kind::Sample
            | Kind::Baseline
            | Kind::Cause
            | Kind::Driver
            | Kind::Evidence
            | Kind::Meeting
            | Kind::Attendance
            | Kind::Decision
            | Kind::Progress
            | Kind::Recheck
            | Kind::Observation
            | Kind::Picture
            | Kind::Photo
            | Kind::Pause
            | Kind::Template
            | Kind::Import
            | Kind::ImportPart => Self::Work,
            Kind::ChartSetting | Kind::ChecklistVersion | Kind::ChecklistPart => Self::Method,
            Kind::Visit | Kind::Answer | Kind::Recount => Self::Visit,
        }
    }
    /// The class that a field belongs to: that of its kind, or one of its own for a sealed text, whose key then goes to
    /// fewer.
    pub fn of_sealed(kind: Kind, field: u16) -> Self {
        match (kind, field) {
            (Kind::Person, n) if n == PersonField::Phone.number() => Self::Staff,
            _ => Self::of(kind),
        }
    }

    /// The word that names it beside a key, for ever the same. Only what texts are sealed for has one.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Work => Some("work"),
            Self::Staff => Some("staff"),
            _ => None,
        }
    }

    /// The class of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::SEALED
            .into_iter()
            .find(|class| class.word() == Some(word))
    }

    /// The classes that texts are sealed for.
    pub const SEALED: [Self; 2] = [Self::Work, Self::Staff];

    /// Every class.
    pub const ALL: [Self; 9] = [
        Self::Work,
        Self::Sums,
        Self::Staff,
        Self::Visit,
        Self::People,
        Self::Devices,
        Self::Reference,
        Self::Audit,
        Self::Method,
    ];
}

/// What is done with it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Action {
    /// Look at it, print it, export it.
    Read,
    /// Make, edit, delete and restore it.
    Write,
    /// Write beside it what its owners answer.
    Comment,
    /// Change another place's figure, with a reason that the place sees.
    Correct,
    /// Declare that a month is complete.
    Validate,
    /// Answer a visit's findings.
    Answer,
    /// Let a person or a laptop in.
    Enrol,
    /// Shut a person or a laptop out.
    Revoke,
    /// Give a person a new PIN.
    ResetPin,
    /// Open a laptop whose PINs are all forgotten.
    Recover,
    /// Ask for a change of what everyone shares.
    Propose,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 11] = [
        Self::Read,
        Self::Write,
        Self::Comment,
        Self::Correct,
        Self::Validate,
        Self::Answer,
        Self::Enrol,
        Self::Revoke,
        Self::ResetPin,
        Self::Recover,
        Self::Propose,
    ];

    /// Whether it changes records of the place, so that a laptop needs to write in the place's scope.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Write | Self::Comment | Self::Correct | Self::Validate | Self::Answer
        )
    }
}

/// A place with all that stand above it, the nation first, the place itself last.
pub type Path = [RecordId];

/// A role that a person or a laptop holds at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The role.
    pub role: Role,
    /// Where it is held.
    pub at: Vec<RecordId>,
}

/// Who asks: a person with all the roles that they hold.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Who it is, where that matters: one's own staff record.
    pub person: Option<RecordId>,
    /// Their roles. Several add up.
    pub posts: &'a [Post],
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// What it is.
    pub class: Class,
    /// Where it belongs.
    pub at: &'a Path,
    /// The person whom it is about, for what is about one person.
    pub about: Option<RecordId>,
}

/// How a matter's place lies to the place where a role is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// The same place.
    Here,
    /// The same place or one under it.
    HereOrBelow,
    /// Under it.
    Below,
    /// One that it stands under.
    Above,
    /// Here, and about the one who asks.
    Oneself,
    /// Wherever it is.
    Anywhere,
}

/// A line of the table: these roles may do this, there.
type Line = (&'static [Role], &'static [Action], &'static [Class], Lies);

/// The table. Reading what one may write is said in its own right, so that nothing follows from anything else.
const TABLE: &[Line] = &[
    // A facility's people do the work of their place; its lead answers for it.
    (&[Member, Lead], &[Read, Write], &[Work], Here),
    (&[Lead], &[Validate], &[Work], Here),
    (&[Member, Lead], &[Read], &[Method], Here),
    (&[Member, Lead], &[Read, Answer], &[Visit], Here),
    (&[Member], &[Read], &[Staff], Oneself),
    (&[Lead], &[Read, Write], &[Staff], Here),
    (&[Member, Lead], &[Read], &[People], Here),
    (&[Member], &[Write], &[People], Oneself),
    (&[Lead], &[Write, ResetPin], &[People], Here),
    (&[Member, Lead], &[Read], &[Devices], Here),
    (&[Lead], &[Read], &[Audit], Here),
    // A district's coach works at the district and goes to its facilities.
    (&[Coach], &[Read, Write], &[Work], Here),
    (&[Coach], &[Read, Comment, Correct], &[Work], Below),
    (&[Coach], &[Read, Write], &[Method], HereOrBelow),
    (&[Coach], &[Read], &[Sums, Staff], HereOrBelow),
    (&[Coach], &[Read, Write], &[Visit], HereOrBelow),
    (&[Coach], &[Read, Write, ResetPin], &[People], HereOrBelow),
    (
        &[Coach],
        &[Read, Enrol, Revoke, Recover],
        &[Devices],
        HereOrBelow,
    ),
    (&[Coach], &[Read], &[Audit], HereOrBelow),
    // Region and nation look on. They write at their own place alone.
    (&[Region, Nation], &[Read, Write], &[Work, Method], Here),
    (&[Region, Nation], &[Read], &[Work, Method], Below),
    (&[Region, Nation], &[Read], &[Sums], HereOrBelow),
    (&[Region], &[Read], &[Visit], HereOrBelow),
    (
        &[Region, Nation, Partner],
        &[Read, Write, ResetPin],
        &[People],
        Here,
    ),
    (&[Region, Nation], &[Read], &[Devices], HereOrBelow),
    (&[Region, Nation], &[Read], &[Audit], Here),
    (&[Region], &[Propose], &[Reference], Here),
    (&[Nation], &[Write], &[Reference], Anywhere),
    (&[Nation], &[Recover], &[Devices], HereOrBelow),
    // An administrator keeps people and laptops, and sees no content.
    (
        &[Administrator],
        &[Read, Write, ResetPin],
        &[People],
        Anywhere,
    ),
    (
        &[Administrator],
        &[Read, Enrol, Revoke],
        &[Devices],
        Anywhere,
    ),
    (&[Administrator], &[Read], &[Audit], Anywhere),
    // A partner reads sums, never a single place's work, and keeps the people of their own laptop.
    (&[Partner], &[Read], &[Sums], HereOrBelow),
    // What one did oneself.
    (
        &[Member, Lead, Coach, Region, Nation, Administrator, Partner],
        &[Read],
        &[Audit],
        Oneself,
    ),
    // What stands above a place is for those below, and what everyone shares is for everyone.
    (
        &[Member, Lead, Coach, Region],
        &[Read],
        &[Work, Sums, Method],
        Above,
    ),
    (
        &[Member, Lead, Coach, Region, Nation, Administrator, Partner],
        &[Read],
        &[Reference],
        Anywhere,
    ),
];

/// Whether the table allows it. Several roles add up; no role takes away what another gives.
pub fn allow(who: Holder<'_>, action: Action, what: Matter<'_>) -> bool {
    who.posts.iter().any(|post| {
        TABLE.iter().any(|(roles, actions, classes, lies)| {
            roles.contains(&post.role)
                && actions.contains(&action)
                && classes.contains(&what.class)
                && lies.hold(who.person, &post.at, what)
        })
    })
}

/// Whether they may change anything of it.
pub fn may_write(who: Holder<'_>, what: Matter<'_>) -> bool {
    Action::ALL
        .into_iter()
        .any(|action| action.writes() && allow(who, action, what))
}

impl Lies {
    fn hold(self, person: Option<RecordId>, held: &Path, what: Matter<'_>) -> bool {
        if held.is_empty() || what.at.is_empty() {
            return false;
        }
        let here = what.at == held;
        match self {
            Self::Here => here,
            Self::HereOrBelow => what.at.starts_with(held),
            Self::Below => !here && what.at.starts_with(held),
            Self::Above => !here && held.starts_with(what.at),
            Self::Oneself => here && person.is_some() && what.about == person,
            Self::Anywhere => true,
        }
    }
}

#[cfg(test)]
mod tests;
