//! The stream of events, from the browser's `EventSource`. It resumes by itself after short breaks; when it gives up,
//! or falls silent, it is opened again here.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use switchyard::{floor::Recorded, time::Timestamp};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use super::{
    Link,
    feed::Fold,
    link::{SILENCE, patience},
};
use crate::{
    api::{AskError, remote::load_floor},
    board::{Board, hands},
    ui::browser,
};

type Listener = Closure<dyn FnMut(MessageEvent)>;

/// The connection of one page.
struct Connection {
    board: Board,
    source: Option<EventSource>,
    /// Kept as long as the source may call them.
    listeners: Vec<Listener>,
    /// When something was heard last, on the browser's clock.
    heard: i64,
    /// Attempts in a row that did not get through.
    failures: u32,
    /// A snapshot is on its way.
    refetching: bool,
    /// An attempt is due.
    waiting: bool,
    closed: bool,
}

type Shared = Rc<RefCell<Connection>>;

/// Opens the feed and keeps it open until the page is left.
pub(crate) fn start(board: Board) {
    let shared = Rc::new(RefCell::new(Connection {
        board,
        source: None,
        listeners: Vec::new(),
        heard: browser::now(),
        failures: 0,
        refetching: false,
        waiting: false,
        closed: false,
    }));
    open(&shared);

    let watched = Rc::clone(&shared);
    let watch = set_interval_with_handle(move || watch(&watched), Duration::from_secs(1));
    let (online, offline) = (Rc::clone(&shared), Rc::clone(&shared));
    let online = window_event_listener_untyped("online", move |_| open(&online));
    let offline = window_event_listener_untyped("offline", move |_| {
        // What still trickles in would make half a truth: nothing more is taken until a connection is made.
        close(&mut offline.borrow_mut());
        lost(&offline);
    });
    // Cleanups may run on any thread as far as the compiler knows; in the browser there is one.
    let kept = SendWrapper::new((shared, online, offline, watch));
    on_cleanup(move || {
        let (shared, online, offline, watch) = kept.take();
        online.remove();
        offline.remove();
        if let Ok(watch) = watch {
            watch.clear();
        }
        let mut connection = shared.borrow_mut();
        connection.closed = true;
        close(&mut connection);
    });
}

fn open(shared: &Shared) {
    let mut connection = shared.borrow_mut();
    if connection.closed {
        return;
    }
    close(&mut connection);
    connection.waiting = false;
    connection.heard = browser::now();
    let version = connection.board.with_floor(|floor| floor.version);
    let Ok(source) = EventSource::new(&format!("/api/live?after={version}")) else { return };
    listen(shared, &mut connection, &source, "message", |shared, event| {
        let Some(events) = event.data().as_string() else { return };
        receive(shared, &events);
    });
    listen(shared, &mut connection, &source, "beat", |shared, event| {
        if let Some(now) = event.data().as_string().and_then(|now| now.trim().parse().ok()) {
            shared.borrow().board.set_time(Timestamp(now));
        }
    });
    listen(shared, &mut connection, &source, "reset", |shared, _| refetch(shared));
    listen(shared, &mut connection, &source, "signed-out", |_, _| browser::leave_for("/"));
    listen(shared, &mut connection, &source, "error", |shared, _| lost(shared));
    connection.source = Some(source);
}

fn listen(
    shared: &Shared,
    connection: &mut Connection,
    source: &EventSource,
    event: &str,
    react: impl Fn(&Shared, &MessageEvent) + 'static,
) {
    let mine = Rc::downgrade(shared);
    let failed = event == "error";
    let listener: Listener = Closure::new(move |event: MessageEvent| {
        let Some(shared) = mine.upgrade().filter(|shared| !shared.borrow().closed) else { return };
        if !failed {
            hear(&shared);
        }
        react(&shared, &event);
    });
    let _ = source.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    connection.listeners.push(listener);
}

/// Something was heard: the connection is alive.
fn hear(shared: &Shared) {
    let mut connection = shared.borrow_mut();
    connection.heard = browser::now();
    connection.failures = 0;
    let (board, fresh) = (connection.board, !connection.refetching);
    drop(connection);
    if fresh {
        set_link(board, Link::Live);
    }
}

fn receive(shared: &Shared, events: &str) {
    let board = shared.borrow().board;
    // An event that cannot be read comes from a newer server: the snapshot speaks a language that both know.
    let fold = serde_json::from_str::<Vec<Recorded>>(events).map_or(Fold::Gap, |events| board.receive(&events));
    if fold == Fold::Gap {
        refetch(shared);
    }
}

/// Fetches a snapshot and goes on from there.
fn refetch(shared: &Shared) {
    {
        let mut connection = shared.borrow_mut();
        if connection.refetching {
            return;
        }
        connection.refetching = true;
        connection.waiting = false;
        let board = connection.board;
        drop(connection);
        if board.link.try_get_untracked() == Some(Link::Live) {
            set_link(board, Link::Reconnecting);
        }
    }
    let shared = Rc::clone(shared);
    spawn_local(async move {
        let answer = load_floor().await;
        let board = {
            let mut connection = shared.borrow_mut();
            connection.refetching = false;
            connection.board
        };
        if shared.borrow().closed || !board.is_there() {
            return;
        }
        match answer {
            Ok(view) => {
                board.replace(view);
                open(&shared);
            }
            Err(AskError::SignedOut) => browser::leave_for("/sign-in?next=/"),
            Err(_) => lost(&shared),
        }
    });
}

/// The connection broke. The browser restores short breaks itself. It gives up when the server refuses, and does not say
/// why: then the floor is fetched, ever more patiently, which says it.
fn lost(shared: &Shared) {
    let mut connection = shared.borrow_mut();
    if connection.closed {
        return;
    }
    let gave_up = connection.source.as_ref().is_none_or(|source| source.ready_state() == EventSource::CLOSED);
    connection.failures += 1;
    let (board, failures) = (connection.board, connection.failures);
    let again = (gave_up && !connection.waiting).then(|| patience(failures, js_sys::Math::random()));
    connection.waiting |= again.is_some();
    drop(connection);
    set_link(board, Link::lost(failures, window().navigator().on_line()));
    if let Some(after) = again {
        let shared = Rc::clone(shared);
        set_timeout(move || refetch(&shared), after);
    }
}

/// Once a second: has the server fallen silent?
fn watch(shared: &Shared) {
    let connection = shared.borrow();
    let silent = browser::now() - connection.heard;
    let board = connection.board;
    let over = u128::try_from(silent).is_ok_and(|silent| silent > SILENCE.as_millis());
    let waiting = connection.waiting;
    drop(connection);
    board.tick();
    if over && !waiting {
        let mut connection = shared.borrow_mut();
        close(&mut connection);
        connection.heard = browser::now();
        drop(connection);
        lost(shared);
    }
}

fn close(connection: &mut Connection) {
    if let Some(source) = connection.source.take() {
        source.close();
    }
    connection.listeners.clear();
}

fn set_link(board: Board, link: Link) {
    if board.link.try_get_untracked().is_none_or(|now| now == link) {
        return;
    }
    board.link.set(link);
    if link != Link::Live {
        hands::interrupt(board);
    }
}
