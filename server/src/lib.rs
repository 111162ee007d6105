//! The service around the rules: stores, Twilio, pages, and the live feed.

pub mod auth;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod effects;
pub mod forms;
pub mod join;
pub mod live;
pub mod ops;
pub mod outbound;
pub mod people;
pub mod phone;
pub mod profile;
pub mod reconcile;
pub mod retention;
pub mod router;
pub mod serve;
pub mod settings;
pub mod state;
pub mod store;
pub mod twilio;
pub mod urls;
pub mod vault;
pub mod voice;
pub mod welcome;
