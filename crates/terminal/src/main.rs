//! The app without a window: the same commands from a terminal, answering JSON on standard output.
//!
//! `NYETAA_HOME` names the data folder. `NYETAA_PIN` is the code of whoever works, asked for at a terminal when it is not
//! set, and `NYETAA_PERSON` their name where several people have one; whoever worked last when left out. Exit code 0 when it was done, 1 when it was refused (the error as JSON on
//! standard error), 2 when the words were wrong.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use app::{App, AppError, Result};
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};
use domain::ids::RecordId;
use domain::measure::Source;
use domain::text::Language;
use serde_json::{Value as Json, json};

/// What is typed. Its words for people are [`HELP`].
#[derive(Parser)]
#[command(name = "nyetaa", version)]
struct Words {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Computes the chart of a reference case (schema spc-oracle/1) and prints the case with our answer.
    Chart {
        /// The case; `-` reads standard input.
        file: PathBuf,
    },
    /// Imports data from a file.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Sends what waits and takes what is new.
    Sync,
    /// Enrols this laptop at a server with an invitation code.
    Enrol {
        /// The server's address.
        server: String,
        /// The code of the invitation.
        code: String,
    },
    /// Carries work by hand: bundles on a stick, or in any folder.
    Stick {
        #[command(subcommand)]
        what: Stick,
    },
    /// Every save that touches a record, newest first.
    History {
        /// The kind of the record, such as `cycle` or `trial`.
        kind: String,
        /// The record's identifier.
        record: String,
    },
    /// Who has not synced: laptops of places below, as the server last heard of them.
    Devices,
    /// Writes a place's values as CSV on standard output.
    Export {
        /// The place, by name or identifier; this laptop's own when left out.
        #[arg(long)]
        place: Option<String>,
        /// A checklist by its code, as an XLSForm workbook, instead.
        #[arg(long, conflicts_with = "place")]
        checklist: Option<String>,
    },
    /// Calls a command by name with its request as JSON.
    Call {
        /// The command; `nyetaa commands` lists them.
        name: String,
        /// Its request.
        #[arg(default_value = "{}")]
        request: String,
    },
    /// Lists the commands that `call` takes.
    Commands,
}

#[derive(Subcommand)]
enum Stick {
    /// Writes what others may lack, sealed for those who may read it.
    Send {
        /// The stick's folder.
        folder: PathBuf,
    },
    /// Says what lies there, without taking anything.
    Look {
        /// The stick's folder.
        folder: PathBuf,
    },
    /// Takes in what lies there.
    Receive {
        /// The stick's folder.
        folder: PathBuf,
        /// A laptop whose card is accepted from now on, by its name in the log as `look` shows it; may be repeated.
        #[arg(long)]
        trust: Vec<String>,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Values by place, indicator and month from a file: CSV, XLSX, XLS or ODS. With errors, nothing is written.
    Values {
        /// The file.
        file: PathBuf,
        /// The place, by name or identifier; this laptop's own when left out.
        #[arg(long)]
        place: Option<String>,
        /// The sheet of a workbook; the one whose headings make sense when left out.
        #[arg(long)]
        sheet: Option<String>,
        /// Where the values were counted: register, dhis2, recount or community.
        #[arg(long, default_value = "register")]
        source: String,
        /// Only says what the file would do.
        #[arg(long)]
        dry_run: bool,
        /// Imports although many figures give way to « no data ».
        #[arg(long)]
        sure: bool,
    },
    /// Keeps an XLSForm as a checklist of this laptop's place: items, languages, problems.
    Checklist {
        /// The file.
        file: PathBuf,
        /// Only says what the file would do.
        #[arg(long)]
        dry_run: bool,
        /// Answers in JSON, as always.
        #[arg(long)]
        json: bool,
    },
}

/// What the help says: of a command by its words, of what follows it by the words and its name.
const HELP: &[(&str, &str)] = &[
    ("nyetaa", "terminal-about"),
    ("nyetaa chart", "terminal-chart"),
    ("nyetaa chart file", "terminal-chart-file"),
    ("nyetaa import", "terminal-import"),
    ("nyetaa import values", "terminal-import-values"),
    ("nyetaa import values file", "terminal-file"),
    ("nyetaa import values place", "terminal-place"),
    ("nyetaa import values sheet", "terminal-sheet"),
    ("nyetaa import values source", "terminal-source"),
    ("nyetaa import values dry_run", "terminal-dry-run"),
    ("nyetaa import values sure", "terminal-sure"),
    ("nyetaa import checklist", "terminal-import-checklist"),
    ("nyetaa import checklist file", "terminal-file"),
    ("nyetaa import checklist dry_run", "terminal-dry-run"),
    ("nyetaa import checklist json", "terminal-json"),
    ("nyetaa sync", "terminal-sync"),
    ("nyetaa enrol", "terminal-enrol"),
    ("nyetaa enrol server", "terminal-server"),
    ("nyetaa enrol code", "terminal-code"),
    ("nyetaa stick", "terminal-stick"),
    ("nyetaa stick send", "terminal-stick-send"),
    ("nyetaa stick send folder", "terminal-folder"),
    ("nyetaa stick look", "terminal-stick-look"),
    ("nyetaa stick look folder", "terminal-folder"),
    ("nyetaa stick receive", "terminal-stick-receive"),
    ("nyetaa stick receive folder", "terminal-folder"),
    ("nyetaa stick receive trust", "terminal-trust"),
    ("nyetaa history", "terminal-history"),
    ("nyetaa history kind", "terminal-kind"),
    ("nyetaa history record", "terminal-record"),
    ("nyetaa devices", "terminal-devices"),
    ("nyetaa export", "terminal-export"),
    ("nyetaa export place", "terminal-place"),
    ("nyetaa export checklist", "terminal-export-checklist"),
    ("nyetaa call", "terminal-call"),
    ("nyetaa call name", "terminal-call-name"),
    ("nyetaa call request", "terminal-call-request"),
    ("nyetaa commands", "terminal-commands"),
];

/// The language of the help: French, unless the system speaks English.
fn language() -> Language {
    let first = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match first {
        Some(value) if value.starts_with("en") => Language::En,
        _ => Language::Fr,
    }
}

/// The commands with their words in a language.
fn in_words(command: clap::Command, path: &str, language: Language) -> clap::Command {
    let say = |key: &str| app::words::sentence(language, key, &BTreeMap::new());
    let of = |path: &str| {
        let entry = HELP.iter().find(|(of, _)| *of == path);
        entry.map(|(_, key)| say(key)).unwrap_or_default()
    };
    // Headings live as long as the program.
    let heading = |key: &str| -> &'static str { say(key).leak() };
    let commands = heading("terminal-commands-are");
    let arguments = heading("terminal-arguments");
    let options = heading("terminal-options");
    let flag = |name: &'static str, letter, action, key| {
        Arg::new(name)
            .short(letter)
            .long(name)
            .action(action)
            .help(say(key))
            .help_heading(options)
    };
    let has_version = command.get_version().is_some();
    let mut command = command
        .about(of(path))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}",
            say("terminal-usage")
        ))
        .subcommand_help_heading(commands)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() {
                arguments
            } else {
                options
            };
            let help = of(&format!("{path} {}", arg.get_id()));
            arg.help(help).help_heading(heading)
        })
        .arg(flag("help", 'h', ArgAction::Help, "terminal-help"));
    if has_version {
        command = command.arg(flag("version", 'V', ArgAction::Version, "terminal-version"));
    }
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        in_words(below, &path, language)
    })
}

fn typed() -> std::result::Result<Words, clap::Error> {
    let command = in_words(Words::command(), "nyetaa", language());
    Words::from_arg_matches(&command.try_get_matches()?)
}

fn main() -> ExitCode {
    let words = typed().unwrap_or_else(|error| error.exit());
    let chosen = tracing_subscriber::EnvFilter::try_from_env("NYETAA_LOG");
    tracing_subscriber::fmt()
        .with_env_filter(chosen.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error")))
        .with_writer(std::io::stderr)
        .init();
    let (answer, done) = match run(words.command) {
        Ok(Answer::Json(json)) => (format!("{json:#}\n").into_bytes(), ExitCode::SUCCESS),
        Ok(Answer::Bytes(bytes)) => (bytes, ExitCode::SUCCESS),
        Ok(Answer::Refused(json)) => (format!("{json:#}\n").into_bytes(), ExitCode::FAILURE),
        Err(error) => {
            eprintln!("{}", json!({ "error": error }));
            return ExitCode::FAILURE;
        }
    };
    match std::io::stdout().write_all(&answer) {
        // A reader that has seen enough, such as `head`, changes nothing about what was done.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => done,
    }
}

enum Answer {
    Json(Json),
    Bytes(Vec<u8>),
    Refused(Json),
}

fn run(command: Command) -> Result<Answer> {
    match command {
        Command::Chart { file } => chart(&file),
        Command::Commands => {
            let list: Vec<Json> = app::commands::all()
                .map(|command| json!({ "name": command.name, "doc": command.doc.trim() }))
                .collect();
            Ok(Answer::Json(list.into()))
        }
        Command::Call { name, request } => {
            let request =
                serde_json::from_str(&request).map_err(|_| AppError::new("request-invalid"))?;
            let at_the_door = app::commands::named(&name).is_some_and(|named| named.at_the_door);
            let app = if at_the_door { open_locked()? } else { open()? };
            Ok(Answer::Json(app.call(&name, request)?))
        }
        Command::Sync => exchanged(open()?.call("sync_now", json!({}))?),
        Command::Enrol { server, code } => {
            exchanged(open()?.call("enrol", json!({ "server": server, "code": code }))?)
        }
        Command::Stick { what } => {
            let (name, request) = match what {
                Stick::Send { folder } => (
                    "stick_send",
                    json!({ "path": folder.display().to_string(), "places": null }),
                ),
                Stick::Look { folder } => (
                    "stick_look",
                    json!({ "path": folder.display().to_string() }),
                ),
                Stick::Receive { folder, trust } => (
                    "stick_receive",
                    json!({ "path": folder.display().to_string(), "trust": trust }),
                ),
            };
            Ok(Answer::Json(open()?.call(name, request)?))
        }
        Command::History { kind, record } => {
            let request = json!({ "kind": kind, "record": record });
            Ok(Answer::Json(open()?.call("record_history", request)?))
        }
        Command::Devices => Ok(Answer::Json(open()?.call("devices", json!({}))?)),
        Command::Export {
            checklist: Some(code),
            ..
        } => Ok(Answer::Bytes(
            open()?.with(|cx| app::supervision::workbook(cx, &code))?,
        )),
        Command::Export { place, .. } => {
            let app = open()?;
            let place = place_id(&app, place)?;
            Ok(Answer::Bytes(
                app.with(|cx| app::import::export(cx, place, domain::measure::Source::Register))?
                    .0,
            ))
        }
        Command::Import {
            what:
                Import::Checklist {
                    file,
                    dry_run: false,
                    ..
                },
        } => {
            let form = app::supervision::look(&read(&file)?, &named(&file))?;
            let app = open()?;
            let place = place_id(&app, None)?;
            let kept = app.with(|cx| app::checklists::keep(cx, place, form))?;
            let kept = serde_json::to_value(&kept).map_err(|_| AppError::new("request-invalid"))?;
            Ok(Answer::Json(kept))
        }
        Command::Import {
            what: Import::Checklist { file, .. },
        } => {
            let form = app::supervision::look(&read(&file)?, &named(&file))?;
            let list = &form.checklist;
            Ok(Answer::Json(json!({
                "code": list.code,
                "version": list.version,
                "title": list.title,
                "languages": form.languages,
                "sections": list.sections,
                "items": list.items,
                "lists": list.lists.iter().map(|list| (&list.name, list.choices.len())).collect::<Vec<_>>(),
                "problems": form.notices,
            })))
        }
        Command::Import {
            what:
                Import::Values {
                    file,
                    place,
                    sheet,
                    source,
                    dry_run,
                    sure,
                },
        } => {
            let source =
                Source::from_word(&source).ok_or_else(|| AppError::new("request-invalid"))?;
            let bytes = read(&file)?;
            let app = open()?;
            let place = place_id(&app, place)?;
            let name = named(&file);
            let chosen = app::import::Chosen {
                place,
                file: &name,
                bytes,
                sheet: sheet.as_deref(),
                columns: None,
                source,
            };
            let preview = app.with(|cx| app::import::preview(cx, &chosen))?;
            let shown =
                serde_json::to_value(&preview).map_err(|_| AppError::new("request-invalid"))?;
            if !preview.errors.is_empty() || !preview.missing.is_empty() {
                return Ok(Answer::Refused(shown));
            }
            if dry_run {
                return Ok(Answer::Json(shown));
            }
            let result = app.with(|cx| app::import::apply(cx, place, &preview, false, sure))?;
            Ok(Answer::Json(json!({ "saved": result.saved })))
        }
    }
}

fn open_locked() -> Result<App> {
    App::open(app::home::default_home(), press::write)
}

/// Opens the folder and comes in.
fn open() -> Result<App> {
    let app = open_locked()?;
    if app.call("start_state", json!({}))?["entrance"] != "locked" {
        return Ok(app);
    }
    let named = std::env::var("NYETAA_PERSON").ok();
    let accounts = app.call("accounts", json!({}))?;
    let account = accounts.as_array().into_iter().flatten().find(|account| {
        let name = account["name"].as_str().unwrap_or_default();
        named
            .as_ref()
            .is_none_or(|named| domain::text::fold(named) == domain::text::fold(name))
    });
    let account = account.ok_or_else(|| AppError::new("account-unknown"))?;
    let pin = match std::env::var("NYETAA_PIN") {
        Ok(pin) => pin,
        Err(_) => ask_pin(account["name"].as_str().unwrap_or_default())?,
    };
    app.call("unlock", json!({ "person": account["person"], "pin": pin }))?;
    Ok(app)
}

/// Asks whoever sits at the terminal; nobody is asked where nobody can answer. What is typed is not shown.
#[cfg(target_os = "linux")]
fn ask_pin(name: &str) -> Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let input = std::io::stdin();
    let locked = |_| AppError::new("locked");
    let shown = tcgetattr(&input).map_err(locked)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    eprint!("{name}: ");
    tcsetattr(&input, OptionalActions::Flush, &hidden).map_err(locked)?;
    let mut pin = String::new();
    let read = input.read_line(&mut pin);
    tcsetattr(&input, OptionalActions::Flush, &shown).map_err(locked)?;
    eprintln!();
    match read {
        Ok(_) => Ok(pin),
        Err(_) => Err(AppError::new("locked")),
    }
}

#[cfg(not(target_os = "linux"))]
fn ask_pin(_: &str) -> Result<String> {
    Err(AppError::new("locked"))
}

/// An exchange that failed is refused, so that a scheduled task can tell.
fn exchanged(state: Json) -> Result<Answer> {
    let done = state["last"]["ok"] == true;
    Ok(if done {
        Answer::Json(state)
    } else {
        Answer::Refused(state)
    })
}

fn chart(file: &PathBuf) -> Result<Answer> {
    let case = serde_json::from_slice(&read(file)?).map_err(|_| AppError::new("file-not-json"))?;
    let answer = domain::spc::case::evaluate(&case)
        .map_err(|error| AppError::new("case-invalid").with("why", error))?;
    Ok(Answer::Json(answer))
}

fn read(file: &PathBuf) -> Result<Vec<u8>> {
    let missing = |_| AppError::new("file-unreadable").with("file", file.display());
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(missing)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(missing)
}

/// What a file is called, without its folder.
fn named(file: &std::path::Path) -> String {
    let name = file.file_name();
    name.map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A place by identifier, or by a name that only one place bears.
fn place_id(app: &App, named: Option<String>) -> Result<RecordId> {
    let Some(named) = named else {
        return app.with(|cx| Ok(cx.author()?.home));
    };
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let wanted = domain::text::fold(&named);
    let places = app.with(|cx| cx.member_places())?;
    let mut found = places.iter().filter(|place| {
        domain::text::fold(&place.name) == wanted || place.code.as_deref() == Some(&named)
    });
    match (found.next(), found.next()) {
        (Some(place), None) => Ok(place.id),
        (None, _) => Err(AppError::new("place-unknown").with("name", named)),
        (Some(_), Some(_)) => Err(AppError::new("place-ambiguous").with("name", named)),
    }
}
