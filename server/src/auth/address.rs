//! Where a request comes from: tries are counted by it.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use crate::state::Deps;

/// The address of whoever asks; `None` when it is not known.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequestParts<Deps> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Infallible> {
        let socket = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(socket)| socket.ip());
        Ok(Self(client(&parts.headers, socket, deps.trusted_proxies)))
    }
}

/// Each proxy adds the address that it was asked from at the end of `X-Forwarded-For`. What stands before those of our own
/// proxies anybody could have written, and is not believed.
fn client(headers: &HeaderMap, socket: Option<IpAddr>, proxies: usize) -> Option<IpAddr> {
    if proxies == 0 {
        return socket;
    }
    let lists = headers.get_all("x-forwarded-for").iter().filter_map(|list| list.to_str().ok());
    let said: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    let told = said.len().checked_sub(proxies).and_then(|at| said.get(at));
    // Fewer than there are proxies: it came past them, so that only the socket is known.
    told.and_then(|address| parse(address)).or(socket)
}

/// By what an address is counted: IPv6 by its /64, because that is what one connection is given (RFC 6177), and whoever has
/// one has more addresses in it than can be counted.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address @ IpAddr::V4(_) => address,
    }
}

/// Some proxies add the port, and brackets around IPv6.
fn parse(address: &str) -> Option<IpAddr> {
    let bare = || address.trim_start_matches('[').trim_end_matches(']').parse().ok();
    address.parse::<SocketAddr>().map(|socket| socket.ip()).ok().or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(forwarded: &[&str], proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for list in forwarded {
            headers.append("x-forwarded-for", list.parse().unwrap_or_else(|_| panic!("{list}")));
        }
        client(&headers, "10.0.0.1".parse().ok(), proxies).map(|address| address.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_what_our_own_proxies_say_is_believed() {
        let forged = ["6.6.6.6, 198.51.100.7"];
        assert_eq!(address(&forged, 0), "10.0.0.1", "no proxy is configured");
        assert_eq!(address(&forged, 1), "198.51.100.7");
        assert_eq!(address(&["6.6.6.6", "198.51.100.7, 10.0.0.2"], 2), "198.51.100.7");
        assert_eq!(address(&[], 1), "10.0.0.1", "past the proxy");
        assert_eq!(address(&["198.51.100.7"], 2), "10.0.0.1");
    }

    #[test]
    fn addresses_that_one_connection_has_are_counted_as_one() {
        for (address, counted) in [
            ("198.51.100.7", "198.51.100.7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(address.parse().map(network).ok(), counted.parse().ok(), "{address}");
        }
    }

    #[test]
    fn ports_and_brackets_are_not_part_of_an_address() {
        assert_eq!(address(&["198.51.100.7:4711"], 1), "198.51.100.7");
        assert_eq!(address(&["[2001:db8::1]:443"], 1), "2001:db8::1");
        assert_eq!(address(&["[2001:db8::1]"], 1), "2001:db8::1");
        assert_eq!(address(&["unknown"], 1), "10.0.0.1");
    }
}
