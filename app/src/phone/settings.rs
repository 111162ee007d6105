//! Microphone, speaker and ring: each to choose and to test.

use std::cell::RefCell;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{AnalyserNode, AudioContext, Event, HtmlSelectElement, KeyboardEvent, MediaStream};

use super::{
    Panel,
    devices::{self, Kind},
    levels, load, said,
};
use crate::{
    board::Board,
    say,
    ui::{browser, live::truth},
};

/// The meter of the microphone's test.
const METER: &str = "phone-level-test";
/// How long a microphone is listened to.
const LISTEN_MILLIS: u64 = 6_000;
const STEP_MILLIS: u64 = 60;

struct Test {
    stream: MediaStream,
    context: AudioContext,
    clock: IntervalHandle,
}

thread_local! {
    static TEST: RefCell<Option<Test>> = const { RefCell::new(None) };
}

/// The panel.
pub(super) fn settings(board: Board) -> impl IntoView {
    let lang = board.lang;
    let panel = board.phone().panel;
    view! {
        <div
            class="phone-panel"
            role="group"
            aria-label=say!(lang, phone.settings)
            hidden=truth(move || panel.get() != Panel::Settings)
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Escape" {
                    panel.set(Panel::Closed);
                }
            }
        >
            {row(board, Kind::Microphone, "phone-microphone", say!(lang, phone.microphone))}
            <span class="meter" id=METER aria-hidden="true"></span>
            {row(board, Kind::Speaker, "phone-speaker", say!(lang, phone.speaker))}
            {row(board, Kind::Ring, "phone-ringer", say!(lang, phone.ring))}
        </div>
    }
}

fn row(board: Board, kind: Kind, id: &'static str, words: &'static str) -> impl IntoView {
    let lang = board.lang;
    let choices = move || {
        let chosen = if cfg!(feature = "ssr") { None } else { devices::chosen(kind) };
        let found = board.phone().devices.get();
        let fitting = found.into_iter().filter(|choice| choice.input == (kind == Kind::Microphone));
        fitting
            .map(|choice| {
                let selected = chosen.as_deref() == Some(choice.id.as_str());
                view! { <option value=choice.id selected=selected>{choice.label}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="phone-device">
            <label for=id>{words}</label>
            <select
                id=id
                on:change=move |event: Event| {
                    if let Some(select) = browser::target(&event).and_then(|at| at.dyn_into::<HtmlSelectElement>().ok()) {
                        devices::choose(kind, &select.value());
                    }
                }
            >
                <option value="">{say!(lang, phone.system)}</option>
                {choices}
            </select>
            <button type="button" class="button" aria-label=say!(lang, phone.test_of, device = words) on:click=move |_| test(board, kind)>
                {say!(lang, phone.test)}
            </button>
        </div>
    }
}

fn test(board: Board, kind: Kind) {
    if kind != Kind::Microphone {
        devices::test(kind);
        return;
    }
    stop();
    spawn_local(async move {
        let asked = load::ask_microphone(devices::chosen_and_there(board).as_deref());
        let stream = match asked {
            Ok(asked) => load::microphone_given(asked).await,
            Err(trouble) => Err(trouble),
        };
        if !board.is_there() {
            return;
        }
        match stream {
            Ok(stream) => listen(stream),
            Err(trouble) => board.speech.warn(said::trouble(board.lang, &trouble)),
        }
        // Names of devices are told only to pages that may use one.
        devices::refresh(board);
    });
}

/// Shows for some seconds how loud it is.
fn listen(stream: MediaStream) {
    let Some((context, analyser)) = analyse(&stream) else {
        load::close(&stream);
        return;
    };
    let mut left = LISTEN_MILLIS / STEP_MILLIS;
    let mut samples = [0_u8; 256];
    let tick = RefCell::new(move || {
        analyser.get_byte_time_domain_data(&mut samples);
        let loudest = samples.iter().map(|sample| sample.abs_diff(128)).max().unwrap_or_default();
        levels::show(METER, f64::from(loudest) / 128.0);
        left = left.saturating_sub(1);
        if left == 0 {
            stop();
        }
    });
    let tick = move || (tick.borrow_mut())();
    match set_interval_with_handle(tick, std::time::Duration::from_millis(STEP_MILLIS)) {
        Ok(clock) => TEST.with_borrow_mut(|test| *test = Some(Test { stream, context, clock })),
        Err(_) => load::close(&stream),
    }
}

fn analyse(stream: &MediaStream) -> Option<(AudioContext, AnalyserNode)> {
    let context = AudioContext::new().ok()?;
    let analyser = context.create_analyser().ok()?;
    analyser.set_fft_size(256);
    context.create_media_stream_source(stream).ok()?.connect_with_audio_node(&analyser).ok()?;
    Some((context, analyser))
}

fn stop() {
    if let Some(Test { stream, context, clock }) = TEST.with_borrow_mut(Option::take) {
        clock.clear();
        load::close(&stream);
        let _ = context.close();
        levels::show(METER, 0.0);
    }
}
