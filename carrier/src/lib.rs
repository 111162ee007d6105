//! Carrier: a stand-in for Twilio's voice.
mod engine;
mod quirks;
mod sid;
pub mod signature;
mod time;
mod twiml;
pub use engine::Status;
pub use quirks::Quirks;
