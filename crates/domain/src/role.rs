//! Who may do what. Decided on the laptop for kindness and on the server for truth.

use crate::words::words;

words! {
    /// A person's part in the work.
    Role {
        /// Works in a facility team.
        Member = "member",
        /// Leads a facility team (DTC).
        Lead = "lead",
        /// Coaches and supervises a district's facilities.
        Coach = "coach",
        /// Works in a regional directorate: reads the figures of its districts.
        Region = "region",
        /// Works for the nation: reads the figures of its regions.
        Nation = "nation",
        /// Keeps people and laptops; sees no content.
        Administrator = "administrator",
        /// Supports the programme: reads sums.
        Partner = "partner",
    }
}

impl Role {
    /// Whether it looks on from above: reads sums, and single places on demand, and writes only at its own.
    pub fn looks_on(self) -> bool {
        matches!(self, Self::Region | Self::Nation)
    }

    /// Whether people of both roles may work at the same place.
    pub fn works_beside(self, other: Self) -> bool {
        let in_a_team = |role| matches!(role, Self::Member | Self::Lead);
        self == other || (in_a_team(self) && in_a_team(other))
    }
}
