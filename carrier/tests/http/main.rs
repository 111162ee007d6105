//! A carrier and an application, talking to each other over real HTTP.

mod accounts;
mod audio;
mod control;
mod faults;
mod messages;
mod possessions;
mod recordings;
mod rest;
mod schema;
mod sdk;
mod signalling;
mod story;
mod webhooks;
mod world;
