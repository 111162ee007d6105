//! The auth token that is believed beside the account's own, while that one is changed.

use switchyard::time::Timestamp;

use crate::vault::Secret;

/// How long the last token is believed after a change: what was signed before it arrives within seconds.
const OVERLAP_MS: i64 = 60_000;

/// The account's second token, or the last one.
#[derive(Debug)]
pub struct OtherToken {
    /// The token.
    pub token: Secret,
    /// Until when it is believed. One that the account still has, too, has no such end: Twilio may sign with it at any moment.
    pub until: Option<Timestamp>,
}

impl OtherToken {
    /// The account's second one, beside its own.
    pub fn second(token: Secret) -> Self {
        Self { token, until: None }
    }

    /// The one that was the account's own until now.
    pub fn last(token: Secret, now: Timestamp) -> Self {
        Self { token, until: Some(Timestamp(now.0 + OVERLAP_MS)) }
    }

    /// As it is sealed: the end, where there is one, after a space.
    pub fn write(&self) -> Secret {
        match self.until {
            None => self.token.clone(),
            Some(Timestamp(until)) => Secret::new(format!("{} {until}", self.token.expose())),
        }
    }

    /// Reads what was sealed.
    pub fn read(sealed: Secret) -> Self {
        let last = sealed.expose().rsplit_once(' ').and_then(|(token, until)| Some((token, until.parse().ok()?)));
        match last {
            None => Self::second(sealed),
            Some((token, until)) => Self { token: Secret::new(token), until: Some(Timestamp(until)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        let read = |other: OtherToken| {
            let OtherToken { token, until } = OtherToken::read(other.write());
            (token.expose().to_owned(), until)
        };
        let token = || Secret::new("0123abcd");
        assert_eq!(read(OtherToken::second(token())), ("0123abcd".into(), None));
        assert_eq!(read(OtherToken::last(token(), Timestamp(5))), ("0123abcd".into(), Some(Timestamp(60_005))));
    }
}
