//! The service around the rules: stores, Twilio, pages, and the live feed.

pub mod store;
