//! What the operator reads, in French or English, from the same files as the screens.

use std::env;

use chrono::DateTime;
use clap::Args;
use domain::text::{self, Language};

const FRENCH: [&str; 3] = [
    include_str!("../../../../assets/locales/fr/server.ftl"),
    include_str!("../../../../assets/locales/fr/administration.ftl"),
    include_str!("../../../../assets/locales/fr/common.ftl"),
];
const ENGLISH: [&str; 3] = [
    include_str!("../../../../assets/locales/en/server.ftl"),
    include_str!("../../../../assets/locales/en/administration.ftl"),
    include_str!("../../../../assets/locales/en/common.ftl"),
];

/// In which language a command answers.
#[derive(Args)]
pub struct Words {
    /// fr or en; the terminal's language when it is left out.
    #[arg(long, env = "NYETAA_LANGUAGE", value_parser = language)]
    language: Option<Language>,
}

fn language(typed: &str) -> Result<Language, String> {
    match typed {
        "fr" => Ok(Language::Fr),
        "en" => Ok(Language::En),
        _ => Err("fr or en".to_owned()),
    }
}

impl Words {
    fn language(&self) -> Language {
        // The first that is set decides, as for every program of a terminal.
        let set = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| env::var(name).ok())
                .find(|value| !value.is_empty())
        };
        let of_terminal = || match set() {
            Some(value) if value.starts_with("fr") => Language::Fr,
            _ => Language::En,
        };
        self.language.unwrap_or_else(of_terminal)
    }

    /// The words of a key.
    pub fn say<const N: usize>(&self, key: &str, params: [(&str, &str); N]) -> String {
        let files = match self.language() {
            Language::Fr => FRENCH,
            Language::En => ENGLISH,
        };
        text::sentence(&files, key, params)
    }

    /// The words of keys that take nothing in.
    pub fn all<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        keys.map(|key| self.say(key, []))
    }

    /// A moment in UTC, in milliseconds since 1970-01-01.
    pub fn moment(&self, ms: u64) -> String {
        match self.language() {
            Language::Fr => written(ms, "%d/%m/%Y %H:%M"),
            Language::En => written(ms, "%Y-%m-%d %H:%M"),
        }
    }

    /// The day of such a moment.
    pub fn day(&self, ms: u64) -> String {
        let moment = self.moment(ms);
        moment.split(' ').next().unwrap_or_default().to_owned()
    }
}

fn written(ms: u64, form: &str) -> String {
    let moment = i64::try_from(ms)
        .ok()
        .and_then(DateTime::from_timestamp_millis);
    moment.map_or_else(String::new, |moment| moment.format(form).to_string())
}
