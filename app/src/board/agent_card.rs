//! An agent: who, what they are doing and for how long, and the calls at them.

use leptos::prelude::*;
use switchyard::{
    agent::{Presence, Role, Status, WhenAway},
    floor::Target,
    id::AgentId,
};

use super::{
    call_card::call_card,
    finder::{Finder, FinderButton},
    layout::Seat,
    presence::{PresenceMenu, missed_away, own_presence, wrap_up},
    reach::Reach,
    state::Board,
    targets,
};
use crate::{
    lang::Lang,
    say,
    ui::{
        avatar::avatar,
        icon::{Icon, icon, live_icon},
        live::{text, truth, word},
        timer::{Limits, Since, timer},
    },
    words,
};

/// Everyone on the floor.
#[component]
pub(crate) fn Agents() -> impl IntoView {
    let board = Board::expect();
    let lang = board.lang;
    let nobody = move || board.order.read().is_empty();
    let finder = RwSignal::new(false);
    view! {
        <section class="region agents" aria-label=say!(lang, floor.agents) id="agents" data-scroll>
            <header class="region-head">
                <h2>{say!(lang, floor.agents)}</h2>
                <p class="region-note">
                    {text(move || say!(lang, floor.available, count = board.counts.read().available))}
                </p>
                <FinderButton open=finder />
            </header>
            <Finder open=finder />
            <div class="agent-grid">
                <For each=move || board.order.get() key=Clone::clone let:agent>
                    {agent_card(&agent)}
                </For>
            </div>
            {move || nobody().then(|| view! {
                <div class="empty">
                    <p>{say!(lang, floor.no_agents)}</p>
                    <p class="quiet">{say!(lang, floor.no_agents_more)}</p>
                </div>
            })}
        </section>
    }
}

fn agent_card(agent: &AgentId) -> Option<impl IntoView + use<>> {
    let board = Board::expect();
    let lang = board.lang;
    let seat = board.seat(agent)?;
    let calls = board.calls_at(agent)?;
    let mine = *agent == board.me();
    let manages = !mine && board.supervises();
    let name = {
        let seat = seat.clone();
        Memo::new(move |_| seat.read().agent.profile.name.clone())
    };
    let number_and_role = {
        let seat = seat.clone();
        move || {
            let seat = seat.read();
            let profile = &seat.agent.profile;
            let role = if profile.role > Role::Agent { words::role(lang, profile.role) } else { "" };
            let dot = if role.is_empty() { "" } else { " · " };
            format!("{}{dot}{role}", say!(lang, agent.ext, number = profile.extension.clone()))
        }
    };
    let on_mobile = elsewhere(&seat, WhenAway::Mobile, Icon::MOBILE, say!(lang, agent.on_mobile));
    let to_voicemail = elsewhere(&seat, WhenAway::Voicemail, Icon::VOICEMAIL, say!(lang, agent.voicemail));
    let then = (!mine).then(|| afterwards(lang, &seat));
    let status = {
        let seat = seat.clone();
        move || seat.read().status
    };
    let since = {
        let seat = seat.clone();
        move || {
            let seat = seat.read();
            Since { when: Some(seat.since), what: words::status(lang, seat.status), limits: Limits::NONE }
        }
    };
    let (with, handing_over) = {
        let (seat, other) = (seat.clone(), seat.clone());
        (Memo::new(move |_| seat.read().with.clone()), Memo::new(move |_| other.read().handing_over.clone()))
    };
    let (shape, said) = (status.clone(), status.clone());
    let key = word(move || status_key(status()));
    let id = agent.to_string();
    let view = view! {
        <article
            class="agent"
            class:mine=mine
            id=format!("agent-{id}")
            aria-label=text(move || name.get())
            data-colleague=(!mine).then(|| id.clone())
            data-drop=targets::key(&Target::Agent(agent.clone()))
            data-status=key
        >
            <div class="agent-head">
                {avatar(&id, &name.read_untracked())}
                <div class="agent-who">
                    <h3>
                        <span class="agent-name">{text(move || name.get())}</span>
                        {mine.then(|| view! { <span class="tag">{say!(lang, agent.you)}</span> })}
                    </h3>
                    <p class="quiet digits">
                        {text(number_and_role)}
                        {on_mobile}
                        {to_voicemail}
                        {then}
                    </p>
                </div>
                <p class="status" data-status=key>
                    <span class="pill">
                        {live_icon(move || Icon::of(shape()))}
                        <span>{word(move || words::status(lang, said()))}</span>
                    </span>
                    " "
                    {timer(since)}
                </p>
                {(!mine).then(|| reach_button(agent))}
                {manages.then(|| view! { <PresenceMenu agent=agent.clone() /> })}
            </div>
            {mine.then(|| own_presence(agent))}
            {missed_away(agent, mine)}
            {wrap_up(agent, mine)}
            {move || {
                let name = board.name(&handing_over.get()?);
                Some(view! { <p class="handing-over">{say!(lang, agent.handing_over, name = name)}</p> })
            }}
            {move || {
                let name = board.name(&with.get()?);
                Some(view! { <p class="handing-over">{say!(lang, agent.with, name = name)}</p> })
            }}
            <div class="agent-calls">
                <For each=move || calls.get() key=Clone::clone let:call>
                    {call_card(&call)}
                </For>
            </div>
        </article>
    };
    Some(view)
}

/// Where calls go that are moved to somebody who is not here.
fn elsewhere(seat: &ArcRwSignal<Seat>, to: WhenAway, shape: Icon, words: &'static str) -> impl IntoView + use<> {
    let seat = seat.clone();
    let hidden = truth(move || {
        let seat = seat.read();
        let here = !matches!(seat.status, Status::Away | Status::Offline);
        here || seat.agent.when_away != to
    });
    view! { <span class="agent-elsewhere" hidden=hidden>{icon(shape)}" "{words}</span> }
}

/// What somebody said while they were busy is seen at once. On one's own card the buttons say it.
fn afterwards(lang: Lang, seat: &ArcRwSignal<Seat>) -> impl IntoView + use<> {
    let seat = seat.clone();
    let then = Memo::new(move |_| {
        let seat = seat.read();
        let busy = matches!(seat.status, Status::OnCall | Status::Ringing | Status::WrapUp);
        match seat.agent.presence {
            Presence::Away if busy => Some((Status::Away, say!(lang, agent.then_away))),
            Presence::Offline if busy => Some((Status::Offline, say!(lang, agent.then_offline))),
            _ => None,
        }
    });
    let hidden = truth(move || then.with(Option::is_none));
    let shape = live_icon(move || Icon::of(then.get().map_or(Status::Away, |(status, _)| status)));
    let words = word(move || then.get().map_or("", |(_, words)| words));
    view! { <span class="agent-elsewhere" hidden=hidden>{shape}" "{words}</span> }
}

/// One click to what dragging the card onto one's own does. It is there as long as that is possible.
fn reach_button(agent: &AgentId) -> impl IntoView + use<> {
    let board = Board::expect();
    let (mine, theirs) = (board.seat(&board.me()), board.seat(agent));
    let id = agent.clone();
    let reach = Memo::new(move |_| {
        // What is possible follows from what the two are doing.
        for seat in [&mine, &theirs].into_iter().flatten() {
            seat.track();
        }
        board.may_reach(&id).ok()
    });
    let (named, reached) = (agent.clone(), agent.clone());
    let words = text(move || {
        reach
            .with(|reach| reach.as_ref().map(|reach| board.reach_words(&board.name(&named), reach)))
            .unwrap_or_default()
    });
    view! {
        <button
            type="button"
            class="icon-button"
            data-part="reach"
            hidden=truth(move || reach.with(Option::is_none))
            aria-label=words
            title=words
            on:click=move |_| board.reach(&reached)
        >
            {live_icon(move || if reach.with(|reach| matches!(reach, Some(Reach::Add(_)))) { Icon::ADD } else { Icon::PHONE })}
        </button>
    }
}

fn status_key(status: Status) -> &'static str {
    match status {
        Status::Available => "available",
        Status::Away => "away",
        Status::Offline => "offline",
        Status::Ringing => "ringing",
        Status::OnCall => "on-call",
        Status::WrapUp => "wrap-up",
    }
}
