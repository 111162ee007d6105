//! `switchyard config check`: every setting, what it is, and where it comes from. Secrets are not shown.

use url::Url;

use super::{Config, Given, Setting, settings};

/// Every setting on a line of its own.
pub fn told(config: &Config, given: &[Given]) -> String {
    let line = |setting: &Setting| {
        let key = setting.key();
        let given = given.iter().find(|given| given.key == key);
        let value = match (given, key.as_str()) {
            (Some(given), "database_url") => without_password(&given.value),
            (Some(_), _) if setting.is_secret() => "(not shown)".to_owned(),
            (Some(given), _) => given.value.clone(),
            (None, "public_url") => config.public_url(),
            (None, "secret_key_file") if config.secret_key.is_none() => config.key_file().display().to_string(),
            (None, _) => setting.default().unwrap_or_else(|| "-".to_owned()),
        };
        let place = given.map_or_else(|| "default".to_owned(), |given| given.place.to_string());
        (key, value, place)
    };
    let lines: Vec<_> = settings().iter().map(line).collect();
    let width = |of: fn(&(String, String, String)) -> &str| lines.iter().map(|line| of(line).chars().count()).max();
    let (keys, values) = (width(|line| &line.0).unwrap_or_default(), width(|line| &line.1).unwrap_or_default());
    let lines = lines.iter().map(|(key, value, place)| format!("{key:keys$}  {value:values$}  {place}\n"));
    lines.chain(["\nThe settings can be used.".to_owned()]).collect()
}

/// A database's address without the password, nor what follows the database's name, where there may be one too.
fn without_password(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "(not shown)".to_owned() };
    if url.scheme() == "sqlite" {
        return address.to_owned();
    }
    url.set_query(None);
    if url.password().is_some() && url.set_password(Some("…")).is_err() {
        return "(not shown)".to_owned();
    }
    url.to_string().replace("%E2%80%A6", "…")
}
