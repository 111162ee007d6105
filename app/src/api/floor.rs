//! The floor as it is now, and what people ask of it.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{
    agent::Role,
    floor::{Floor, Intent},
    id::{AgentId, WorkspaceId},
    time::Timestamp,
};

use super::AskError;

/// Who is signed in, as pages know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The workspaces that they belong to, by id and name, this one first.
    pub workspaces: Vec<(String, String)>,
    /// The name of the number that whoever they call sees.
    pub line: Option<String>,
    /// How many messages that were left for them are new.
    pub new_messages: u32,
}

/// The floor at one version, and who looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloorView {
    /// The floor; the live feed goes on from its version.
    pub floor: Floor,
    /// Who looks at it.
    pub me: Me,
    /// The server's time.
    pub now: Timestamp,
}

/// The floor as it is now.
#[server(prefix = "/api/fn", endpoint = "load_floor", input = Json, output = Json)]
pub async fn load_floor() -> Result<FloorView, AskError> {
    use switchyard::ports::Session;
    let (visit, session) = super::visit::Visit::signed_in()?;
    let handle = visit.floors.of(&session.workspace);
    let snapshot = handle.snapshot().await.map_err(|_| AskError::Unavailable.answered())?;
    let mut floor = Floor::clone(&snapshot);
    // Remembered only for late observations, which browsers do not make.
    floor.ended.clear();
    let workspaces = super::people::workspace_names().await;
    let line = super::numbers::own_line().await;
    let new_messages = super::voicemail::new_messages().await;
    let Session { workspace, agent, name, role } = session;
    let me = Me { workspace, agent, name, role, workspaces, line, new_messages };
    Ok(FloorView { floor, me, now: visit.clock.now() })
}

/// Asks for something; answers the version of the floor after it.
#[server(prefix = "/api/fn", endpoint = "ask", input = Json, output = Json)]
pub async fn ask(
    /// What.
    intent: Intent,
) -> Result<u64, AskError> {
    use switchyard::{floor::Command, service::Rejected};
    let (visit, session) = super::visit::Visit::signed_in()?;
    let handle = visit.floors.of(&session.workspace);
    handle.send(Command::Ask { by: session.agent, intent }).await.map_err(|rejected| {
        match rejected {
            Rejected::Refused(refusal) => AskError::Refused(refusal),
            Rejected::Unavailable => AskError::Unavailable,
        }
        .answered()
    })
}
