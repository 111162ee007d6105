//! Who and what the stories are about.

use switchyard::{
    agent::{Profile, Role},
    call::{Call, Caller, Direction, Line},
    floor::{Effect, EffectKind, Event, Floor, Recorded},
    history::{CallRecord, HungUpBy, InVoicemail, Outcome},
    id::{CallId, LegId, WorkspaceId},
    people::{Account, Fallback, Language},
    ports::{Batch, Connection, Store, Workspace},
    time::Timestamp,
    webhooks::{Endpoint, EventType, LiveCall, Message, Secrets, Told},
};

pub(crate) fn acme() -> WorkspaceId {
    "acme".into()
}

pub(crate) fn globex() -> WorkspaceId {
    "globex".into()
}

/// An event like any other; it happened at 1000 times its version.
pub(crate) fn event(version: u64) -> Recorded {
    let event = Event::WrapUpEnded { agent: format!("agent of {version}").into() };
    Recorded { version, at: Timestamp(1000 * i64::try_from(version).unwrap()), event }
}

/// Nothing but events.
pub(crate) fn events(versions: std::ops::RangeInclusive<u64>) -> Batch {
    Batch { events: versions.map(event).collect(), ..Batch::default() }
}

/// One event that asks for effects: for each call, to drop the leg with this number.
pub(crate) fn asking(version: u64, effects: &[(&str, u32)]) -> Batch {
    Batch { effects: effects.iter().map(|(call, leg)| drop_leg(call, *leg)).collect(), ..events(version..=version) }
}

pub(crate) fn drop_leg(call: &str, leg: u32) -> Effect {
    Effect { call: call.into(), kind: EffectKind::Drop { leg: LegId(leg) } }
}

/// One event that ends calls.
pub(crate) fn ending(version: u64, records: Vec<CallRecord>) -> Batch {
    Batch { records, ..events(version..=version) }
}

/// A call that nobody answered.
pub(crate) fn abandoned(call: &str, ended: i64) -> CallRecord {
    CallRecord {
        call: CallId::from(call),
        direction: Direction::Inbound,
        caller: Caller { number: "+40722111222".into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Sales".into() },
        colleague: None,
        agent: None,
        arrived: Timestamp(ended - 500),
        answered: None,
        ended: Timestamp(ended),
        outcome: Outcome::Abandoned,
        hung_up_by: HungUpBy::Caller,
        voicemail: None,
    }
}

/// The same call, as it is known after somebody turned out to have answered it.
pub(crate) fn answered(call: &str, ended: i64) -> CallRecord {
    CallRecord {
        caller: Caller { number: "+40722111222".into(), name: Some("Ana \"Țuțu\" O'Neill".into()) },
        agent: Some("dan".into()),
        answered: Some(Timestamp(ended - 100)),
        outcome: Outcome::Answered,
        hung_up_by: HungUpBy::Agent("dan".into()),
        voicemail: Some(InVoicemail { agent: "eva".into(), since: Timestamp(ended - 50) }),
        ..abandoned(call, ended)
    }
}

/// One event that is told: that this number called. It happened when the event did.
pub(crate) fn telling(version: u64, number: &str) -> Batch {
    let (event, at) = (EventType::Arrived, event(version).at);
    let caller = Caller { number: number.into(), name: Some("Maria Enăche-Țuțu".into()) };
    let line = Line { number: "+40312345678".into(), label: "Sales".into() };
    let call = Told::Live(LiveCall::from(&Call::inbound("CA0".into(), caller, line, at)));
    let message = Message { event, sequence: version, at, agent: None, by: None, call };
    Batch { messages: vec![message], ..events(version..=version) }
}

/// An endpoint that is told of these.
pub(crate) fn endpoint(id: &str, events: &[EventType]) -> Endpoint {
    Endpoint {
        id: id.into(),
        name: "CRM \"O'Neill\"".into(),
        url: format!("https://{id}.example/hook"),
        events: events.into(),
        secrets: Secrets { now: "sealed".into(), before: None },
        created: Timestamp(5),
        off: None,
        failing: None,
    }
}

/// A floor at a version.
pub(crate) fn floor(version: u64) -> Floor {
    Floor { version, ..Floor::default() }
}

pub(crate) fn company(id: &WorkspaceId) -> Workspace {
    Workspace {
        id: id.clone(),
        name: format!("The {id} company"),
        country: "RO".into(),
        language: Language::Ro,
        account: Some(format!("AC{id}")),
        zone: None,
    }
}

pub(crate) fn person(workspace: &WorkspaceId, id: &str, extension: &str) -> Account {
    Account {
        workspace: workspace.clone(),
        profile: Profile { id: id.into(), name: id.to_uppercase(), extension: extension.into(), role: Role::Agent },
        email: format!("{id}@example.com"),
        language: None,
        fallback: Fallback::Nowhere,
        caller_id: None,
        joined: Some(Timestamp(100)),
        deactivated: None,
    }
}

pub(crate) fn connection(workspace: &WorkspaceId, account: &str) -> Connection {
    Connection {
        workspace: workspace.clone(),
        account: account.into(),
        auth_token: "sealed token".into(),
        other_token: None,
        key: Some("SK1".into()),
        key_secret: Some("sealed secret".into()),
        application: None,
        base_url: "https://floor.example".into(),
        countries: "RO MD".into(),
        changed: Timestamp(7),
    }
}

/// Both companies, each with a Dan.
pub(crate) async fn two_companies(store: &dyn Store) {
    for (workspace, dan) in [(acme(), "dan"), (globex(), "daniel")] {
        store.put_workspace(&company(&workspace)).await.unwrap();
        store.put_account(&person(&workspace, dan, "10")).await.unwrap();
    }
}
