//! What browsers look at page by page: accessibility, small screens, policies, pictures.

use std::collections::BTreeSet;

#[test]
fn no_page_is_forgotten_by_those_who_look_at_every_page() {
    // Addresses stand there between quotes.
    let list = include_str!("../../../end2end/pages.mjs").split("'/").skip(1);
    let mut listed: BTreeSet<String> = list.filter_map(|rest| Some(format!("/{}", rest.split_once('\'')?.0))).collect();
    assert!(listed.remove("/nowhere"), "it is looked at, too, what comes when there is no such page");
    let pages: BTreeSet<String> =
        leptos_axum::generate_route_list(app::App).iter().map(|page| page.path().to_owned()).collect();
    assert!(pages.len() > 20, "{pages:?}");
    assert_eq!(listed, pages);
}
