//! What people do with Nyetaa, from the first start to the second laptop, through the list of commands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

mod accounts;
mod administration;
mod alone;
mod audit;
mod backups;
mod beginning;
mod causes;
mod chart_kinds;
mod charts;
mod checklists;
mod copies;
mod differing;
mod doors;
mod drill;
mod fallen;
mod files;
mod first_day;
mod grants;
mod guard;
mod handover;
mod heard;
mod issued;
mod learning;
mod lessons;
mod lost;
mod many_charts;
mod meetings;
mod network;
mod new_key;
mod newer;
mod pauses;
mod periods;
mod permitted;
mod photos;
mod posts;
mod practice;
mod rechecks;
mod records;
mod rescue;
mod revoked_people;
mod samples;
mod sealed;
mod searching;
mod sticks;
mod stolen;
mod sums;
mod supervision;
mod templates;
mod together;
mod trusted;
mod visits;
