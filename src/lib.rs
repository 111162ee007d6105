//! The rules of a call floor: pure, without clock, randomness or I/O, and the same on the server and in the browser.
//!
//! Everything that happens is a [`Command`](floor::Command); [`decide`](floor::Floor::decide) turns it into
//! [`Event`](floor::Event)s or a [`Refusal`](floor::Refusal), [`evolve`](floor::Floor::evolve) folds events into the
//! [`Floor`](floor::Floor), and [`react`](floor::Floor::react) says what the carrier must do because of them.
//! `docs/ARCHITECTURE.md` shows the way through the house.

pub mod agent;
#[cfg(feature = "service")]
pub mod audit;
pub mod call;
#[cfg(feature = "service")]
pub mod contacts;
#[cfg(feature = "service")]
pub mod dialing;
pub mod drift;
#[cfg(feature = "service")]
mod emergency;
pub mod floor;
pub mod history;
#[cfg(feature = "service")]
pub mod hours;
pub mod id;
#[cfg(feature = "service")]
pub mod numbers;
#[cfg(feature = "service")]
pub mod people;
pub mod phone;
#[cfg(feature = "service")]
pub mod ports;
#[cfg(feature = "service")]
pub mod register;
#[cfg(feature = "service")]
pub mod retention;
pub mod rights;
#[cfg(feature = "service")]
pub mod service;
pub mod time;
#[cfg(feature = "service")]
pub mod token;
#[cfg(feature = "service")]
pub mod voicemail;
pub mod webhooks;
