//! Places, and what a replica may read and write from where it works.

use domain::catalog::{OrgLevel, org_units, search_org_units};
use domain::ids::{RecordId, ScopeId};
use domain::permission::{self, Action, Class, Holder, Matter, Path, Post};
use domain::registry::Kind;
use domain::role::Role;
use domain::text::{Match, fold};
use sync::log::Save;
use sync::wire::Grant;

use crate::storage;
use crate::storage::rows::ReplicaRow;
use crate::storage::tx::Tx;

/// What a place is, from the nation down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The nation.
    Country,
    /// A region.
    Region,
    /// A health district.
    District,
    /// A health facility.
    Facility,
}

impl Level {
    /// The word that stands in the database and in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::District => "district",
            Self::Facility => "facility",
        }
    }

    /// The level of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "country" => Some(Self::Country),
            "region" => Some(Self::Region),
            "district" => Some(Self::District),
            "facility" => Some(Self::Facility),
            _ => None,
        }
    }
}

/// Where the server knows a place from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The catalogue.
    Shipped,
    /// An enrolment.
    Enrolled,
}

impl Source {
    /// The word that stands in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Enrolled => "enrolled",
        }
    }

    /// The source of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "shipped" => Some(Self::Shipped),
            "enrolled" => Some(Self::Enrolled),
            _ => None,
        }
    }
}

/// A place that grants are computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its identifier; its scope has the same bytes.
    pub id: RecordId,
    /// The place above; the nation has none.
    pub parent: Option<RecordId>,
    /// What it is.
    pub level: Level,
    /// Its name.
    pub name: String,
    /// Its code in the catalogue.
    pub code: Option<String>,
    /// Where the server knows it from.
    pub source: Source,
}

/// Scopes that a replica may write and those it may only read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Write, and so read.
    pub write: Vec<ScopeId>,
    /// Read.
    pub read: Vec<ScopeId>,
}

/// A role with the place where it is held.
pub type Held = (Role, RecordId);

/// What these posts reach on the tree as it is now. They add up; what one of them writes is not only read.
pub fn reach(tx: &dyn Tx, held: &[Held]) -> Result<Reach, storage::Error> {
    let mut all = Reach::default();
    for post in held {
        let one = reach_by(tx, *post)?;
        all.write.extend(one.write);
        all.read.extend(one.read);
    }
    all.write.sort_unstable();
    all.write.dedup();
    all.read
        .retain(|scope| all.write.binary_search(scope).is_err());
    all.read.sort_unstable();
    all.read.dedup();
    Ok(all)
}

/// What one post reaches. The only place where this is decided: of the places that a
/// laptop of this role keeps, those that [`permission::allow`] lets it write or read.
///
/// A facility's people keep their facility, its district and the nation; a district's coach the district, every facility
/// under it, the region and the nation; a region's people and the nation's their own place and the nation; partners the
/// region or the nation whose sums they read. Single places below are read on demand ([`on_demand`]). Administrators have no
/// laptop, and anything else reaches nothing.
fn reach_by(tx: &dyn Tx, (role, place): Held) -> Result<Reach, storage::Error> {
    let line = line(tx, place)?;
    let Some(place) = line.last() else {
        return Ok(Reach::default());
    };
    let above: &[Level] = match (role, place.level) {
        (Role::Member | Role::Lead, Level::Facility) => &[Level::District, Level::Country],
        (Role::Coach, Level::District) => &[Level::Region, Level::Country],
        (Role::Region | Role::Partner, Level::Region)
        | (Role::Nation | Role::Partner, Level::Country) => &[Level::Country],
        _ => return Ok(Reach::default()),
    };
    let held = ids(&line);
    let mut kept: Vec<(Level, Vec<RecordId>)> = line
        .iter()
        .enumerate()
        .filter(|(_, kept)| kept.id == place.id || above.contains(&kept.level))
        .map(|(at, kept)| (kept.level, held[..=at].to_vec()))
        .collect();
    if role == Role::Coach {
        for facility in tx.facilities(place.id)? {
            kept.push((facility.level, [&held[..], &[facility.id]].concat()));
        }
    }
    let posts = posts(role, &held);
    let mut reach = Reach::default();
    for (level, at) in kept {
        let scope = at.last().map(|place| place.as_scope());
        if writes(&posts, &at) {
            reach.write.extend(scope);
        } else if reads(&posts, level, &at) {
            reach.read.extend(scope);
        }
    }
    Ok(reach)
}

/// What a laptop reaches now, with what it has asked for below; nothing when it is no longer believed.
pub fn reach_of(tx: &dyn Tx, replica: &ReplicaRow) -> Result<Reach, storage::Error> {
    if replica.revoked_at.is_some() {
        return Ok(Reach::default());
    }
    let mut reach = reach(tx, &replica.posts())?;
    for scope in tx.demanded(replica.id)? {
        let reached = reach.write.contains(&scope) || reach.read.contains(&scope);
        if !reached && on_demand(tx, replica, scope)? {
            reach.read.push(scope);
        }
    }
    Ok(reach)
}

/// Whether whoever looks on may read a single place below theirs when they ask for it.
pub fn on_demand(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    scope: ScopeId,
) -> Result<bool, storage::Error> {
    let Some(place) = tx.place(scope.place())? else {
        return Ok(false);
    };
    let at = path(tx, place.id)?;
    for (role, held) in replica.posts() {
        let held = path(tx, held)?;
        if role.looks_on()
            && at.len() > held.len()
            && at.starts_with(&held)
            && reads(&posts(role, &held), place.level, &at)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a laptop whose people hold these posts may write something at a place.
pub fn may_write(tx: &dyn Tx, held: &[Held], place: RecordId) -> Result<bool, storage::Error> {
    Ok(writes(&all_posts(tx, held)?, &path(tx, place)?))
}

/// Whether a laptop whose people hold these posts may be told of the laptops of a place.
pub fn hears_of(tx: &dyn Tx, held: &[Held], place: RecordId) -> Result<bool, storage::Error> {
    let posts = all_posts(tx, held)?;
    let what = Matter {
        class: Class::Devices,
        at: &path(tx, place)?,
        about: None,
    };
    Ok(permission::allow(asking(&posts), Action::Read, what))
}

/// Whether a laptop may have the keys of a scope's sealed texts of a class: it reaches the scope, and whoever sits at it may
/// read what they open.
pub fn may_have(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    class: Class,
    scope: ScopeId,
) -> Result<bool, storage::Error> {
    let reach = reach_of(tx, replica)?;
    let reached = reach.write.contains(&scope) || reach.read.contains(&scope);
    Ok(reached
        && asked(tx, replica, class, scope, |who, what| {
            permission::allow(who, Action::Read, what)
        })?)
}

/// Whether a laptop may have such keys destroyed: it writes the scope, and whoever sits at it may write what they open.
pub fn may_destroy(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    class: Class,
    scope: ScopeId,
) -> Result<bool, storage::Error> {
    let writes = reach_of(tx, replica)?.write.contains(&scope);
    Ok(writes && asked(tx, replica, class, scope, permission::may_write)?)
}

/// Asks the table about a class of what lies in a scope, for a laptop.
fn asked(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    class: Class,
    scope: ScopeId,
    rule: impl FnOnce(Holder<'_>, Matter<'_>) -> bool,
) -> Result<bool, storage::Error> {
    let posts = all_posts(tx, &replica.posts())?;
    let what = Matter {
        class,
        at: &path(tx, scope.place())?,
        about: None,
    };
    Ok(rule(asking(&posts), what))
}

/// Whether a laptop may leave the keys of a scope's sealed texts of a class here: it may have them or write what they open,
/// or a grant that it had once, under this name or an earlier one, let it write that. What it wrote before a facility moved
/// is taken after it too, and a text without its key would be lost.
pub fn may_bring(
    tx: &dyn Tx,
    replica: &ReplicaRow,
    class: Class,
    scope: ScopeId,
) -> Result<bool, crate::Error> {
    if may_have(tx, replica, class, scope)? || may_destroy(tx, replica, class, scope)? {
        return Ok(true);
    }
    if replica.revoked_at.is_some() {
        return Ok(false);
    }
    for name in tx.names(replica.id)? {
        for bytes in tx.grants_given(name)? {
            let grant = Grant::from_bytes(&bytes)?;
            let terms = grant.terms();
            let posts = bearing(tx, &terms.posts(), scope)?;
            let wrote = |held: &Held| writes_class(*held, scope, class);
            if grant.may_write(scope) && posts.iter().any(wrote) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a post may write a class in a scope that it reaches.
fn writes_class((role, held): Held, scope: ScopeId, class: Class) -> bool {
    let (own, below) = ([held], [held, scope.place()]);
    let what = Matter {
        class,
        at: if held == scope.place() { &own } else { &below },
        about: None,
    };
    permission::may_write(asking(&posts(role, &own)), what)
}

/// Whether someone of `role` at `held`, who comes in by themselves, may do something at a place.
pub fn may(
    tx: &dyn Tx,
    role: Role,
    held: RecordId,
    action: Action,
    class: Class,
    place: RecordId,
) -> Result<bool, storage::Error> {
    let posts = [Post {
        role,
        at: path(tx, held)?,
    }];
    let what = Matter {
        class,
        at: &path(tx, place)?,
        about: None,
    };
    Ok(permission::allow(asking(&posts), action, what))
}

/// The highest place above one, or itself.
pub fn top(tx: &dyn Tx, place: RecordId) -> Result<Option<RecordId>, storage::Error> {
    Ok(path(tx, place)?.first().copied())
}

/// Those of several posts that reach a scope, for what is said by [`writes_all`]: one district's coach is not another's. Where
/// none of them does any more, a facility has moved since, and all are asked.
pub fn bearing(tx: &dyn Tx, held: &[Held], scope: ScopeId) -> Result<Vec<Held>, storage::Error> {
    if held.len() < 2 {
        return Ok(held.to_vec());
    }
    let mut found = Vec::new();
    for post in held {
        if reach_by(tx, *post)?.write.contains(&scope) {
            found.push(*post);
        }
    }
    Ok(if found.is_empty() {
        held.to_vec()
    } else {
        found
    })
}

/// Whether all changes of a save are of classes that these posts may write in a scope that they reach.
/// What this version does not know is judged like work.
pub fn writes_all(held: &[Held], scope: ScopeId, save: &Save) -> bool {
    let place = scope.place();
    save.changes.iter().all(|change| {
        held.iter().any(|(role, held)| {
            // That the scope is in reach was judged on the tree of its time; here counts whether it is its own place.
            let at: &Path = match *held == place {
                true => &[*held],
                false => &[*held, place],
            };
            let what = Matter {
                class: Kind::from_number(change.kind)
                    .map_or(Class::Work, |kind| Class::of_sealed(kind, change.field)),
                at,
                about: Some(change.record),
            };
            let who = Holder {
                person: Some(save.author),
                posts: &posts(*role, &[*held]),
            };
            permission::may_write(who, what)
        })
    })
}

fn all_posts(tx: &dyn Tx, held: &[Held]) -> Result<Vec<Post>, storage::Error> {
    let mut all = Vec::new();
    for (role, held) in held {
        all.extend(posts(*role, &path(tx, *held)?));
    }
    Ok(all)
}

/// The posts that a laptop stands for. A team shares its laptop, so it may what any of the team may.
fn posts(role: Role, at: &Path) -> Vec<Post> {
    let roles: &[Role] = match role {
        Role::Member | Role::Lead => &[Role::Member, Role::Lead],
        _ => &[role],
    };
    let post = |role: &Role| Post {
        role: *role,
        at: at.to_vec(),
    };
    roles.iter().map(post).collect()
}

fn asking(posts: &[Post]) -> Holder<'_> {
    Holder {
        person: None,
        posts,
    }
}

fn writes(posts: &[Post], at: &Path) -> bool {
    [Class::Work, Class::Staff, Class::Visit, Class::People]
        .into_iter()
        .any(|class| {
            let what = Matter {
                class,
                at,
                about: None,
            };
            permission::may_write(asking(posts), what)
        })
}

fn reads(posts: &[Post], level: Level, at: &Path) -> bool {
    // Sums stand at regions and at the nation alone: whoever may read nothing else is given no single place.
    let classes: &[Class] = match level {
        Level::Country | Level::Region => &[Class::Work, Class::Sums],
        Level::District | Level::Facility => &[Class::Work],
    };
    classes.iter().any(|class| {
        let what = Matter {
            class: *class,
            at,
            about: None,
        };
        permission::allow(asking(posts), Action::Read, what)
    })
}

/// A place with all above it, the nation first; empty when it is not known.
fn line(tx: &dyn Tx, place: RecordId) -> Result<Vec<Place>, storage::Error> {
    let mut line = Vec::new();
    let mut next = Some(place);
    // The tree has four levels; the bound keeps a damaged one from turning for ever.
    for _ in 0..5 {
        let Some(place) = next.map(|id| tx.place(id)).transpose()?.flatten() else {
            break;
        };
        next = place.parent;
        line.push(place);
    }
    line.reverse();
    Ok(line)
}

fn path(tx: &dyn Tx, place: RecordId) -> Result<Vec<RecordId>, storage::Error> {
    Ok(ids(&line(tx, place)?))
}

fn ids(line: &[Place]) -> Vec<RecordId> {
    line.iter().map(|place| place.id).collect()
}

/// Why a place could not be told from what was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// No place of this level answers to it.
    #[error("no {level} is called “{typed}”", level = .level.word())]
    Unknown {
        /// What was typed.
        typed: String,
        /// What was looked for.
        level: Level,
    },
    /// Several do.
    #[error("several places are called “{typed}”: {}", .ids.join(", "))]
    Several {
        /// What was typed.
        typed: String,
        /// Their codes or identifiers, one of which can be typed instead.
        ids: Vec<String>,
    },
}

/// The district of a name, alias, code or identifier, accents aside.
pub fn district(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::District, shipped(typed, OrgLevel::District))
}

/// The region of a name, alias, code or identifier, accents aside.
pub fn region(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::Region, shipped(typed, OrgLevel::Region))
}

/// The nation, by whatever it is called.
pub fn nation(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::Country, shipped(typed, OrgLevel::Country))
}

fn shipped(typed: &str, level: OrgLevel) -> Vec<(RecordId, String)> {
    let by_name = search_org_units(typed)
        .into_iter()
        .filter(|(answer, _)| *answer == Match::Exact)
        .map(|(_, unit)| unit);
    let id = typed.trim().parse().ok();
    let by_id = org_units()
        .iter()
        .filter(|unit| id == Some(RecordId::of_place_code(&unit.code)));
    by_name
        .chain(by_id)
        .filter(|unit| unit.level == level)
        .map(|unit| (RecordId::of_place_code(&unit.code), unit.code.clone()))
        .collect()
}

/// The enrolled facility of a name or identifier, accents aside.
pub fn facility(places: &[Place], typed: &str) -> Result<RecordId, Unclear> {
    let found = places
        .iter()
        .filter(|place| place.level == Level::Facility)
        .filter(|place| is_called(place, typed) || place.id.to_string() == typed.trim())
        .map(|place| (place.id, place.id.to_string()))
        .collect();
    only(typed, Level::Facility, found)
}

/// Whether a place has this name, accents and punctuation aside.
pub fn is_called(place: &Place, name: &str) -> bool {
    let name = fold(name);
    !name.is_empty() && fold(&place.name) == name
}

fn only(
    typed: &str,
    level: Level,
    mut found: Vec<(RecordId, String)>,
) -> Result<RecordId, Unclear> {
    match (found.pop(), found.is_empty()) {
        (Some((id, _)), true) => Ok(id),
        (Some((_, last)), false) => {
            let mut ids: Vec<String> = found.into_iter().map(|(_, id)| id).collect();
            ids.push(last);
            Err(Unclear::Several {
                typed: typed.to_owned(),
                ids,
            })
        }
        (None, _) => Err(Unclear::Unknown {
            typed: typed.to_owned(),
            level,
        }),
    }
}

/// The identifier of a facility that the server had to name itself.
pub fn minted_facility(district: RecordId, name: &str) -> RecordId {
    RecordId::natural(&[b"facility", district.as_bytes(), fold(name).as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shared_by_region_and_district_is_the_district() {
        assert_eq!(district("kayes"), Ok(RecordId::of_place_code("ML0101")));
        assert_eq!(district("ML0101"), Ok(RecordId::of_place_code("ML0101")));
        assert_eq!(region("kayes"), Ok(RecordId::of_place_code("ML01")));
        assert_eq!(nation("mali"), Ok(RecordId::of_place_code("ML")));
        assert!(matches!(region("kati"), Err(Unclear::Unknown { .. })));
        assert!(matches!(district("Mali"), Err(Unclear::Unknown { .. })));
        assert!(matches!(district(""), Err(Unclear::Unknown { .. })));
    }

    #[test]
    fn facilities_of_one_name_are_told_apart_by_identifier() {
        let place = |n: u8| Place {
            id: RecordId::natural(&[&[n]]),
            parent: None,
            level: Level::Facility,
            name: "CSCom de Farako".to_owned(),
            code: None,
            source: Source::Enrolled,
        };
        let places = [place(1), place(2)];
        assert!(matches!(
            facility(&places, "cscom de farako"),
            Err(Unclear::Several { .. })
        ));
        assert_eq!(
            facility(&places, &places[1].id.to_string()),
            Ok(places[1].id)
        );
        assert_eq!(facility(&places[..1], "CSCOM de Farakò"), Ok(places[0].id));
    }
}
