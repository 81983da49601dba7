//! Testing before treating: begun lately, with a month out of stock, too early to tell.

use super::draw::Draw;
use super::*;
use crate::measure::NoDataReason;

/// The first month counted: eight months with the one out of stock.
const FIRST: usize = 16;
/// The month without tests.
pub(super) const OUT_OF_STOCK: usize = 19;

pub(super) fn cycle(calendar: &Calendar) -> ExampleCycle {
    let (id, from) = begun_from("malaria-testing");
    let day = |at, day| calendar.day(at, day);
    ExampleCycle {
        facility: "kangare",
        template: id,
        area: from.area,
        title: from.name,
        problem: say(
            "La nuit et les jours de marché, des fièvres sont traitées comme paludisme sans TDR. Nous l'avons vu en \
             relisant cinquante lignes du registre de consultation.",
            "At night and on market days fevers are treated as malaria without a test. We saw it on rereading fifty \
             lines of the outpatient register.",
        ),
        aim_who: from.aim_who,
        aim_what: from.aim_what,
        aim_from: 70.0,
        aim_to: 95.0,
        aim_by: calendar.end.plus(8).last_day(),
        cause: say(
            "Les TDR sont enfermés au dépôt, et le gérant rentre à 16 h.",
            "The tests are locked in the store, and the keeper goes home at 4 p.m.",
        ),
        opened: day(FIRST, 11),
        team: vec![
            member("moussa", day(FIRST, 11)),
            member("issa", day(FIRST, 11)),
            member("oumou", day(18, 1)),
            member("mariam", day(FIRST, 11)),
        ],
        measures: vec![
            ExampleMeasure {
                indicator: "MAL-01",
                goal: Some(95.0),
                entries: tested(calendar),
            },
            ExampleMeasure {
                indicator: "MAL-03",
                goal: None,
                entries: negatives_treated(calendar),
            },
        ],
        ideas: from.ideas,
        trials: vec![
            ExampleTrial {
                idea: 1,
                title: say(
                    "Une boîte de TDR dans la salle de garde",
                    "A box of tests in the night-duty room",
                ),
                who: "issa",
                extent: Extent::OneWeek,
                scale: say("Dix nuits", "Ten nights"),
                starts: day(21, 5),
                ends: day(21, 15),
                prediction: say(
                    "Neuf fièvres sur dix vues la nuit seront testées.",
                    "Nine fevers in ten seen at night will be tested.",
                ),
                data_plan: say(
                    "Le matin, Issa compte les TDR partis et les lignes du registre de garde.",
                    "In the morning Issa counts the tests gone and the lines of the duty register.",
                ),
                result: Some(ExampleResult {
                    happened: say(
                        "Vingt-deux fièvres en dix nuits, vingt testées ; deux fois la lampe était déchargée.",
                        "Twenty-two fevers in ten nights, twenty tested; twice the lamp was flat.",
                    ),
                    seen: (20.0, 22.0),
                    comparison: Comparison::AsPredicted,
                    learned: say(
                        "La boîte suffit si la lampe est rechargée le jour.",
                        "The box is enough if the lamp is charged by day.",
                    ),
                    decision: Decision::Adopt,
                    decided: day(21, 18),
                }),
                comments: Vec::new(),
            },
            ExampleTrial {
                idea: 0,
                title: say(
                    "Le TDR au tri, les jours de marché",
                    "The test at triage, on market days",
                ),
                who: "oumou",
                extent: Extent::OneMonth,
                scale: say("Quatre mardis", "Four Tuesdays"),
                starts: day(23, 4),
                ends: day(23, 25),
                prediction: say(
                    "Tous les cas suspects du mardi seront testés avant la consultation, sans que l'attente s'allonge.",
                    "All suspected cases on Tuesdays will be tested before the consultation, without a longer wait.",
                ),
                data_plan: say(
                    "Cas suspects et tests comptés au tri ; heure du dernier malade.",
                    "Suspected cases and tests counted at triage; time of the last patient.",
                ),
                result: None,
                comments: Vec::new(),
            },
        ],
        lessons: Vec::new(),
        comments: vec![comment(
            "aminata",
            day(20, 17),
            "Vous avez noté la rupture au lieu de laisser la case vide : le graphique reste juste. Le district a été \
             prévenu du stock.",
            "You noted the stock-out instead of leaving the cell empty: the chart stays right. The district has been \
             told about the stock.",
        )],
    }
}

fn tested(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(41);
    let counted = (FIRST..MONTHS.into()).map(|at| {
        let suspected = draw.between(52, 118);
        let counted = draw.of(suspected, if at < 22 { 0.72 } else { 0.82 });
        if at == OUT_OF_STOCK {
            Entry::no_data(NoDataReason::StockOut)
        } else {
            counted
        }
    });
    let mut entries = entries(calendar, FIRST, counted);
    explain(
        &mut entries,
        calendar.month(OUT_OF_STOCK),
        "Plus un seul TDR du 3 au 29 ; la commande du district a eu du retard.",
        "Not a single test from the 3rd to the 29th; the district's order was late.",
    );
    entries
}

fn negatives_treated(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(42);
    let counted = (FIRST..MONTHS.into()).map(|at| {
        let negative = draw.between(18, 40);
        let counted = draw.of(negative, 0.15);
        if at == OUT_OF_STOCK {
            Entry::no_data(NoDataReason::StockOut)
        } else {
            counted
        }
    });
    entries(calendar, FIRST, counted)
}
