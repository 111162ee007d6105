//! Whoever runs the binary: settings, tables, workspaces and people, beside a server that is running.

use std::{
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use server::{clock::WallClock, people, store};
use switchyard::{
    agent::Role,
    audit::{Actor, Deed},
    call::{Caller, Line},
    floor::{Command, EffectKind, Event, Outcome},
    id::{CallId, WorkspaceId},
    people::Standing,
    ports::{Batch, Clock, Stored},
    time::Timestamp,
};
use tokio::time::{sleep, timeout};

use crate::{
    MARIA,
    office::{Office, PASSWORD, PATIENCE, until_signed_out},
    stage::Stage,
};

/// The binary on the office's database, as another process.
pub struct Operator(pub Vec<(&'static str, String)>);

impl Operator {
    fn of(office: &Office) -> Self {
        Self(vec![
            ("DATABASE_URL", office.database()),
            ("SECRET_KEY_FILE", office.folder().join("secret.key").display().to_string()),
            ("PUBLIC_URL", office.url("")),
        ])
    }

    pub async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchyard"));
        command.env_clear().envs(self.0.iter().cloned()).args(arguments).stdin(Stdio::null());
        // Somewhere without a file of settings.
        command.current_dir(std::env::temp_dir());
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// What it says, with its exit code. Nobody's password or hash is ever in it.
    pub async fn says(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments).await;
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("argon2"), "{said}");
        (output.status.code().unwrap(), said)
    }

    pub async fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// A link's path.
fn path_of(link: &Value) -> String {
    let link = link.as_str().unwrap();
    link[link.find("/join/").unwrap()..].to_owned()
}

#[tokio::test]
async fn a_workspace_is_made_at_the_command_line_and_its_owner_comes_in_by_the_link() {
    let office = Office::new().await;
    let operator = Operator::of(&office);
    assert_eq!(operator.json(&["workspace", "list"]).await, serde_json::json!([]));
    let create = |name: &'static str, email: &'static str| {
        vec![
            "workspace",
            "create",
            "--name",
            name,
            "--country",
            "ro",
            "--owner-email",
            email,
            "--owner-name",
            "Olga Pop",
        ]
    };
    let made = operator.json(&create("Acme & Fiii", "Olga@Example.com")).await;
    assert_eq!((&made["id"], &made["country"]), (&"acmefiii".into(), &"RO".into()), "{made}");

    // The server that was waiting for its first workspace has one.
    let mut olga = office.browser();
    assert_eq!(olga.get("/").await.to, "/sign-in?next=/");
    let entered = olga.post(&path_of(&made["link"]), &[("name", "Olga Pop"), ("password", PASSWORD)]).await;
    assert_eq!((entered.status, entered.to.as_str()), (303, "/"), "{entered:?}");
    assert!(olga.get("/people").await.page.contains("olga@example.com"));
    assert_eq!(office.floor("acmefiii").await.agents.len(), 1);
    assert_eq!(office.browser().get(&path_of(&made["link"])).await.status, 404, "it worked once");

    // A company of the same name gets an id of its own, and the same person can own both.
    assert_eq!(operator.json(&create("Acme & Fiii", "olga@example.com")).await["id"], "acmefiii2");
    operator.json(&["workspace", "rename", "acmefiii2", "Second"]).await;
    let (code, list) = operator.says(&["workspace", "list"]).await;
    assert!(code == 0 && list.lines().count() == 3 && list.contains("acmefiii2  Second"), "{list}");

    // All that is wrong with a wish is said at once.
    let wrong = ["workspace", "create", "--name", " ", "--country", "XX", "--owner-email", "olga", "--owner-name", "O"];
    let (code, said) = operator.says(&wrong).await;
    assert!(
        code == 1 && said.contains("workspace: ") && said.contains("country: ") && said.contains("email: "),
        "{said}"
    );
    assert_eq!(operator.says(&["workspace", "rename", "nowhere", "X"]).await.0, 1);
}

#[tokio::test]
async fn somebody_of_two_workspaces_gets_a_new_password_from_whoever_runs_the_installation() {
    let office = Office::staffed().await;
    let operator = Operator::of(&office);
    let invite = ["user", "invite", "--workspace", "globex", "--email", "ana@example.com", "--name", "Ana", "--link"];
    let invited = operator.json(&invite).await;
    let mut ana = office.browser();
    let entered = ana.post(&path_of(&invited["link"]), &[("name", "Ana"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status, 303, "{entered:?}");

    // No administrator of either can open the other with it.
    let mut adam = office.signed_in("adam").await;
    assert_eq!(adam.post("/people/ana/link", &[]).await.status, 422);
    let link = path_of(&operator.json(&["user", "link", "ana", "--workspace", "acme"]).await["link"]);
    let as_if_by_them = link.replace("/join/operator.", "/join/");
    assert_ne!(as_if_by_them, link);
    assert_eq!(office.browser().get(&as_if_by_them).await.status, 404);
    assert_eq!(office.browser().post(&link, &[("password", "another password")]).await.to, "/");
    assert!(!ana.is_in().await, "whoever had the last password is out");
    assert!(ana.sign_in("ana@example.com", PASSWORD).await.to.contains("error=credentials"));
    assert_eq!(ana.sign_in("ana@example.com", "another password").await.to, "/");
}

#[tokio::test]
async fn people_are_changed_by_the_rules_of_the_pages() {
    let office = Office::staffed().await;
    let operator = Operator::of(&office);
    let acme = |arguments: &[&'static str]| [arguments, &["--workspace", "acme"]].concat();

    let (code, said) = operator.says(&["user", "list"]).await;
    assert!(code == 1 && said.contains("--workspace: acme, globex"), "{said}");
    let everyone = operator.json(&acme(&["user", "list"])).await;
    assert_eq!(everyone.as_array().unwrap().len(), 4);
    assert_eq!(everyone[0]["role"], "owner");

    // The last owner stays, and whatever is taken or malformed is refused.
    for refused in [
        vec!["user", "deactivate", "olga"],
        vec!["user", "role", "olga@example.com", "admin"],
        vec!["user", "invite", "--email", "ANA@example.com", "--name", "Ana"],
        vec!["user", "invite", "--email", "new@example.com", "--name", "New", "--extension", "101"],
        vec!["user", "invite", "--email", "nobody", "--name", "Nobody"],
        vec!["user", "link", "gina"],
    ] {
        let (code, said) = operator.says(&acme(&refused)).await;
        assert_eq!(code, 1, "{refused:?}: {said}");
    }
    assert!(!office.deps.store.accounts(&"acme".into()).await.unwrap().iter().any(|a| a.email == "new@example.com"));

    // Another owner makes it possible.
    operator.json(&acme(&["user", "role", "adam", "owner"])).await;
    operator.json(&acme(&["user", "deactivate", "olga"])).await;
    assert_eq!(office.account("acme", "olga").await.unwrap().standing(), Standing::Deactivated);
    let (code, said) = operator.says(&acme(&["user", "link", "olga"])).await;
    assert!(code == 1 && said.contains("take them back first"), "{said}");
    operator.json(&acme(&["user", "reactivate", "olga"])).await;
    assert_eq!(office.account("acme", "olga").await.unwrap().profile.role, Role::Owner);

    // A link is only printed when it is asked for, and leads in.
    let plain = ["user", "invite", "--email", "ina@example.com", "--name", "Ina"];
    assert!(!operator.says(&acme(&plain)).await.1.contains("/join/"));
    let link = operator.json(&acme(&["user", "link", "Ina@Example.com"])).await;
    let mut ina = office.browser();
    let entered = ina.post(&path_of(&link["link"]), &[("name", "Ina"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status, 303, "{entered:?}");
    let with = ["user", "invite", "--email", "dan@example.com", "--name", "Dan", "--link", "--role", "admin"];
    assert!(operator.json(&acme(&with)).await["link"].is_string());

    operator.json(&acme(&["user", "sign-out", "ina@example.com"])).await;
    assert!(!ina.is_in().await);

    // What was done is in the audit log, and by whom.
    let noted = office.deps.store.audit(&"acme".into(), None, 99).await.unwrap();
    let by_command: Vec<_> = noted.iter().rev().filter(|(_, e)| e.by == Actor::Command).map(|(_, e)| e.deed).collect();
    let expected = [
        Deed::PersonChanged,
        Deed::PersonDeactivated,
        Deed::PersonReactivated,
        Deed::PersonInvited,
        Deed::LinkMade,
        Deed::PersonInvited,
        Deed::LinkMade,
        Deed::SignedOutEverywhere,
    ];
    assert_eq!(by_command, expected);
}

#[tokio::test]
async fn a_server_that_is_running_follows_what_a_command_changed() {
    let office = Office::staffed().await;
    let operator = Operator::of(&office);
    tokio::spawn(people::follow(office.deps.clone(), Duration::from_millis(50)));
    let ana = office.signed_in("ana").await;
    let (feed, before) = (ana.live().await, office.floor("acme").await.version);
    let user = async |deed: &str| operator.json(&["user", deed, "ana", "--workspace", "acme"]).await;

    user("deactivate").await;
    assert!(!ana.is_in().await, "the next request already");
    until_signed_out(feed).await;
    until(async || !office.seats("acme", "ana").await).await;
    user("reactivate").await;
    until(async || office.seats("acme", "ana").await).await;

    // The floor was written by the server alone, and only when something was different.
    sleep(Duration::from_millis(300)).await;
    let events = office.deps.store.events_after(&"acme".into(), before, 99).await.unwrap();
    let what: Vec<_> = events.iter().map(|recorded| &recorded.event).collect();
    assert!(matches!(what[..], [Event::Unseated(_), Event::Seated(_)]), "{what:?}");
}

#[tokio::test]
async fn tables_are_made_by_whoever_is_told_to() {
    let office = Office::new().await;
    let new = office.folder().join("new");
    let operator = Operator(vec![("DATABASE_URL", format!("sqlite://{}/other.db", new.display()))]);
    let (code, said) = operator.says(&["migrate", "--check"]).await;
    assert!(code == 1 && said.contains("0001 tables"), "{said}");
    let (code, said) = operator.says(&["user", "list"]).await;
    assert!(code == 2 && said.contains("switchyard migrate"), "{said}");
    assert_eq!(operator.says(&["backup", "-"]).await.0, 2, "there is nothing to keep");
    assert!(!new.exists(), "looking makes nothing");

    let (code, said) = operator.says(&["migrate"]).await;
    assert!(code == 0 && said.contains("new: 0001 tables"), "{said}");
    assert_eq!(operator.says(&["migrate", "--check"]).await, (0, "the database is up to date\n".to_owned()));
    assert_eq!(operator.says(&["migrate"]).await.0, 0);
}

#[tokio::test]
async fn wrong_settings_are_refused_by_every_command() {
    let office = Office::new().await;
    let mut operator = Operator::of(&office);
    operator.0.extend([("PORT", "0".to_owned()), ("TWILIO_URL", "nowhere".to_owned())]);
    for (arguments, expected) in
        [(&["serve"][..], 2), (&["config", "check"], 1), (&["twilio", "verify", "--workspace", "x"], 2)]
    {
        let (code, said) = operator.says(arguments).await;
        assert!(code == expected && said.contains("PORT: ") && said.contains("TWILIO_URL: "), "{said}");
    }
    let (code, said) = Operator::of(&office).says(&["config", "check"]).await;
    assert!(code == 0 && said.contains("PUBLIC_URL"), "{said}");
}

#[tokio::test]
async fn personal_data_are_handled_at_the_command_line() {
    let office = Office::staffed().await;
    let operator = Operator::of(&office);
    let kept = ["gdpr", "retention", "--workspace", "acme"];
    let said = operator.json(&[&kept[..], &["--history", "60", "--messages", "7"]].concat()).await;
    assert_eq!((&said["history"], &said["messages"], &said["deliveries"]), (&60.into(), &7.into(), &30.into()));
    let (code, said) = operator.says(&kept).await;
    assert!(code == 0 && said.contains("60 days"), "{said}");
    let (code, said) = operator.says(&[&kept[..], &["--log", "soon"]].concat()).await;
    assert!(code == 2 && said.contains("--log: 90 days or more"), "{said}");

    let (code, said) = operator.says(&["gdpr", "export", "--workspace", "acme", "--number", MARIA]).await;
    let data: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, data["number"].as_str()), (0, Some(MARIA)));
    let whom = ["--workspace", "acme", "--email", "ana@example.com"];
    let (code, said) = operator.says(&[&["gdpr", "erase"], &whom[..], &["--yes"]].concat()).await;
    assert!(code == 2 && said.contains("deactivated"), "{said}");
    assert_eq!(operator.says(&["gdpr", "export", "--workspace", "acme"]).await.0, 2, "somebody must be named");
}

#[tokio::test]
async fn a_backup_is_taken_beside_the_server_and_restored_where_none_runs() {
    let office = Office::staffed().await;
    let operator = Operator::of(&office);
    let file = office.folder().join("backup.jsonl");
    let file = file.to_str().unwrap();
    let (code, said) = operator.says(&["backup", file]).await;
    assert!(code == 0 && said.contains("keep the secret key apart"), "{said}");
    let key = std::fs::read_to_string(office.folder().join("secret.key")).unwrap();
    assert!(!std::fs::read_to_string(file).unwrap().contains(key.trim()));
    let (code, said) = operator.says(&["restore", file, "--replace"]).await;
    assert!(code == 1 && said.contains("nothing was changed") && said.contains("stop it first"), "{said}");

    let elsewhere = Operator(vec![("DATABASE_URL", format!("sqlite://{}/there/other.db", office.folder().display()))]);
    assert_eq!(elsewhere.says(&["restore", file]).await.0, 0);
    assert_eq!(elsewhere.json(&["workspace", "list"]).await.as_array().unwrap().len(), 2);
    let (code, said) = elsewhere.says(&["restore", file]).await;
    assert!(code == 1 && said.contains("--replace"), "{said}");
    assert_eq!(elsewhere.says(&["restore", file, "--replace"]).await.0, 0);
    assert_eq!(elsewhere.says(&["restore", "/no/such/file"]).await.0, 2);
    let names = std::fs::read_dir(office.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let drafts = names.filter(|name| name.to_string_lossy().starts_with("backup.jsonl.")).count();
    assert_eq!(drafts, 0, "drafts are gone");
}

#[tokio::test]
async fn nobody_is_called_by_what_was_asked_long_ago() {
    let mut stage = Stage::set(&[]).await;
    stage.kill();
    // As a backup of an hour ago leaves it: Ana asked for a call, and it was not placed yet.
    let (salon, store) = (WorkspaceId::from("salon"), store::open(&stage.database()).await.unwrap());
    let Stored { mut floor, events } = store.load(&salon).await.unwrap();
    for recorded in &events {
        floor.evolve(recorded);
    }
    let (call, version) = (CallId::from("CAold"), floor.version);
    let dial = Command::Dial {
        call: call.clone(),
        by: "ana".into(),
        to: Caller { number: MARIA.into(), name: None },
        colleague: None,
        line: Line { number: "+40312345678".into(), label: "Bookings".into() },
    };
    let asked = Timestamp(WallClock.now().0 - 60 * 60 * 1000);
    let Outcome { events, effects, records, messages } = floor.handle(&dial, asked).unwrap();
    assert_eq!(effects[0].kind, EffectKind::Dial);
    store.append(&salon, version, &Batch { events, effects, records, messages }).await.unwrap();

    stage.start().await;
    stage.until("the call is over", |floor| !floor.calls.contains_key(&call)).await;
    until(async || store.unfinished(&salon, &call).await.unwrap().is_empty()).await;
    assert!(!stage.truth().await.was_called(MARIA));
}

async fn until(what: impl AsyncFn() -> bool) {
    let waiting = async {
        while !what().await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap();
}
