//! The figures of speed, each beside a floor measured in the same run, so that a slow machine changes both.
//!
//! `cargo xtask bench` runs it, and then measures the window's first content by `tests/e2e/first-content.mjs`; with the word
//! `charts` it measures charts alone, with `visits` supervision, and with `ui` the screens on a district's data, in the folder
//! named after it.

mod charts;
mod facility;
mod timing;
mod ui;
mod visits;

use std::error::Error;
use std::path::Path;

use app::{App, Surroundings};
use serde_json::Value as Json;

use facility::Facility;

type Failed = Box<dyn Error>;
type Outcome<T = ()> = Result<T, Failed>;

/// Months of data in the folder: five years.
const MONTHS: i32 = 60;
/// Points of a chart: three years.
const POINTS: usize = 36;
/// Timed openings and screens.
const OPENINGS: usize = 30;
const NEVER: &str = "the bench's own data is not as it was made";

fn main() -> Outcome {
    let mut words = std::env::args().skip(1);
    let only = words.next();
    if only.as_deref() == Some("ui") {
        return ui::ui(Path::new(&words.next().ok_or("a new folder for the data")?));
    }
    if only
        .as_deref()
        .is_some_and(|word| !matches!(word, "charts" | "visits"))
    {
        return Err("known are `charts`, `visits` and `ui`".into());
    }
    // On the disk that the build lies on: a folder in memory would flatter every save.
    let disk = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
    let folder = tempfile::tempdir_in(disk)?;
    if only.as_deref() == Some("visits") {
        return visits::visits(&folder.path().join("visits"));
    }
    let home = folder.path().join("home");
    let facility = Facility::fill(&home)?;
    println!(
        "A facility of {} measures over {MONTHS} months; median and 95th percentile.\n",
        facility.indicators.len()
    );
    println!(
        "{:<46} {:>10} {:>10} {:>10} {:>7}",
        "", "median", "95 %", "floor", "ratio"
    );
    let copy = folder.path().join("copy");
    facility::copy_of(&home, &copy)?;
    if only.is_none() {
        facility::saves(&home, &copy, &facility)?;
        facility::starts(&home, &facility)?;
        facility::size(&home, &folder.path().join("bare.db"), &facility)?;
    }
    charts::computed()?;
    charts::weeks(&home, &facility)?;
    charts::paste(&home, &copy, &facility)?;
    charts::district(&folder.path().join("district"))?;
    visits::visits(&folder.path().join("visits"))
}

/// The app on a folder whose key stands in a file, so that a bare connection finds it; coming in with a code takes as long
/// as it is meant to.
fn open(home: &Path) -> app::Result<App> {
    App::open_in(Surroundings {
        guard: None,
        ..Surroundings::real(home.to_owned(), press::write)
    })
}

fn text(json: &Json) -> Outcome<&str> {
    Ok(json.as_str().ok_or(NEVER)?)
}
