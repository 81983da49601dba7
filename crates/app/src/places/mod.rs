//! Places: the shipped tree from nation to district, and what was added below it.

pub mod queries;

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::catalog::{self, OrgUnit};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{Kind, PlaceField};
use domain::text;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::Edit;
use sync::log::SaveKind;

use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::{Permission, permissions_at};
use crate::records::{self, edit, queries::Record};
use crate::sync_client::{own_place, read_on_demand};

/// A place as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PlaceSummary {
    /// Its record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// As people call it.
    pub name: String,
    /// country, region, district, facility, village or site.
    pub level: String,
    /// The places above it, `Sikasso › Sélingué`.
    pub path: String,
    /// Its catalogue code, if it ships with the app.
    pub code: Option<String>,
}

/// A place to be added below another.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct NewPlace {
    /// As people call it.
    pub name: String,
    /// facility, village or site.
    pub level: String,
    /// The place above.
    #[ts(type = "string")]
    pub parent: RecordId,
}

/// What to look for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SearchPlaces {
    /// What was typed: a name, an alias or a code, with or without accents.
    pub query: String,
    /// Only these levels; empty for all.
    pub levels: Vec<String>,
}

/// A place that the person may see, with what is to be known about it at a glance.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct MemberPlace {
    /// The place.
    pub place: PlaceSummary,
    /// Improvement cycles there that are open.
    pub cycles: u32,
    /// The last month with a value, ISO.
    pub last_month: Option<String>,
    /// Fields of which people's values differ.
    pub open_conflicts: u32,
    /// What this person may do there, where several roles of theirs make it another thing than below their home.
    pub permissions: Option<Vec<Permission>>,
}

/// How many places a search answers at most.
const MOST_FOUND: usize = 12;

/// A place: where it stands and what it is called.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its record.
    pub id: RecordId,
    /// As people call it.
    pub name: String,
    /// Its level.
    pub level: String,
    /// The place above.
    pub parent: Option<RecordId>,
    /// Its catalogue code.
    pub code: Option<String>,
}

static SHIPPED: LazyLock<HashMap<RecordId, &'static OrgUnit>> = LazyLock::new(|| {
    catalog::org_units()
        .iter()
        .map(|unit| (RecordId::of_place_code(&unit.code), unit))
        .collect()
});

impl From<&OrgUnit> for Place {
    fn from(unit: &OrgUnit) -> Self {
        Self {
            id: RecordId::of_place_code(&unit.code),
            name: unit.name.clone(),
            level: unit.level.word().to_owned(),
            parent: unit.parent_code.as_deref().map(RecordId::of_place_code),
            code: Some(unit.code.clone()),
        }
    }
}

impl From<&Record> for Place {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id,
            name: record.text("name").unwrap_or_default(),
            level: record.text("level").unwrap_or_default(),
            parent: record.reference("parent"),
            code: record.text("code"),
        }
    }
}

impl Cx<'_> {
    /// A place by its record.
    pub fn place(&self, id: RecordId) -> Result<Place> {
        if let Some(unit) = SHIPPED.get(&id) {
            return Ok(Place::from(*unit));
        }
        let record = self
            .store()
            .read(|conn| records::queries::record(conn, Kind::Place, id))?;
        if let Some(record) = &record {
            return Ok(Place::from(record));
        }
        own_place(self, id)?.ok_or_else(|| AppError::new("place-unknown"))
    }

    /// A place as lists show it.
    pub fn place_summary(&self, id: RecordId) -> Result<PlaceSummary> {
        self.summary(self.place(id)?)
    }

    fn summary(&self, place: Place) -> Result<PlaceSummary> {
        let mut path = Vec::new();
        let mut above = place.parent;
        while let Some(id) = above {
            let Ok(parent) = self.place(id) else { break };
            // The nation goes without saying; a cycle in the tree must not hang the app.
            if parent.level == "country" || path.len() > 6 {
                break;
            }
            path.push(parent.name);
            above = parent.parent;
        }
        path.reverse();
        Ok(PlaceSummary {
            id: place.id,
            name: place.name,
            level: place.level,
            path: path.join(" › "),
            code: place.code,
        })
    }

    /// The scope that a place's records are shared in: its facility's, or its own.
    pub fn scope_of(&self, place: RecordId) -> Result<ScopeId> {
        let here = self.place(place)?;
        if matches!(here.level.as_str(), "village" | "site")
            && let Some(parent) = here.parent
            && self.place(parent).is_ok_and(|p| p.level == "facility")
        {
            return Ok(parent.as_scope());
        }
        Ok(place.as_scope())
    }

    /// The places that this laptop shares in: its own and, for a district, the facilities below, then villages. For
    /// those above a district, the single places that they read.
    pub fn member_places(&self) -> Result<Vec<Place>> {
        let author = self.author()?;
        let home = author.home;
        let mut all = vec![self.place(home)?];
        for place in read_on_demand(self)? {
            all.extend(self.place(place));
        }
        let mut next = 0;
        let mut others = author.posts.iter().skip(1);
        loop {
            let Some(place) = all.get(next).map(|place| place.id) else {
                // Their other places, those that do not lie below the ones so far.
                let Some((_, place)) = others.next() else {
                    break;
                };
                if all.iter().all(|known| known.id != *place) {
                    all.extend(self.place(*place));
                }
                continue;
            };
            let below = self.store().read(|conn| queries::below(conn, place))?;
            all.extend(
                below
                    .iter()
                    .map(Place::from)
                    .filter(|below| below.id != home),
            );
            next += 1;
            if all.len() > 5_000 {
                break;
            }
        }
        Ok(all)
    }
}

/// Whether a place stands in the catalogue that comes with the app.
pub fn is_shipped(id: RecordId) -> bool {
    SHIPPED.contains_key(&id)
}

/// The edits that make a place.
pub fn new_place_edits(id: RecordId, name: &str, level: &str, parent: RecordId) -> Vec<Edit> {
    let field = |field: PlaceField, value| edit(Kind::Place, id, field.number(), value);
    vec![
        field(PlaceField::Name, Value::text(name)),
        field(PlaceField::Level, Value::text(level)),
        field(PlaceField::Parent, Value::Ref(parent)),
    ]
}

impl NewPlace {
    /// Checks what people may add: a named CSCom, village or site below a district or facility.
    pub fn check(&self, cx: &Cx<'_>) -> Result<()> {
        let parent = cx.place(self.parent)?;
        let fits = match self.level.as_str() {
            "facility" => parent.level == "district",
            "village" | "site" => matches!(parent.level.as_str(), "district" | "facility"),
            _ => false,
        };
        if !fits {
            return Err(AppError::new("place-does-not-fit"));
        }
        match self.name.trim().chars().count() {
            0 => Err(AppError::new("name-missing")),
            1..=200 => Ok(()),
            length => Err(AppError::new("text-too-long")
                .with("length", length)
                .with("most", 200)),
        }
    }
}

/// Searches the tree by name, alias or code. Nothing typed answers the regions.
pub fn search_places(cx: &Cx<'_>, request: SearchPlaces) -> Result<Vec<PlaceSummary>> {
    let wanted =
        |level: &str| request.levels.is_empty() || request.levels.iter().any(|l| l == level);
    let query = request.query.trim();
    let mut found: Vec<(text::Match, Place)> = catalog::search_org_units(query)
        .into_iter()
        .filter(|(_, unit)| {
            wanted(unit.level.word())
                && (!query.is_empty() || unit.level != catalog::OrgLevel::Country)
        })
        .map(|(rank, unit)| (rank, Place::from(unit)))
        .collect();
    let added = cx
        .store()
        .read(|conn| records::queries::records(conn, Kind::Place, "1 = 1", &[]))?;
    for place in added
        .iter()
        .map(Place::from)
        .filter(|place| wanted(&place.level))
    {
        if let Some(rank) = text::find(query, &place.name) {
            found.push((rank, place));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found
        .into_iter()
        .take(MOST_FOUND)
        .map(|(_, place)| cx.summary(place))
        .collect()
}

/// Adds a village or site below this laptop's place.
pub fn add_place(cx: &Cx<'_>, request: NewPlace) -> Result<PlaceSummary> {
    request.check(cx)?;
    let parent = cx.place(request.parent)?;
    if request.level == "facility" {
        // A facility joins when its own laptop is enrolled; its records live in its own scope.
        return Err(AppError::new("facility-joins-by-invitation"));
    }
    let scope = cx.scope_of(parent.id)?;
    let twice = cx.store().read(|conn| queries::below(conn, parent.id))?;
    if twice
        .iter()
        .any(|other| text::fold(&Place::from(other).name) == text::fold(&request.name))
    {
        return Err(AppError::new("place-exists").with("name", request.name.trim()));
    }
    let id = cx.write(|w| {
        let id = w.new_record()?;
        cx.save(
            w,
            scope,
            SaveKind::Edit,
            None,
            new_place_edits(id, &request.name, &request.level, parent.id),
        )?;
        Ok(id)
    })?;
    cx.place_summary(id)
}

/// The places that this laptop shares in, its own first.
pub fn places(cx: &Cx<'_>, _: crate::commands::Nothing) -> Result<Vec<MemberPlace>> {
    let open = cx.store().read(queries::open_fields_by_scope)?;
    cx.member_places()?
        .into_iter()
        .map(|place| {
            let id = place.id;
            let (cycles, last_month) = cx.store().read(|conn| queries::at_a_glance(conn, id))?;
            Ok(MemberPlace {
                place: cx.summary(place)?,
                permissions: permissions_at(cx, id)?,
                cycles,
                last_month,
                open_conflicts: open.get(&id.as_scope()).copied().unwrap_or(0),
            })
        })
        .collect()
}
