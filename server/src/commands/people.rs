//! `switchyard user …`: what the pages do, by the same rules, for whoever runs the installation. Only accounts are changed
//! here: a floor is written by the server that keeps it, which follows the accounts by itself.

use serde_json::{Value, json};
use switchyard::{
    agent::Role,
    audit::{Actor, Deed},
    id::WorkspaceId,
    people::{Account, Change, Fault, free_extension},
    ports::StoreError,
};

use super::Said;
use crate::{
    config::UserDeed,
    people::{By, carry_out, give_role, invite, make_link, plan},
    twilio::setup::Setup,
};

/// Does something about somebody in a workspace, or in the only one there is.
///
/// # Errors
/// The database failed.
pub async fn user(setup: &Setup, deed: UserDeed, workspace: Option<&str>) -> Result<Said, StoreError> {
    let workspaces = setup.store.workspaces().await?;
    let found = match workspace {
        Some(id) => workspaces.iter().find(|known| known.id.as_str() == id),
        None => workspaces.first().filter(|_| workspaces.len() == 1),
    };
    let Some(home) = found else {
        let ids: Vec<&str> = workspaces.iter().map(|workspace| workspace.id.as_str()).collect();
        return Ok(Said::refused(match (workspace, ids.is_empty()) {
            (_, true) => "there is no workspace yet".to_owned(),
            (Some(id), _) => format!("there is no workspace {id}, only {}", ids.join(", ")),
            (None, _) => format!("there are several workspaces: say which with --workspace: {}", ids.join(", ")),
        }));
    };
    let everyone = setup.store.accounts(&home.id).await?;
    let done = match deed {
        UserDeed::List => return Ok(list(&everyone)),
        UserDeed::Invite { email, name, role, extension, link } => {
            let extension = match (extension, plan(setup, &home.id).await) {
                (Some(extension), _) => extension,
                (None, Ok(plan)) => free_extension(&everyone, &plan),
                (None, Err(fault)) => return Ok(Said::refused(said_of(&[fault]))),
            };
            let fields = [("email", email), ("name", name), ("role", role), ("extension", extension)];
            return add(setup, &home.id, fields, link).await;
        }
        UserDeed::Link { ref who }
        | UserDeed::Role { ref who, .. }
        | UserDeed::Deactivate { ref who }
        | UserDeed::Reactivate { ref who }
        | UserDeed::SignOut { ref who } => match find(&everyone, who) {
            Some(account) => change(setup, &home.id, &deed, account).await?,
            None => return Ok(Said::refused(format!("nobody in {} is {who}", home.id))),
        },
    };
    Ok(done.unwrap_or_else(|fault| Said::refused(said_of(&[fault]))))
}

async fn change(
    setup: &Setup,
    workspace: &WorkspaceId,
    deed: &UserDeed,
    account: &Account,
) -> Result<Result<Said, Fault>, StoreError> {
    let (by, agent, name) = (By::Operator(workspace), &account.profile.id, &account.profile.name);
    let changed = match deed {
        UserDeed::Link { .. } => {
            let link = make_link(setup, by, agent).await;
            return Ok(link.map(|link| {
                let link = link.unwrap_or_default();
                Said::done(link.clone(), json!({ "id": agent, "link": link }))
            }));
        }
        UserDeed::SignOut { .. } => {
            setup.store.close_sessions(&account.email, None).await?;
            setup.note(workspace, Actor::Command, Deed::SignedOutEverywhere, account, Vec::new()).await;
            return Ok(Ok(Said::done(format!("all sessions of {name} are closed"), json_of(account))));
        }
        UserDeed::Role { role, .. } => {
            let role = Role::ALL.into_iter().find(|known| known.code() == role).unwrap_or(account.profile.role);
            give_role(setup, by, agent, role).await
        }
        UserDeed::Deactivate { .. } => carry_out(setup, by, agent, Change::Deactivate).await,
        UserDeed::Reactivate { .. } | UserDeed::List | UserDeed::Invite { .. } => {
            carry_out(setup, by, agent, Change::Reactivate).await
        }
    };
    Ok(changed.map(|changed| {
        let account = changed.unwrap_or_else(|| account.clone());
        let role = account.profile.role.code();
        Said::done(format!("{name}: {role}, {}", standing(&account)), json_of(&account))
    }))
}

async fn add(
    setup: &Setup,
    workspace: &WorkspaceId,
    fields: [(&str, String); 4],
    with_link: bool,
) -> Result<Said, StoreError> {
    let by = By::Operator(workspace);
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let agent = match invite(setup, by, &fields).await {
        Ok(agent) => agent,
        Err(faults) => return Ok(Said::refused(said_of(&faults))),
    };
    let Some(account) = setup.store.account(workspace, &agent).await? else {
        return Ok(Said::refused("somebody has just taken them away"));
    };
    let mut json = json_of(&account);
    let (name, extension, role) = (&account.profile.name, &account.profile.extension, account.profile.role.code());
    let mut text = format!("{name} is invited as {role}, with extension {extension} and the id {agent}");
    if with_link {
        match make_link(setup, by, &agent).await {
            Ok(link) => {
                let link = link.unwrap_or_default();
                text = format!("{text}; their link, which works once, is\n\n  {link}\n");
                json["link"] = json!(link);
            }
            Err(fault) => return Ok(Said::refused(said_of(&[fault]))),
        }
    }
    Ok(Said::done(text, json))
}

fn list(everyone: &[Account]) -> Said {
    let rows: Vec<_> = everyone
        .iter()
        .map(|account| {
            let profile = &account.profile;
            [
                profile.id.to_string(),
                profile.name.clone(),
                account.email.clone(),
                profile.extension.clone(),
                profile.role.code().to_owned(),
                standing(account).to_owned(),
            ]
        })
        .collect();
    let text = table(["id", "name", "address", "extension", "role", "standing"], &rows);
    Said::done(text, everyone.iter().map(json_of).collect())
}

fn find<'a>(everyone: &'a [Account], who: &str) -> Option<&'a Account> {
    let email = who.to_lowercase();
    everyone.iter().find(|account| account.profile.id.as_str() == who || account.email == email)
}

fn standing(account: &Account) -> &'static str {
    account.standing().code()
}

fn json_of(account: &Account) -> Value {
    json!({
        "id": account.profile.id,
        "workspace": account.workspace,
        "name": account.profile.name,
        "email": account.email,
        "extension": account.profile.extension,
        "role": account.profile.role,
        "standing": standing(account),
    })
}

/// What is wrong, in the words of the pages where they fit whoever is at a command line.
pub(super) fn said_of(faults: &[Fault]) -> String {
    let said = faults.iter().map(|fault| {
        let why = match fault {
            Fault::NotAllowed => "Nobody who was deactivated gets a link: take them back first.",
            Fault::CountryUnknown => "Write a country by ISO 3166-1, as in RO.",
            Fault::Unavailable => "Nothing was saved: the database cannot be reached.",
            fault => app::in_english(*fault),
        };
        fault.field().map_or_else(|| why.to_owned(), |field| format!("{field}: {why}"))
    });
    said.collect::<Vec<_>>().join("\n")
}

/// Rows below their headings, in columns.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let headings = headings.map(str::to_owned);
    let every = || std::iter::once(&headings).chain(rows);
    let line = |row: &[String; N]| {
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let width =
                every().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or_default();
            format!("{cell:width$}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    every().map(line).collect::<Vec<_>>().join("\n")
}
