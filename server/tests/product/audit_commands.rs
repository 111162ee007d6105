//! What operators do at the command line is in the audit log too. Commands are read from the command line's own definition,
//! so that a new one cannot forget to note.

use std::{collections::BTreeSet, path::Path};

use clap::{Command, CommandFactory};
use server::{config::Cli, demo::WORKSPACE, store};
use switchyard::{
    audit::{Actor, Deed, Entry},
    ports::Store,
};

use super::{
    MARIA,
    operator::Operator,
    setup::{applications, behind_our_back},
    stage::{ACCOUNT, Stage, TOKEN},
};

/// Commands that change nothing of a company, each with why.
const NOTHING_TO_NOTE: [(&str, &str); 8] = [
    ("serve", "the server notes what is done with it"),
    ("demo", "as serve"),
    ("config check", "it reads"),
    ("migrate", "tables are no company's"),
    ("workspace list", "it reads"),
    ("user list", "it reads"),
    ("twilio verify", "it compares; what it finds is noted by the server"),
    ("help", "it reads"),
];

/// Every command with what it can do.
fn commands(command: &Command, name: &str) -> Vec<String> {
    let full = |part: &str| format!("{name} {part}").trim().to_owned();
    let below: Vec<&Command> = command.get_subcommands().collect();
    if !below.is_empty() {
        return below.into_iter().flat_map(|one| commands(one, &full(one.get_name()))).collect();
    }
    let deeds = command.get_arguments().find(|argument| argument.get_id() == "deed");
    let deeds = deeds.map(clap::Arg::get_possible_values).unwrap_or_default();
    if deeds.is_empty() { vec![name.to_owned()] } else { deeds.iter().map(|deed| full(deed.get_name())).collect() }
}

async fn log(store: &dyn Store, workspace: &str) -> Vec<Entry> {
    let log = store.audit(&workspace.into(), None, 1000).await.unwrap();
    log.into_iter().rev().map(|(_, entry)| entry).collect()
}

/// An operator, and what is noted of what they do.
struct Deeds<'a> {
    stage: &'a Stage,
    operator: Operator,
    tried: BTreeSet<String>,
}

impl Deeds<'_> {
    /// Runs a command of these words with arguments, and answers what was noted of it in a workspace: deed, subject, and
    /// `[what, before, after]` of each change.
    async fn note(&mut self, command: &str, arguments: &[&str], workspace: &str) -> Vec<(Deed, String, Vec<String>)> {
        let store = &*self.stage.deps().store;
        let read = log(store, workspace).await.len();
        let words: Vec<&str> = command.split(' ').chain(arguments.iter().copied()).collect();
        let (code, said) = self.operator.says(&words).await;
        assert!(code == 0, "{words:?}: {said}");
        self.tried.insert(command.to_owned());
        let noted = log(store, workspace).await.split_off(read);
        by_command(&noted)
    }
}

fn by_command(noted: &[Entry]) -> Vec<(Deed, String, Vec<String>)> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let in_short = |entry: &Entry| {
        let changes = entry.changes.iter();
        let changes = changes.map(|one| format!("{}: {} → {}", one.what, value(&one.before), value(&one.after)));
        (entry.deed, entry.subject.clone(), changes.collect())
    };
    let by_people = noted.iter().filter(|entry| entry.by != Actor::Server);
    by_people.inspect(|entry| assert_eq!(entry.by, Actor::Command)).map(in_short).collect()
}

fn noted(deed: Deed, subject: &str, changes: &[&str]) -> (Deed, String, Vec<String>) {
    (deed, subject.to_owned(), changes.iter().map(|change| (*change).to_owned()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_that_changes_something_notes_what_before_and_after() {
    let stage = Stage::set(&[]).await;
    let folder = stage.database().trim_start_matches("sqlite://").trim_end_matches("floor.db").to_owned();
    let operator = Operator(vec![
        ("DATABASE_URL", stage.database()),
        ("SECRET_KEY_FILE", format!("{folder}secret.key")),
        ("PUBLIC_URL", stage.url("")),
        ("TWILIO_URL", stage.carrier_url.clone()),
    ]);
    let mut deeds = Deeds { stage: &stage, operator, tried: BTreeSet::new() };
    workspaces(&mut deeds).await;
    people(&mut deeds).await;
    twilio(&mut deeds).await;
    personal_data(&mut deeds).await;
    backups(&mut deeds, Path::new(&folder)).await;

    let all = commands(&Cli::command(), "");
    assert!(all.len() > 18 && all.contains(&"twilio restore".to_owned()), "{all:?}");
    let is_exempt = |command: &str| NOTHING_TO_NOTE.iter().any(|(known, _)| *known == command);
    let forgotten: Vec<_> = all.iter().filter(|one| !deeds.tried.contains(*one) && !is_exempt(one)).collect();
    assert!(forgotten.is_empty(), "say here what these note, or above why there is nothing to note: {forgotten:?}");
}

async fn workspaces(deeds: &mut Deeds<'_>) {
    let arguments = ["--name", "Acme", "--country", "ro", "--owner-email", "olga@example.com", "--owner-name", "Olga"];
    let made = deeds.operator.says(&[&["workspace", "create"], &arguments[..]].concat()).await;
    assert_eq!(made.0, 0, "{made:?}");
    deeds.tried.insert("workspace create".to_owned());
    let owner = [
        "name: - → Olga",
        "email: - → olga@example.com",
        "extension: - → 101",
        "role: - → owner",
        "language: - → en",
        "standing: - → invited",
    ];
    assert_eq!(
        by_command(&log(&*deeds.stage.deps().store, "acme").await),
        [
            noted(Deed::WorkspaceFounded, "Acme", &["country: - → RO", "language: - → en"]),
            noted(Deed::PersonInvited, "Olga", &owner),
            noted(Deed::LinkMade, "Olga", &[]),
        ]
    );
    let renamed = deeds.note("workspace rename", &["acme", "Acme & Fiii"], "acme").await;
    assert_eq!(renamed, [noted(Deed::WorkspaceRenamed, "Acme", &["name: Acme → Acme & Fiii"])]);
    assert_eq!(deeds.note("workspace rename", &["acme", "Acme & Fiii"], "acme").await, [], "it is called so already");
}

async fn people(deeds: &mut Deeds<'_>) {
    let here = |arguments: &[&'static str]| [arguments, &["--workspace", WORKSPACE]].concat();
    let dan = here(&["--email", "dan@aurora.example", "--name", "Dan", "--extension", "150"]);
    let set = [
        "name: - → Dan",
        "email: - → dan@aurora.example",
        "extension: - → 150",
        "role: - → agent",
        "standing: - → invited",
    ];
    let invited = deeds.note("user invite", &dan, WORKSPACE).await;
    assert_eq!(invited, [noted(Deed::PersonInvited, "Dan", &set)]);
    let link = deeds.note("user link", &here(&["dan@aurora.example"]), WORKSPACE).await;
    assert_eq!(link, [noted(Deed::LinkMade, "Dan", &[])]);
    let role = deeds.note("user role", &here(&["mihai", "supervisor"]), WORKSPACE).await;
    assert_eq!(role, [noted(Deed::PersonChanged, "Mihai Ionescu", &["role: agent → supervisor"])]);
    let out = deeds.note("user sign-out", &here(&["mihai"]), WORKSPACE).await;
    assert_eq!(out, [noted(Deed::SignedOutEverywhere, "Mihai Ionescu", &[])]);
    let left = deeds.note("user deactivate", &here(&["mihai"]), WORKSPACE).await;
    assert_eq!(left, [noted(Deed::PersonDeactivated, "Mihai Ionescu", &["standing: active → deactivated"])]);
    let back = deeds.note("user reactivate", &here(&["mihai"]), WORKSPACE).await;
    assert_eq!(back, [noted(Deed::PersonReactivated, "Mihai Ionescu", &["standing: deactivated → active"])]);
    // Olga of Acme is erased later.
    deeds.note("user deactivate", &here(&["dan@aurora.example"]), WORKSPACE).await;
}

async fn twilio(deeds: &mut Deeds<'_>) {
    let stage = deeds.stage;
    let application = applications(stage, ACCOUNT).await[0]["sid"].as_str().unwrap().to_owned();
    let evil = [("VoiceUrl", "https://evil.example/")];
    behind_our_back(stage, (ACCOUNT, TOKEN), &format!("Applications/{application}"), &evil).await;
    let right = stage.url("/api/voice/inbound?workspace=salon");
    let configured = deeds.note("twilio configure", &["--workspace", WORKSPACE], WORKSPACE).await;
    let voice_url = format!("voice_url: https://evil.example/ → {right}");
    assert_eq!(configured, [noted(Deed::TwilioRepaired, "", &[&voice_url])]);
    let restored = deeds.note("twilio restore", &["--workspace", WORKSPACE], WORKSPACE).await;
    assert_eq!(restored, [noted(Deed::NumbersRestored, "", &["numbers: +40312345678 +40312345679 → -"])]);

    let resealed = deeds.note("secrets rotate", &[], WORKSPACE).await;
    let [(Deed::SecretsResealed, subject, changes)] = &resealed[..] else { panic!("{resealed:?}") };
    let (before, after) = changes[0].strip_prefix("sealing_key: ").unwrap().split_once(" → ").unwrap();
    assert!(subject.is_empty() && before != after && ![before, after].contains(&"-"), "{changes:?}");
    let sealed = stage.deps().store.connection(&WORKSPACE.into()).await.unwrap().unwrap().auth_token;
    assert!(sealed.starts_with(after));
}

async fn personal_data(deeds: &mut Deeds<'_>) {
    let her = ["--workspace", WORKSPACE, "--number", MARIA];
    let exported = deeds.note("gdpr export", &her, WORKSPACE).await;
    assert_eq!(exported, [noted(Deed::DataExported, MARIA, &[])]);
    let erased = deeds.note("gdpr erase", &[&her[..], &["--yes"]].concat(), WORKSPACE).await;
    assert_eq!(erased, [noted(Deed::ContactErased, "", &[])]);
    let kept = deeds.note("gdpr retention", &["--workspace", WORKSPACE, "--log", "90"], WORKSPACE).await;
    assert_eq!(kept, [noted(Deed::RetentionChanged, "", &["audit_days: - → 90"])]);
    let him = ["--workspace", WORKSPACE, "--email", "dan@aurora.example"];
    let exported = deeds.note("gdpr export", &him, WORKSPACE).await;
    assert_eq!(exported, [noted(Deed::DataExported, "Dan", &[])]);
    let erased = deeds.note("gdpr erase", &[&him[..], &["--yes"]].concat(), WORKSPACE).await;
    assert_eq!(erased, [noted(Deed::PersonErased, "", &[])]);
}

async fn backups(deeds: &mut Deeds<'_>, folder: &Path) {
    let file = folder.join("backup.jsonl").display().to_string();
    // While the server runs and writes.
    let made = deeds.note("backup", &[&file], WORKSPACE).await;
    let [(Deed::BackupMade, _, taken)] = &made[..] else { panic!("{made:?}") };
    assert!(taken[0].starts_with("taken: - → 2"), "{taken:?}");
    let everywhere = by_command(&log(&*deeds.stage.deps().store, "acme").await);
    assert_eq!(everywhere.last(), made.last(), "everybody's data is in it");
    let read = log(&*deeds.stage.deps().store, WORKSPACE).await.len();
    let printed = deeds.operator.run(&["backup", "-"]).await;
    assert!(printed.status.success() && printed.stdout.starts_with(b"{\"backup\""));
    let again = log(&*deeds.stage.deps().store, WORKSPACE).await.split_off(read);
    assert!(matches!(&by_command(&again)[..], [(Deed::BackupMade, ..)]), "{again:?}");

    let other = format!("sqlite://{}/there/other.db", folder.display());
    let elsewhere = Operator(vec![("DATABASE_URL", other.clone())]);
    let (code, said) = elsewhere.says(&["restore", &file]).await;
    assert!(code == 0 && !said.contains("could not be noted"), "{said}");
    deeds.tried.insert("restore".to_owned());
    let store = store::open(&other).await.unwrap();
    for workspace in [WORKSPACE, "acme"] {
        let log = by_command(&log(&*store, workspace).await);
        assert_eq!(log.last(), Some(&(Deed::BackupRestored, String::new(), taken.clone())), "{workspace}");
        assert!(log.iter().all(|(deed, ..)| *deed != Deed::BackupMade), "it was noted after it was taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_though_nobody_may_write_that_it_was() {
    let stage = Stage::set(&[]).await;
    let folder = stage.database().trim_start_matches("sqlite://").trim_end_matches("floor.db").to_owned();
    // Somebody else writes all the time.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(format!("{folder}floor.db"));
    let mut writer = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut writer).await.unwrap();
    let operator = Operator(vec![("DATABASE_URL", stage.database()), ("PUBLIC_URL", stage.url(""))]);
    let file = format!("{folder}backup.jsonl");
    let (code, said) = operator.says(&["backup", &file]).await;
    assert!(code == 0 && said.contains("could not be noted in the audit log"), "{said}");
    assert!(std::fs::metadata(&file).unwrap().len() > 0);
}
