//! How often something may be asked for, per process. Whoever asks too often is told when to come back (RFC 6585, 4).

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};
use switchyard::{
    id::{AgentId, WorkspaceId},
    ports::Session,
};

use crate::{
    auth::{SignedIn, network},
    state::Deps,
};

/// Where pages' functions are.
const FUNCTIONS: &str = "/api/fn/";
/// Access tokens for one person: a page asks for one when it is loaded, and once an hour. At once, and again each so often.
const TOKENS: (u32, Duration) = (30, Duration::from_secs(2));
/// What one person asks of their floor, calls among it.
const ASKS: (u32, Duration) = (200, Duration::from_millis(50));
/// Webhooks from one address that are not Twilio's, or not understood, and tokens that are none.
const STRANGERS: (u32, Duration) = (300, Duration::from_millis(200));

type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;
type Person = (WorkspaceId, AgentId);

/// Counts who asked for what.
pub struct Limits {
    tokens: Keyed<Person>,
    asks: Keyed<Person>,
    programs: Keyed<String>,
    strangers: Keyed<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tokens: limiter(TOKENS), asks: limiter(ASKS), programs: limiter(ASKS), strangers: limiter(STRANGERS) }
    }
}

impl Limits {
    /// Somebody asks for an access token.
    pub fn token(&self, session: &Session) -> Result<(), TooMany> {
        check(&self.tokens, &person(session))
    }

    /// Somebody asks something of their floor.
    pub fn ask(&self, session: &Session) -> Result<(), TooMany> {
        check(&self.asks, &person(session))
    }

    /// A program asks something, by the id of its token.
    pub fn program(&self, token: &str) -> Result<(), TooMany> {
        check(&self.programs, &token.to_owned())
    }

    /// A webhook, or a program, was turned away. Those that are signed are never counted.
    pub fn stranger(&self, address: IpAddr) -> Result<(), TooMany> {
        check(&self.strangers, &network(address))
    }

    /// Forgets whoever has not asked for a while.
    pub fn forget_idle(&self) {
        self.tokens.retain_recent();
        self.asks.retain_recent();
        self.programs.retain_recent();
        self.strangers.retain_recent();
    }
}

fn person(session: &Session) -> Person {
    (session.workspace.clone(), session.agent.clone())
}

fn limiter<K: Hash + Eq + Clone>((burst, each): (u32, Duration)) -> Keyed<K> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(each).unwrap_or(Quota::per_second(burst));
    RateLimiter::hashmap(quota.allow_burst(burst))
}

fn check<K: Hash + Eq + Clone>(limiter: &Keyed<K>, key: &K) -> Result<(), TooMany> {
    limiter.check_key(key).map_err(|until| TooMany(until.wait_time_from(DefaultClock::default().now())))
}

/// It was asked for too often; this is how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany(pub Duration);

impl TooMany {
    /// Puts the time to wait on an answer, in whole seconds, and makes its status 429.
    pub fn mark(self, mut answer: Response) -> Response {
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.secs()));
        answer
    }

    fn secs(self) -> u64 {
        self.0.as_secs() + 1
    }
}

impl IntoResponse for TooMany {
    fn into_response(self) -> Response {
        self.mark(format!("too many requests; try again in {} s", self.secs()).into_response())
    }
}

/// Holds pages' functions to what a person can ask for.
pub async fn functions(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(FUNCTIONS)
        && let Some(SignedIn(Some(session))) = request.extensions().get::<SignedIn>()
        && let Err(too_many) = deps.limits.ask(session)
    {
        return too_many.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_is_told_when_to_come_back_and_nobody_else_is() {
        let limits = Limits::default();
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let refused = (0..1000).find_map(|_| limits.stranger(one).err()).map(|TooMany(wait)| wait);
        assert!(refused.is_some_and(|wait| wait <= STRANGERS.1), "{refused:?}");
        assert_eq!(limits.stranger(other), Ok(()));
        let neighbours = (0..1000_u16).map(|host| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]));
        assert!(neighbours.filter_map(|address| limits.stranger(address).err()).count() > 0, "it is one connection");
        assert_eq!(limits.stranger([0x2001, 0xdb8, 0, 2, 0, 0, 0, 1].into()), Ok(()));
        let answer = TooMany(Duration::from_millis(200)).into_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers().get(RETRY_AFTER), Some(&HeaderValue::from_static("1")));
    }
}
