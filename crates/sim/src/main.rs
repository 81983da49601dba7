//! `sim power`: how many power cuts the laptop's store survives.

use std::process::ExitCode;
use std::time::Instant;

use sim::power::{self, Beginning, Damage, Tally, Trial};

fn main() -> ExitCode {
    let encrypted = true;
    let _hushed = sim::hush();
    let beginning = match Beginning::make(encrypted) {
        Ok(b) => b,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    let n: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(100);
    for (name, trial) in [
        (
            "healthy",
            Trial {
                encrypted,
                ..Trial::default()
            },
        ),
        (
            "fills",
            Trial {
                encrypted,
                fills: true,
                ..Trial::default()
            },
        ),
        (
            "breaks",
            Trial {
                encrypted,
                breaks: true,
                ..Trial::default()
            },
        ),
        (
            "harsh",
            Trial {
                encrypted,
                model: simdisk::Model {
                    harsh: true,
                    lying: false,
                },
                ..Trial::default()
            },
        ),
        (
            "lying",
            Trial {
                encrypted,
                model: simdisk::Model {
                    harsh: false,
                    lying: true,
                },
                ..Trial::default()
            },
        ),
    ] {
        let begun = Instant::now();
        let mut tally = Tally::default();
        let (mut silent, mut noticed) = (0, 0);
        for seed in 0..n {
            match power::live(seed, trial, &beginning) {
                Ok(t) => tally += t,
                Err(d) => {
                    if silent + noticed < 4 {
                        println!("{name}: seed {seed}: {d}");
                    }
                    match d {
                        Damage::Silent(_) => silent += 1,
                        Damage::Noticed(_) => noticed += 1,
                    }
                }
            }
        }
        println!(
            "{name}: {tally}; damaged: {silent} silent {noticed} noticed; {:?}",
            begun.elapsed()
        );
    }
    ExitCode::SUCCESS
}
