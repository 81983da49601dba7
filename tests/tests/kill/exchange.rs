//! Killed while it speaks with the server: in the middle of an exchange, of taking another name, of a first day; or with its backups, in going back to one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nyetaa_tests::{Chance, Laptop, PIN, Pair, Time, seeds, texts};
use serde_json::{Value as Json, json};

use crate::{address, call, come_in, kill, spawn};

fn comment(about: &Json, text: &str) -> Json {
    json!({ "id": null, "about": about, "text": text, "seen": null })
}

/// The comments of a cycle, sorted.
fn comments(laptop: &Laptop, cycle: &Json) -> Vec<String> {
    let mut comments = texts(&laptop.cycle(cycle)["comments"], "text");
    comments.sort();
    comments
}

/// A part of a thing that takes `whole`, by the number of the round.
fn part(whole: Duration, round: u32, rounds: u32) -> Duration {
    whole * round / rounds
}

/// Whoever worked last comes in; killed before that, nobody does.
fn come_in_first(address: &str) {
    let Some((true, accounts)) = call(address, "accounts", &json!({})) else {
        return;
    };
    let unlock = json!({ "person": accounts[0]["person"], "pin": PIN });
    let _ = call(address, "unlock", &unlock);
}

/// Does one thing in a process of its own, which is killed after a time, or when it is done. Answers how long it was
/// at it, and whether it was done.
fn killed_in(
    laptop: &Laptop,
    after: Option<Duration>,
    name: &str,
    request: &Json,
) -> (Duration, Option<(bool, Json)>) {
    let begun = Instant::now();
    let (process, said) = spawn(laptop.folder(), &laptop.config());
    std::thread::scope(|scope| {
        let asking = scope.spawn(move || {
            let address = address(said);
            come_in_first(&address);
            (call(&address, name, request), begun.elapsed())
        });
        match after {
            Some(after) => std::thread::sleep(after),
            None => {
                while !asking.is_finished() {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        }
        kill(process);
        let (answer, took) = asking.join().unwrap();
        (took, answer)
    })
}

#[test]
fn an_exchange_killed_at_any_moment_is_begun_again_and_loses_nothing() {
    const KILLS: u32 = 25;
    let seed = seeds(&[])[0];
    println!("SEED={seed}");
    let mut chance = Chance::of(seed);
    let (mut pair, cycle) = Pair::at_work();
    let person = pair.clinic.call("accounts", json!({}))[0]["person"].clone();
    pair.clinic.close();
    let (acknowledged, exchanges, broken) =
        (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    for _ in 0..KILLS {
        let (process, said) = spawn(pair.clinic.folder(), &pair.clinic.config());
        let address = address(said);
        come_in(&address, &person);
        std::thread::scope(|scope| {
            let work = scope.spawn(|| {
                loop {
                    for _ in 0..2 {
                        let text = format!("avis {:05}", acknowledged.load(Ordering::SeqCst) + 1);
                        match call(&address, "save_comment", &comment(&cycle, &text)) {
                            Some((true, _)) => acknowledged.fetch_add(1, Ordering::SeqCst),
                            Some((false, refused)) => panic!("{refused}"),
                            None => return,
                        };
                    }
                    match call(&address, "sync_now", &json!({})) {
                        Some(_) => exchanges.fetch_add(1, Ordering::SeqCst),
                        None => {
                            broken.fetch_add(1, Ordering::SeqCst);
                            return;
                        }
                    };
                }
            });
            std::thread::sleep(Duration::from_micros(20_000 + chance.below(250_000)));
            kill(process);
            work.join().unwrap();
        });
        pair.clinic.reopen();
        let kept = comments(&pair.clinic, &cycle);
        let promised = acknowledged.load(Ordering::SeqCst);
        let wanted: Vec<String> = (1..=kept.len()).map(|n| format!("avis {n:05}")).collect();
        assert_eq!(kept, wanted, "SEED={seed}: each is there once");
        // The one under way may have been written before its answer could be sent.
        let more = kept.len() as u64 - promised.min(kept.len() as u64);
        assert!(kept.len() as u64 >= promised && more <= 1, "SEED={seed}");
        acknowledged.fetch_add(more, Ordering::SeqCst);
        pair.clinic.close();
    }
    pair.clinic.reopen();
    pair.sync_both();
    let kept = comments(&pair.clinic, &cycle);
    assert_eq!(kept.len() as u64, acknowledged.load(Ordering::SeqCst));
    assert_eq!(
        comments(&pair.coach, &cycle),
        kept,
        "SEED={seed}: the coach has them"
    );
    assert_eq!(pair.clinic.sync_state()["state"], "up_to_date");
    assert!(pair.centre.server().check().unwrap().ok);
    let broken = broken.into_inner();
    assert!(broken > 0, "SEED={seed}: some fell into an exchange");
    println!(
        "{KILLS} kills, {broken} of them in an exchange, {} exchanges ended, {} saves acknowledged, 0 lost",
        exchanges.into_inner(),
        kept.len()
    );
}

/// Copies a whole disk, the data folder and the secret apart from it, over that of a laptop that is closed.
fn copy_disk(from: &Laptop, to: &Laptop) {
    let settings = [from, to].map(|laptop| laptop.config().join("nyetaa"));
    std::fs::create_dir_all(&settings[1]).unwrap();
    for (from, to) in [
        (from.folder(), to.folder()),
        (settings[0].as_path(), settings[1].as_path()),
    ] {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
}

#[test]
fn a_copy_killed_while_it_takes_another_name_takes_one_later_and_loses_nothing() {
    const KILLS: u32 = 12;
    let (mut pair, cycle) = Pair::at_work();
    pair.clinic
        .call("save_comment", comment(&cycle, "avant la copie"));
    let name = pair.clinic.replica();
    pair.clinic.close();
    let mut names = std::collections::BTreeSet::from([name]);
    let (mut whole, mut broken) = (Duration::ZERO, 0);
    // Once to the end, to see how long it takes, and then into each part of it.
    for round in 0..=KILLS {
        let mut twin = Laptop::new(&pair.time);
        twin.close();
        copy_disk(&pair.clinic, &twin);
        let after = (round > 0).then(|| part(whole, round, KILLS));
        let (took, answer) = killed_in(&twin, after, "sync_now", &json!({}));
        match after {
            Some(_) => broken += u32::from(answer.is_none()),
            None => whole = took,
        }
        twin.reopen();
        let text = format!("après {round:02}");
        twin.call("save_comment", comment(&cycle, &text));
        twin.sync();
        twin.sync();
        assert!(
            names.insert(twin.replica()),
            "round {round}: a name of its own"
        );
        let kept = comments(&twin, &cycle);
        for wanted in ["avant la copie", text.as_str()] {
            let times = kept.iter().filter(|kept| *kept == wanted).count();
            assert_eq!(times, 1, "round {round}: {wanted}");
        }
        assert_eq!(twin.sync_state()["state"], "up_to_date", "round {round}");
    }
    pair.clinic.reopen();
    assert_eq!(pair.clinic.replica(), name, "the first one keeps its name");
    pair.sync_both();
    let kept = comments(&pair.clinic, &cycle);
    assert_eq!(kept.len(), KILLS as usize + 2, "{kept:?}");
    assert_eq!(comments(&pair.coach, &cycle), kept);
    assert!(pair.centre.server().check().unwrap().ok);
    println!("{KILLS} kills of {whole:?}, {broken} before the end, 0 lost");
}

#[test]
fn a_first_day_killed_anywhere_in_its_snapshot_is_begun_again() {
    const KILLS: u32 = 10;
    let (pair, cycle) = Pair::at_work();
    let place = pair.place();
    let mut chance = Chance::of(7);
    for _ in 0..40 {
        // Text that cannot be packed any smaller, so that there is much.
        let text: String = (0..30).map(|_| format!("{:016x}", chance.bits())).collect();
        pair.clinic.call("save_comment", comment(&cycle, &text));
    }
    pair.clinic.sync();
    pair.coach.sync();
    pair.centre.server().make_snapshots().unwrap();
    let scope = place.as_str().unwrap().parse().unwrap();
    let wanted = comments(&pair.coach, &cycle);
    let (mut whole, mut broken, mut halfway) = (Duration::ZERO, 0, 0);
    for round in 0..=KILLS {
        let mut other = Laptop::new(&pair.time);
        other.begin_coach("Sélingué", "Fanta Sidibé");
        other.close();
        let code = pair.centre.invite_coach("Sélingué");
        let request = json!({ "server": pair.centre.address(), "code": code });
        let after = (round > 0).then(|| part(whole, round, KILLS));
        let (took, answer) = killed_in(&other, after, "enrol", &request);
        match after {
            Some(_) => broken += u32::from(answer.is_none()),
            None => whole = took,
        }
        other.reopen();
        match other.ask("enrol", request) {
            Ok(state) => assert_eq!(state["last"]["ok"], true, "round {round}: {state}"),
            Err(error) => {
                assert_eq!(error.code, "already-enrolled", "round {round}");
                halfway += u32::from(after.is_some() && answer.is_none());
            }
        }
        other.sync();
        let base = other.app().with(|cx| cx.store().base(scope).unwrap());
        assert!(base.is_some(), "round {round}: it came as a snapshot");
        assert_eq!(comments(&other, &cycle), wanted, "round {round}");
        assert_eq!(other.sync_state()["state"], "up_to_date", "round {round}");
    }
    assert!(pair.centre.server().check().unwrap().ok);
    println!(
        "{KILLS} kills of {whole:?}, {broken} before the end, {halfway} of them enrolled already"
    );
}

#[test]
fn going_back_killed_anywhere_loses_nothing_and_can_be_done_again() {
    const KILLS: u32 = 12;
    let (mut whole, mut broken) = (Duration::ZERO, 0);
    // Once to the end, to see how long it takes, and then into each part of it.
    for round in 0..=KILLS {
        let mut laptop = Laptop::new(&Time::default());
        laptop.begin_facility("CSCom de Kangaré", "Sélingué", "Awa Traoré", "lead");
        let cycle = laptop.start_cycle(&laptop.home(), "anc-four-contacts", "mnch");
        laptop.call("save_comment", comment(&cycle, "avant"));
        let backups = laptop.call("backup_now", json!({}));
        let no = backups["backups"][0]["no"].clone();
        laptop.call("save_comment", comment(&cycle, "depuis"));
        laptop.close();
        let request = json!({ "no": no, "keep_since": true });
        let after = (round > 0).then(|| part(whole, round, KILLS));
        let (took, answer) = killed_in(&laptop, after, "restore_backup", &request);
        match after {
            Some(_) => broken += u32::from(answer.is_none()),
            None => whole = took,
        }
        laptop.reopen();
        assert_eq!(
            comments(&laptop, &cycle),
            ["avant", "depuis"],
            "round {round}"
        );
        laptop.call("restore_backup", request);
        assert_eq!(
            comments(&laptop, &cycle),
            ["avant", "depuis"],
            "round {round}"
        );
        laptop.call("save_comment", comment(&cycle, "ensuite"));
        assert_eq!(comments(&laptop, &cycle).len(), 3, "round {round}");
    }
    assert!(broken > 0, "some fell into it");
    println!("{KILLS} kills of {whole:?}, {broken} before the end, 0 lost");
}
