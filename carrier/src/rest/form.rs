//! The parameters of a request, from its query or its form.

use url::form_urlencoded;

use crate::{engine::Hook, twiml::Method};

/// Names with their values, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn read(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The last value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same, unless it is empty.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The words of a list: repeated names, or words between spaces.
    pub(crate) fn words(&self, name: &str, default: &str) -> Vec<String> {
        let given = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        let words: Vec<String> = given.flat_map(|(_, value)| value.split_whitespace()).map(str::to_owned).collect();
        if words.is_empty() { default.split_whitespace().map(str::to_owned).collect() } else { words }
    }

    /// Anything that is not `true` is false.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.some(name).map(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.some(name).and_then(|value| value.parse().ok())
    }

    /// A URL with its method.
    pub(crate) fn hook(&self, url: &str, method: &str, default: Method) -> Option<Hook> {
        let url = self.some(url)?.to_owned();
        Some(Hook { url, method: self.get(method).and_then(Method::read).unwrap_or(default) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_repeated_names_or_words() {
        let form = Form::read(b"E=initiated&E=ringing+answered&Muted=yes&Label=");
        assert_eq!(form.words("E", "completed"), ["initiated", "ringing", "answered"]);
        assert_eq!(form.words("F", "start end"), ["start", "end"]);
        assert_eq!(form.flag("Muted"), Some(false));
        assert_eq!((form.get("Label"), form.some("Label")), (Some(""), None));
    }
}
