//! Places, and what a replica may read and write from where it works.

use domain::catalog::{OrgLevel, search_org_units};
use domain::ids::{RecordId, ScopeId};
use domain::role::Role;
use domain::text::{Match, fold};

use crate::storage;
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

/// What `role` at `place` reaches on the tree as it is now. The only place where this is decided.
///
/// A facility's people write their facility and read its district and the nation. A district's coach
/// writes the district and every facility under it, and reads the region and the nation. The people of a
/// region or of the nation write their own place, where they themselves and the sums from below stand, and
/// read the nation; single places below them they read on demand ([`lies_below`]). Anything else reaches
/// nothing.
pub fn reach(tx: &dyn Tx, role: Role, place: RecordId) -> Result<Reach, storage::Error> {
    let Some(place) = tx.place(place)? else {
        return Ok(Reach::default());
    };
    let mut reach = Reach::default();
    match (role, place.level) {
        (Role::Member | Role::Lead, Level::Facility) => {
            reach.write.push(place.id.as_scope());
            reach
                .read
                .extend(above(tx, &place, &[Level::District, Level::Country])?);
        }
        (Role::Coach, Level::District) => {
            reach.write.push(place.id.as_scope());
            reach.write.extend(
                tx.facilities(place.id)?
                    .iter()
                    .map(|facility| facility.id.as_scope()),
            );
            reach
                .read
                .extend(above(tx, &place, &[Level::Region, Level::Country])?);
        }
        (Role::Region, Level::Region) | (Role::Nation, Level::Country) => {
            reach.write.push(place.id.as_scope());
            reach.read.extend(above(tx, &place, &[Level::Country])?);
        }
        _ => {}
    }
    reach.write.sort_unstable();
    reach.read.sort_unstable();
    Ok(reach)
}

/// Whether `scope` is a place under `place`, so that its people may read it on demand.
pub fn lies_below(tx: &dyn Tx, scope: ScopeId, place: RecordId) -> Result<bool, storage::Error> {
    let Some(below) = tx.place(scope.place())? else {
        return Ok(false);
    };
    let mut parent = below.parent;
    for _ in 0..4 {
        match parent {
            Some(id) if id == place => return Ok(true),
            Some(id) => parent = tx.place(id)?.and_then(|place| place.parent),
            None => break,
        }
    }
    Ok(false)
}

fn above(tx: &dyn Tx, place: &Place, levels: &[Level]) -> Result<Vec<ScopeId>, storage::Error> {
    let mut scopes = Vec::new();
    let mut parent = place.parent;
    // The tree has four levels; the bound keeps a damaged one from turning for ever.
    for _ in 0..4 {
        let Some(place) = parent.map(|id| tx.place(id)).transpose()?.flatten() else {
            break;
        };
        if levels.contains(&place.level) {
            scopes.push(place.id.as_scope());
        }
        parent = place.parent;
    }
    Ok(scopes)
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

/// The district of a name, alias or code, accents aside.
pub fn district(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::District, shipped(typed, OrgLevel::District))
}

/// The region of a name, alias or code, accents aside.
pub fn region(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::Region, shipped(typed, OrgLevel::Region))
}

/// The nation, by whatever it is called.
pub fn nation(typed: &str) -> Result<RecordId, Unclear> {
    only(typed, Level::Country, shipped(typed, OrgLevel::Country))
}

fn shipped(typed: &str, level: OrgLevel) -> Vec<(RecordId, String)> {
    search_org_units(typed)
        .into_iter()
        .filter(|(answer, unit)| *answer == Match::Exact && unit.level == level)
        .map(|(_, unit)| (RecordId::of_place_code(&unit.code), unit.code.clone()))
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
