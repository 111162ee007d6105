//! The bar at the foot of the board: what the phone does, who rings, and what can be done about it. Its parts are always in
//! the page and only hidden, which is a fraction of the code that putting them in and out would be.

use leptos::prelude::*;
use switchyard::{agent::Presence, call::Outside};

use super::{
    Panel, devices, hands,
    keypad::keypad,
    levels,
    news::Click,
    said,
    settings::settings,
    state::{Handset, Line, Phase, Phone},
};
use crate::{
    board::Board,
    lang::Lang,
    say,
    ui::{
        icon::{Icon, icon, live_icon},
        live::{text, truth, word},
        timer::{Limits, Since, timer},
    },
};

/// The bar.
#[component]
pub(crate) fn PhoneBar() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let phone = board.phone().state;
    let with = move |read: fn(&Phone) -> bool| truth(move || phone.with(read));
    let talking = |phone: &Phone| phone.current().is_none();
    let ringing = text(move || phone.with(|phone| phone.ringing().map(|line| line.who.clone()).unwrap_or_default()));
    let from = text(move || phone.with(|phone| phone.ringing().map(|line| line.line.clone()).unwrap_or_default()));
    let trouble = text(move || {
        phone.with(|phone| phone.trouble.as_ref().map(|trouble| said::trouble(lang, trouble)).unwrap_or_default())
    });
    let warning = word(move || {
        phone.with(|phone| {
            let line = phone.current().filter(|line| !phone.held(line));
            line.and_then(|line| line.warnings.last()).map_or("", |warning| said::warning(lang, *warning))
        })
    });
    let since = move || {
        let when = phone.with(|phone| phone.current().and_then(|line| Some(phone.fact(line.call.as_ref()?)?.since)));
        Since { when, what: say!(lang, call.talk_for), limits: Limits::TALK }
    };
    view! {
        <section class="phone" id="phone" aria-label=say!(lang, phone.phone) data-state=word(move || phone.with(state))>
            <div class="phone-incoming" role="group" aria-label=say!(lang, phone.incoming_call) hidden=with(|phone| phone.ringing().is_none())>
                <span class="phone-bell">{icon(Icon::BELL)}</span>
                <div class="phone-caller">
                    <p class="phone-title">{say!(lang, phone.incoming_call)}</p>
                    <p class="phone-who">{ringing}</p>
                    <p class="phone-from quiet">{from}</p>
                </div>
                {button(board, Icon::HANG_UP, "button grave phone-big", "X", word(move || say!(lang, phone.decline)), Click::Decline, never())}
                {button(board, Icon::PHONE, "button primary phone-big", "T", word(move || {
                    if phone.with(|phone| phone.current().is_some()) { say!(lang, phone.park_and_answer) } else { say!(lang, phone.answer) }
                }), Click::Answer, never())}
            </div>
            <p class="phone-trouble" role="alert" hidden=with(|phone| phone.trouble.is_none())>
                {icon(Icon::WARNING)} <span>{trouble}</span>
            </p>
            <p class="phone-warning" hidden=truth(move || warning.get().is_empty())>{icon(Icon::WARNING)} <span>{warning}</span></p>
            {keypad(board)}
            {settings(board)}
            <div class="phone-row">
                <p class="phone-status">
                    {live_icon(move || phone.with(shape))}
                    <span class="phone-words">{text(move || phone.with(|phone| status(lang, phone)))}</span>
                    {timer(since)}
                </p>
                <span class="phone-meters" aria-hidden="true" hidden=with(talking)>
                    {icon(Icon::MIC)} <span class="meter" id=levels::MICROPHONE></span>
                    {icon(Icon::SPEAKER)} <span class="meter" id=levels::SPEAKER></span>
                </span>
                <div class="phone-buttons">
                    {power(board)}
                    {button(board, Icon::PHONE, "button primary", "J", word(move || say!(lang, phone.rejoin)), Click::Rejoin, with(|phone| phone.broken().is_none()))}
                    {button(board, Icon::MIC, "button phone-tool", "K", word(move || {
                        if phone.with(|phone| phone.current().is_some_and(|line| line.muted)) { say!(lang, phone.unmute) } else { say!(lang, phone.mute) }
                    }), Click::Mute, with(talking))}
                    {button(board, Icon::PAUSE, "button phone-tool", "H", word(move || {
                        if phone.with(|phone| phone.current().is_some_and(|line| phone.held(line))) { say!(lang, phone.resume) } else { say!(lang, phone.hold) }
                    }), Click::Hold, with(|phone| !may_hold(phone)))}
                    {opener(board, Icon::KEYPAD, "D", say!(lang, phone.keypad), Panel::Keypad, with(|phone| phone.handset != Handset::Ready && phone.current().is_none()))}
                    {opener(board, Icon::GEAR, "S", say!(lang, phone.settings), Panel::Settings, never())}
                    {button(board, Icon::HANG_UP, "button grave phone-tool", "E", word(move || say!(lang, phone.hang_up)), Click::HangUp, with(talking))}
                    {button(board, Icon::CLOSE, "button phone-tool", "O", word(move || say!(lang, phone.off)), Click::Off, with(|phone| {
                        !phone.on || !phone.lines.is_empty()
                    }))}
                </div>
            </div>
        </section>
    }
}

/// Whether the reader may put the person outside on hold: guests in a call may not.
fn may_hold(phone: &Phone) -> bool {
    phone
        .current()
        .is_some_and(|line| line.call.as_ref().and_then(|call| phone.fact(call)).is_none_or(|mine| mine.has_it))
}

/// Always there.
fn never() -> Signal<bool> {
    truth(|| false)
}

/// A button that does something with the phone; `hidden` while it makes no sense.
fn button(
    board: Board,
    shape: Icon,
    class: &'static str,
    key: &'static str,
    words: Signal<&'static str>,
    click: Click,
    hidden: Signal<bool>,
) -> impl IntoView {
    let title = text(move || format!("{} ({key})", words.get()));
    view! {
        <button type="button" class=class hidden=hidden aria-keyshortcuts=key title=title on:click=move |_| hands::click(board, click.clone())>
            {icon(shape)} <span>{words}</span>
        </button>
    }
}

/// A button that opens a panel.
fn opener(
    board: Board,
    shape: Icon,
    key: &'static str,
    words: &'static str,
    panel: Panel,
    hidden: Signal<bool>,
) -> impl IntoView {
    let open = word(move || if board.phone().panel.get() == panel { "true" } else { "false" });
    view! {
        <button
            type="button"
            class="button phone-tool"
            hidden=hidden
            aria-expanded=open
            aria-keyshortcuts=key
            title=format!("{words} ({key})")
            on:click=move |_| toggle(board, panel)
        >
            {icon(shape)} <span>{words}</span>
        </button>
    }
}

/// The one click that switches the phone on, and unlocks the browser's sound. Who is not available becomes it.
fn power(board: Board) -> impl IntoView {
    let lang = board.lang;
    let seat = board.seat(&board.me());
    let away = truth(move || seat.as_ref().is_some_and(|seat| seat.read().agent.presence != Presence::Available));
    let phone = board.phone().state;
    let words = word(move || match (phone.with(|phone| phone.handset), away.get()) {
        (Handset::Failed, _) => say!(lang, phone.again),
        (_, true) => say!(lang, phone.go_available),
        _ => say!(lang, phone.on),
    });
    let hidden = truth(move || {
        let (handset, talking) = phone.with(|phone| (phone.handset, phone.current().is_some()));
        talking || !(matches!(handset, Handset::Off | Handset::Failed) || handset == Handset::Ready && away.get())
    });
    let title = text(move || format!("{} (O)", words.get()));
    view! {
        <button
            type="button"
            class="button primary"
            hidden=hidden
            title=title
            on:click=move |_| hands::click(board, Click::On { available: away.get_untracked() })
        >
            {icon(Icon::PHONE)} <span>{words}</span>
        </button>
    }
}

/// Opens a panel, or closes it.
pub(super) fn toggle(board: Board, panel: Panel) {
    let next = if board.phone().panel.get_untracked() == panel { Panel::Closed } else { panel };
    board.phone().panel.set(next);
    match next {
        Panel::Closed => {}
        // Digits that are typed during a call are for whoever is on the line.
        Panel::Keypad if board.phone().state.with_untracked(|phone| phone.current().is_some()) => {}
        Panel::Keypad => super::keypad::focus(),
        Panel::Settings => devices::refresh(board),
    }
}

/// For the colours.
fn state(phone: &Phone) -> &'static str {
    match (phone.current(), phone.handset) {
        (Some(line), _) if line.shaky => "lost",
        (Some(line), _) if phone.held(line) => "held",
        (Some(_), _) => "talking",
        (None, _) if phone.broken().is_some() => "lost",
        (None, _) if phone.ringing().is_some() => "ringing",
        (None, Handset::Off) => "off",
        (None, Handset::Ready) => "ready",
        (None, Handset::Starting) => "starting",
        (None, Handset::Reconnecting | Handset::Failed) => "lost",
    }
}

fn shape(phone: &Phone) -> Icon {
    match state(phone) {
        "talking" => Icon::PHONE,
        "held" => Icon::PAUSE,
        "ringing" => Icon::BELL,
        "ready" => Icon::CHECK,
        "lost" => Icon::WARNING,
        _ => Icon::RING,
    }
}

/// What the phone does, in words.
fn status(lang: Lang, phone: &Phone) -> String {
    if let Some(line) = phone.current() {
        return on_a_call(lang, phone, line);
    }
    if phone.broken().is_some() {
        return say!(lang, phone.reconnecting).to_owned();
    }
    if let Some(line) = phone.ringing() {
        return say!(lang, phone.incoming, who = line.who);
    }
    let words = match phone.handset {
        Handset::Off => say!(lang, phone.is_off),
        Handset::Starting => say!(lang, phone.starting),
        Handset::Ready if phone.dialing => say!(lang, phone.checking),
        Handset::Ready => say!(lang, phone.ready),
        Handset::Reconnecting => say!(lang, phone.reconnecting),
        Handset::Failed => say!(lang, phone.failed),
    };
    words.to_owned()
}

fn on_a_call(lang: Lang, phone: &Phone, line: &Line) -> String {
    let who = &line.who;
    let fact = line.call.as_ref().and_then(|call| phone.fact(call));
    if line.shaky {
        return say!(lang, phone.reconnecting).to_owned();
    }
    match fact {
        Some(fact) if fact.held => say!(lang, phone.held, who = who),
        Some(fact) if fact.outside == Outside::Ringing => say!(lang, phone.rings, who = who),
        Some(fact) if fact.outside == Outside::Dialing => say!(lang, phone.calling, who = who),
        _ if line.phase == Phase::Connecting => say!(lang, phone.connecting, who = who),
        _ => say!(lang, phone.talking, who = who),
    }
}
