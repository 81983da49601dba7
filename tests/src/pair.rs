//! The usual company: a clinic's laptop and its district coach's, with the centre between them.

use serde_json::{Value as Json, json};

use crate::centre::Centre;
use crate::laptop::Laptop;
use crate::network::Network;
use crate::time::Time;

/// The district in which most journeys happen.
const DISTRICT: &str = "Sélingué";
/// Its clinic.
const CLINIC: &str = "CSCom de Kangaré";

/// A clinic, its coach and the centre.
pub struct Pair {
    /// Everybody's clock.
    pub time: Time,
    /// The server.
    pub centre: Centre,
    /// The clinic's way to the server.
    pub network: Network,
    /// The clinic's laptop: Awa Traoré, lead of the team.
    pub clinic: Laptop,
    /// The coach's laptop: Issa Coulibaly, at the district.
    pub coach: Laptop,
}

impl Pair {
    /// Both have begun; nobody is enrolled.
    pub fn begun() -> Self {
        let time = Time::default();
        let centre = Centre::open(&time);
        let network = Network::to(centre.socket());
        let clinic = Laptop::new(&time);
        clinic.begin_facility(CLINIC, DISTRICT, "Awa Traoré", "lead");
        let coach = Laptop::new(&time);
        coach.begin_coach(DISTRICT, "Issa Coulibaly");
        Self {
            time,
            centre,
            network,
            clinic,
            coach,
        }
    }

    /// Both are enrolled, the clinic first.
    pub fn enrolled() -> Self {
        let pair = Self::begun();
        pair.enrol_clinic();
        let code = pair.centre.invite_coach(DISTRICT);
        pair.coach.enrol(&pair.centre, &code);
        pair
    }

    /// Both are enrolled, and the clinic's cycle with a year of its main measure is on both laptops.
    pub fn at_work() -> (Self, Json) {
        let pair = Self::enrolled();
        let cycle = pair
            .clinic
            .start_cycle(&pair.place(), "anc-four-contacts", "mnch");
        pair.fill_year();
        pair.clinic.sync();
        pair.coach.sync();
        (pair, cycle)
    }

    /// The clinic's laptop enrols, through its own network.
    pub fn enrol_clinic(&self) -> Json {
        let code = self.centre.invite_facility(CLINIC, DISTRICT);
        self.clinic.enrol_by(&self.network.address(), &code)
    }

    /// The clinic's place.
    pub fn place(&self) -> Json {
        self.clinic.home()
    }

    /// Types twelve months of the main measure at the clinic, July 2025 to June 2026.
    pub fn fill_year(&self) {
        let place = self.place();
        for month in 0..12u32 {
            let period = period(2025, 7 + month);
            let (n, d) = (12 + (month * 5) % 9, 40 + month % 4);
            self.clinic
                .types(&place, "MNCH-02", &period, &n.to_string(), &d.to_string());
        }
    }

    /// The clinic sends, then the coach takes and sends, then the clinic takes.
    pub fn sync_both(&self) {
        self.clinic.sync();
        self.coach.sync();
        self.clinic.sync();
    }

    /// The main measure's cell of a month at the clinic, as both laptops show it.
    pub fn cells(&self, period: &str) -> [Json; 2] {
        let place = self.place();
        [&self.clinic, &self.coach].map(|laptop| laptop.cell(&place, "MNCH-02", period))
    }

    /// The coach corrects the main measure's numerator, giving a reason.
    pub fn coach_corrects(&self, period: &str, numerator: &str, reason: &str) {
        let place = self.place();
        let shown = self.coach.cell(&place, "MNCH-02", period);
        let mut edit = crate::cell("MNCH-02", period, numerator, "", &shown);
        edit["denominator"] = Json::Null;
        let request = json!({ "place": place, "cells": [edit], "reason": reason });
        self.coach.call("save_cells", request);
    }

    /// The clinic changes the main measure's numerator.
    pub fn clinic_changes(&self, period: &str, numerator: &str) {
        let place = self.place();
        let shown = self.clinic.cell(&place, "MNCH-02", period);
        let mut edit = crate::cell("MNCH-02", period, numerator, "", &shown);
        edit["denominator"] = Json::Null;
        let request = json!({ "place": place, "cells": [edit], "reason": null });
        self.clinic.call("save_cells", request);
    }
}

/// An ISO month; a month number beyond December runs into the next years.
pub fn period(year: u32, month: u32) -> String {
    format!("{}-{:02}", year + (month - 1) / 12, (month - 1) % 12 + 1)
}
