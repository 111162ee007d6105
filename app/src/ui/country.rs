//! Countries to choose from, with their names.

use crate::{lang::Lang, say};

/// Codes by ISO 3166-1 with names, in the order of the names.
pub(crate) fn countries(lang: Lang) -> Vec<(String, String)> {
    let named = [
        ("AT", say!(lang, country.at)),
        ("BE", say!(lang, country.be)),
        ("BG", say!(lang, country.bg)),
        ("CA", say!(lang, country.ca)),
        ("CH", say!(lang, country.ch)),
        ("CY", say!(lang, country.cy)),
        ("CZ", say!(lang, country.cz)),
        ("DE", say!(lang, country.de)),
        ("DK", say!(lang, country.dk)),
        ("EE", say!(lang, country.ee)),
        ("ES", say!(lang, country.es)),
        ("FI", say!(lang, country.fi)),
        ("FR", say!(lang, country.fr)),
        ("GB", say!(lang, country.gb)),
        ("GR", say!(lang, country.gr)),
        ("HR", say!(lang, country.hr)),
        ("HU", say!(lang, country.hu)),
        ("IE", say!(lang, country.ie)),
        ("IT", say!(lang, country.it)),
        ("LT", say!(lang, country.lt)),
        ("LU", say!(lang, country.lu)),
        ("LV", say!(lang, country.lv)),
        ("MD", say!(lang, country.md)),
        ("MT", say!(lang, country.mt)),
        ("NL", say!(lang, country.nl)),
        ("NO", say!(lang, country.no)),
        ("PL", say!(lang, country.pl)),
        ("PT", say!(lang, country.pt)),
        ("RO", say!(lang, country.ro)),
        ("RS", say!(lang, country.rs)),
        ("SE", say!(lang, country.se)),
        ("SI", say!(lang, country.si)),
        ("SK", say!(lang, country.sk)),
        ("UA", say!(lang, country.ua)),
        ("US", say!(lang, country.us)),
    ];
    let mut countries: Vec<_> = named.map(|(code, name)| (code.to_owned(), name.to_owned())).into();
    countries.sort_by_key(|(_, name)| plain(name));
    countries
}

/// Without the marks that would send a name to the end of the list.
fn plain(name: &str) -> String {
    name.replace('Ț', "T").replace('Ș', "S")
}

#[cfg(test)]
mod tests {
    use switchyard::dialing::DialPlan;

    use super::*;

    #[test]
    fn every_country_has_a_plan_and_a_place_in_the_list() {
        for lang in [Lang::En, Lang::Ro] {
            let countries = countries(lang);
            for (code, name) in &countries {
                assert!(DialPlan::new(code, [code.as_str()]).is_ok(), "{name}");
            }
            assert!(countries.windows(2).all(|pair| plain(&pair[0].1) < plain(&pair[1].1)));
        }
    }
}
