//! The contract of the store, told once and held by both engines.
//!
//! PostgreSQL is found at `TEST_POSTGRES_URL`; every story has a database of its own there.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[macro_use]
mod place;
mod audit;
mod backup;
mod cast;
mod connections;
mod contacts;
mod directory;
mod frequent;
mod isolation;
mod known_by_name;
mod log;
mod moving;
mod opening;
mod outbox;
mod people;
mod privacy;
mod retention;
mod sessions;
mod tokens;
mod upgrade;
mod voicemail;
mod webhooks;
