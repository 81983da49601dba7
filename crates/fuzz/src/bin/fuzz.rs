//! One target with an engine that mutates inputs and keeps those that reach new branches. `NYETAA_FUZZ` names the target,
//! `NYETAA_SEEDS` a folder that its seeds are written to before it begins.

#![no_main]
#![allow(
    unsafe_code,
    reason = "the macro writes the function that the engine calls by its name; no line of ours is unsafe"
)]

use std::sync::OnceLock;

use fuzz::{Target, run, seeds};

static TARGET: OnceLock<Target> = OnceLock::new();

fn begin() {
    let name = std::env::var("NYETAA_FUZZ").unwrap_or_default();
    let Some(target) = Target::named(&name) else {
        eprintln!("NYETAA_FUZZ names no target: {name:?}");
        std::process::exit(2);
    };
    if let Some(folder) = std::env::var_os("NYETAA_SEEDS") {
        for (n, seed) in seeds(target).iter().enumerate() {
            let path = std::path::Path::new(&folder).join(format!("seed-{n}"));
            if let Err(error) = std::fs::write(&path, seed) {
                eprintln!("{}: {error}", path.display());
                std::process::exit(2);
            }
        }
    }
    if matches!(target, Target::Table | Target::Form) {
        // What a spreadsheet library stumbles over is caught by the reader and no finding; what our own code does is.
        let ends = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let ours = |at: &std::panic::Location<'_>| at.file().contains("crates/");
            if panic.location().is_none_or(ours) {
                ends(panic);
            }
        }));
    }
    let _ = TARGET.set(target);
}

libfuzzer_sys::fuzz_target!(init: begin(), |data: &[u8]| {
    if let Some(target) = TARGET.get() {
        run(*target, data);
    }
});
