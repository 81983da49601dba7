//! Six lights of the method: whether a cycle is worked the way that improvement is known to work. They advise and never block,
//! and stay between a team and its coach. Each rule says where it comes from; none looks at how good the results are.

use serde::{Deserialize, Serialize};

use crate::cause::CauseStanding;
use crate::ids::RecordId;
use crate::trial::Extent;

/// What a light stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Lamp {
    /// The aim says for whom, what, from, to and by when.
    Aim,
    /// The cause was verified.
    Cause,
    /// What is tried begins small.
    Small,
    /// What will happen is written before it does.
    Prediction,
    /// The measure is followed over time.
    Data,
    /// What was learned goes into a next trial.
    Iteration,
}

/// How bright it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Glow {
    /// Not yet.
    Off,
    /// In part.
    Half,
    /// Yes.
    On,
}

/// A light as it burns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Light {
    /// Which.
    pub lamp: Lamp,
    /// How bright.
    pub glow: Glow,
    /// The trial where it is mended, for those that trials light.
    #[ts(type = "string | null")]
    pub trial: Option<RecordId>,
}

/// A cause as far as its light goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// How sure the team is.
    pub standing: CauseStanding,
    /// Whether something is written that shows it.
    pub shown: bool,
}

/// A trial as far as its lights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// The trial.
    pub id: RecordId,
    /// How large it is.
    pub extent: Option<Extent>,
    /// A prediction is written.
    pub predicted: bool,
    /// The result was compared with it.
    pub compared: bool,
    /// What happened is written.
    pub happened: bool,
}

/// What is written of a cycle, as far as its lights go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// How many of the aim's five parts are written.
    pub aim_parts: usize,
    /// The aim's figures lie apart: it goes somewhere.
    pub aim_moves: bool,
    /// Its causes, those ruled out left aside.
    pub causes: Vec<Suspect>,
    /// Its ramps, each with its trials from the first on.
    pub ramps: Vec<Vec<Tried>>,
    /// How many periods of its main measure were counted.
    pub counted: usize,
}

/// How many parts an aim has: for whom, what, from, to, by when.
const AIM_PARTS: usize = 5;
/// How many counted periods a run chart takes before its rules say anything (Perla, Provost and Murray, BMJ Qual Saf
/// 2011;20:46: « at least ten data points »).
const ENOUGH: usize = 10;

/// The six lights, in the order of the work.
pub fn lights(of: &Written) -> [Light; 6] {
    [
        aim(of),
        cause(of),
        small(of),
        prediction(of),
        data(of),
        iteration(of),
    ]
}

fn light(lamp: Lamp, glow: Glow, trial: Option<RecordId>) -> Light {
    Light { lamp, glow, trial }
}

/// An aim is measurable and has a date: how much, by when, for whom (Langley et al., The Improvement Guide, 2009, ch. 4, « What
/// are we trying to accomplish? »). It burns when all five parts stand and the figures differ, half when some stand.
fn aim(of: &Written) -> Light {
    let glow = match of.aim_parts {
        0 => Glow::Off,
        AIM_PARTS if of.aim_moves => Glow::On,
        _ => Glow::Half,
    };
    light(Lamp::Aim, glow, None)
}

/// A problem is analysed before changes are thought up (Massoud et al., A Modern Paradigm for Improving Healthcare Quality, QA
/// Project, 2001: identify, analyse, develop, test). It burns when a cause is verified and something written shows it, half
/// while causes are suspected, or called verified with nothing that shows it.
fn cause(of: &Written) -> Light {
    let shown = of
        .causes
        .iter()
        .any(|cause| cause.standing == CauseStanding::Verified && cause.shown);
    let glow = match (of.causes.is_empty(), shown) {
        (true, _) => Glow::Off,
        (_, true) => Glow::On,
        (_, false) => Glow::Half,
    };
    light(Lamp::Cause, glow, None)
}

/// A change is first tried small (Taylor et al., BMJ Qual Saf 2014;23:290, « small-scale testing »). It burns when the first
/// trial of every ramp is small ([`Extent::is_small`]), half when that of some ramp is larger or not said.
fn small(of: &Written) -> Light {
    let firsts: Vec<&Tried> = of.ramps.iter().filter_map(|ramp| ramp.first()).collect();
    let is_small = |trial: &&&Tried| trial.extent.is_some_and(Extent::is_small);
    let large = firsts.iter().find(|trial| !is_small(trial));
    let glow = match (firsts.is_empty(), large) {
        (true, _) => Glow::Off,
        (_, None) => Glow::On,
        (_, Some(_)) if firsts.iter().any(|trial| is_small(&trial)) => Glow::Half,
        (_, Some(large)) if large.extent.is_none() => Glow::Half,
        _ => Glow::Off,
    };
    light(Lamp::Small, glow, large.map(|trial| trial.id))
}

/// What will happen is written down before, and held against what did (Taylor et al. 2014, « prediction-based test of change »).
/// It burns when every trial has a prediction and every one that happened was compared with it, half when some have.
fn prediction(of: &Written) -> Light {
    let all: Vec<&Tried> = of.ramps.iter().flatten().collect();
    let well = |trial: &&&Tried| trial.predicted && (trial.compared || !trial.happened);
    let lacking = all.iter().find(|trial| !well(trial));
    let glow = match (all.is_empty(), lacking) {
        (true, _) => Glow::Off,
        (_, None) => Glow::On,
        (_, Some(_)) if all.iter().any(|trial| trial.predicted) => Glow::Half,
        _ => Glow::Off,
    };
    light(Lamp::Prediction, glow, lacking.map(|trial| trial.id))
}

/// The measure is followed over time, not before and after (Taylor et al. 2014, « use of data over time »). It burns from ten
/// counted periods on, half from the first.
fn data(of: &Written) -> Light {
    let glow = match of.counted {
        0 => Glow::Off,
        ENOUGH.. => Glow::On,
        _ => Glow::Half,
    };
    light(Lamp::Data, glow, None)
}

/// What one trial taught goes into the next (Taylor et al. 2014, « iterative cycles »: a chain of two or more, the later built on
/// the earlier). It burns when a trial stands behind one that was compared, half when a first one was compared.
fn iteration(of: &Written) -> Light {
    let goes_on = |ramp: &Vec<Tried>| ramp.windows(2).any(|pair| pair[0].compared);
    let last = of.ramps.iter().rev().find_map(|ramp| ramp.last());
    let glow = match of.ramps.iter().any(goes_on) {
        true => Glow::On,
        false if of.ramps.iter().flatten().any(|trial| trial.compared) => Glow::Half,
        false => Glow::Off,
    };
    light(Lamp::Iteration, glow, last.map(|trial| trial.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(number: u8, extent: Extent) -> Tried {
        Tried {
            id: RecordId::from_bytes([number; 16]),
            extent: Some(extent),
            predicted: true,
            compared: true,
            happened: true,
        }
    }

    fn suspect(standing: CauseStanding, shown: bool) -> Suspect {
        Suspect { standing, shown }
    }

    fn glow(of: &Written, lamp: Lamp) -> Glow {
        let all = lights(of);
        all.iter().find(|light| light.lamp == lamp).unwrap().glow
    }

    #[test]
    fn nothing_burns_over_an_empty_page() {
        for light in lights(&Written::default()) {
            assert_eq!(light.glow, Glow::Off, "{:?}", light.lamp);
        }
    }

    #[test]
    fn everything_burns_over_a_cycle_that_is_well_worked() {
        let of = Written {
            aim_parts: 5,
            aim_moves: true,
            causes: vec![suspect(CauseStanding::Verified, true)],
            ramps: vec![vec![
                tried(1, Extent::OneDay),
                tried(2, Extent::WholeService),
            ]],
            counted: 10,
        };
        for light in lights(&of) {
            assert_eq!(light.glow, Glow::On, "{:?}", light.lamp);
        }
    }

    #[test]
    fn an_aim_that_goes_nowhere_is_half_one() {
        let of = |aim_parts, aim_moves| Written {
            aim_parts,
            aim_moves,
            ..Written::default()
        };
        for (parts, moves, glowing) in [
            (1, false, Glow::Half),
            (4, true, Glow::Half),
            (5, false, Glow::Half),
            (5, true, Glow::On),
        ] {
            assert_eq!(
                glow(&of(parts, moves), Lamp::Aim),
                glowing,
                "{parts} {moves}"
            );
        }
    }

    #[test]
    fn a_cause_that_nothing_shows_is_half_verified() {
        let of = |causes| Written {
            causes,
            ..Written::default()
        };
        for (cause, glowing) in [
            (suspect(CauseStanding::Suspected, true), Glow::Half),
            (suspect(CauseStanding::Verified, false), Glow::Half),
            (suspect(CauseStanding::Verified, true), Glow::On),
        ] {
            assert_eq!(glow(&of(vec![cause]), Lamp::Cause), glowing, "{cause:?}");
        }
    }

    #[test]
    fn what_begins_large_is_named() {
        let of = |ramps| Written {
            ramps,
            ..Written::default()
        };
        let large = tried(7, Extent::OneMonth);
        let unsaid = Tried {
            extent: None,
            ..large
        };
        for (ramps, glowing) in [
            (vec![vec![large]], Glow::Off),
            (vec![vec![unsaid]], Glow::Half),
            (
                vec![vec![tried(1, Extent::OneDay)], vec![large]],
                Glow::Half,
            ),
            // A later one may be as large as it likes.
            (vec![vec![tried(1, Extent::OneWeek), large]], Glow::On),
        ] {
            let written = of(ramps);
            assert_eq!(glow(&written, Lamp::Small), glowing, "{written:?}");
            if glowing != Glow::On {
                assert_eq!(lights(&written)[2].trial, Some(large.id));
            }
        }
    }

    #[test]
    fn a_result_that_was_not_compared_dims_the_prediction() {
        let of = |trial| Written {
            ramps: vec![vec![trial]],
            ..Written::default()
        };
        let whole = tried(1, Extent::OneDay);
        for (trial, glowing) in [
            (whole, Glow::On),
            (
                Tried {
                    compared: false,
                    ..whole
                },
                Glow::Half,
            ),
            (
                Tried {
                    compared: false,
                    happened: false,
                    ..whole
                },
                Glow::On,
            ),
            (
                Tried {
                    predicted: false,
                    ..whole
                },
                Glow::Off,
            ),
        ] {
            assert_eq!(glow(&of(trial), Lamp::Prediction), glowing, "{trial:?}");
        }
    }

    #[test]
    fn ten_periods_are_data_over_time() {
        for (counted, glowing) in [(1, Glow::Half), (9, Glow::Half), (10, Glow::On)] {
            let of = Written {
                counted,
                ..Written::default()
            };
            assert_eq!(glow(&of, Lamp::Data), glowing, "{counted}");
        }
    }

    #[test]
    fn two_trials_side_by_side_are_no_iteration() {
        let one = |number| vec![tried(number, Extent::OneDay)];
        let of = |ramps| Written {
            ramps,
            ..Written::default()
        };
        assert_eq!(glow(&of(vec![one(1), one(2)]), Lamp::Iteration), Glow::Half);
        let ran_on = Tried {
            compared: false,
            ..tried(1, Extent::OneDay)
        };
        let unread = of(vec![vec![ran_on, ran_on]]);
        assert_eq!(glow(&unread, Lamp::Iteration), Glow::Off);
    }
}
