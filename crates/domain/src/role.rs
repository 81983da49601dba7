//! Who may do what. Decided on the laptop for kindness and on the server for truth.

use serde::{Deserialize, Serialize};

/// A person's part in the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Works in a facility team.
    Member,
    /// Leads a facility team (DTC).
    Lead,
    /// Coaches and supervises a district's facilities.
    Coach,
    /// Works in a regional directorate: reads the figures of its districts.
    Region,
    /// Works for the nation: reads the figures of its regions.
    Nation,
    /// Keeps people and laptops; sees no content.
    Administrator,
    /// Supports the programme: reads sums.
    Partner,
}

impl Role {
    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Lead => "lead",
            Self::Coach => "coach",
            Self::Region => "region",
            Self::Nation => "nation",
            Self::Administrator => "administrator",
            Self::Partner => "partner",
        }
    }

    /// Whether it looks on from above: reads sums, and single places on demand, and writes only at its own.
    pub fn looks_on(self) -> bool {
        matches!(self, Self::Region | Self::Nation)
    }

    /// Whether people of both roles may work at the same place.
    pub fn works_beside(self, other: Self) -> bool {
        let in_a_team = |role| matches!(role, Self::Member | Self::Lead);
        self == other || (in_a_team(self) && in_a_team(other))
    }

    /// The role of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "member" => Some(Self::Member),
            "lead" => Some(Self::Lead),
            "coach" => Some(Self::Coach),
            "region" => Some(Self::Region),
            "nation" => Some(Self::Nation),
            "administrator" => Some(Self::Administrator),
            "partner" => Some(Self::Partner),
            _ => None,
        }
    }
}
