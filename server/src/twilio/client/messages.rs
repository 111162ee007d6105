//! Text messages, which are only ever deleted from here (2010-04-01: Message).

use reqwest::Method;
use serde::Deserialize;

use super::{ApiError, Client, PAGE};

/// A text message.
#[derive(Clone, Debug, Deserialize)]
pub struct TextMessage {
    /// Its SID, `SM…` or `MM…`.
    pub sid: String,
    /// Who wrote it. Nobody as long as no sender was chosen for one that is to be sent.
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
}

impl TextMessage {
    /// Who is at its other end than whoever has `number`.
    pub fn other_than(&self, number: &str) -> Option<&str> {
        let ends = [&self.from, &self.to].map(|end| end.as_deref());
        ends.into_iter().flatten().find(|end| *end != number)
    }
}

impl Client {
    /// Text messages from or to a number, as far back as Twilio keeps them.
    pub async fn messages_with(&self, number: &str) -> Result<Vec<TextMessage>, ApiError> {
        let mut all: Vec<TextMessage> = Vec::new();
        for side in ["From", "To"] {
            let request = self.request(Method::GET, "Messages").query(&[(side, number), ("PageSize", PAGE)]);
            all.extend(self.pages(request, "messages").await?);
        }
        Ok(all)
    }

    /// Deletes a text message that is complete. What is gone already is deleted.
    pub async fn delete_message(&self, sid: &str) -> Result<(), ApiError> {
        self.delete(&format!("Messages/{sid}")).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_between_a_number_and_another() {
        let read = |json: &str| serde_json::from_str::<TextMessage>(json).unwrap_or_else(|error| panic!("{error}"));
        let written = read(r#"{"sid":"SM1","from":"+40722111222","to":"+40312345678","body":"x"}"#);
        assert_eq!(written.other_than("+40722111222"), Some("+40312345678"));
        assert_eq!(written.other_than("+40312345678"), Some("+40722111222"));
        let queued = read(r#"{"sid":"MM1","from":null,"to":"+40722111222"}"#);
        assert_eq!(queued.other_than("+40722111222"), None);
    }
}
