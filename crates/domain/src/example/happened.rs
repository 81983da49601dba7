//! What happened around the figures, and what the teams decided about their charts: a strike, a visit, a stock-out, a
//! month left out and a phase begun anew.

use super::*;

/// The month of the strike, of which too little was counted.
pub(super) const STRIKE: usize = 5;
/// The month from which early contacts are offered on market days, for good.
pub(super) const MARKET_DAYS: usize = 12;

pub(super) fn events(calendar: &Calendar) -> Vec<ExampleEvent> {
    let day = |at, day| calendar.day(at, day);
    let event = |author, sort, starts, ends, text| ExampleEvent {
        facility: "kangare",
        author,
        sort,
        indicator: None,
        starts,
        ends,
        text,
    };
    vec![
        event(
            "awa",
            EventSort::Strike,
            day(STRIKE, 6),
            Some(day(STRIKE, 24)),
            say(
                "les CPN s'arrêtent, la maternité reste ouverte",
                "antenatal care stops, the maternity stays open",
            ),
        ),
        event(
            "aminata",
            EventSort::Supervision,
            day(17, 12),
            None,
            say("visite du district", "the district's visit"),
        ),
        ExampleEvent {
            indicator: Some("MAL-01"),
            ..event(
                "moussa",
                EventSort::StockOut,
                day(super::malaria::OUT_OF_STOCK, 2),
                Some(day(super::malaria::OUT_OF_STOCK, 29)),
                say("TDR, dépôt du district", "rapid tests, district depot"),
            )
        },
    ]
}

pub(super) fn decisions(calendar: &Calendar) -> Vec<ExampleDecision> {
    let decision = |author, day, what, at, reason| ExampleDecision {
        facility: "kangare",
        author,
        day,
        indicator: "MNCH-01",
        what,
        month: calendar.month(at),
        reason,
    };
    vec![
        decision(
            "awa",
            calendar.day(MARKET_DAYS, 12),
            ChartDecision::Exclude,
            STRIKE,
            say(
                "grève, presque aucune femme n'a été vue",
                "strike, hardly any woman was seen",
            ),
        ),
        decision(
            "aminata",
            calendar.day(23, 12),
            ChartDecision::Phase,
            MARKET_DAYS,
            say(
                "CPN aussi le jour du marché, confirmé par l'équipe",
                "antenatal care on market days too, confirmed by the team",
            ),
        ),
    ]
}
