//! Where each setting comes from: its flag, else its variable, else the file, else its default. Each value is looked at
//! alone, so that everything that is wrong is named at once.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, parser::ValueSource};

use super::{
    Cli, file, key_file,
    settings::{DEMO, FILE, Fault, Given, Place, Setting, settings},
};
use crate::vault::Vault;

/// The file that is read when none is named.
const FILE_NAME: &str = "switchyard.toml";

/// Why nothing is done.
#[derive(Debug)]
pub enum Refused {
    /// The command is none, or was asked for help.
    Usage(clap::Error),
    /// Settings are wrong.
    Faults {
        /// All that is.
        faults: Vec<Fault>,
        /// Whether to find that out was the command.
        checking: bool,
    },
}

/// Reads the command line, the environment and the file, which is looked for in `folder`: what is to be done, and the
/// settings that were given. An empty variable counts as none.
///
/// # Errors
/// What is wrong with them, all of it.
pub fn read(
    arguments: &[OsString],
    variable: &dyn Fn(&str) -> Option<OsString>,
    folder: &Path,
) -> Result<(Cli, Vec<Given>), Refused> {
    // First as mere text, because clap would stop at the first value that is wrong. Help and what is no command end here.
    let typed = as_text()
        .try_get_matches_from(arguments)
        .map_err(|error| Refused::Usage(as_people_see_it().try_get_matches_from(arguments).err().unwrap_or(error)))?;
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let named = flag(&typed, FILE).map(OsStr::to_owned).or_else(|| variable("SWITCHYARD_CONFIG"));
    let path = named.map(PathBuf::from).or_else(|| folder.join(FILE_NAME).exists().then(|| FILE_NAME.into()));
    let contents = path.as_deref().map(|path| file::read(&folder.join(path))).unwrap_or_default();
    let in_file = |line| Place::File(path.clone().unwrap_or_default(), line);

    let all = settings();
    let mut faults: Vec<Fault> =
        contents.faults.into_iter().map(|(line, why)| Fault { key: None, place: in_file(line), why }).collect();
    let mut known = Vec::new();
    for file::Entry { key, value, line } in contents.entries {
        let why = match (all.iter().any(|setting| setting.key() == key), value) {
            (true, Some(value)) => {
                known.push((key, value, line));
                continue;
            }
            (true, None) => format!("{key} must be a text in quotes, a whole number, true or false"),
            (false, _) => format!("there is no setting {key:?}: correct or remove it"),
        };
        faults.push(Fault { key: Some(key), place: in_file(Some(line)), why });
    }
    let mut given = Vec::new();
    for setting in &all {
        let key = setting.key();
        let (value, place) = if let Some(value) = flag(&typed, setting.arg.get_id().as_str()) {
            (value.to_str().map(str::to_owned), Place::Flag(setting.flag()))
        } else if let Some(value) = variable(&setting.variable()) {
            (value.into_string().ok(), Place::Variable(setting.variable()))
        } else if let Some((_, value, line)) = known.iter().find(|(name, ..)| *name == key) {
            (Some(value.clone()), in_file(Some(*line)))
        } else {
            continue;
        };
        match value.as_deref().map(|value| (value, setting.fault(value))) {
            Some((value, None)) => given.push(Given { key, value: value.to_owned(), place }),
            Some((value, Some(why))) => {
                let shown = if setting.is_secret() { String::new() } else { format!(" is {value:?}, and") };
                faults.push(Fault { place, why: format!("{key}{shown} {why}"), key: Some(key) });
            }
            None => faults.push(Fault { place, why: format!("{key} must be text in UTF-8"), key: Some(key) }),
        }
    }
    faults.extend(odd_together(&all, &given, &faults, folder));
    if !faults.is_empty() {
        return Err(Refused::Faults { faults, checking: typed.subcommand_name() == Some("config") });
    }
    let matches = with_flags(arguments, &typed, &all, &given).map_err(Refused::Usage)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| Refused::Usage(error.format(&mut Cli::command())))?;
    Ok((cli, given))
}

/// What only shows when settings are seen together, or with the files that they name.
fn odd_together(all: &[Setting], given: &[Given], faults: &[Fault], folder: &Path) -> Vec<Fault> {
    let find = |key: &str| given.iter().find(|given| given.key == key);
    let mut odd = Vec::new();
    for given in given.iter().filter(|given| given.is_open_secret(all, folder)) {
        let why = format!("{} is a secret, and others can read the file: make it private with `chmod 600`", given.key);
        odd.push(Fault { key: None, place: given.place.clone(), why });
    }
    let doubted = |key: &str| faults.iter().any(|fault| fault.key.as_deref() == Some(key));
    let (key, key_file_given, database) = (find("secret_key"), find("secret_key_file"), find("database_url"));
    match (key, key_file_given) {
        (Some(key), Some(file)) => {
            let why = format!("secret_key is given, and secret_key_file by {}: give one of them", file.place);
            odd.push(Fault { key: None, place: key.place.clone(), why });
        }
        (None, file) if !["secret_key", "secret_key_file", "database_url"].into_iter().any(doubted) => {
            let default = all.iter().find(|setting| setting.key() == "database_url").and_then(Setting::default);
            let address = database.map(|database| database.value.clone()).or(default).unwrap_or_default();
            let path = key_file(file.map(|file| Path::new(&file.value)), &address);
            if let Err(error) = Vault::look(&folder.join(path)) {
                let place = file.or(database).map(|given| given.place.clone());
                let place = place.unwrap_or_else(|| Place::Variable("SECRET_KEY_FILE".to_owned()));
                odd.push(Fault { key: None, place, why: error.to_string() });
            }
        }
        _ => {}
    }
    odd
}

impl Given {
    /// Whether it is a key or a token in a file that others can read. A database's address is left to the operator: without
    /// a password it is no secret.
    fn is_open_secret(&self, all: &[Setting], folder: &Path) -> bool {
        let secret = all.iter().any(|setting| setting.key() == self.key && setting.is_secret());
        let Place::File(path, _) = &self.place else { return false };
        secret && self.key != "database_url" && !Vault::is_private(&folder.join(path))
    }
}

/// The value of a flag on the command line, wherever among the commands it stands.
fn flag<'a>(typed: &'a ArgMatches, id: &str) -> Option<&'a OsStr> {
    std::iter::successors(Some(typed), |matches| matches.subcommand().map(|(_, inner)| inner)).find_map(|matches| {
        let value = matches.try_get_raw(id).ok().flatten()?.next()?;
        (matches.value_source(id) == Some(ValueSource::CommandLine)).then_some(value)
    })
}

/// The command line, with every argument that a setting has changed in some way.
fn changed(change: impl Fn(Arg) -> Arg) -> Command {
    let change = |arg: Arg| if arg.get_env().is_some() { change(arg) } else { arg };
    Cli::command().mut_args(&change).mut_subcommand(DEMO, |demo| demo.mut_args(&change))
}

/// Settings are any text, and only flags count.
fn as_text() -> Command {
    let text = clap::value_parser!(OsString);
    changed(|arg| arg.env(None::<&str>).default_value(None::<&str>).value_parser(text.clone()))
}

/// Short help leaves the settings out.
fn as_people_see_it() -> Command {
    changed(|arg| {
        let brief = arg.get_id() != FILE;
        arg.hide_short_help(brief).hide_env_values(true)
    })
}

/// The command line with the values of variables and of the file, as if each had been given by its flag.
fn with_flags(
    arguments: &[OsString],
    typed: &ArgMatches,
    all: &[Setting],
    given: &[Given],
) -> Result<ArgMatches, clap::Error> {
    let as_flags = |table: Option<&str>| {
        let settings = all.iter().filter(move |setting| setting.table == table);
        let flag = |setting: &Setting| {
            let given = given.iter().find(|given| given.key == setting.key())?;
            let missing = !matches!(given.place, Place::Flag(_));
            missing.then(|| OsString::from(format!("{}={}", setting.flag(), given.value)))
        };
        settings.filter_map(flag).collect::<Vec<_>>()
    };
    let (program, rest) = arguments.split_at(arguments.len().min(1));
    let demo = if typed.subcommand_name() == Some(DEMO) { as_flags(Some(DEMO)) } else { Vec::new() };
    let every = [program, &as_flags(None), rest, &demo].concat();
    changed(|arg| arg.env(None::<&str>)).try_get_matches_from(every)
}
