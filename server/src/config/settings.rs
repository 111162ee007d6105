//! The list of settings, as the command line defines them, and what can be said of each.

use std::{error::Error, fmt, path::PathBuf};

use clap::{Arg, Command, CommandFactory, error::ErrorKind};

use super::Cli;

/// The argument that names the file with settings, and is none itself.
pub(super) const FILE: &str = "config_file";
/// The command with settings of its own: in the file they are in a table of this name.
pub(super) const DEMO: &str = "demo";

/// One of the settings.
pub struct Setting {
    pub(super) arg: Arg,
    pub(super) table: Option<&'static str>,
}

impl Setting {
    /// Its name in the file.
    pub fn key(&self) -> String {
        match self.table {
            Some(table) => format!("{table}.{}", self.arg.get_id()),
            None => self.arg.get_id().to_string(),
        }
    }

    /// The variable.
    pub fn variable(&self) -> String {
        self.arg.get_env().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The flag.
    pub fn flag(&self) -> String {
        format!("--{}", self.arg.get_long().unwrap_or_default())
    }

    /// What it is when it is not given, if it is anything.
    pub fn default(&self) -> Option<String> {
        self.arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned())
    }

    /// Whether its value must not be seen.
    pub fn is_secret(&self) -> bool {
        self.arg.is_hide_env_values_set()
    }

    /// What speaks against a value.
    pub(super) fn fault(&self, value: &str) -> Option<String> {
        let alone = self.arg.clone().env(None::<&str>).global(false);
        let given = format!("{}={value}", self.flag());
        let parsed = Command::new("setting").no_binary_name(true).arg(alone).try_get_matches_from([given]);
        let error = parsed.err()?;
        let why = error.source().filter(|_| error.kind() == ErrorKind::ValueValidation).map(ToString::to_string);
        Some(why.unwrap_or_else(|| "must not be empty".to_owned()))
    }
}

/// All settings, in the order in which they are defined.
pub fn settings() -> Vec<Setting> {
    let command = Cli::command();
    let of = |command: &Command, table| {
        let args = command.get_arguments().filter(|arg| arg.get_env().is_some() && arg.get_id() != FILE);
        args.map(|arg| Setting { arg: arg.clone(), table }).collect::<Vec<_>>()
    };
    let demo = command.find_subcommand(DEMO).map(|demo| of(demo, Some(DEMO)));
    of(&command, None).into_iter().chain(demo.into_iter().flatten()).collect()
}

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// By a flag.
    Flag(String),
    /// By a variable.
    Variable(String),
    /// In the file, perhaps on a line.
    File(PathBuf, Option<usize>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File(path, Some(line)) => write!(f, "{}:{line}", path.display()),
            Self::File(path, None) => write!(f, "{}", path.display()),
        }
    }
}

/// A setting that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its name in the file.
    pub key: String,
    /// What it was given as.
    pub value: String,
    /// Where.
    pub place: Place,
}

/// Something that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The setting, if it is one.
    pub key: Option<String>,
    /// Where.
    pub place: Place,
    /// What, and what to do about it. No secret is in it.
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}
