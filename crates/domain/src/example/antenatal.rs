//! Four antenatal contacts: two trials, and so far no sign of change.

use super::draw::{Draw, births};
use super::happened::{MARKET_DAYS, STRIKE};
use super::*;
use crate::measure::NoDataReason;

pub(super) fn cycle(calendar: &Calendar) -> ExampleCycle {
    let (id, from) = begun_from("anc-four-contacts");
    let day = |at, day| calendar.day(at, day);
    ExampleCycle {
        facility: "kangare",
        template: id,
        area: from.area,
        title: from.name,
        problem: say(
            "Moins de la moitié des accouchées ont eu quatre CPN. La plupart viennent pour la première fois au \
             cinquième mois, après les récoltes ou avec le mal de dos.",
            "Fewer than half of the women who give birth had four contacts. Most come for the first time in the fifth \
             month, after the harvest or with back pain.",
        ),
        aim_who: from.aim_who,
        aim_what: from.aim_what,
        aim_from: 45.0,
        aim_to: 65.0,
        aim_by: calendar.end.plus(3).last_day(),
        cause: say(
            "Personne n'explique à la première CPN pourquoi il faut revenir, ni quel jour.",
            "At the first contact nobody explains why to come back, nor on which day.",
        ),
        opened: day(12, 9),
        team: vec![
            member("awa", day(12, 9)),
            member("fanta", day(12, 9)),
            member("mariam", day(12, 9)),
            member("moussa", day(17, 2)),
        ],
        measures: vec![
            ExampleMeasure {
                indicator: "MNCH-02",
                goal: Some(65.0),
                entries: four_contacts(calendar),
            },
            ExampleMeasure {
                indicator: "MNCH-01",
                goal: None,
                entries: first_trimester(calendar),
            },
        ],
        ideas: from.ideas,
        trials: trials(calendar),
        lessons: Vec::new(),
        comments: vec![comment(
            "aminata",
            day(23, 12),
            "Deux essais honnêtes, et le graphique dit que rien n'a encore changé. Les femmes venues trop tard ne \
             pouvaient plus en avoir quatre : et si vous commenciez par la première CPN ?",
            "Two honest trials, and the chart says that nothing has changed yet. Women who came too late could no \
             longer have four: what if you began with the first contact?",
        )],
    }
}

fn four_contacts(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(32);
    let mut counted: Vec<Entry> = births()
        .into_iter()
        .map(|women| draw.of(women, 0.45))
        .collect();
    counted[8] = Entry::no_data(NoDataReason::RegisterMissing);
    let mut entries = entries(calendar, 0, counted);
    explain(
        &mut entries,
        calendar.month(8),
        "Le registre était au district pour une vérification et n'est revenu qu'après six semaines.",
        "The register was at the district for a check and came back after six weeks only.",
    );
    entries
}

fn first_trimester(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(33);
    let counted = (0..MONTHS.into()).map(|at| {
        let seen = draw.between(18, 38);
        let part = if at < MARKET_DAYS { 0.28 } else { 0.44 };
        match at {
            STRIKE => Entry::of(0.0, 4.0),
            _ => draw.of(seen, part),
        }
    });
    let mut entries = entries(calendar, 0, counted);
    explain(
        &mut entries,
        calendar.month(STRIKE),
        "Dix-neuf jours de grève : quatre femmes seulement sont venues.",
        "Nineteen days of strike: only four women came.",
    );
    entries
}

fn trials(calendar: &Calendar) -> Vec<ExampleTrial> {
    let day = |at, day| calendar.day(at, day);
    vec![
        ExampleTrial {
            idea: 2,
            title: say(
                "Téléphoner aux femmes qui ont manqué leur rendez-vous",
                "Telephoning women who missed their appointment",
            ),
            who: "fanta",
            extent: Extent::OneMonth,
            scale: say("Un mois, trois villages", "One month, three villages"),
            starts: day(15, 1),
            ends: day(15, 28),
            prediction: say(
                "Huit femmes sur dix répondront et reviendront dans la semaine.",
                "Eight women in ten will answer and come back within the week.",
            ),
            data_plan: say(
                "Une liste par village : appelée, jointe, revenue.",
                "A list for each village: called, reached, came back.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Sur quatorze femmes, six avaient un numéro, quatre ont répondu et deux sont revenues.",
                    "Of fourteen women six had a number, four answered and two came back.",
                ),
                seen: (2.0, 14.0),
                comparison: Comparison::Worse,
                learned: say(
                    "Le téléphone est celui du mari ; les relais, eux, voient la femme au puits.",
                    "The telephone is the husband's; the volunteers meet the woman at the well.",
                ),
                decision: Decision::Abandon,
                decided: day(16, 4),
            }),
            comments: vec![comment(
                "aminata",
                day(16, 10),
                "Abandonner vite, c'est aussi apprendre. Merci de l'avoir écrit.",
                "To abandon quickly is also to learn. Thank you for writing it down.",
            )],
        },
        ExampleTrial {
            idea: 1,
            title: say(
                "Donner le rendez-vous par jour de marché",
                "Giving the appointment by market day",
            ),
            who: "awa",
            extent: Extent::OneWeek,
            scale: say(
                "Les vingt premières CPN du mois",
                "The first twenty contacts of the month",
            ),
            starts: day(20, 2),
            ends: day(20, 27),
            prediction: say(
                "Quinze femmes sur vingt sauront redire leur jour en sortant.",
                "Fifteen women in twenty will be able to say their day on leaving.",
            ),
            data_plan: say(
                "Mariam demande le jour à la porte.",
                "Mariam asks for the day at the door.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Dix-sept sur vingt ont redit le jour ; le mois suivant, neuf seulement sont revenues.",
                    "Seventeen of twenty said the day; the month after, only nine came back.",
                ),
                seen: (17.0, 20.0),
                comparison: Comparison::Different,
                learned: say(
                    "Savoir le jour ne suffit pas : plusieurs attendent l'argent du transport.",
                    "Knowing the day is not enough: several wait for the money for transport.",
                ),
                decision: Decision::Adapt,
                decided: day(21, 28),
            }),
            comments: Vec::new(),
        },
    ]
}
