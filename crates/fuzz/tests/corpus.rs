//! The kept corpus, the seeds and their simplest mutilations, in every test run.

use std::fs;
use std::path::Path;

use fuzz::{Target, run, seeds};

/// What was found once, so that it is never found again.
#[test]
fn the_kept_corpus_is_refused_or_read_without_a_panic() {
    for target in Target::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target.name());
        let mut tried = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            run(target, &fs::read(entry.unwrap().path()).unwrap());
            tried += 1;
        }
        assert!(tried > 0, "{} has a corpus", target.name());
    }
}

#[test]
fn sound_ones_cut_short_and_with_one_byte_changed_do_no_harm() {
    for target in Target::ALL {
        for seed in seeds(target) {
            run(target, &seed);
            let step = (seed.len() / 150).max(1);
            for at in (0..seed.len()).step_by(step) {
                run(target, &seed[..at]);
                let mut changed = seed.clone();
                changed[at] ^= 0x41;
                run(target, &changed);
            }
        }
    }
}
