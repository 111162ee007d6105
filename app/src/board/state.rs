//! The signals between the floor and the page: one for every card, so that an event touches only the cards that it
//! is about. The floor itself is no signal; nobody draws all of it.

mod asking;
mod card;
mod sync;

use leptos::prelude::*;
use switchyard::{
    call::Call,
    floor::{Floor, Way},
    id::{AgentId, CallId, Slot},
    rights::Right,
    time::Timestamp,
};

pub(crate) use self::card::{Asked, Asking, Card};
use super::{
    announce::Speech,
    drag::Drag,
    layout::{Counts, Layout, Seat, SlotView},
    move_menu::MenuRequest,
    table::Table,
};
use crate::{
    api::floor::{FloorView, Me},
    lang::{Lang, use_lang},
    live::Link,
    phone::Softphone,
    ui::{
        browser,
        timer::{self, ServerTime},
    },
    words,
};

type Signals<K, V> = Table<K, ArcRwSignal<V>>;

/// What the cards show.
#[derive(Default)]
struct Shown {
    cards: Signals<CallId, Card>,
    seats: Signals<AgentId, Seat>,
    at: Signals<AgentId, Vec<CallId>>,
    slots: Signals<Slot, SlotView>,
}

/// What is known besides the floor.
struct Desk {
    /// How many messages for whoever looks are new.
    new_messages: RwSignal<u32>,
    me: Me,
    /// The server's clock is ahead of the browser's by so many milliseconds.
    ahead: i64,
    /// Cards stay where they are while this is set.
    held: bool,
    /// Timers will be put right with the next frame.
    refreshing: bool,
}

/// The board, as every part of it knows it.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    pub(crate) lang: Lang,
    floor: StoredValue<Floor>,
    layout: StoredValue<Layout>,
    desk: StoredValue<Desk>,
    shown: StoredValue<Shown>,
    /// Agents in the order of their cards.
    pub(crate) order: RwSignal<Vec<AgentId>>,
    /// The waiting line.
    pub(crate) waiting: RwSignal<Vec<CallId>>,
    /// The slots of the lot.
    pub(crate) lot: RwSignal<Vec<Slot>>,
    /// The figures.
    pub(crate) counts: RwSignal<Counts>,
    /// Whether what is shown is true now.
    pub(crate) link: RwSignal<Link>,
    /// The server's time.
    pub(crate) now: RwSignal<Timestamp>,
    /// What is said aloud.
    pub(crate) speech: Speech,
    /// The menu that is open.
    pub(crate) menu: RwSignal<Option<MenuRequest>>,
    /// Whether the help is open.
    pub(crate) help: RwSignal<bool>,
    /// The drag that is under way.
    pub(crate) drag: StoredValue<Drag>,
    phone: StoredValue<Softphone>,
}

impl Board {
    /// A board that shows `view`.
    pub(crate) fn new(view: FloorView) -> Self {
        let board = Self {
            lang: use_lang(),
            floor: StoredValue::new(view.floor),
            layout: StoredValue::default(),
            desk: StoredValue::new(Desk {
                new_messages: RwSignal::new(view.me.new_messages),
                me: view.me,
                ahead: 0,
                held: false,
                refreshing: false,
            }),
            shown: StoredValue::default(),
            order: RwSignal::default(),
            waiting: RwSignal::default(),
            lot: RwSignal::default(),
            counts: RwSignal::default(),
            link: RwSignal::new(Link::Connecting),
            now: RwSignal::new(view.now),
            speech: Speech::default(),
            menu: RwSignal::new(None),
            help: RwSignal::new(false),
            drag: StoredValue::default(),
            phone: StoredValue::new(Softphone::default()),
        };
        board.sync();
        provide_context(ServerTime(board.now));
        provide_context(board);
        board
    }

    /// The board that this is a part of.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Reads the floor.
    pub(crate) fn with_floor<T>(self, read: impl FnOnce(&Floor) -> T) -> T {
        self.floor.with_value(read)
    }

    /// Where a call goes that is moved to somebody now; nothing when it cannot be.
    pub(crate) fn way_to(self, agent: &AgentId) -> Option<Way> {
        let (me, now) = (self.me(), self.moment());
        self.with_floor(|floor| floor.way_to(&me, agent, now).ok())
    }

    /// Reads a live call.
    pub(crate) fn with_call<T>(self, call: &CallId, read: impl FnOnce(&Floor, &Call) -> T) -> Option<T> {
        self.floor.with_value(|floor| floor.calls.get(call).map(|call| read(floor, call)))
    }

    /// Who looks at this board.
    pub(crate) fn me(self) -> AgentId {
        self.desk.with_value(|desk| desk.me.agent.clone())
    }

    /// Who looks at this board, in full.
    pub(crate) fn profile(self) -> Me {
        self.desk.with_value(|desk| desk.me.clone())
    }

    /// How many messages for the one who looks are new.
    pub(crate) fn new_messages(self) -> RwSignal<u32> {
        self.desk.with_value(|desk| desk.new_messages)
    }

    /// The phone of the one who looks.
    pub(crate) fn phone(self) -> Softphone {
        self.phone.get_value()
    }

    /// Whether whoever looks may do what supervisors do. The floor knows best: roles change.
    pub(crate) fn supervises(self) -> bool {
        self.may(Right::Supervise)
    }

    /// Whether whoever looks has a right.
    pub(crate) fn may(self, right: Right) -> bool {
        let me = self.me();
        self.with_floor(|floor| floor.agents.get(&me).is_some_and(|agent| agent.profile.role.may(right)))
    }

    /// Whether this page is still there: answers can come after it was left.
    pub(crate) fn is_there(self) -> bool {
        self.floor.try_with_value(|_| ()).is_some()
    }

    /// An agent's name.
    pub(crate) fn name(self, agent: &AgentId) -> String {
        self.with_floor(|floor| words::name(self.lang, floor, agent).to_owned())
    }

    /// `Call with …`, also for a call that has just ended.
    pub(crate) fn call_with(self, call: &CallId) -> String {
        let caller = self.card(call).map(|card| card.read_untracked().call.caller.clone());
        caller.map(|caller| words::call_with(self.lang, &caller)).unwrap_or_default()
    }

    /// The signal of a call's card.
    pub(crate) fn card(self, call: &CallId) -> Option<ArcRwSignal<Card>> {
        self.shown.with_value(|shown| shown.cards.get(call).cloned())
    }

    /// The signal of an agent's card.
    pub(crate) fn seat(self, agent: &AgentId) -> Option<ArcRwSignal<Seat>> {
        self.shown.with_value(|shown| shown.seats.get(agent).cloned())
    }

    /// The calls at an agent.
    pub(crate) fn calls_at(self, agent: &AgentId) -> Option<ArcRwSignal<Vec<CallId>>> {
        self.shown.with_value(|shown| shown.at.get(agent).cloned())
    }

    /// What is in a slot.
    pub(crate) fn slot(self, slot: Slot) -> Option<ArcRwSignal<SlotView>> {
        self.shown.with_value(|shown| shown.slots.get(&slot).cloned())
    }

    /// Where cards are, as of the last event.
    pub(crate) fn with_layout<T>(self, read: impl FnOnce(&Layout) -> T) -> T {
        self.layout.with_value(read)
    }

    /// The server's time at this moment.
    pub(crate) fn moment(self) -> Timestamp {
        Timestamp(browser::now() + self.desk.with_value(|desk| desk.ahead))
    }

    /// The server says what time it is.
    pub(crate) fn set_time(self, now: Timestamp) {
        self.desk.update_value(|desk| desk.ahead = now.0 - browser::now());
        self.tick();
    }

    /// A second has passed.
    pub(crate) fn tick(self) {
        let now = self.moment();
        // While a card is in hand every millisecond of the frame is its own.
        if self.drag.with_value(|drag| drag.lifted().is_none()) {
            self.now.set(now);
            timer::refresh(now);
        }
    }
}
