//! The whole board: its parts, and the listeners that they share.

use leptos::{ev, html, prelude::*};
use send_wrapper::SendWrapper;
use switchyard::floor::Target;

use super::{
    agent_card::Agents,
    announce::Announcer,
    drag::{Drag, Input},
    ghost::Ghost,
    hands::tell,
    header::{Header, LinkBanner},
    help::Help,
    keyboard,
    parking_lot::ParkingLot,
    pointer, shortcuts,
    state::Board,
    targets,
    waiting_line::WaitingLine,
};
use crate::{
    api::floor::FloorView,
    live,
    phone::{self, PhoneBar},
    say,
    ui::{
        icon::{Icon, icon},
        live::text,
        menu::Menu,
    },
};

/// The id of the element that the browser takes over.
pub(crate) const BOARD: &str = "board";
/// The id of the data that it goes on from.
pub(crate) const BOARD_DATA: &str = "board-data";

/// The board that shows a floor.
#[component]
pub(crate) fn FloorBoard(
    /// The floor as it was when the page was asked for.
    view: FloorView,
) -> impl IntoView {
    let board = Board::new(view);
    let lang = board.lang;
    let floor = NodeRef::<html::Main>::new();
    Effect::new(move |_| {
        live::start(board);
        phone::hands::begin(board);
        listen(board);
    });
    Effect::new(move |_| {
        if let Some(floor) = floor.get() {
            pointer::hold_page_still(board, &floor);
            // For tests and for people on slow machines: from now on the page answers.
            let _ = floor.set_attribute("data-ready", "");
        }
    });
    let held = move || board.drag.with_value(|drag| *drag != Drag::Rest && !matches!(drag, Drag::Settling { .. }));
    view! {
        <a class="skip" href="#floor">{say!(lang, skip)}</a>
        <div class="page board">
            <Header />
            <LinkBanner />
            <main
                id="floor"
                class="floor"
                tabindex="-1"
                aria-label=say!(lang, floor.title)
                node_ref=floor
                on:pointerdown=move |event| pointer::down(board, &event)
                on:pointermove=move |event| pointer::travel(board, &event)
                on:pointerup=move |event| pointer::up(board, &event)
                on:pointercancel=move |event| pointer::lost(board, &event)
                on:lostpointercapture=move |event| {
                    // The card's own capture ends when the board takes over; only the end of the board's counts.
                    let own = crate::ui::browser::target(&event).is_some_and(|target| target.id() == "floor");
                    if own {
                        pointer::lost(board, &event);
                    }
                }
                on:dragstart=move |event: web_sys::DragEvent| event.prevent_default()
                on:contextmenu=move |event: web_sys::MouseEvent| {
                    if held() {
                        event.prevent_default();
                    }
                }
                on:keydown=move |event| keyboard::pressed(board, &event)
            >
                <h1 class="sr-only">{say!(lang, floor.title)}</h1>
                <WaitingLine />
                <Agents />
                <ParkingLot />
                <Dock />
            </main>
            <div class="foot">
                <Announcer speech=board.speech />
                <PhoneBar />
            </div>
            <p id="drag-help" hidden>{say!(lang, call.instructions)}</p>
            <Ghost />
            <Menu open=board.menu />
            <Help />
        </div>
    }
}

/// On a phone: the ways to the parts of the board, and where calls can be dropped when those are out of sight.
#[component]
fn Dock() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let counts = board.counts;
    view! {
        <nav class="dock" aria-label=say!(lang, floor.title)>
            <a href="#waiting" rel="external" data-drop=targets::key(&Target::Queue)>
                {icon(Icon::PAUSE)}
                <span>{say!(lang, floor.waiting)}</span>
                <span class="digits dock-count">{text(move || counts.read().waiting.to_string())}</span>
            </a>
            <a href="#agents" rel="external">
                {icon(Icon::PHONE)}
                <span>{say!(lang, floor.agents)}</span>
                <span class="digits dock-count">{text(move || counts.read().on_call.to_string())}</span>
            </a>
            <a href="#lot" rel="external" data-drop=targets::key(&Target::Slot(None))>
                {icon(Icon::PARK)}
                <span>{say!(lang, floor.lot)}</span>
                <span class="digits dock-count">{text(move || counts.read().parked.to_string())}</span>
            </a>
        </nav>
    }
}

/// What concerns the whole window: keys anywhere, and the loss of the window.
fn listen(board: Board) {
    let keys = window_event_listener(ev::keydown, move |event| shortcuts::pressed(board, &event));
    let blur = window_event_listener(ev::blur, move |_| {
        tell(board, Input::Cancel);
    });
    let kept = SendWrapper::new((keys, blur));
    on_cleanup(move || {
        let (keys, blur) = kept.take();
        keys.remove();
        blur.remove();
    });
}
