//! The parking lot: every slot is a place of its own, free or taken.

use leptos::{either::EitherOf3, prelude::*};
use switchyard::{call::Caller, floor::Target, id::Slot};

use super::{call_card::call_card, layout::SlotView, state::Board, targets};
use crate::{
    say,
    ui::{
        icon::{Icon, icon},
        live::{text, word},
    },
    words,
};

/// All the slots. A call dropped between them goes into the first free one.
#[component]
pub(crate) fn ParkingLot() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    view! {
        <section
            class="region lot"
            aria-label=say!(lang, floor.lot)
            id="lot"
            data-drop=targets::key(&Target::Slot(None))
            data-scroll
        >
            <header class="region-head">
                <h2>{say!(lang, floor.lot)}</h2>
                <p class="region-note">
                    <span class="digits">{text(move || format!("{} / {}", board.counts.read().parked, board.lot.read().len()))}</span>
                </p>
            </header>
            <div class="slots">
                <For each=move || board.lot.get() key=|slot| slot.0 let:slot>
                    {place(slot)}
                </For>
            </div>
        </section>
    }
}

fn place(slot: Slot) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    let lang = board.lang;
    let signal = board.slot(slot)?;
    let (named, stated) = (signal.clone(), signal.clone());
    let name = text(move || {
        let with = |caller: &Caller| words::call_with(lang, caller);
        match &*named.read() {
            SlotView::Empty => say!(lang, slot.empty, slot = slot.0),
            SlotView::Here(_, caller) => say!(lang, slot.taken, slot = slot.0, call = with(caller)),
            SlotView::Ringing(_, caller, agent) => {
                say!(lang, slot.ringing, slot = slot.0, call = with(caller), name = board.name(agent))
            }
            SlotView::Coming(_, caller) => say!(lang, slot.parking, slot = slot.0, call = with(caller)),
        }
    });
    let state = word(move || match &*stated.read() {
        SlotView::Empty => "empty",
        SlotView::Here(..) => "taken",
        SlotView::Ringing(..) | SlotView::Coming(..) => "reserved",
    });
    let view = view! {
        <div
            class="slot"
            role="group"
            aria-label=name
            data-drop=targets::key(&Target::Slot(Some(slot)))
            data-state=state
        >
            <span class="slot-number digits" aria-hidden="true">{slot.0}</span>
            {move || match signal.get() {
                SlotView::Empty => EitherOf3::A(view! { <span class="slot-free">{say!(lang, slot.free)}</span> }),
                SlotView::Here(call, _) => EitherOf3::B(call_card(&call)),
                SlotView::Ringing(_, caller, agent) => {
                    let note = say!(lang, slot.rings, name = board.name(&agent));
                    EitherOf3::C(reserved(Icon::BELL, words::who(lang, &caller), note))
                }
                SlotView::Coming(_, caller) => {
                    EitherOf3::C(reserved(Icon::ARROW, words::who(lang, &caller), say!(lang, slot.reserved).to_owned()))
                }
            }}
        </div>
    };
    Some(view)
}

fn reserved(shape: Icon, who: String, note: String) -> impl IntoView {
    view! {
        <span class="slot-reserved">
            {icon(shape)}
            <span class="slot-who">{who}</span>
            <span class="quiet">{note}</span>
        </span>
    }
}
