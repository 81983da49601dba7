//! Single places that a region or the nation reads on demand: they carry sums of the rest.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ScopeId};
use serde::{Deserialize, Serialize};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Most places that are read on demand at once.
const MOST_DEMANDED: usize = 50;
const DEMANDED: &str = "demanded";

/// A place below that can be read on demand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct DemandPlace {
    /// The district that it lies in; may be empty.
    pub above: String,
    /// What it is called; empty until its laptop was heard of.
    pub name: String,
    /// The place.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Whether it was chosen.
    pub on: bool,
    /// Whether what stands there has come.
    pub here: bool,
}

/// The facilities below whose laptop the server was heard to know, by district and name, and which of them are read.
pub fn demand_places(cx: &Cx<'_>, _: Nothing) -> Result<Vec<DemandPlace>> {
    if !cx.author()?.role.looks_on() {
        return Ok(Vec::new());
    }
    let on: BTreeSet<ScopeId> = demanded(cx)?.unwrap_or_default().into_iter().collect();
    let here = cx.store().scopes()?;
    let mut found: BTreeMap<RecordId, (String, Option<RecordId>)> = BTreeMap::new();
    for device in cx.store().devices()? {
        // A laptop of an office above: what stands there is read as it is, or summed.
        if matches!(device.role.as_str(), "lead" | "member") {
            found.insert(device.place, (device.place_name, device.above));
        }
    }
    for scope in &on {
        found.entry(scope.place()).or_default();
    }
    let mut places: Vec<DemandPlace> = found
        .into_iter()
        .map(|(id, (told, above))| {
            let known = cx.place(id).ok();
            let above = known.as_ref().and_then(|place| place.parent).or(above);
            let above = above.and_then(|above| cx.place(above).ok());
            DemandPlace {
                above: above.map(|above| above.name).unwrap_or_default(),
                name: known.map_or(told, |place| place.name),
                id,
                on: on.contains(&id.as_scope()),
                here: here.contains(&id.as_scope()),
            }
        })
        .collect();
    places.sort();
    Ok(places)
}

/// The places read on demand whose records are here.
pub fn read_on_demand(cx: &Cx<'_>) -> Result<Vec<RecordId>> {
    let here = cx.store().scopes()?;
    let mut scopes = demanded(cx)?.unwrap_or_default();
    scopes.retain(|scope| here.contains(scope));
    Ok(scopes.iter().map(|scope| scope.place()).collect())
}

/// Reads a single place on demand, or no longer.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Demand {
    /// The place.
    #[ts(type = "string")]
    pub place: RecordId,
    /// Whether it is read from now on.
    pub on: bool,
}

/// The places read on demand.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Demanded {
    /// Their records.
    #[ts(type = "Array<string>")]
    pub places: Vec<RecordId>,
}

/// Chooses a single place to read from the next exchange on, for regions and the nation.
pub fn demand(cx: &Cx<'_>, request: Demand) -> Result<Demanded> {
    if !cx.author()?.role.looks_on() {
        return Err(AppError::new("not-allowed-here"));
    }
    let mut scopes: BTreeSet<ScopeId> = demanded(cx)?.unwrap_or_default().into_iter().collect();
    if request.on {
        if scopes.len() >= MOST_DEMANDED {
            return Err(AppError::new("demand-too-much").with("most", MOST_DEMANDED));
        }
        scopes.insert(
            cx.scope_of(request.place)
                .unwrap_or(request.place.as_scope()),
        );
    } else {
        scopes.remove(&request.place.as_scope());
    }
    let scopes: Vec<ScopeId> = scopes.into_iter().collect();
    let bytes = serde_json::to_vec(&scopes).map_err(|_| AppError::new("store-failed"))?;
    cx.store().set_meta(DEMANDED, &bytes)?;
    Ok(Demanded {
        places: scopes.iter().map(|scope| scope.place()).collect(),
    })
}

/// The scopes read on demand, as the server is to know them; none when nobody ever chose.
pub fn demanded(cx: &Cx<'_>) -> Result<Option<Vec<ScopeId>>> {
    let bytes = cx.store().meta(DEMANDED)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}
