//! The app without a window, `nyetaa`, and the server's own program, `nyetaa-server`, as a person at a terminal runs
//! them: several laptops on one machine, each by its `NYETAA_HOME`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use nyetaa_tests::{Chance, PIN, fixture, seeds, texts};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// The folder of the built programs. They belong to other crates, so they are built here, once.
fn programs() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args([
                "build", "--quiet", "--locked", "-p", "terminal", "-p", "server", "--bins",
            ])
            .status();
        assert!(built.unwrap().success(), "the programs are built");
        let test = std::env::current_exe().unwrap();
        // target/debug/deps/headless-… stands one folder below them.
        test.ancestors().nth(2).unwrap().to_owned()
    })
}

/// A laptop by its data folder.
struct Home(TempDir, TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap())
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(programs().join("nyetaa"));
        command
            .args(words)
            .env("NYETAA_HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.1.path())
            .env("NYETAA_PIN", PIN);
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What a command that ends well prints.
    #[track_caller]
    fn answer(&self, words: &[&str]) -> Json {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[track_caller]
    fn call(&self, name: &str, request: &Json) -> Json {
        self.answer(&["call", name, &request.to_string()])
    }

    fn begin(&self, place: &str, person: &str, role: &str) -> Json {
        let found = self.call(
            "search_places",
            &json!({ "query": "Sélingué", "levels": ["district"] }),
        );
        let district = &found[0]["id"];
        let (place, new) = match role {
            "coach" => (district.clone(), Json::Null),
            _ => (
                Json::Null,
                json!({ "name": place, "level": "facility", "parent": district }),
            ),
        };
        self.call("begin", &json!({
            "language": "fr", "place": place, "new_place": new, "person_name": person, "role": role, "pin": PIN,
        }))["place"]["id"].clone()
    }
}

/// `nyetaa-server serve`, ended when it goes.
struct Serving {
    process: Child,
    address: String,
    data: TempDir,
}

impl Serving {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(programs().join("nyetaa-server"))
            .arg("serve")
            .arg("--data")
            .arg(data.path())
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self {
            process,
            address,
            data,
        }
    }

    fn run(&self, words: &[&str]) -> String {
        let output = Command::new(programs().join("nyetaa-server"))
            .args(words)
            .arg("--data")
            .arg(self.data.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn two_laptops_meet_by_the_words_of_the_readme() {
    let server = Serving::start();
    let (clinic, coach) = (Home::new(), Home::new());
    let place = clinic.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    coach.begin("", "Issa Coulibaly", "coach");
    let cycle = clinic.call("start_cycle", &json!({ "place": place, "template": "anc-four-contacts", "area": "mnch", "language": "fr" }));
    let file = fixture("csv/excel-francais-windows-1252.csv");
    let file = file.to_str().unwrap();
    let preview = clinic.answer(&[
        "import",
        "values",
        file,
        "--place",
        "cscom de kangare",
        "--dry-run",
    ]);
    assert_eq!(preview["new_count"], 8);
    let grid = json!({ "place": place, "until": "2026-03", "months": 1 });
    assert_eq!(clinic.call("grid", &grid)["filled"], 0, "only said");
    assert_eq!(clinic.answer(&["import", "values", file])["saved"], 8);
    assert_eq!(clinic.call("grid", &grid)["filled"], 1);

    let refused = clinic.run(&["sync"]);
    assert_eq!(refused.status.code(), Some(1), "not enrolled yet");
    let code = server.run(&[
        "invite",
        "--place",
        "Sélingué",
        "--facility",
        "CSCom de Kangaré",
        "--role",
        "lead",
    ]);
    let state = clinic.answer(&["enrol", &server.address, &code]);
    assert_eq!(state["state"], "up_to_date");
    let code = server.run(&["invite", "--place", "ML03X3", "--role", "coach"]);
    coach.answer(&["enrol", &server.address, &code]);
    assert_eq!(
        coach.call("cycle", &json!({ "id": cycle["id"] }))["cycle"]["place"]["name"],
        "CSCom de Kangaré"
    );
    let export = coach.run(&["export", "--place", "CSCom de Kangaré"]);
    assert!(export.status.success());
    let back = clinic.0.path().join("retour.csv");
    std::fs::write(&back, export.stdout).unwrap();
    let same = clinic.answer(&["import", "values", back.to_str().unwrap(), "--dry-run"]);
    assert_eq!(
        (&same["same_count"], &same["errors"]),
        (&json!(8), &json!([]))
    );
    assert_eq!(clinic.answer(&["sync"])["last"]["requests"], 1);
    let report: Json = serde_json::from_str(&server.run(&["check"])).unwrap();
    assert_eq!(report["ok"], true, "{report}");
}

#[test]
fn what_is_wrong_is_told_as_json_with_an_exit_code() {
    let home = Home::new();
    let error = |output: &Output| {
        serde_json::from_slice::<Json>(&output.stderr).unwrap()["error"]["code"].clone()
    };
    let refused = home.run(&["call", "nothing_of_the_sort"]);
    assert_eq!(
        (refused.status.code(), error(&refused)),
        (Some(1), json!("command-unknown"))
    );
    let refused = home.run(&["call", "grid", "{"]);
    assert_eq!(
        (refused.status.code(), error(&refused)),
        (Some(1), json!("request-invalid"))
    );
    assert_eq!(home.run(&["no-such-word"]).status.code(), Some(2));
    let refused = home.run(&["import", "values", "/nowhere.csv"]);
    assert_eq!(
        (refused.status.code(), error(&refused)),
        (Some(1), json!("file-unreadable"))
    );
    home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    let wrong = fixture("csv/toutes-les-erreurs.csv");
    let refused = home.run(&["import", "values", wrong.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let shown: Json = serde_json::from_slice(&refused.stdout).unwrap();
    assert!(
        shown["errors"].as_array().unwrap().len() >= 10,
        "the same preview that the screen shows"
    );
    let picture = fixture("csv/image-nommee.csv");
    let refused = home.run(&["import", "values", picture.to_str().unwrap(), "--dry-run"]);
    assert_eq!(error(&refused), "file-not-csv");
    let refused = home.run(&[
        "import",
        "values",
        wrong.to_str().unwrap(),
        "--place",
        "Nulle part",
    ]);
    assert_eq!(error(&refused), "place-unknown");
    let commands = home.answer(&["commands"]);
    assert!(texts(&commands, "name").contains(&"save_cells".to_owned()));
}

/// The drill: two programs, a file one way, thirty-two signs the other, and no server.
#[test]
fn a_forgotten_code_is_helped_from_one_program_to_another_without_any_server() {
    let (clinic, coach) = (Home::new(), Home::new());
    clinic.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    coach.begin("", "Issa Coulibaly", "coach");
    {
        let server = Serving::start();
        let code = server.run(&["invite", "--place", "ML03X3", "--role", "coach"]);
        coach.answer(&["enrol", &server.address, &code]);
        let place = ["invite", "--place", "Sélingué", "--facility"];
        let code = server.run(&[&place[..], &["CSCom de Kangaré", "--role", "lead"]].concat());
        clinic.answer(&["enrol", &server.address, &code]);
    }
    let stick = tempfile::tempdir().unwrap();
    let person = clinic.call("accounts", &json!({}))[0]["person"].clone();
    let ask = json!({ "person": person, "path": stick.path() });
    let asked = clinic.call("recovery_request", &ask);
    let file = std::fs::read(asked["path"].as_str().unwrap()).unwrap();
    let base64 = base64::engine::general_purpose::STANDARD.encode(file);
    let said = coach.call("recovery_answer", &json!({ "base64": base64 }));
    assert_eq!(said["check"], asked["check"], "both read the same signs");
    assert_eq!(said["name"], "Awa Traoré");
    let finish = json!({ "code": said["code"], "pin": "905127" });
    clinic.call("recovery_finish", &finish);
    let refused = clinic.run(&["call", "people"]);
    let error: Json = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!(error["error"]["code"], "pin-wrong", "the old code is gone");
    let come_in = clinic
        .command(&["call", "people"])
        .env("NYETAA_PIN", "905127")
        .output();
    let people: Json = serde_json::from_slice(&come_in.unwrap().stdout).unwrap();
    assert!(texts(&people, "name").contains(&"Awa Traoré".to_owned()));
}

#[test]
fn a_reference_case_is_computed_and_its_own_answers_are_ignored() {
    let home = Home::new();
    let path = fixture("../../assets/reference/pub-001-run-cabg-readmission.json");
    let mut case: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let answer = home.answer(&["chart", path.to_str().unwrap()]);
    assert_eq!(
        answer["variants"][0]["phases"][0]["longest_run"],
        case["variants"][0]["phases"][0]["longest_run"]
    );
    case["variants"] = json!([{ "phases": [{ "longest_run": 99 }] }]);
    let lying = home.0.path().join("lying.json");
    std::fs::write(&lying, case.to_string()).unwrap();
    assert_eq!(
        home.answer(&["chart", lying.to_str().unwrap()])["variants"],
        answer["variants"]
    );
    std::fs::write(&lying, "no json").unwrap();
    assert_eq!(
        home.run(&["chart", lying.to_str().unwrap()]).status.code(),
        Some(1)
    );
}

/// What of an answer differs from the reference, within a billionth of its size.
fn departs(path: &str, expected: &Json, found: &Json, told: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            // Second opinions of other software are no part of the answer.
            for (key, expected) in expected.iter().filter(|(key, _)| *key != "cross_checks") {
                let found = found.get(key).unwrap_or(&Json::Null);
                departs(&format!("{path}.{key}"), expected, found, told);
            }
        }
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            for (i, (expected, found)) in expected.iter().zip(found).enumerate() {
                departs(&format!("{path}[{}]", i + 1), expected, found, told);
            }
        }
        (Json::Number(expected), Json::Number(found)) => {
            let (a, b) = (expected.as_f64().unwrap(), found.as_f64().unwrap());
            if (a - b).abs() > 1e-12_f64.max(1e-9 * a.abs()) {
                told.push(format!("{path}: {b} for {a}"));
            }
        }
        _ if expected == found => {}
        _ => told.push(format!("{path}: {found} for {expected}")),
    }
}

#[test]
fn every_reference_case_is_answered_by_the_program() {
    let home = Home::new();
    let asked = home.0.path().join("case.json");
    let mut kinds = std::collections::BTreeSet::new();
    let files = std::fs::read_dir(fixture("../../assets/reference")).unwrap();
    let mut cases = 0;
    for file in files {
        let path = file.unwrap().path();
        let reference: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let answer = match reference.get("variants").is_some() {
            true => "variants",
            false => "expected",
        };
        let mut case = reference.clone();
        case.as_object_mut().unwrap().remove(answer);
        std::fs::write(&asked, case.to_string()).unwrap();
        let found = home.answer(&["chart", asked.to_str().unwrap()]);
        let mut told = Vec::new();
        departs(answer, &reference[answer], &found[answer], &mut told);
        assert!(told.is_empty(), "{}: {told:?}", path.display());
        kinds.insert(reference["input"]["chart"].as_str().unwrap().to_owned());
        cases += 1;
    }
    assert_eq!(cases, 84);
    let expected = [
        "c", "g", "i", "ip", "mr", "p", "pp", "run", "s", "t", "u", "up", "xbar", "xmr-mdc",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn every_chart_takes_phases_a_frozen_baseline_exclusions_a_target_and_a_factor() {
    let home = Home::new();
    let asked = home.0.path().join("case.json");
    let values: Vec<u32> = (0..24).map(|i| 4 + i * 7 % 11).collect();
    for chart in [
        "run", "i", "mr", "p", "pp", "c", "u", "up", "g", "t", "xbar", "s", "ip",
    ] {
        let subgroups = matches!(chart, "xbar" | "s");
        // Three values make a point where there are subgroups.
        let times = if subgroups { 3 } else { 1 };
        let y: Vec<u32> = (0..24 * times)
            .map(|i| values[i % 24] + i as u32 % 5)
            .collect();
        let mut input = json!({
            "chart": chart, "y": y, "exclude": [3], "target": 6, "multiply": 10,
            "x": (0..y.len()).map(|i| format!("p{i}")).collect::<Vec<_>>(),
        });
        if matches!(chart, "p" | "pp" | "u" | "up" | "ip") {
            input["n"] = json!(vec![40; y.len()]);
        }
        if subgroups {
            input["subgroup"] = json!((0..y.len()).map(|i| i / 3).collect::<Vec<_>>());
        }
        for (option, value) in [
            ("breaks_after", json!([8, 16])),
            ("freeze_after", json!(12)),
        ] {
            let mut input = input.clone();
            input[option] = value;
            let case = json!({
                "schema": "spc-oracle/1", "id": "own", "kind": "control-or-run-chart", "input": input,
            });
            std::fs::write(&asked, case.to_string()).unwrap();
            let found = home.answer(&["chart", asked.to_str().unwrap()]);
            for variant in found["variants"].as_array().unwrap() {
                assert!(
                    variant.get("error").is_none(),
                    "{chart} {option}: {variant}"
                );
                let column = |name: &str| variant["points"][name].as_array().unwrap().clone();
                assert_eq!(column("centre").len(), 24, "{chart} {option}");
                assert_eq!(column("include")[2], false, "{chart} {option}");
                let phases = variant["phases"].as_array().unwrap().len();
                assert_eq!(
                    phases,
                    if option == "breaks_after" { 3 } else { 1 },
                    "{chart}"
                );
                let baseline = column("baseline");
                let until = baseline.iter().filter(|point| **point == true).count();
                assert_eq!(
                    until,
                    if option == "breaks_after" { 24 } else { 12 },
                    "{chart}"
                );
            }
        }
    }
}

#[test]
fn a_save_from_the_terminal_that_ended_well_survives_whatever_is_killed() {
    let home = Home::new();
    let place = home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    let start = json!({ "place": place, "template": null, "area": "mnch", "language": "fr" });
    let cycle = home.call("start_cycle", &start)["id"].clone();
    let seed = seeds(&[])[0];
    println!("SEED={seed}");
    let mut chance = Chance::of(seed);
    let mut acknowledged = Vec::new();
    for n in 0..20 {
        let text = format!("avis {n}");
        let request = json!({ "id": null, "about": cycle, "text": text, "seen": null });
        let mut process = home
            .command(&["call", "save_comment", &request.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(chance.below(2_000_000)));
        let _ = process.kill();
        if process.wait().unwrap().success() {
            acknowledged.push(text);
        }
    }
    let kept = texts(
        &home.call("cycle", &json!({ "id": cycle }))["comments"],
        "text",
    );
    for text in &acknowledged {
        assert_eq!(
            kept.iter().filter(|kept| *kept == text).count(),
            1,
            "SEED={seed}: {text}"
        );
    }
}

#[test]
fn a_home_of_another_key_is_refused_on_the_terminal_too() {
    let home = Home::new();
    home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    for name in ["nyetaa.slots", "nyetaa.slots.2"] {
        std::fs::remove_file(home.0.path().join(name)).unwrap();
    }
    let refused = home.run(&["call", "people"]);
    assert_eq!(refused.status.code(), Some(1));
    let error: Json = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!(error["error"]["code"], "key-missing");
}

/// Two laptops without any network, by the words of the terminal alone.
#[test]
fn a_stick_carries_work_and_the_terminal_tells_its_history_and_who_has_not_synced() {
    let (clinic, coach) = (Home::new(), Home::new());
    let place = clinic.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    coach.begin("", "Issa Coulibaly", "coach");
    let start = json!({ "place": place, "template": null, "area": "mnch", "language": "fr" });
    let cycle = clinic.call("start_cycle", &start)["id"].clone();
    let stick = tempfile::tempdir().unwrap();
    let stick = stick.path().to_str().unwrap();
    // Each shows its card, and the other accepts it.
    for (shows, accepts) in [(&clinic, &coach), (&coach, &clinic)] {
        shows.answer(&["stick", "send", stick]);
        let seen = accepts.answer(&["stick", "look", stick]);
        let card = seen[0]["card"].as_str().unwrap();
        let got = accepts.answer(&["stick", "receive", stick, "--trust", card]);
        assert_eq!(got["trusted"], 1, "{got}");
    }
    let sent = clinic.answer(&["stick", "send", stick]);
    assert_eq!(
        (&sent["verified"], &sent["for"]),
        (&json!(true), &json!(["Sélingué"]))
    );
    let got = coach.answer(&["stick", "receive", stick]);
    assert!(got["saves_new"].as_u64().unwrap() > 0, "{got}");

    let cycle = cycle.as_str().unwrap();
    let told = coach.answer(&["history", "cycle", cycle]);
    assert_eq!(told["entries"][0]["author"], "Awa Traoré");
    let there = clinic.answer(&["history", "cycle", cycle]);
    assert_eq!(
        texts(&told["entries"], "save"),
        texts(&there["entries"], "save")
    );
    let list = coach.answer(&["devices"]);
    assert_eq!(
        (&list[0]["place_name"], &list[0]["level"]),
        (&json!("CSCom de Kangaré"), &json!("never")),
        "no server has heard of it: {list}"
    );
    // What cannot be is told with its code.
    for words in [
        &["stick", "send", "/nowhere/at/all"][..],
        &["history", "cycle", "no-identifier"],
        &["history", "nothing", cycle],
        &["stick", "receive", stick, "--trust", "nobody"],
    ] {
        let output = coach.run(words);
        if output.status.success() {
            // A card that is not there is accepted from nobody.
            let got: Json = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(got["trusted"], 0, "{words:?}");
            continue;
        }
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let error: Json = serde_json::from_slice(&output.stderr).unwrap();
        assert!(error["error"]["code"].is_string(), "{error}");
    }
}

#[test]
fn the_help_of_every_command_is_in_french_and_in_english() {
    let home = Home::new();
    let help = |language: &str, words: &[&str]| {
        let mut all = words.to_vec();
        all.push("--help");
        let mut command = home.command(&all);
        let output = command.env("LC_ALL", language).output().unwrap();
        assert!(output.status.success(), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands: &[&[&str]] = &[
        &[],
        &["chart"],
        &["import"],
        &["import", "values"],
        &["import", "checklist"],
        &["sync"],
        &["enrol"],
        &["stick"],
        &["stick", "send"],
        &["stick", "look"],
        &["stick", "receive"],
        &["history"],
        &["devices"],
        &["export"],
        &["call"],
        &["commands"],
    ];
    for words in commands {
        let (french, english) = (help("fr_ML.UTF-8", words), help("en_US.UTF-8", words));
        assert_ne!(french, english);
        for (text, usage) in [(&french, "Emploi\u{a0}:"), (&english, "Usage:")] {
            assert!(text.contains(usage), "{text}");
            assert!(!text.contains("terminal-"), "a key without words: {text}");
            let described = text.lines().skip(1).filter(|line| line.starts_with("  "));
            for line in described {
                assert!(
                    line.trim().contains("  "),
                    "without words: {line:?} in {text}"
                );
            }
        }
    }
    assert!(help("", &["stick"]).contains("clé USB"), "French first");
    let whole = help("", &[]);
    for command in ["stick", "history", "devices", "sync", "enrol"] {
        assert!(whole.contains(&format!("\n  {command}")), "{whole}");
    }
}

#[test]
fn a_form_of_another_program_is_looked_at_and_a_checklist_goes_out_as_one() {
    let home = Home::new();
    let file = fixture("xlsform/visite.csv");
    let look = |file: &str| home.answer(&["import", "checklist", file, "--dry-run", "--json"]);
    let told = look(file.to_str().unwrap());
    assert_eq!(told["title"]["fr"], "Visite d’essai");
    assert_eq!(told["languages"], json!(["Français (fr)", "English (en)"]));
    assert_eq!(told["items"].as_array().unwrap().len(), 6);
    assert_eq!(told["items"][3]["answer"], "yes_no");
    assert_eq!(
        told["problems"],
        json!([{ "sheet": "survey", "row": 12, "name": "holo", "code": "unknown_type", "kind": "hologram" }])
    );
    let table = fixture("csv/excel-francais-windows-1252.csv");
    let refused = home.run(&["import", "checklist", table.to_str().unwrap(), "--dry-run"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("checklist-no-questions"));

    home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    let written = home.run(&["export", "--checklist", "malaria"]);
    assert!(written.status.success());
    let back = home.0.path().join("paludisme.xlsx");
    std::fs::write(&back, written.stdout).unwrap();
    let again = look(back.to_str().unwrap());
    assert_eq!(again["problems"], json!([]));
    assert_eq!(again["items"].as_array().unwrap().len(), 32);
    let unknown = home.run(&["export", "--checklist", "rougeole"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("checklist-unknown"));
    let keep = ["import", "checklist", file.to_str().unwrap()];
    let refused = home.run(&keep);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not-allowed-here"));
}

/// Files may grow no longer than `blocks` of 512 bytes: to the engine, a disk that has no more room than that.
#[cfg(unix)]
fn with_little_room(home: &Home, blocks: u32, words: &[&str]) -> Output {
    let known = home.command(words);
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
        ))
        .arg(known.get_program())
        .args(known.get_args());
    for (name, value) in known.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.output().unwrap()
}

/// Opening makes the index of the write-ahead log, 32 kB, before anything else is written.
#[cfg(unix)]
#[test]
fn a_disk_without_room_for_the_index_of_the_log_is_called_full_at_opening() {
    let home = Home::new();
    home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    let state = ["call", "sync_state", "{}"];
    let refused = with_little_room(&home, 16, &state);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("disk-full"), "{said}");
    let state = home.answer(&state);
    assert_eq!(state["state"], "not_enrolled", "and nothing is lost");
}

/// A root that came with an invitation is believed while the server is asked, and not when the program ended before its answer.
#[test]
fn an_enrolment_that_is_killed_before_its_answer_leaves_no_root_behind() {
    let home = Home::new();
    home.begin("CSCom de Kangaré", "Awa Traoré", "lead");
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    // It takes the connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("localhost:{}", silent.local_addr().unwrap().port());
    let enrol = json!({ "server": address, "code": "ABCDE-FGHJK-LMNPQ", "root": root.pem() });
    let mut enrolling = home
        .command(&["call", "enrol", &enrol.to_string()])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let asked = silent.accept().unwrap();
    let kept = home.0.path().join("ca.pem");
    assert!(kept.exists(), "it is believed while the server is asked");
    enrolling.kill().unwrap();
    enrolling.wait().unwrap();
    drop(asked);
    let state = home.call("sync_state", &json!({}));
    assert_eq!(state["state"], "not_enrolled");
    assert!(!kept.exists(), "and nothing else than before is believed");
}
