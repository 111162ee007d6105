//! Tables, and the ways to the other pages of those that are long.

use leptos::prelude::*;

/// A table that scrolls by itself where it is wider than the screen; on a phone each row is a small card, whose cells say what they
/// are with `data-label`. Its children are its rows.
#[component]
pub(crate) fn Table(
    /// What it is called, for whoever does not see it.
    label: &'static str,
    /// What stands above its columns.
    #[prop(into)]
    heads: Vec<&'static str>,
    /// How it is styled beside others.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class=class>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// From a page of a long table to its first page and to the next one, where there are any: addresses, each with its words.
#[component]
pub(crate) fn Pages(
    /// What the table is called.
    label: &'static str,
    /// Back to the beginning.
    first: Option<(String, &'static str)>,
    /// Further on.
    next: Option<(String, &'static str)>,
) -> impl IntoView {
    let ways = first.into_iter().chain(next);
    let ways = ways.map(|(to, words)| view! { <a href=to class="button">{words}</a> }).collect_view();
    view! { <nav class="pages" aria-label=label>{ways}</nav> }
}
