//! Whether a value can be meant. What is said of one that cannot follows the word "must".

use std::{net::IpAddr, str::FromStr};

use url::Url;

use super::Origins;
use crate::{store, vault::Vault};

pub(super) fn address(value: &str) -> Result<IpAddr, String> {
    value.parse().map_err(|_| "must be an IP address of this machine, or 0.0.0.0 for all of them".to_owned())
}

pub(super) fn port(value: &str) -> Result<u16, String> {
    number(value, 1, u16::MAX)
}

pub(super) fn proxies(value: &str) -> Result<usize, String> {
    number(value, 0, 10)
}

pub(super) fn one_or_more(value: &str) -> Result<u32, String> {
    number(value, 1, 1_000_000)
}

pub(super) fn seconds(value: &str) -> Result<u32, String> {
    number(value, 0, 1_000_000)
}

pub(super) fn yes_or_no(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| "must be true or false".to_owned())
}

/// Addresses are put together with it: more than a host and a port would come to lie in the middle.
pub(super) fn base_url(value: &str) -> Result<String, String> {
    let fits = Url::parse(value).is_ok_and(|url| {
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.has_host() && bare && nobody
    });
    if fits {
        Ok(value.to_owned())
    } else {
        Err("must be http:// or https:// with a host and perhaps a port, and nothing after it".to_owned())
    }
}

/// Each is what browsers send as `Origin`: a scheme, a host, perhaps a port.
pub(super) fn origins(value: &str) -> Result<Origins, String> {
    let origins = value.split(',').map(|origin| {
        let origin = base_url(origin.trim()).ok()?;
        origin.trim_end_matches('/').parse().ok()
    });
    origins.collect::<Option<_>>().map(Origins).ok_or_else(|| {
        "must be origins separated by commas, each http:// or https:// with a host and perhaps a port".to_owned()
    })
}

pub(super) fn database(value: &str) -> Result<String, String> {
    store::fits(value).then(|| value.to_owned()).ok_or_else(|| {
        "must be sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE, with what is special in it percent-encoded"
            .to_owned()
    })
}

pub(super) fn secret_key(value: &str) -> Result<String, String> {
    Vault::new(value).map(|_| value.to_owned()).map_err(|error| format!("cannot be used: {error}"))
}

fn number<T: FromStr + PartialOrd + Copy + std::fmt::Display>(value: &str, least: T, most: T) -> Result<T, String> {
    let number = value.parse().ok().filter(|number| *number >= least && *number <= most);
    number.ok_or_else(|| format!("must be a whole number from {least} to {most}"))
}
