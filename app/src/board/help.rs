//! The keys, in a dialog that `?` opens, and the switch that turns the single-key ones off.

use leptos::{html, prelude::*};

use super::{
    shortcuts::{self, SHORTCUTS},
    state::Board,
};
use crate::{
    say,
    ui::icon::{Icon, icon},
};

/// The help.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let enabled = RwSignal::new(true);
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if board.help.get() {
            enabled.set(shortcuts::enabled());
            let _ = dialog.show_modal();
        } else if dialog.open() {
            dialog.close();
        }
    });
    let rows = SHORTCUTS.map(|shortcut| row(&[shortcut.key], shortcut.words(lang))).collect_view();
    view! {
        <dialog class="dialog" aria-labelledby="help-title" node_ref=dialog on:close=move |_| board.help.set(false)>
            <header class="dialog-head">
                <h2 id="help-title">{say!(lang, help.title)}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=say!(lang, help.close)
                    on:click=move |_| board.help.set(false)
                >
                    {icon(Icon::CLOSE)}
                </button>
            </header>
            <h3>{say!(lang, help.card)}</h3>
            <dl class="keys">
                {row(&["Space", "Enter"], say!(lang, help.card_lift))}
                {row(&["←", "→", "↑", "↓"], say!(lang, help.card_aim))}
                {row(&["Esc"], say!(lang, help.card_cancel))}
                {row(&["M"], say!(lang, help.card_menu))}
            </dl>
            <h3>{say!(lang, help.anywhere)}</h3>
            <dl class="keys">{rows}</dl>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=enabled
                    on:change=move |event| {
                        enabled.set(event_target_checked(&event));
                        shortcuts::enable(enabled.get_untracked());
                    }
                />
                {say!(lang, help.enabled)}
            </label>
        </dialog>
    }
}

fn row(keys: &[&'static str], words: &'static str) -> impl IntoView + use<> {
    let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
    view! { <div><dt>{keys}</dt><dd>{words}</dd></div> }
}
