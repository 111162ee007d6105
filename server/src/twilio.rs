//! Twilio's side: everything that knows its words. Inside the house a conference is a room, a participant a leg.

pub mod access_token;
pub mod client;
pub mod signature;
pub mod tenant;
pub mod translate;
pub mod twiml;
pub mod webhook;
