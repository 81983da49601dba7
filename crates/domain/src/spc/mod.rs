//! Charts over time and the rules that tell a sign of change from chance.
//!
//! [`chart`] computes a chart of any [kind](chart::ChartKind) from a [series](series::Series), [`limits`] holds the formulas
//! they share. [`anhoej`] and [`ihi`] are the published rule sets of runs, [`sigma`] those of Western Electric and Nelson,
//! [`mdc`] is Making Data Count. [`verdict`] says the result in the terms a screen needs, and [`case`] reads and answers a
//! case of the exchange schema `spc-oracle/1`; [`reference`] compares every one of them. Everything here is arithmetic on `f64`; one
//! rule set is applied to a chart, never several, since their false alarms would add up.
//!
//! Sources:
//! - Anhøj J, Olesen AV. Run charts revisited: a simulation study of run chart rules for
//!   detection of non-random variation in health care processes. PLoS ONE 2014; 9(11): e113825.
//! - Anhøj J, Wentzel-Larsen T. Smooth operator: modifying the Anhøj rules to improve runs
//!   analysis in statistical process control. PLoS ONE 2020; 15(6): e0233920.
//! - Perla RJ, Provost LP, Murray SK. The run chart: a simple analytical tool for learning from
//!   variation in healthcare processes. BMJ Quality & Safety 2011; 20: 46–51.
//! - Swed FS, Eisenhart C. Tables for testing randomness of grouping in a sequence of
//!   alternatives. Annals of Mathematical Statistics 1943; 14: 66–87.

pub mod adviser;
pub mod anhoej;
mod boxes;
pub mod case;
pub mod caution;
pub mod chart;
pub mod compare;
pub mod fit;
pub mod ihi;
pub mod limits;
pub mod mdc;
pub mod reach;
pub mod reference;
pub mod rules;
pub mod series;
pub mod sigma;
pub mod verdict;
