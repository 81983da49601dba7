//! One way through the facility for several checklists: place after place, and what several of them ask is asked once.

use serde::Serialize;

use super::{Checklist, Item, Station};
use crate::text::Localized;

/// A stop on the way through the facility.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Stop {
    /// Where; none for sections that name no place, which come last.
    pub station: Option<Station>,
    /// What is asked there.
    pub parts: Vec<StopPart>,
}

/// The items of a section at a stop.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StopPart {
    /// The code of the checklist.
    pub checklist: String,
    /// The title of the section; none for items that stand in none.
    pub section: Option<Localized>,
    /// Its items.
    pub items: Vec<Item>,
}

/// The way through the facility for these checklists, in the order of the walk. A question that several of them ask stands where it
/// comes first.
pub fn stops(checklists: &[&Checklist]) -> Vec<Stop> {
    let mut asked: Vec<&str> = Vec::new();
    let mut stops: Vec<Stop> = Vec::new();
    let order = |station: Option<Station>| (station.is_none(), station);
    let mut sections: Vec<(Option<Station>, &Checklist, Option<usize>)> = Vec::new();
    for checklist in checklists {
        let mut met: Vec<Option<usize>> = Vec::new();
        for item in &checklist.items {
            if met.contains(&item.section) {
                continue;
            }
            met.push(item.section);
            let section = item.section.and_then(|at| checklist.sections.get(at));
            sections.push((
                section.and_then(|section| section.station),
                checklist,
                item.section,
            ));
        }
    }
    // What stands in the same place keeps the order of the checklists.
    sections.sort_by_key(|(station, ..)| order(*station));
    for (station, checklist, section) in sections {
        let mut items = Vec::new();
        for item in checklist
            .items
            .iter()
            .filter(|item| item.section == section)
        {
            if let Some(key) = &item.shared {
                if asked.contains(&key.as_str()) {
                    continue;
                }
                asked.push(key);
            }
            items.push(item.clone());
        }
        if items.is_empty() {
            continue;
        }
        let part = StopPart {
            checklist: checklist.code.clone(),
            section: section
                .and_then(|at| checklist.sections.get(at))
                .map(|section| section.title.clone()),
            items,
        };
        match stops.last_mut().filter(|stop| stop.station == station) {
            Some(stop) => stop.parts.push(part),
            None => stops.push(Stop {
                station,
                parts: vec![part],
            }),
        }
    }
    stops
}
