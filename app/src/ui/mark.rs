//! The product's mark: a track that branches, and the signal that shows where it leads.

use leptos::prelude::*;

/// The mark, as high as the text around it.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path class="mark-track" d="M2 17h20M6 17c5 0 5-9 10-9h6"></path>
            <circle class="mark-signal" cx="6" cy="7" r="3"></circle>
        </svg>
    }
}
