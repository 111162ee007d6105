//! `switchyard workspace …`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use switchyard::{
    audit::{Actor, Change, Deed, differences},
    people::{self, Standing},
    ports::{StoreError, Workspace},
};

use super::{
    Said,
    people::{said_of, table},
};
use crate::{
    auth::{hash, new_token},
    config::WorkspaceDeed,
    people::LINK_SECS,
    twilio::setup::Setup,
    welcome,
};

/// Lists workspaces, makes one, or renames one.
///
/// # Errors
/// The database failed.
pub async fn workspace(setup: &Setup, deed: WorkspaceDeed) -> Result<Said, StoreError> {
    match deed {
        WorkspaceDeed::List => list(setup).await,
        WorkspaceDeed::Create { name, country, language, owner_email, owner_name } => {
            let fields = [
                ("workspace", name),
                ("country", country.to_ascii_uppercase()),
                ("language", language),
                ("email", owner_email),
                ("name", owner_name),
            ];
            create(setup, &fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()).await
        }
        WorkspaceDeed::Rename { id, name } => rename(setup, &id, &name).await,
    }
}

async fn list(setup: &Setup) -> Result<Said, StoreError> {
    let (mut rows, mut all) = (Vec::new(), Vec::new());
    for workspace in setup.store.workspaces().await? {
        let everyone = setup.store.accounts(&workspace.id).await?;
        let active = everyone.iter().filter(|account| account.standing() == Standing::Active).count();
        let account = setup.store.connection(&workspace.id).await?.map(|connection| connection.account);
        rows.push([
            workspace.id.to_string(),
            workspace.name.clone(),
            workspace.country.clone(),
            workspace.language.code().to_owned(),
            active.to_string(),
            account.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
        let mut json = json_of(&workspace);
        (json["people"], json["account"]) = (json!(active), json!(account));
        all.push(json);
    }
    if rows.is_empty() {
        return Ok(Said::done("there is no workspace yet", json!([])));
    }
    Ok(Said::done(table(["id", "name", "country", "language", "people", "Twilio account"], &rows), Value::Array(all)))
}

async fn create(setup: &Setup, fields: &BTreeMap<String, String>) -> Result<Said, StoreError> {
    let (mut workspace, mut owner) = match welcome::read(fields) {
        Ok(read) => read,
        Err(faults) => return Ok(Said::refused(said_of(&faults))),
    };
    let (token, expires) = (new_token(), setup.clock.now().plus_secs(LINK_SECS));
    // Companies of the same name get different ids.
    let name = workspace.id.clone();
    let mut number = 1;
    while !setup.store.open_workspace(&workspace, &owner, &hash(&token), expires).await? {
        number += 1;
        workspace.id = format!("{name}{number}").into();
        owner.workspace = workspace.id.clone();
    }
    let setup = setup.acting(Actor::Command);
    setup.done(&workspace.id, Deed::WorkspaceFounded, &workspace.name, welcome::founded(&workspace)).await;
    setup.done(&workspace.id, Deed::PersonInvited, &owner, differences(None, &owner)).await;
    setup.done(&workspace.id, Deed::LinkMade, &owner, Vec::new()).await;
    let link = format!("{}/join/{token}", setup.public_url);
    let text = format!(
        "The workspace {} was made. {} comes in once, within {} days, by\n\n  {link}\n",
        workspace.id,
        owner.profile.name,
        people::LINK_DAYS
    );
    let mut json = json_of(&workspace);
    (json["owner"], json["link"]) = (json!(owner.profile.id), json!(link));
    Ok(Said::done(text, json))
}

async fn rename(setup: &Setup, id: &str, name: &str) -> Result<Said, StoreError> {
    let workspaces = setup.store.workspaces().await?;
    let Some(workspace) = workspaces.into_iter().find(|workspace| workspace.id.as_str() == id) else {
        return Ok(Said::refused(format!("there is no workspace {id}")));
    };
    let name = match people::name(name) {
        Ok(name) => name,
        Err(fault) => return Ok(Said::refused(said_of(&[fault]))),
    };
    if name == workspace.name {
        return Ok(Said::done(format!("the workspace {id} is called {name} already"), json_of(&workspace)));
    }
    let changes = vec![Change::new("name", Some(&workspace.name), Some(&name))];
    let (before, workspace) = (workspace.name.clone(), Workspace { name, ..workspace });
    setup.store.put_workspace(&workspace).await?;
    setup.note(&workspace.id, Actor::Command, Deed::WorkspaceRenamed, before.as_str(), changes).await;
    Ok(Said::done(format!("the workspace {id} is called {} now", workspace.name), json_of(&workspace)))
}

fn json_of(workspace: &Workspace) -> Value {
    json!({
        "id": workspace.id,
        "name": workspace.name,
        "country": workspace.country,
        "language": workspace.language,
    })
}
