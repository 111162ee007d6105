//! What programs elsewhere are told of calls: <https://www.standardwebhooks.com>. Which events there are, what a message
//! says, and when one that was not taken is sent again. `docs/WEBHOOKS.md` describes them for those who receive them.

#[cfg(feature = "service")]
mod delivery;
#[cfg(feature = "service")]
mod endpoint;
mod event_type;
mod message;

#[cfg(feature = "service")]
pub use self::{
    delivery::{Attempt, Claimed, Delivery, Next, State, TRIES, Trouble, next},
    endpoint::{Endpoint, MOST_ENDPOINTS, OVERLAP_SECS, Off, Secrets, gives_up},
};
pub use self::{
    event_type::{EventType, events_from_text, events_to_text},
    message::{LiveCall, Message, PastCall, Payload, Told, test_payload},
};
