//! Accounts, the passwords behind them, and the ways in.

use async_trait::async_trait;
use switchyard::{
    agent::Profile,
    id::{AgentId, WorkspaceId},
    people::{Account, Fallback, Language},
    ports::{People, StoreError, Workspace},
    time::Timestamp,
};

use super::{
    Sql,
    engine::{Engine, Scope, Step, corrupt, values, word},
};

/// Workspace, agent, e-mail, name, extension, role, language, fallback, caller ID, joined, deactivated.
type AccountRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
);

/// An address is known from the first account that has it. To name the column of the conflict is to read it, and before
/// there is the account nobody in its workspace may.
pub(super) const KNOW: &str = "INSERT INTO identities (email) VALUES ($1) ON CONFLICT DO NOTHING";
const PUT: &str = "INSERT INTO accounts (workspace, agent, email, name, extension, role, language, fallback,
     caller_id, joined, deactivated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (workspace, agent) DO UPDATE SET name = excluded.name, extension = excluded.extension,
     role = excluded.role, language = excluded.language, fallback = excluded.fallback,
     caller_id = excluded.caller_id, joined = excluded.joined, deactivated = excluded.deactivated";

#[async_trait]
impl<E: Engine> People for Sql<E> {
    async fn put_set_up_code(&self, code_hash: &str) -> Result<(), StoreError> {
        let steps = [
            Step::may("DELETE FROM set_up_codes", []),
            Step::must("INSERT INTO set_up_codes (code_hash) VALUES ($1)", values![code_hash]),
        ];
        self.0.together(Scope::Installation, &steps).await?;
        Ok(())
    }

    async fn found(
        &self,
        code_hash: &str,
        workspace: &Workspace,
        owner: &Account,
        password: &str,
    ) -> Result<bool, StoreError> {
        let steps = [
            // Of two at once the second waits here until the first is done, and finds the code gone.
            Step::must("DELETE FROM set_up_codes WHERE code_hash = $1", values![code_hash]),
            Step::must(
                "INSERT INTO workspaces (workspace, name, country, language)
                 SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM workspaces)",
                values![&workspace.id, &workspace.name, &workspace.country, workspace.language.code()],
            ),
            Step::must("INSERT INTO identities (email, password) VALUES ($1, $2)", values![&owner.email, password]),
            put(owner),
        ];
        self.0.together(Scope::Installation, &steps).await
    }

    async fn open_workspace(
        &self,
        workspace: &Workspace,
        owner: &Account,
        link_hash: &str,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        let steps = [
            Step::must(
                "INSERT INTO workspaces (workspace, name, country, language) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (workspace) DO NOTHING",
                values![&workspace.id, &workspace.name, &workspace.country, workspace.language.code()],
            ),
            Step::may(KNOW, values![&owner.email]),
            put(owner),
            Step::must(
                "INSERT INTO links (token_hash, workspace, agent, expires) VALUES ($1, $2, $3, $4)",
                values![link_hash, &workspace.id, &owner.profile.id, expires],
            ),
        ];
        self.0.together(Scope::Of(&workspace.id), &steps).await
    }

    async fn accounts(&self, workspace: &WorkspaceId) -> Result<Vec<Account>, StoreError> {
        // Extensions are digits: 20 comes before 100.
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT workspace, agent, email, name, extension, role, language, fallback, caller_id, joined,
                 deactivated
                 FROM accounts WHERE workspace = $1 ORDER BY length(extension), extension",
                &values![workspace],
            )
            .await?
            .into_iter()
            .map(account)
            .collect()
    }

    async fn account(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Option<Account>, StoreError> {
        self.0
            .read(
                Scope::Of(workspace),
                "SELECT workspace, agent, email, name, extension, role, language, fallback, caller_id, joined,
                 deactivated
                 FROM accounts WHERE workspace = $1 AND agent = $2",
                &values![workspace, agent],
            )
            .await?
            .pop()
            .map(account)
            .transpose()
    }

    async fn accounts_of(&self, email: &str) -> Result<Vec<Account>, StoreError> {
        self.0
            .read(
                Scope::Installation,
                "SELECT workspace, agent, email, name, extension, role, language, fallback, caller_id, joined,
                 deactivated
                 FROM accounts WHERE email = $1 ORDER BY workspace",
                &values![&email.to_lowercase()],
            )
            .await?
            .into_iter()
            .map(account)
            .collect()
    }

    async fn workspaces_of(&self, workspace: &WorkspaceId, agent: &AgentId) -> Result<Vec<Workspace>, StoreError> {
        self.0
            .read(
                Scope::Installation,
                "SELECT workspace, workspaces.name, country, workspaces.language, account, zone
                 FROM workspaces JOIN accounts USING (workspace)
                 WHERE email = (SELECT email FROM accounts WHERE workspace = $1 AND agent = $2)
                 AND joined IS NOT NULL AND deactivated IS NULL ORDER BY workspaces.name, workspace",
                &values![workspace, agent],
            )
            .await?
            .into_iter()
            .map(super::directory::workspace)
            .collect()
    }

    async fn put_account(&self, account: &Account) -> Result<(), StoreError> {
        self.0
            .together(Scope::Of(&account.workspace), &[Step::may(KNOW, values![&account.email]), put(account)])
            .await?;
        Ok(())
    }

    async fn deactivate(&self, workspace: &WorkspaceId, agent: &AgentId, at: Timestamp) -> Result<(), StoreError> {
        let steps = [
            Step::may(
                "UPDATE accounts SET deactivated = $3 WHERE workspace = $1 AND agent = $2 AND deactivated IS NULL",
                values![workspace, agent, at],
            ),
            Step::may("DELETE FROM sessions WHERE workspace = $1 AND agent = $2", values![workspace, agent]),
            Step::may("DELETE FROM links WHERE workspace = $1 AND agent = $2", values![workspace, agent]),
            Step::may(
                "UPDATE api_tokens SET revoked = $3 WHERE workspace = $1 AND agent = $2 AND revoked IS NULL",
                values![workspace, agent, at],
            ),
        ];
        self.0.together(Scope::Of(workspace), &steps).await?;
        Ok(())
    }

    async fn password(&self, email: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT password FROM identities WHERE email = $1";
        let mut rows: Vec<(Option<String>,)> =
            self.0.read(Scope::Installation, sql, &values![&email.to_lowercase()]).await?;
        Ok(rows.pop().and_then(|(password,)| password))
    }

    async fn put_password(&self, email: &str, password: &str) -> Result<(), StoreError> {
        let sql = "UPDATE identities SET password = $2 WHERE email = $1";
        self.0.run(Scope::Installation, sql, &values![&email.to_lowercase(), password]).await?;
        Ok(())
    }

    async fn change_email(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let sql = "UPDATE identities SET email = $2 WHERE email = $1";
        self.0.run(Scope::Installation, sql, &values![&from.to_lowercase(), &to.to_lowercase()]).await?;
        Ok(())
    }

    async fn put_link(
        &self,
        token_hash: &str,
        workspace: &WorkspaceId,
        agent: &AgentId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .run(
Scope::Of(workspace),
                "INSERT INTO links (token_hash, workspace, agent, expires) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (workspace, agent) DO UPDATE SET token_hash = excluded.token_hash, expires = excluded.expires",
                &values![token_hash, workspace, agent, expires],
            )
            .await?;
        Ok(())
    }

    async fn link(&self, token_hash: &str, now: Timestamp) -> Result<Option<Account>, StoreError> {
        self.0
            .read(
                Scope::Installation,
                "SELECT workspace, agent, email, name, extension, role, language, fallback, caller_id, joined,
                 deactivated
                 FROM links JOIN accounts USING (workspace, agent)
                 WHERE token_hash = $1 AND expires > $2 AND deactivated IS NULL",
                &values![token_hash, now],
            )
            .await?
            .pop()
            .map(account)
            .transpose()
    }

    async fn use_link(
        &self,
        token_hash: &str,
        now: Timestamp,
        name: &str,
        password: Option<&str>,
    ) -> Result<bool, StoreError> {
        let Some(account) = self.link(token_hash, now).await? else { return Ok(false) };
        let Account { workspace, profile: Profile { id, .. }, email, .. } = &account;
        let steps = [
            Step::must("DELETE FROM links WHERE token_hash = $1 AND expires > $2", values![token_hash, now]),
            Step::must(
                "UPDATE accounts SET name = $3, joined = coalesce(joined, $4)
                 WHERE workspace = $1 AND agent = $2 AND deactivated IS NULL",
                values![workspace, id, name, now],
            ),
            Step::must(
                "UPDATE identities SET password = coalesce($2, password) WHERE email = $1",
                values![email, password],
            ),
        ];
        self.0.together(Scope::Of(workspace), &steps).await
    }
}

fn put(account: &Account) -> Step<'_> {
    let Profile { id, name, extension, role } = &account.profile;
    let fallback = match &account.fallback {
        Fallback::Nowhere => None,
        Fallback::Voicemail => Some("voicemail"),
        Fallback::Mobile(number) => Some(number.as_str()),
    };
    Step::must(
        PUT,
        values![
            &account.workspace,
            id,
            &account.email,
            name,
            extension,
            role.code(),
            account.language.map(Language::code),
            fallback,
            account.caller_id.as_deref(),
            account.joined,
            account.deactivated
        ],
    )
}

fn account(row: AccountRow) -> Result<Account, StoreError> {
    let (workspace, id, email, name, extension, role, language, fallback, caller_id, joined, deactivated) = row;
    let language = language
        .map(|code| Language::parse(&code).ok_or_else(|| corrupt(format!("somebody speaks {code:?}"))))
        .transpose()?;
    Ok(Account {
        workspace: workspace.into(),
        profile: Profile { id: id.into(), name, extension, role: word(role)? },
        email,
        language,
        fallback: match fallback.as_deref() {
            None => Fallback::Nowhere,
            Some("voicemail") => Fallback::Voicemail,
            Some(number) => Fallback::Mobile(number.to_owned()),
        },
        caller_id,
        joined: joined.map(Timestamp),
        deactivated: deactivated.map(Timestamp),
    })
}
