//! Which addresses messages may be sent to: public ones, unless the operator allows others. A name is judged each time that
//! it is looked up for sending, because what it leads to can change after it was saved.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use switchyard::people::Fault;
use thiserror::Error;
use url::{Host, Url};

/// The longest address that is kept, in bytes.
const LONGEST: usize = 2000;

/// An address as it was typed, if messages may be sent there as far as can be seen before its name is looked up.
///
/// # Errors
/// It is none, is not encrypted, or belongs to a private network.
pub(super) fn read(typed: &str, private: bool) -> Result<Url, Fault> {
    let url = Url::parse(typed.trim()).ok().filter(|url| url.as_str().len() <= LONGEST).ok_or(Fault::UrlUnfit)?;
    let fits = match url.scheme() {
        "https" => true,
        "http" => private,
        _ => false,
    };
    // Names and passwords would be kept and shown with the address.
    let nobody = url.username().is_empty() && url.password().is_none();
    if !fits || !nobody || !url.has_host() {
        return Err(Fault::UrlUnfit);
    }
    if private || is_allowed(&url) { Ok(url) } else { Err(Fault::UrlPrivate) }
}

/// What is shown of an address where it is kept for long: the rest may hold a secret.
pub fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether an address may be public: one that is an IP address is looked up by nobody.
pub(super) fn is_allowed(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_public(ip.into()),
        Some(Host::Ipv6(ip)) => is_public(ip.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name != "localhost" && !name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Whether an address is reached through the public internet (IANA: IPv4 and IPv6 Special-Purpose Address Registries).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    // Networks with the length of their prefix.
    const OTHERS: [(Ipv4Addr, u32); 14] = [
        (Ipv4Addr::UNSPECIFIED, 8),           // this network
        (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
        (Ipv4Addr::new(100, 64, 0, 0), 10),   // behind a carrier's NAT
        (Ipv4Addr::new(127, 0, 0, 0), 8),     // this machine
        (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, where clouds tell machines their secrets
        (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
        (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocols
        (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
        (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
        (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
        (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
        (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
        (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
        (Ipv4Addr::new(224, 0, 0, 0), 3),     // multicast, reserved, broadcast
    ];
    OTHERS.iter().all(|(network, length)| (ip.to_bits() ^ network.to_bits()) >> (32 - length) != 0)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    // NAT64 (RFC 6052): an IPv4 address, reached from a network without.
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(Ipv4Addr::from_bits((u32::from(parts[6]) << 16) | u32::from(parts[7])));
    }
    // Addresses of everybody are in 2000::/3; but for protocols (2001::/23), documentation and 6to4, which wraps IPv4.
    let everybodys = parts[0] & 0xe000 == 0x2000;
    let protocols = parts[0] == 0x2001 && parts[1] < 0x200;
    let documentation = parts[..2] == [0x2001, 0xdb8] || (parts[0] == 0x3fff && parts[1] < 0x1000);
    everybodys && !protocols && !documentation && parts[0] != 0x2002
}

/// An address is one of a private network.
#[derive(Debug, Error)]
#[error("the address belongs to a private network")]
pub(super) struct PrivateAddress;

/// How names are looked up.
pub(super) type Lookup = fn(String) -> Found;
/// What is found.
pub(super) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Looks a name up as the system does.
pub(super) fn of_system(name: String) -> Found {
    Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) })
}

/// A name leads nowhere.
#[derive(Debug, Error)]
#[error("the name is not known")]
pub(super) struct UnknownName;

/// Looks names up, and answers only with public addresses unless others are allowed.
pub(super) struct Names {
    pub(super) lookup: Lookup,
    pub(super) private: bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, private) = ((self.lookup)(name.as_str().to_owned()), self.private);
        Box::pin(async move {
            let found = found.await.ok().filter(|found| !found.is_empty()).ok_or(UnknownName)?;
            let fit: Vec<SocketAddr> = found.into_iter().filter(|address| private || is_public(address.ip())).collect();
            if fit.is_empty() { Err(PrivateAddress.into()) } else { Ok(Box::new(fit.into_iter()) as Addrs) }
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_private_networks_are_known() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.169.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001::200e",
            "2001:4860:4860::8888",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_public_addresses_over_tls_are_taken() {
        for (typed, fault) in [
            ("", Fault::UrlUnfit),
            ("crm.example", Fault::UrlUnfit),
            ("http://crm.example/hook", Fault::UrlUnfit),
            ("ftp://crm.example", Fault::UrlUnfit),
            ("https://ana:secret@crm.example", Fault::UrlUnfit),
            ("https://127.0.0.1/", Fault::UrlPrivate),
            ("https://2130706433/", Fault::UrlPrivate),
            ("https://0x7f.1/", Fault::UrlPrivate),
            ("https://0251.0376.0251.0376/", Fault::UrlPrivate),
            ("https://[::1]:8443/", Fault::UrlPrivate),
            ("https://[::ffff:10.0.0.1]/", Fault::UrlPrivate),
            ("https://169.254.169.254/latest/meta-data", Fault::UrlPrivate),
            ("https://LOCALHOST./", Fault::UrlPrivate),
            ("https://db.localhost/", Fault::UrlPrivate),
        ] {
            assert_eq!(read(typed, false).err(), Some(fault), "{typed}");
        }
        for typed in [
            "https://crm.example/hook?key=1",
            " https://CRM.example:8443 ",
            "https://8.8.8.8/",
            "https://[2606:4700::1]/",
        ] {
            assert!(read(typed, false).is_ok(), "{typed}");
        }
        for typed in ["http://127.0.0.1:4000/hook", "http://localhost:9", "https://10.0.0.1/"] {
            assert!(read(typed, true).is_ok(), "{typed}");
        }
        assert_eq!(read(&format!("https://crm.example/{}", "x".repeat(2000)), true).err(), Some(Fault::UrlUnfit));
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused() {
        let names = Names { lookup: of_system, private: false };
        let found = names.resolve("localhost".parse().unwrap()).await;
        assert!(found.err().is_some_and(|error| error.is::<PrivateAddress>()));
    }
}
