//! A carrier and an application, talking to each other over real HTTP.

mod control;
mod faults;
mod rest;
mod schema;
mod story;
mod webhooks;
mod world;
