//! Whether Twilio can reach this server: what it is told to call otherwise is lost.

use url::Url;

use super::{Setup, SetupError};
use crate::public_address::may_be_public;

impl Setup {
    /// Twilio can reach this server, as far as its address tells. A stand-in is wherever we are.
    ///
    /// # Errors
    /// The address is one of this machine or of a private network, or is not encrypted: pages get no microphone then either.
    pub fn reachable(&self) -> Result<(), SetupError> {
        if self.tenants.sites.are_twilios() && !is_reached(&self.public_url) {
            return Err(SetupError::Unreached(self.public_url.to_string()));
        }
        Ok(())
    }
}

fn is_reached(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.scheme() == "https" && may_be_public(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilio_reaches_public_addresses_over_tls() {
        for unreached in [
            "http://127.0.0.1:3000",
            "https://127.0.0.1",
            "https://localhost:3000",
            "https://10.1.2.3",
            "http://floor.example",
        ] {
            assert!(!is_reached(unreached), "{unreached}");
        }
        assert!(is_reached("https://floor.example") && is_reached("https://8.8.8.8:8443"));
    }
}
