//! Makes the words of `locales/*.json` into typed Rust: a key that is missing or misspelt in a language, or a value that
//! a sentence needs and does not get, is an error of the compiler. Sentences stay data, so that a hundred of them weigh
//! in the browser what their letters weigh.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use serde_json::{Map, Value};

/// The languages, in the order of `Lang`. The first says which keys there are.
const LANGUAGES: [&str; 2] = ["en", "ro"];

type Words = BTreeMap<String, Vec<String>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = Words::new();
    for language in LANGUAGES {
        let path = format!("locales/{language}.json");
        println!("cargo::rerun-if-changed={path}");
        let file: Map<String, Value> = serde_json::from_str(&fs::read_to_string(&path)?)?;
        collect(&mut words, "", &file)
            .map_err(|key| format!("{path}: {key} is neither a text nor a group of texts"))?;
        let whole = LANGUAGES.iter().position(|known| *known == language).unwrap_or_default() + 1;
        if let Some((key, _)) = words.iter().find(|(_, texts)| texts.len() != whole) {
            return Err(format!("{path}: {key} is missing here, or only here").into());
        }
    }
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for (key, texts) in &words {
        let (group, name) = key.split_once('.').unwrap_or(("", key));
        groups.entry(group).or_default().push_str(&declare(key, name, texts)?);
    }
    let mut code = String::new();
    for (group, body) in groups {
        if group.is_empty() {
            code.push_str(&body);
        } else {
            let imports = if body.contains("fill(") { "{Display, Lang, fill}" } else { "Lang" };
            write!(code, "pub(crate) mod {group} {{\nuse super::{imports};\n{body}}}\n")?;
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

fn collect(words: &mut Words, prefix: &str, file: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in file {
        let key = format!("{prefix}{key}");
        match value {
            Value::String(text) => words.entry(key).or_default().push(text.clone()),
            Value::Object(group) if prefix.is_empty() => collect(words, &format!("{key}."), group)?,
            _ => return Err(key),
        }
    }
    Ok(())
}

/// A function for a plain text; for a sentence with gaps a struct whose fields are the gaps.
fn declare(key: &str, name: &str, texts: &[String]) -> Result<String, Box<dyn Error>> {
    let gaps: Vec<Vec<String>> = texts.iter().map(|text| gaps(text)).collect();
    let names = &gaps[0];
    if let Some(language) = (0..texts.len()).find(|i| gaps[*i] != *names) {
        return Err(format!("{}: {key} has other gaps than in {}", LANGUAGES[language], LANGUAGES[0]).into());
    }
    let numbered = texts.iter().map(|text| {
        names
            .iter()
            .enumerate()
            .fold(text.clone(), |text, (i, gap)| text.replace(&format!("{{{{ {gap} }}}}"), &format!("{{{i}}}")))
    });
    let table = format!("{:?}", numbered.collect::<Vec<_>>());
    if names.is_empty() {
        return Ok(format!("pub(crate) fn {name}(lang: Lang) -> &'static str {{ {table}[lang as usize] }}\n"));
    }
    let fields = names.iter().map(|gap| format!("pub(crate) {gap}: &'a dyn Display")).collect::<Vec<_>>().join(", ");
    let values = names.iter().map(|gap| format!("self.{gap}")).collect::<Vec<_>>().join(", ");
    Ok(format!(
        "pub(crate) struct {name}<'a> {{ {fields} }}\n\
         impl {name}<'_> {{ pub(crate) fn say(&self, lang: Lang) -> String {{ fill({table}[lang as usize], &[{values}]) }} }}\n"
    ))
}

/// The names between `{{` and `}}`, each once, in alphabetical order.
fn gaps(text: &str) -> Vec<String> {
    let mut gaps: Vec<String> =
        text.split("{{ ").skip(1).filter_map(|rest| Some(rest.split_once(" }}")?.0.to_owned())).collect();
    gaps.sort();
    gaps.dedup();
    gaps
}
