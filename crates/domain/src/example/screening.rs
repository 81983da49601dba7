//! Another facility's cycle, so that the district has more than one team to look at.

use super::draw::Draw;
use super::*;

/// The first month counted.
const FIRST: usize = 8;

pub(super) fn cycle(calendar: &Calendar) -> ExampleCycle {
    let (id, from) = begun_from("muac-screening");
    let day = |at, day| calendar.day(at, day);
    let mut draw = Draw::new(51);
    let counted = (FIRST..MONTHS.into()).map(|at| {
        let seen = draw.between(38, 74);
        draw.of(seen, if at < 17 { 0.52 } else { 0.60 })
    });
    ExampleCycle {
        facility: "siekorole",
        template: id,
        area: from.area,
        title: from.name,
        problem: from.problem,
        aim_who: from.aim_who,
        aim_what: from.aim_what,
        aim_from: 50.0,
        aim_to: 90.0,
        aim_by: calendar.end.plus(6).last_day(),
        cause: say(
            "Un seul ruban pour trois postes, rangé dans un tiroir.",
            "A single tape for three posts, kept in a drawer.",
        ),
        opened: day(FIRST, 20),
        team: vec![
            member("bakary", day(FIRST, 20)),
            member("kadia", day(FIRST, 20)),
        ],
        measures: vec![ExampleMeasure {
            indicator: "NUT-01",
            goal: Some(90.0),
            entries: entries(calendar, FIRST, counted),
        }],
        ideas: from.ideas,
        trials: vec![ExampleTrial {
            idea: 0,
            title: say(
                "Un ruban accroché à chaque poste",
                "A tape hung at every post",
            ),
            who: "kadia",
            extent: Extent::OneWeek,
            scale: say("Une semaine", "One week"),
            starts: day(17, 8),
            ends: day(17, 13),
            prediction: say(
                "Neuf enfants sur dix seront mesurés.",
                "Nine children in ten will be measured.",
            ),
            data_plan: say(
                "Kadia compte les lignes du registre le samedi.",
                "Kadia counts the register's lines on Saturday.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Onze enfants sur dix-huit mesurés ; le ruban du tri a disparu le mercredi.",
                    "Eleven of eighteen children measured; the tape at triage vanished on Wednesday.",
                ),
                seen: (11.0, 18.0),
                comparison: Comparison::Worse,
                learned: say(
                    "Un ruban se perd s'il n'appartient à personne : il faut un nom par poste.",
                    "A tape gets lost if it is nobody's: each post needs a name.",
                ),
                decision: Decision::Adapt,
                decided: day(17, 16),
            }),
            comments: Vec::new(),
        }],
        lessons: Vec::new(),
        comments: Vec::new(),
    }
}
