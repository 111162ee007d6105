//! Every address that Twilio calls, written once: the router and the URLs that we hand out both come from here.
//!
//! Each carries the workspace, and the call where there is one; the signature covers them (Twilio: Webhooks Security).

use switchyard::id::{AgentId, CallId, LegId, WorkspaceId};
use url::form_urlencoded;

/// A call to one of our numbers.
pub const INBOUND: &str = "/api/voice/inbound";
/// The other name of [`INBOUND`].
pub const INBOUND_ALIAS: &str = "/twilio/voice";
/// The status of a call, or of a leg that was made for one.
pub const STATUS: &str = "/api/voice/status";
/// A caller is in somebody's voicemail.
pub const VOICEMAIL: &str = "/api/voice/voicemail";
/// They have said what they wanted to say.
pub const VOICEMAIL_OVER: &str = "/api/voice/voicemail/over";
/// It can be listened to.
pub const VOICEMAIL_READY: &str = "/api/voice/voicemail/ready";
/// Somebody answered the mobile phone of one of us.
pub const MOBILE: &str = "/api/voice/mobile";
/// What they pressed.
pub const MOBILE_KEY: &str = "/api/voice/mobile/key";
/// What happens in a call's conference.
pub const CONFERENCE: &str = "/api/voice/conference";
/// What a caller hears who waits or is on hold.
pub const MUSIC: &str = "/api/voice/music";
/// A caller's conference is over.
pub const AFTER: &str = "/api/voice/after";
/// A call that an agent places from a page.
pub const OUTBOUND: &str = "/api/voice/outbound";
/// The other name of [`OUTBOUND`].
pub const OUTBOUND_ALIAS: &str = "/api/twilio/outbound";
/// An agent who placed a call is no longer in its conference.
pub const OUTBOUND_STATUS: &str = "/api/twilio/outbound-status";
/// What happens to the person whom an agent calls.
pub const OUTBOUND_EVENTS: &str = "/api/twilio/outbound-events";
/// A text message to one of our numbers, or what became of one of ours.
pub const MESSAGES: &str = "/api/twilio/webhook";
/// An access token for a page.
pub const TOKEN: &str = "/api/token";
/// The other name of [`TOKEN`].
pub const TOKEN_ALIAS: &str = "/api/twilio/token";
/// The socket by which we know that a page is there.
pub const DEVICE: &str = "/api/device";
/// Sets up the TwiML application and the numbers that point at it.
pub const CONFIGURE: &str = "/api/configure-twiml-app";
/// What programs ask with a token.
pub const API: &str = "/api/v1";
/// The description of that, as `OpenAPI`.
pub const API_DESCRIPTION: &str = "/api/openapi.json";
/// The live feed for browsers.
pub const LIVE: &str = "/api/live";
/// The music itself.
pub const MUSIC_FILE: &str = "/audio/hold.wav";

/// The name of a call's caller among the participants of its conference.
pub const CALLER_LABEL: &str = "caller";

/// The name of a call's conference: nothing personal is in it, for it is visible in the whole account.
pub fn conference_name(call: &CallId) -> String {
    format!("call-{call}")
}

/// The call whose conference has this name.
pub fn call_of_conference(name: &str) -> Option<CallId> {
    name.strip_prefix("call-").map(CallId::from)
}

/// The name of an agent's leg among the participants of a conference.
pub fn leg_label(leg: LegId) -> String {
    format!("leg-{leg}")
}

/// The name of the leg of somebody outside who was added.
pub fn added_label(leg: LegId) -> String {
    format!("added-{leg}")
}

/// The leg of somebody outside who was added that has this name.
pub fn added_of_label(label: &str) -> Option<LegId> {
    label.strip_prefix("added-")?.parse().ok().map(LegId)
}

/// The leg that has this name, whosever it is.
pub fn leg_of_label(label: &str) -> Option<LegId> {
    label.strip_prefix("leg-").map_or_else(|| added_of_label(label), |leg| leg.parse().ok().map(LegId))
}

/// The agent's name as a client of the Voice SDK: letters, digits and `_` only, 121 at most (Twilio: Access Tokens).
pub fn client_identity(workspace: &WorkspaceId, agent: &AgentId) -> String {
    format!("{workspace}_{agent}")
}

/// The agent who has this name as a client, if it is of this workspace.
pub fn agent_of_identity(workspace: &WorkspaceId, identity: &str) -> Option<AgentId> {
    identity.strip_prefix(workspace.as_str())?.strip_prefix('_').map(AgentId::from)
}

/// Builds public addresses for one workspace.
#[derive(Clone, Debug)]
pub struct Urls {
    base: String,
    workspace: WorkspaceId,
}

impl Urls {
    /// `base` is the public URL of this server, without a slash at the end.
    pub fn new(base: &str, workspace: &WorkspaceId) -> Self {
        Self { base: base.to_owned(), workspace: workspace.clone() }
    }

    fn url(&self, path: &str, more: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("workspace", self.workspace.as_str())
            .extend_pairs(more)
            .finish();
        format!("{}{path}?{query}", self.base)
    }

    /// For the application's voice URL: calls to the numbers that name it, and calls that pages place.
    pub fn inbound(&self) -> String {
        self.url(INBOUND, &[])
    }

    /// For the status callback of the application, and of numbers.
    pub fn status(&self) -> String {
        self.url(STATUS, &[])
    }

    /// For the status callback of a leg that was made for a call.
    pub fn leg_status(&self, call: &CallId, leg: LegId) -> String {
        self.url(STATUS, &[("call", call.as_str()), ("leg", &leg.to_string())])
    }

    /// For the status callback of a mobile phone that is called for a call. That somebody answers it is no news: it may be the
    /// phone's own voicemail.
    pub fn mobile_status(&self, call: &CallId, leg: LegId) -> String {
        self.url(STATUS, &[("call", call.as_str()), ("leg", &leg.to_string()), ("via", "mobile")])
    }

    /// For whoever answers a mobile phone.
    pub fn mobile(&self, call: &CallId, leg: LegId) -> String {
        self.url(MOBILE, &[("call", call.as_str()), ("leg", &leg.to_string())])
    }

    /// For the key that they press.
    pub fn mobile_key(&self, call: &CallId, leg: LegId) -> String {
        self.url(MOBILE_KEY, &[("call", call.as_str()), ("leg", &leg.to_string())])
    }

    /// For the status callback of a call's conference.
    pub fn conference(&self, call: &CallId) -> String {
        self.url(CONFERENCE, &[("call", call.as_str())])
    }

    /// For a caller who is sent to somebody's voicemail.
    pub fn voicemail(&self, call: &CallId, agent: &AgentId) -> String {
        // Whoever is sent here has left their conference: a moment in which we are away must not cut them off.
        format!("{}#rc=3&rp=ct,5xx", self.url(VOICEMAIL, &[("call", call.as_str()), ("agent", agent.as_str())]))
    }

    /// For when they have said what they wanted to say.
    pub fn voicemail_over(&self, call: &CallId, agent: &AgentId) -> String {
        self.url(VOICEMAIL_OVER, &[("call", call.as_str()), ("agent", agent.as_str())])
    }

    /// For when their message can be listened to.
    pub fn voicemail_ready(&self, call: &CallId, agent: &AgentId) -> String {
        // Twilio tells of it five times more within 15 s when it was not taken (connection overrides; no part of what is signed).
        format!("{}#rc=5&rp=all", self.url(VOICEMAIL_READY, &[("call", call.as_str()), ("agent", agent.as_str())]))
    }

    /// For text messages to numbers, and what becomes of ours.
    pub fn messages(&self) -> String {
        self.url(MESSAGES, &[])
    }

    /// For the agent's own leg, when it leaves the conference of a call that they placed.
    pub fn outbound_status(&self, call: &CallId) -> String {
        self.url(OUTBOUND_STATUS, &[("callId", call.as_str())])
    }

    /// For the status of the person whom an agent calls.
    pub fn outbound_events(&self, call: &CallId) -> String {
        self.url(OUTBOUND_EVENTS, &[("callId", call.as_str())])
    }

    /// For waiting and holding.
    pub fn music(&self) -> String {
        self.url(MUSIC, &[])
    }

    /// The sound file.
    pub fn music_file(&self) -> String {
        format!("{}{MUSIC_FILE}", self.base)
    }

    /// For a caller whose conference ended, for the `turn`-th time.
    pub fn after(&self, call: &CallId, turn: u32) -> String {
        self.url(AFTER, &[("call", call.as_str()), ("turn", &turn.to_string())])
    }
}
