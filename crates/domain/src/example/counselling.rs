//! Counselling before discharge: a change that worked, and the chart that shows it.

use super::draw::{Draw, births};
use super::*;

/// The month of the first trial.
const FIRST_TRIAL: usize = 11;

pub(super) fn cycle(calendar: &Calendar) -> ExampleCycle {
    let (id, from) = begun_from("postpartum-fp-counselling");
    let day = |at, day| calendar.day(at, day);
    ExampleCycle {
        facility: "kangare",
        template: id,
        area: from.area,
        title: from.name,
        problem: say(
            "Sur dix femmes qui sortent de la maternité, six ou sept partent sans que personne ait parlé avec elles \
             d'espacement des naissances. Nous l'avons compté dans le registre d'accouchement sur un an.",
            "Of ten women who leave the maternity, six or seven go without anybody having talked with them about \
             spacing births. We counted it in the delivery register over a year.",
        ),
        aim_who: from.aim_who,
        aim_what: from.aim_what,
        aim_from: 35.0,
        aim_to: 80.0,
        aim_by: day(23, 31),
        cause: say(
            "La chargée de la PF travaille dans un autre bâtiment et ne sait pas qui sort, ni quand.",
            "The FP provider works in another building and does not know who leaves, or when.",
        ),
        opened: day(9, 14),
        team: vec![
            member("awa", day(9, 14)),
            member("oumou", day(9, 14)),
            member("fanta", day(9, 14)),
            member("mariam", day(13, 6)),
            ExampleMember {
                until: Some(day(15, 28)),
                ..member("seydou", day(9, 14))
            },
        ],
        measures: vec![
            ExampleMeasure {
                indicator: "FP-01",
                goal: Some(80.0),
                entries: counselled(calendar),
            },
            ExampleMeasure {
                indicator: "FP-03",
                goal: None,
                entries: with_partner(calendar),
            },
        ],
        ideas: from.ideas,
        trials: trials(calendar),
        lessons: vec![ExampleLesson {
            trial: 0,
            title: say(
                "Un passage chaque matin en salle des accouchées atteint presque toutes les femmes avant leur sortie.",
                "A round of the post-partum ward every morning reaches nearly all women before they leave.",
            ),
            what: say(
                "La chargée de la PF passe à 8 h en salle des accouchées, avant les sorties, et la matrone lui montre \
                 dans le registre qui sort. La colonne « counseling PFPP » est remplie au lit de la femme.",
                "The FP provider goes round the post-partum ward at 8 a.m., before discharges, and the auxiliary \
                 midwife shows her in the register who is leaving. The “PPFP counselling” column is filled at the bedside.",
            ),
            conditions: say(
                "Une maternité de moins de 40 accouchements par mois, avec au moins deux personnes formées au \
                 counseling pour les jours de repos.",
                "A maternity of fewer than 40 births a month, with at least two people trained in counselling, for days off.",
            ),
            cost: say(
                "Vingt minutes par matin ; une règle et un stylo pour la colonne du registre.",
                "Twenty minutes each morning; a ruler and a pen for the register's column.",
            ),
            evidence: say(
                "Le graphique reste au-dessus de la médiane depuis l'essai ; la coach a recompté un mois dans le \
                 registre et trouvé les mêmes nombres.",
                "The chart has stayed above the median since the trial; the coach recounted one month in the register \
                 and found the same numbers.",
            ),
        }],
        comments: vec![
            comment(
                "aminata",
                day(14, 22),
                "Bravo pour la colonne dans le registre : j'ai pu recompter en dix minutes. Que se passe-t-il le \
                 dimanche, quand Oumou est de repos ?",
                "Well done for the column in the register: I could recount in ten minutes. What happens on Sundays, \
                 when Oumou is off?",
            ),
            comment(
                "aminata",
                day(22, 18),
                "Le changement tient depuis un an. Racontez-le à Siékorolé et à Binko : leur maternité ressemble à la vôtre.",
                "The change has held for a year. Tell Siékorolé and Binko about it: their maternity is like yours.",
            ),
        ],
    }
}

fn counselled(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(21);
    let chance = |at: usize| match at {
        ..=FIRST_TRIAL => 0.35,
        12..=13 => 0.50,
        14..=16 => 0.62,
        _ => 0.74,
    };
    let discharged = births().into_iter().map(|births| births - 1);
    let mut counted: Vec<Entry> = discharged
        .enumerate()
        .map(|(at, women)| draw.of(women, chance(at)))
        .collect();
    counted[5].numerator = Some(0.0);
    let mut entries = entries(calendar, 0, counted);
    explain(
        &mut entries,
        calendar.month(5),
        "Oumou était en formation tout le mois et personne ne l'a remplacée.",
        "Oumou was on a course all month and nobody stood in for her.",
    );
    entries
}

fn with_partner(calendar: &Calendar) -> Vec<ExampleEntry> {
    let mut draw = Draw::new(22);
    let chance = |at: usize| if at < 16 { 0.4 } else { 0.65 };
    let first = 10;
    let counted = (first..MONTHS.into()).map(|at| {
        let wished = draw.between(3, 9);
        draw.of(wished, chance(at))
    });
    entries(calendar, first, counted)
}

fn trials(calendar: &Calendar) -> Vec<ExampleTrial> {
    let day = |at, day| calendar.day(at, day);
    vec![
        ExampleTrial {
            idea: 0,
            title: say(
                "La chargée de la PF passe chaque matin en salle des accouchées",
                "The FP provider goes round the post-partum ward every morning",
            ),
            who: "oumou",
            extent: Extent::OneWeek,
            scale: say(
                "Une semaine, toutes les femmes qui sortent du lundi au samedi",
                "One week, all women leaving from Monday to Saturday",
            ),
            starts: day(FIRST_TRIAL, 20),
            ends: day(FIRST_TRIAL, 25),
            prediction: say(
                "Au moins cinq femmes sur six recevront le counseling avant de partir.",
                "At least five women in six will be counselled before they leave.",
            ),
            data_plan: say(
                "Fanta coche la nouvelle colonne du registre à chaque sortie ; nous comptons le samedi.",
                "Fanta ticks the register's new column at each discharge; we count on Saturday.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Six femmes sont sorties, cinq ont été conseillées. La sixième est partie à l'aube avec son oncle.",
                    "Six women left and five were counselled. The sixth left at dawn with her uncle.",
                ),
                seen: (5.0, 6.0),
                comparison: Comparison::AsPredicted,
                learned: say(
                    "Passer avant 8 h 30 suffit, à condition que la matrone dise qui sort.",
                    "Going before 8.30 is enough, provided the auxiliary midwife says who is leaving.",
                ),
                decision: Decision::Adopt,
                decided: day(FIRST_TRIAL, 27),
            }),
            comments: vec![comment(
                "aminata",
                day(FIRST_TRIAL, 28),
                "Belle prédiction, écrite avant l'essai. Gardez la feuille de la semaine avec le registre.",
                "A fine prediction, written before the trial. Keep the week's sheet with the register.",
            )],
        },
        ExampleTrial {
            idea: 1,
            title: say(
                "Un coin derrière un rideau pour parler en couple",
                "A curtained corner to talk as a couple",
            ),
            who: "awa",
            extent: Extent::OneMonth,
            scale: say(
                "Deux semaines, les femmes qui le souhaitent",
                "Two weeks, the women who wish it",
            ),
            starts: day(14, 4),
            ends: day(14, 16),
            prediction: say(
                "Six maris sur huit viendront le matin.",
                "Six husbands in eight will come in the morning.",
            ),
            data_plan: say(
                "Nous notons pour chaque femme : souhaité, venu, seule.",
                "For each woman we note: wished, came, alone.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Huit femmes souhaitaient la présence de leur mari ; trois maris sont venus. Les autres étaient au champ.",
                    "Eight women wanted their husband present; three husbands came. The others were in the fields.",
                ),
                seen: (3.0, 8.0),
                comparison: Comparison::Worse,
                learned: say(
                    "Le coin convient, l'heure non : le matin, les hommes travaillent.",
                    "The corner suits, the hour does not: in the morning the men are at work.",
                ),
                decision: Decision::Adapt,
                decided: day(14, 19),
            }),
            comments: Vec::new(),
        },
        ExampleTrial {
            idea: 1,
            title: say(
                "Recevoir le couple en fin d'après-midi",
                "Receiving the couple in the late afternoon",
            ),
            who: "awa",
            extent: Extent::OneMonth,
            scale: say("Deux semaines, après 17 h", "Two weeks, after 5 p.m."),
            starts: day(16, 3),
            ends: day(16, 15),
            prediction: say(
                "La moitié des maris viendront.",
                "Half of the husbands will come.",
            ),
            data_plan: say(
                "La même feuille que la première fois.",
                "The same sheet as the first time.",
            ),
            result: Some(ExampleResult {
                happened: say(
                    "Sept femmes le souhaitaient ; cinq maris sont venus, dont deux avec leur mère.",
                    "Seven women wished it; five husbands came, two of them with their mother.",
                ),
                seen: (5.0, 7.0),
                comparison: Comparison::Better,
                learned: say(
                    "Après la prière de l'après-midi, les maris viennent volontiers ; la belle-mère a sa place si la femme le veut.",
                    "After the afternoon prayer husbands come willingly; the mother-in-law has her place if the woman wishes.",
                ),
                decision: Decision::Adopt,
                decided: day(16, 18),
            }),
            comments: Vec::new(),
        },
    ]
}
