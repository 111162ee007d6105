//! Does what the phone says, with the SDK, the server and the other tabs, and tells the phone what came of it.

use std::cell::RefCell;

use leptos::{prelude::*, task::spawn_local};
use switchyard::{agent::Presence, id::CallId};
use wasm_bindgen_futures::JsFuture;

use super::{
    alarm, calls, devices, digits, floor, load,
    news::{Alarm, Ask, Click, Input, Step},
    power, said,
    sdk::{Call, Device},
    socket,
    state::{Handset, Trouble},
    tabs::{self, Message},
};
use crate::{
    api::{AskError, remote},
    board::Board,
};

/// What the SDK gave us. There is one phone in a page.
#[derive(Default)]
struct Parts {
    device: Option<Device>,
    calls: Vec<(u32, Call)>,
    keys: u32,
    /// Which attempt to connect this is: what an earlier one still brings is not listened to.
    attempt: u32,
    /// The page is taken over: before that the phone must look as the server drew it.
    begun: bool,
}

thread_local! {
    static PARTS: RefCell<Parts> = RefCell::default();
}

/// The phone of this page begins: it is as it was before the page was loaded.
pub(crate) fn begin(board: Board) {
    tabs::join(move |message| {
        if board.is_there() {
            hear(board, message);
        }
    });
    tabs::tell(&Message::Hello);
    super::page::listen(board);
    PARTS.with_borrow_mut(|parts| parts.begun = true);
    floor_changed(board);
    if tabs::was_on(board.me().as_str()) {
        tell(board, Input::Click(Click::On { available: false }));
    }
    super::page::dial_from_address(board);
}

/// The reader did something with the phone, in whichever tab.
pub(crate) fn click(board: Board, click: Click) {
    let phone = board.phone().state;
    let (owns, off, known) = phone.with_untracked(|phone| {
        let known = phone.current().and_then(|line| phone.fact(line.call.as_ref()?)).is_some();
        (phone.owns(), matches!(phone.handset, Handset::Off | Handset::Failed), known)
    });
    match click {
        Click::On { .. } => {
            alarm::ask_leave();
            if !owns {
                tabs::tell(&Message::Do(click.clone()));
            }
            tell(board, Input::Click(click));
        }
        // What the floor does, any tab can ask it for.
        Click::Hold | Click::HangUp if known => tell(board, Input::Click(click)),
        Click::Rejoin if off => {
            if !owns {
                tabs::tell(&Message::Do(click.clone()));
            }
            tell(board, Input::Click(click));
        }
        Click::Dial(_) if off => tell(board, Input::Click(click)),
        click if owns => tell(board, Input::Click(click)),
        click => tabs::tell(&Message::Do(click)),
    }
}

fn hear(board: Board, message: Message) {
    let owns = board.phone().state.with_untracked(super::state::Phone::owns);
    match message {
        Message::Hello if owns => show_others(board),
        Message::State(phone) => tell(board, Input::Mirrored(phone)),
        Message::Do(click) if owns => tell(board, Input::Click(click)),
        Message::Hello | Message::Do(_) => {}
    }
}

fn show_others(board: Board) {
    tabs::tell(&Message::State(board.phone().state.get_untracked()));
}

/// The floor has changed: what does it say of the reader's calls?
pub(crate) fn floor_changed(board: Board) {
    if !PARTS.with_borrow(|parts| parts.begun) {
        return;
    }
    let me = board.me();
    let mine = board.with_floor(|floor| floor::mine(floor, &me));
    if board.phone().state.with_untracked(|phone| phone.mine != mine) {
        tell(board, Input::Floor(mine));
    }
}

/// Tells the phone what happened, and does what it says.
pub(super) fn tell(board: Board, input: Input) {
    if !board.is_there() {
        return;
    }
    let state = board.phone().state;
    let mirrored = matches!(input, Input::Mirrored(_));
    let before = state.get_untracked();
    let mut after = before.clone();
    let steps = after.step(input);
    if after != before {
        state.set(after.clone());
        if after.on != before.on {
            tabs::remember_on(after.on.then_some(board.me().as_str()));
        }
    }
    for step in steps {
        act(board, step);
    }
    // What the steps led to at once is part of it.
    let now = state.get_untracked();
    alarm::follow(board, &now);
    socket::set(now.present && now.owns());
    if !mirrored && now.owns() && now != before {
        show_others(board);
    }
}

fn act(board: Board, step: Step) {
    match step {
        Step::Claim => tabs::claim(move || tell(board, Input::Owned)),
        Step::Start => power::start(board),
        Step::Stop => stop(),
        Step::Accept(key) => accept(key),
        Step::Reject(key) => with_call(key, |call| {
            let _ = call.reject();
        }),
        Step::Disconnect(key) => with_call(key, |call| {
            let _ = call.disconnect();
        }),
        Step::Mute(key, on) => with_call(key, |call| {
            let _ = call.mute(on);
        }),
        Step::Digits(key, digits) => digits::send(key, &digits),
        Step::Prepare(number) => prepare(board, number),
        Step::Connect(number, who) => connect(board, number, who),
        Step::Ask(ask) => request(board, ask),
        Step::Wait(alarm, millis, serial) => wait(board, alarm, millis, serial),
        Step::Say(said) => board.speech.say(said::words(board.lang, &said)),
        Step::Pass(click) => tabs::tell(&Message::Do(click)),
    }
}

fn wait(board: Board, alarm: Alarm, millis: u32, serial: u32) {
    let ring = move || tell(board, Input::Rang(alarm, serial));
    set_timeout(ring, std::time::Duration::from_millis(u64::from(millis)));
}

fn accept(key: u32) {
    spawn_local(async move {
        devices::open_chosen().await;
        let is_there = PARTS.with_borrow(|parts| parts.calls.iter().any(|(known, _)| *known == key));
        if !is_there {
            return devices::let_go();
        }
        with_call(key, |call| {
            let _ = call.accept(&wasm_bindgen::JsValue::UNDEFINED);
        });
    });
}

/// Does something with a call, while it is there.
pub(super) fn with_call(key: u32, act: impl FnOnce(&Call)) {
    // The SDK may call us back before it returns.
    let call =
        PARTS.with_borrow(|parts| parts.calls.iter().find(|(known, _)| *known == key).map(|(_, call)| call.clone()));
    if let Some(call) = call {
        act(&call);
    }
}

/// The device, while there is one.
pub(super) fn device() -> Option<Device> {
    PARTS.with_borrow(|parts| parts.device.clone())
}

/// Takes a call of the SDK in; answers the phone's number for it.
pub(super) fn keep(call: &Call) -> u32 {
    PARTS.with_borrow_mut(|parts| {
        parts.keys += 1;
        parts.calls.push((parts.keys, call.clone()));
        parts.keys
    })
}

/// Forgets a call that is over.
pub(super) fn forget(key: u32) {
    PARTS.with_borrow_mut(|parts| parts.calls.retain(|(known, _)| *known != key));
}

/// Lets calls that ring go on ringing elsewhere: the SDK declines them when its page goes away.
pub(super) fn ignore_ringing() {
    let calls = PARTS.with_borrow(|parts| parts.calls.clone());
    for (_, call) in calls.iter().filter(|(_, call)| call.status() == "pending") {
        let _ = call.ignore();
    }
}

/// Gives up whatever is connected.
pub(super) fn stop() {
    ignore_ringing();
    let device = PARTS.with_borrow_mut(|parts| {
        parts.attempt += 1;
        parts.calls.clear();
        parts.device.take()
    });
    if let Some(device) = device {
        let _ = device.destroy();
    }
}

/// Whether this is still the attempt to connect that counts.
pub(super) fn is_current(attempt: u32) -> bool {
    PARTS.with_borrow(|parts| parts.attempt == attempt)
}

/// Which attempt to connect this is.
pub(super) fn attempt() -> u32 {
    PARTS.with_borrow(|parts| parts.attempt)
}

/// Keeps the device that was made.
pub(super) fn use_device(device: &Device) {
    PARTS.with_borrow_mut(|parts| parts.device = Some(device.clone()));
}

/// Runs only what belongs to the device that is in use.
pub(super) fn if_current(board: Board, attempt: u32, input: Input) {
    if is_current(attempt) {
        tell(board, input);
    }
}

fn prepare(board: Board, to: String) {
    spawn_local(async move {
        match super::dial::prepare(board, &to).await {
            Ok((number, who)) => tell(board, Input::MayDial(number, who)),
            Err(trouble) => tell(board, Input::MayNotDial(trouble)),
        }
    });
}

fn connect(board: Board, number: String, who: String) {
    let Some(device) = device() else {
        tell(board, Input::MayNotDial(Trouble::NoConnection));
        return;
    };
    spawn_local(async move {
        devices::open_chosen().await;
        let options = load::object("params", &load::object("To", &number.into()));
        match JsFuture::from(device.connect(&options)).await {
            Ok(call) => {
                let call: Call = wasm_bindgen::JsCast::unchecked_into(call);
                let key = keep(&call);
                tell(board, Input::Placed(key, who));
                board.phone().panel.set(super::Panel::Closed);
                calls::watch(board, &call, key);
            }
            Err(error) => {
                devices::let_go();
                tell(board, Input::MayNotDial(Trouble::of_code(super::sdk::code(&error))));
            }
        }
    });
}

fn request(board: Board, ask: Ask) {
    if ask == Ask::Available {
        board.set_presence(board.me(), Presence::Available);
        return;
    }
    spawn_local(async move {
        let answer = remote::ask(floor::intent(&ask)).await;
        if !board.is_there() {
            return;
        }
        let input = match answer {
            Ok(_) => Input::Done(ask),
            Err(AskError::Refused(switchyard::floor::Refusal::CallGone)) => Input::Refused(ask, None),
            Err(error) => {
                let why = board.why_not(&error, call_of(&ask), None);
                Input::Refused(ask, Some(why))
            }
        };
        tell(board, input);
    });
}

fn call_of(ask: &Ask) -> Option<&CallId> {
    match ask {
        Ask::Available => None,
        Ask::Hold(call) | Ask::Resume(call) | Ask::Rejoin(call) | Ask::Park(call) | Ask::HangUp(call) => Some(call),
    }
}
