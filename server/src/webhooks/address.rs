//! Which addresses messages may be sent to: public ones, unless the operator allows others. A name is judged each time that
//! it is looked up for sending, because what it leads to can change after it was saved.

use std::{io, net::SocketAddr, pin::Pin};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use switchyard::people::Fault;
use thiserror::Error;
use url::Url;

use crate::public_address::{is_public, may_be_public};

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
    if private || may_be_public(&url) { Ok(url) } else { Err(Fault::UrlPrivate) }
}

/// What is shown of an address where it is kept for long: the rest may hold a secret.
pub fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
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
