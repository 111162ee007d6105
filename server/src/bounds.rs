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
    /// How many connections there may be, sockets that pages keep open left out. Whoever comes then waits until one ends.
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
            connections: connections(std::fs::read_to_string("/proc/self/limits").ok().as_deref()),
        }
    }
}

/// As many as there may be at most, but no more than the process can open files for, with some left for the database, for
/// what we ask of others, and for sockets that pages keep open.
fn connections(limits: Option<&str>) -> usize {
    const MOST: usize = 16_384;
    let files = limits.and_then(|limits| {
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
        line.split_whitespace().next()?.parse::<usize>().ok()
    });
    files.map_or(MOST, |files| (files * 3 / 4).clamp(64, MOST))
}

#[cfg(test)]
mod tests {
    use super::connections;

    #[test]
    fn there_are_no_more_connections_than_files_can_be_opened() {
        let with = |files| {
            let limits = format!(
                "Limit  Soft  Hard  Units\nMax processes  7  7  processes\nMax open files  {files}  99999  files\n"
            );
            connections(Some(&limits))
        };
        assert_eq!((with("1024"), with("16"), with("1048576"), with("unlimited")), (768, 64, 16_384, 16_384));
        assert_eq!(connections(None), 16_384);
    }
}
