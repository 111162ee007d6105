//! From events to signals: folds, lays out, and sets only what differs.

use leptos::prelude::*;
use switchyard::{
    call::OfferReason,
    floor::{Event, Floor, Recorded},
    id::CallId,
};

use super::{Board, Card, Shown, Signals};
use crate::{
    api::floor::FloorView,
    board::{
        glide, hands,
        layout::{Layout, Spot},
        table::Table,
    },
    live::feed::{self, Fold},
    phone, say,
};

impl Board {
    /// Takes events from the live feed. The answer says whether some are missing.
    pub(crate) fn receive(self, events: &[Recorded]) -> Fold {
        let fold = self.floor.try_update_value(|floor| feed::fold(floor, events)).unwrap_or(Fold::Nothing);
        if fold == Fold::Applied {
            self.sync();
            self.say_if_set_away(events);
            phone::heard(self, events);
            let me = self.me();
            let for_me =
                |recorded: &Recorded| matches!(&recorded.event, Event::MessageLeft { agent, .. } if *agent == me);
            if events.iter().any(for_me) {
                self.new_messages().update(|count| *count += 1);
            }
        }
        fold
    }

    /// Whoever was set away hears it; to be seen it is on their card.
    fn say_if_set_away(self, events: &[Recorded]) {
        let me = self.me();
        let mine = |event: &Event| matches!(event, Event::PresenceSet { agent, by: None, .. } if *agent == me);
        if events.iter().any(|recorded| mine(&recorded.event))
            && let Some(count) = self.with_floor(|floor| floor.agents.get(&me)?.missed_away)
        {
            self.speech.say(say!(self.lang, agent.missed_away, count = count));
        }
    }

    /// Starts afresh from a snapshot. One that is older than what is known comes from a database that was set back.
    pub(crate) fn replace(self, view: FloorView) {
        self.new_messages().set(view.me.new_messages);
        self.desk.update_value(|desk| desk.me = view.me);
        self.floor.set_value(view.floor);
        self.set_time(view.now);
        self.sync();
    }

    /// Keeps every card where it is until [`Board::release`]: nothing moves away under a hand.
    pub(crate) fn hold(self) {
        self.desk.update_value(|desk| desk.held = true);
    }

    /// Lets the cards go where they belong.
    pub(crate) fn release(self) {
        let held = self.desk.try_update_value(|desk| std::mem::take(&mut desk.held));
        if held == Some(true) {
            self.sync();
        }
    }

    /// Brings the signals in line with the floor.
    pub(super) fn sync(self) {
        let me = self.me();
        let next = self.with_floor(|floor| Layout::of(floor, &me));
        self.with_floor(|floor| self.sync_cards(floor));
        self.set_all(|shown| &mut shown.seats, &next.seats);
        set_if_other(self.counts, &next.counts);
        if cfg!(not(feature = "ssr")) {
            phone::hands::floor_changed(self);
        }
        if self.desk.with_value(|desk| desk.held) {
            hands::look_again(self);
            return;
        }
        let moved = self.with_layout(|last| moved(last, &next));
        let glide = glide::prepare(&moved);
        self.set_all(|shown| &mut shown.slots, &next.slots);
        self.set_all(|shown| &mut shown.at, &next.at);
        set_if_other(self.order, &next.order);
        set_if_other(self.waiting, &next.waiting);
        set_if_other(self.lot, &next.slots.rows().iter().map(|(slot, _)| *slot).collect());
        self.shown.update_value(|shown| shown.cards.retain(|(call, _)| next.spots.contains(call)));
        self.layout.set_value(next);
        glide.start();
        self.refresh_soon();
    }

    /// Timers of cards that now count something else are put right with the next frame.
    fn refresh_soon(self) {
        let first = self.desk.try_update_value(|desk| !std::mem::replace(&mut desk.refreshing, true));
        if cfg!(feature = "ssr") || first != Some(true) {
            return;
        }
        request_animation_frame(move || {
            if self.is_there() {
                self.desk.update_value(|desk| desk.refreshing = false);
                self.tick();
            }
        });
    }

    fn sync_cards(self, floor: &Floor) {
        // Signals are set when the map is no longer borrowed: whoever hears of it may look up another card.
        let mut changes = Vec::new();
        self.shown.update_value(|Shown { cards, .. }| {
            for (id, call) in &floor.calls {
                if let Some(card) = cards.get(id) {
                    let next = self.changed(floor, &card.read_untracked(), call);
                    changes.extend(next.map(|next| (card.clone(), next)));
                } else {
                    cards.insert(id.clone(), ArcRwSignal::new(Card::new(call.clone())));
                }
            }
            for (_, card) in cards.rows().iter().filter(|(id, _)| !floor.calls.contains_key(id)) {
                let last = card.read_untracked();
                if !last.ended {
                    changes.push((card.clone(), Card { ended: true, asked: None, ..last.clone() }));
                }
            }
        });
        for (card, next) in changes {
            card.set(next);
        }
    }

    /// The card after an event, if it is another one.
    fn changed(self, floor: &Floor, card: &Card, call: &switchyard::call::Call) -> Option<Card> {
        let shown = card.asked.as_ref().is_some_and(|asked| asked.version.is_some_and(|v| v <= floor.version));
        if card.call == *call && !shown && !card.ended {
            return None;
        }
        if let Some(notice) = call.notice.as_ref().filter(|_| call.notice != card.call.notice) {
            let routine = card.call.offer.as_ref().is_some_and(|offer| offer.reason == OfferReason::Routed);
            let why = crate::words::notice(self.lang, floor, notice);
            let call = crate::words::call_with(self.lang, &call.caller);
            // The queue rings whom it can, all day long: its failures are read on the card, not announced.
            if !routine {
                self.speech.warn(say!(self.lang, failed.call, call = call, why = why));
            }
        }
        let mut next = Card { call: call.clone(), ended: false, ..card.clone() };
        if shown {
            next.asked = None;
        }
        if next.call != card.call {
            next.trouble = None;
        }
        Some(next)
    }
}

/// Calls whose card goes somewhere else.
fn moved(last: &Layout, next: &Layout) -> Vec<CallId> {
    let elsewhere = |(call, spot): &&(CallId, Spot)| next.spots.get(call).is_some_and(|next| next != spot);
    last.spots.rows().iter().filter(elsewhere).map(|(call, _)| call.clone()).collect()
}

fn set_if_other<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, next: &T) {
    if signal.with_untracked(|now| now != next) {
        signal.set(next.clone());
    }
}

impl Board {
    /// Sets the signals that differ, makes those that are missing, and forgets those that are no longer needed.
    fn set_all<K, V>(self, which: impl FnOnce(&mut Shown) -> &mut Signals<K, V>, next: &Table<K, V>)
    where
        K: Ord + Clone + 'static,
        V: PartialEq + Clone + Send + Sync + 'static,
    {
        let mut changes = Vec::new();
        self.shown.update_value(|shown| {
            let signals = which(shown);
            let mut kept = Vec::new();
            for (key, value) in next.rows() {
                let signal = signals.get(key).cloned().unwrap_or_else(|| ArcRwSignal::new(value.clone()));
                if *signal.read_untracked() != *value {
                    changes.push((signal.clone(), value.clone()));
                }
                kept.push((key.clone(), signal));
            }
            *signals = Table::sorted(kept);
        });
        for (signal, value) in changes {
            signal.set(value);
        }
    }
}
