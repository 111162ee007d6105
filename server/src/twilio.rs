//! Twilio's side: everything that knows its words. Inside the house a conference is a room, a participant a leg.

pub mod access_token;
pub mod check;
pub mod client;
pub mod drift;
pub mod other_token;
pub mod setup;
pub mod signature;
pub mod sites;
pub mod tenant;
pub mod tenants;
pub mod translate;
pub mod twiml;
pub mod webhook;
