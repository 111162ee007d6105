//! How long anything that comes from outside may take, and how much of it there may be at once.

use std::time::Duration;

/// A server holds to these whatever it is sent, and whoever sends it.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long a new connection may take until it has said what it wants.
    pub head: Duration,
    /// How long the next request of a connection may take. What a proxy sends into a connection that ends in that moment
    /// is lost, a webhook perhaps: it must let go of it first. Caddy does after two minutes, nginx after one.
    pub idle: Duration,
    /// How long a webhook of Twilio's may take. Twilio waits for 15 s.
    pub webhook: Duration,
    /// How long a program's request may take.
    pub api: Duration,
    /// How long anything else may take. Setting a workspace up asks Twilio for many things in turn; the rest is much faster.
    pub page: Duration,
    /// How many connections there may be. Whoever comes then waits until one ends.
    pub connections: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(150),
            webhook: Duration::from_secs(10),
            api: Duration::from_secs(15),
            page: Duration::from_mins(1),
            connections: 16_384,
        }
    }
}
