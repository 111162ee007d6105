//! What the binary can do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValuesParser};
use switchyard::agent::Role;

use super::{Config, DemoOptions};

/// Switchyard: a call floor in a browser.
#[derive(Debug, Parser)]
#[command(
    name = "switchyard",
    version,
    after_help = "Settings come from flags, else from the environment, else from a TOML file: `--help` lists them all, and `switchyard config check` says what they are.",
    after_long_help = "A setting is taken from its flag, else from its variable, else from the file under the flag's name with `_` (port = 3000), else it is as shown. Exit codes: 0 done, or everything is right; 1 it was refused, or something is not right; 2 it could not be done or found out."
)]
pub struct Cli {
    /// The TOML file with settings; `switchyard.toml` in the working folder, if it is there, when not given.
    #[arg(long = "config", env = "SWITCHYARD_CONFIG", value_name = "FILE", global = true)]
    pub config_file: Option<PathBuf>,
    /// The settings.
    #[command(flatten)]
    pub config: Config,
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve the workspaces that are in the database. Where there are none, the first page makes one.
    Serve,
    /// Serve the demo workspace on `carrier`, the local stand-in for Twilio.
    Demo {
        /// The demo.
        #[command(flatten)]
        demo: DemoOptions,
    },
    /// Look at the settings.
    Config {
        /// What to do.
        #[arg(value_enum)]
        deed: ConfigDeed,
    },
    /// Make the database's tables, or bring them up to date, as `serve` does when it starts.
    Migrate {
        /// Change nothing: say what is missing, and exit with 1 when something is.
        #[arg(long)]
        check: bool,
    },
    /// Workspaces: list them, make one, rename one.
    Workspace {
        /// What to do.
        #[command(subcommand)]
        deed: WorkspaceDeed,
        /// Print JSON.
        #[arg(long, global = true)]
        json: bool,
    },
    /// People of a workspace, by the same rules as on its pages. A server that is running follows within seconds.
    User {
        /// What to do.
        #[command(subcommand)]
        deed: UserDeed,
        /// Which workspace, by its id. It need not be said when there is only one.
        #[arg(long, value_name = "ID", global = true)]
        workspace: Option<String>,
        /// Print JSON.
        #[arg(long, global = true)]
        json: bool,
    },
    /// Compare a workspace with Twilio, set it up, or put its numbers back. Exits with 0 when everything is right, 1 when
    /// something differs, 2 when that could not be found out.
    Twilio {
        /// What to do.
        #[arg(value_enum)]
        deed: TwilioDeed,
        /// Which workspace, by its id.
        #[arg(long, value_name = "ID")]
        workspace: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Personal data: print what is kept of one person as JSON, erase it, or say how long things are kept. Exits with 0 when
    /// that is done, 1 when calls or text messages are still to be deleted at Twilio, which the server tries again every hour, 2
    /// when nothing was done.
    Gdpr {
        /// What to do.
        #[command(subcommand)]
        deed: GdprDeed,
    },
    /// What is stored encrypted.
    Secrets {
        /// What to do.
        #[arg(value_enum)]
        deed: SecretsDeed,
    },
    /// Write everything in the database to a file, as it is at this moment, while the server runs.
    ///
    /// The same file can be restored into SQLite and PostgreSQL. Secrets are in it as they are in the database, sealed; the
    /// key that opens them is not: keep a copy of it apart. Sessions, links, set-up codes, API tokens and failed sign-ins are left out.
    Backup {
        /// The file, written whole or not at all; `-` writes to standard output.
        file: PathBuf,
    },
    /// Put a backup into a database, all of it or nothing. No server may be running on the database.
    Restore {
        /// The backup; `-` reads standard input.
        file: PathBuf,
        /// Delete everything that is in the database first. Without it only an empty one is taken.
        #[arg(long)]
        replace: bool,
    },
}

/// What can be done about personal data.
#[derive(Clone, Debug, Subcommand)]
pub enum GdprDeed {
    /// Print what is kept of one person.
    Export {
        /// Which workspace, by its id.
        #[arg(long, value_name = "ID")]
        workspace: String,
        /// Whose data.
        #[command(flatten)]
        whom: Whom,
    },
    /// Erase one person, here and at Twilio.
    Erase {
        /// Which workspace, by its id.
        #[arg(long, value_name = "ID")]
        workspace: String,
        /// Whose data.
        #[command(flatten)]
        whom: Whom,
        /// Erase, which cannot be undone.
        #[arg(long)]
        yes: bool,
    },
    /// Print for how many days a workspace keeps things, after changing what is said.
    Retention {
        /// Which workspace, by its id.
        #[arg(long, value_name = "ID")]
        workspace: String,
        /// What is kept, and for how long.
        #[command(flatten)]
        keep: Keep,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// For how many days things are kept; what is not said stays as it is.
#[derive(Clone, Debug, Default, Args)]
pub struct Keep {
    /// Calls, in the history and the counts: days, or `forever`.
    #[arg(long, value_name = "DAYS")]
    pub history: Option<String>,
    /// Messages that callers left: days, no longer than the history; or `history`, as long as that.
    #[arg(long, value_name = "DAYS")]
    pub messages: Option<String>,
    /// The log of changes: 90 days or more, or `forever`.
    #[arg(long, value_name = "DAYS")]
    pub log: Option<String>,
    /// Deliveries of webhooks, with what was sent: 4 to 365 days.
    #[arg(long, value_name = "DAYS")]
    pub deliveries: Option<String>,
}

/// One person.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whom {
    /// Somebody outside, by their number.
    #[arg(long)]
    pub number: Option<String>,
    /// Somebody of the workspace, by the address that they sign in with.
    #[arg(long)]
    pub email: Option<String>,
}

/// What can be done about settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConfigDeed {
    /// Print every setting and where it comes from, or all that is wrong with them, and exit with 1 then.
    Check,
}

/// What can be done about workspaces.
#[derive(Clone, Debug, Subcommand)]
pub enum WorkspaceDeed {
    /// Every workspace.
    List,
    /// Make a workspace, and print the link by which its owner comes in. It works once.
    Create {
        /// The company's name.
        #[arg(long)]
        name: String,
        /// Where it is, by ISO 3166-1, as in `RO`: its people write phone numbers as is usual there.
        #[arg(long)]
        country: String,
        /// The language that its people are spoken to in.
        #[arg(long, default_value = "en", value_parser = PossibleValuesParser::new(["en", "ro"]))]
        language: String,
        /// The address that the owner signs in with.
        #[arg(long, value_name = "EMAIL")]
        owner_email: String,
        /// The owner's name.
        #[arg(long, value_name = "NAME")]
        owner_name: String,
    },
    /// Give a workspace another name. Its id stays.
    Rename {
        /// Which, by its id.
        #[arg(value_name = "ID")]
        id: String,
        /// The new name.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// What can be done about people. Whoever is meant is named by their id or by the address that they sign in with.
#[derive(Clone, Debug, Subcommand)]
pub enum UserDeed {
    /// Everyone in the workspace.
    List,
    /// Add somebody. They come in by a link.
    Invite {
        /// The address that they sign in with.
        #[arg(long)]
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long, default_value = "agent", value_parser = roles())]
        role: String,
        /// Their extension; the first from 101 that is free when not given.
        #[arg(long, value_name = "DIGITS")]
        extension: Option<String>,
        /// Print the link, too.
        #[arg(long)]
        link: bool,
    },
    /// Print a link by which somebody comes in, or chooses a new password. It works once; those before it work no more.
    Link {
        /// Who.
        who: String,
    },
    /// Change what somebody may do.
    Role {
        /// Who.
        who: String,
        /// What they are from now on.
        #[arg(value_parser = roles())]
        role: String,
    },
    /// Take somebody out of the workspace: they are signed out and leave the floor, and callers of theirs wait for somebody else.
    Deactivate {
        /// Who.
        who: String,
    },
    /// Take somebody back.
    Reactivate {
        /// Who.
        who: String,
    },
    /// End all sessions of somebody, in every workspace.
    SignOut {
        /// Who.
        who: String,
    },
}

fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(Role::ALL.map(Role::code))
}

/// What can be done about Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TwilioDeed {
    /// Compare, and change nothing.
    Verify,
    /// Set up what should be so: the application, and the numbers that point at it.
    Configure,
    /// Put every number back as it was before.
    Restore,
}

/// What can be done about secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretsDeed {
    /// Seal everything with a new key.
    Rotate,
}
