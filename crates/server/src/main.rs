//! `nyetaa-server`: the sync server and what its operator does from a terminal.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::role::Role;
use server::{Error, Invite, Report, Server, Surroundings, Tls, backup};
use sync::key::KeyPair;
use tracing_subscriber::EnvFilter;

/// The sync server of Nyetaa.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

mod operate;
mod typed;

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Operate(operate::Operate),
    /// Serve laptops until Ctrl-C or SIGTERM.
    Serve {
        #[command(flatten)]
        home: Home,
        /// Where to listen, such as 127.0.0.1:8080; port 0 takes a free one.
        #[arg(long)]
        listen: SocketAddr,
        /// The server's certificate and those above it, in PEM: laptops then come by https.
        #[arg(long, requires = "tls_key")]
        tls_cert: Option<PathBuf>,
        /// The private key of the certificate, in PEM.
        #[arg(long, requires = "tls_cert")]
        tls_key: Option<PathBuf>,
    },
    /// Make an invitation and print its code. Works while serving.
    Invite {
        #[command(flatten)]
        home: Home,
        /// A district by name, alias or code; or an enrolled facility by name or identifier; or a region, or the
        /// nation, for those who work there.
        #[arg(long)]
        place: String,
        /// A facility in that district by name, such as "CSCom de Farako".
        #[arg(long)]
        facility: Option<String>,
        /// What the laptop's people may do.
        #[arg(long)]
        role: RoleArgument,
        /// How many laptops may enrol with it.
        #[arg(long, default_value_t = 1)]
        uses: u32,
        /// For how many days.
        #[arg(long, default_value_t = 14)]
        days: u32,
        /// What whoever enrols holds besides, as role=place: "coach=Koutiala". May be given several times.
        #[arg(long, value_parser = further)]
        also: Vec<(Role, String)>,
    },
    /// Examine everything that is stored and print what was found. Works while serving.
    Check {
        #[command(flatten)]
        home: Home,
    },
    /// Write a backup that was examined, and print what was found. Works while serving. The server's key is in it: it is
    /// encrypted to the keys of those who may put it back.
    Backup {
        #[command(flatten)]
        home: Home,
        /// The file, replaced when it is there.
        #[arg(long)]
        out: PathBuf,
        /// The public key of someone who may put it back, age1…, as `backup-key` prints it. May be given more than once.
        #[arg(long, required_unless_present = "plain", conflicts_with = "plain")]
        to: Vec<backup::Reader>,
        /// Do not encrypt it: whoever reads the file can then be the server.
        #[arg(long)]
        plain: bool,
    },
    /// Make a key that opens backups, and print its public half. Keep the file away from the server, on two sticks in a
    /// cupboard: who has it can put backups back, and without it nobody can.
    BackupKey {
        /// The file that the key is written to, which must be new.
        #[arg(long)]
        out: PathBuf,
    },
    /// Make a server from a backup, where there is none, and print what was found. Laptops then send again what came
    /// after the backup. The database may be another kind than the one that the backup was taken of.
    Restore {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: operate::Words,
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        /// The file of a key that opens it, when it is encrypted.
        #[arg(long)]
        identity: Option<PathBuf>,
    },
    /// Make the heir of this server: a second key, by whose word another server is believed when this one is stolen. Do it on the first
    /// day: a laptop that was told of none believes no other server. Works while serving.
    Heir {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: operate::Words,
        /// The file that its secret is written to, which must be new, protected by a passphrase that is asked for. Print it or put
        /// it onto a stick, lock it away, and leave none of it on the server.
        #[arg(long)]
        to: PathBuf,
        /// Do not protect it: whoever finds the file can then replace the server.
        #[arg(long)]
        plain: bool,
        /// The file of the heir that there is, which alone can name another.
        #[arg(long)]
        by: Option<PathBuf>,
    },
    /// Put another key in the place of the server's, which was stolen or may have been copied. First put back a backup, or go on with the
    /// database that is there. Laptops take the new key over when they next come, by network or stick, and believe the old
    /// one no more.
    Succeed {
        #[command(flatten)]
        home: Home,
        #[command(flatten)]
        words: operate::Words,
        /// The file of the heir.
        #[arg(long)]
        heir: PathBuf,
    },
}

/// Where a server's own things lie.
#[derive(Args)]
struct Home {
    /// The data folder. `serve` makes it when it is missing.
    #[arg(long)]
    data: PathBuf,
    /// The PostgreSQL database, such as postgres://user:password@host/name, in place of a file in the data folder.
    /// Other users of the machine can read a command line: a password is better put into the environment.
    #[arg(long, env = "NYETAA_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The root certificate, in PEM, that the database's own must come from: the connection is then encrypted, and the
    /// name in the address checked.
    #[arg(long, env = "NYETAA_DATABASE_ROOT", requires = "database")]
    database_root: Option<PathBuf>,
}

impl Home {
    fn surroundings(self) -> Surroundings {
        Surroundings {
            database: self.database,
            database_root: self.database_root,
            ..Surroundings::of_machine(self.data)
        }
    }

    /// Opens the server, and makes it when there is none.
    fn open(self) -> Result<Server, Error> {
        Server::open_in(self.surroundings())
    }

    /// Opens a server that is there. Only `serve` makes one: a mistyped folder must not become a server that
    /// nobody knows.
    fn existing(self) -> Result<Server, Error> {
        if !self.data.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        self.open()
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArgument {
    /// Works in a facility team.
    Member,
    /// Leads a facility team.
    Lead,
    /// Coaches a district's facilities.
    Coach,
    /// Works in a regional directorate.
    Region,
    /// Works for the nation.
    Nation,
    /// Supports the programme and reads sums.
    Partner,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Member => Self::Member,
            RoleArgument::Lead => Self::Lead,
            RoleArgument::Coach => Self::Coach,
            RoleArgument::Region => Self::Region,
            RoleArgument::Nation => Self::Nation,
            RoleArgument::Partner => Self::Partner,
        }
    }
}

/// A further role, as it is typed.
fn further(typed: &str) -> Result<(Role, String), String> {
    let (role, place) = typed.split_once('=').ok_or("role=place")?;
    let role = RoleArgument::from_str(role.trim(), true)?;
    Ok((role.into(), place.trim().to_owned()))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Standard output belongs to the commands' results.
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!(%error, "failed");
            // For the person at the terminal; the log line is for the collector.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Operate(command) => operate::run(command),
        Command::Serve {
            home,
            listen,
            tls_cert,
            tls_key,
        } => {
            let tls = tls_cert
                .zip(tls_key)
                .map(|(certificates, key)| Tls::from_files(&certificates, &key))
                .transpose()?;
            let server = home.open()?;
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?;
            runtime.block_on(serve(server, listen, tls))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Invite {
            home,
            place,
            facility,
            role,
            uses,
            days,
            also,
        } => {
            let invite = Invite {
                place,
                facility,
                role: role.into(),
                uses,
                days,
                also,
            };
            let code = home.existing()?.invite(&invite)?;
            writeln!(io::stdout(), "{code}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { home } => told(&home.existing()?.check()?),
        Command::Backup { home, out, to, .. } => told(&home.existing()?.back_up(&out, &to)?),
        Command::BackupKey { out } => {
            writeln!(io::stdout(), "{}", backup::new_key(&out)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restore {
            home,
            words,
            from,
            identity,
        } => {
            let keys = identity.as_deref().map(backup::keys).transpose()?;
            let around = home.surroundings();
            let report = Server::restore(around.clone(), &from, &keys.unwrap_or_default())?;
            what_to_repeat(&Server::open_in(around)?, &words)?;
            told(&report)
        }
        Command::Heir {
            home,
            words,
            to,
            plain,
            by,
        } => {
            let server = home.existing()?;
            let by = by.map(|file| heir_in(&file, &words)).transpose()?;
            let prompts = [
                words.say("server-heir-passphrase-new", []),
                words.say("server-heir-passphrase-again", []),
            ];
            let passphrase = match plain {
                true => None,
                false => Some(typed::new_passphrase(
                    prompts.each_ref().map(String::as_str),
                )?),
            };
            server.name_heir(&to, passphrase.as_deref(), by.as_ref())?;
            let file = to.display().to_string();
            say_each(
                &words,
                match plain {
                    true => ["server-heir-named", "server-heir-keep"],
                    false => ["server-heir-named-protected", "server-heir-keep-protected"],
                },
                ("file", &file),
            )
        }
        Command::Succeed { home, words, heir } => {
            let heir = heir_in(&heir, &words)?;
            if !home.data.is_dir() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            Server::succeed(&home.surroundings(), &heir)?;
            say_each(
                &words,
                [
                    "server-succeeded",
                    "server-succeeded-again",
                    "server-succeeded-address",
                ],
                ("file", ""),
            )
        }
    }
}

/// The heir in a file; its passphrase is asked for when it has one.
fn heir_in(file: &Path, words: &operate::Words) -> Result<KeyPair, Error> {
    let ask = || typed::passphrase(&words.say("server-heir-passphrase", []));
    server::read_heir(file, &ask)
}

/// Says something to the operator.
fn say_each<const N: usize>(
    words: &operate::Words,
    keys: [&str; N],
    about: (&str, &str),
) -> Result<ExitCode, Error> {
    for key in keys {
        writeln!(io::stdout(), "{}", words.say(key, [about]))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what a server that was put back has forgotten for good.
fn what_to_repeat(server: &Server, words: &operate::Words) -> Result<(), Error> {
    let devices = server.devices()?;
    let last = devices.iter().map(|device| device.last_contact).max();
    let mut err = io::stderr();
    if let Some(last) = last {
        let moment = [("moment", &*words.moment(last))];
        writeln!(err, "{}", words.say("server-restored-until", moment))?;
    }
    for key in ["server-restored-back", "server-restored-again"] {
        writeln!(err, "{}", words.say(key, []))?;
    }
    Ok(())
}

/// Prints what an examination found; the exit code says whether all is well.
fn told(report: &Report) -> Result<ExitCode, Error> {
    let text = serde_json::to_string_pretty(report).map_err(io::Error::from)?;
    writeln!(io::stdout(), "{text}")?;
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn serve(server: Server, listen: SocketAddr, tls: Option<Tls>) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let mut out = io::stdout();
    let scheme = if tls.is_some() { "https" } else { "http" };
    writeln!(out, "listening on {scheme}://{}", listener.local_addr()?)?;
    out.flush()?;
    let stop = told_to_stop()?;
    server::serve_with(server, listener, tls, stop).await
}

/// Resolves at Ctrl-C or SIGTERM.
fn told_to_stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminate = terminate.recv();
        #[cfg(not(unix))]
        let terminate = std::future::pending::<()>();
        tokio::select! {
            _ = terminate => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
}
