//! Icons, drawn as single paths on a grid of 16. They never stand alone: words say the same.

use leptos::prelude::*;
use switchyard::agent::Status;

use crate::ui::live::word;

/// An icon's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

impl Icon {
    pub(crate) const CHECK: Self = Self(
        "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3.2 5.1-3.7 4.2a.8.8 0 0 1-1.2 0L4.8 9.2l1.1-1 1 1.1 3.2-3.7 1.1 1Z",
    );
    pub(crate) const PAUSE: Self = Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM4.8 7.2h6.4v1.6H4.8V7.2Z");
    pub(crate) const RING: Self =
        Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM3.1 8a4.9 4.9 0 1 1 9.8 0 4.9 4.9 0 0 1-9.8 0Z");
    pub(crate) const BELL: Self = Self(
        "M8 1.3c.5 0 .9.4.9.9v.3A4.2 4.2 0 0 1 12.2 6.6v2.7l1.3 1.9v.8h-11v-.8l1.3-1.9V6.6a4.2 4.2 0 0 1 3.3-4.1v-.3c0-.5.4-.9.9-.9ZM6.2 12.9h3.6a1.8 1.8 0 0 1-3.6 0Z",
    );
    pub(crate) const PHONE: Self = Self(
        "M4.3 1.7 6 2.2l.9 3-1.5 1.3a8.5 8.5 0 0 0 4.1 4.1l1.3-1.5 3 .9.5 1.7c-.3 1.5-1.3 2.5-2.7 2.5A10.3 10.3 0 0 1 1.8 4.4c0-1.4 1-2.4 2.5-2.7Z",
    );
    pub(crate) const PENCIL: Self = Self(
        "M11.3 1.9a1.5 1.5 0 0 1 2.1 0l.7.7c.6.6.6 1.5 0 2.1l-8 8-3.6.8.8-3.6 8-8ZM4.7 10.6l-.3 1 1-.3 6-6-.7-.7-6 6Z",
    );
    pub(crate) const WARNING: Self = Self("M8 1.6 15 14H1L8 1.6ZM7.2 6v4h1.6V6H7.2Zm0 5v1.6h1.6V11H7.2Z");
    pub(crate) const DOTS: Self = Self(
        "M3 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8Zm5 0a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8Zm5 0a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8Z",
    );
    pub(crate) const PARK: Self = Self(
        "M3.5 1.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9c0-1.1.9-2 2-2ZM5.6 4v8h1.6V9.5h1.3a2.750 2.750 0 0 0 0-5.5H5.6Zm1.6 1.5h1.2a1.250 1.250 0 0 1 0 2.5H7.2V5.5Z",
    );
    pub(crate) const HANG_UP: Self = Self(
        "M8 5.2c2.6 0 4.9.8 6.4 2.2.6.6.6 1.5.2 2.4l-.5 1-3-.7-.3-2A8.6 8.6 0 0 0 8 7.7c-1 0-1.9.1-2.8.4l-.3 2-3 .7-.5-1c-.4-.9-.4-1.8.2-2.4C3.1 6 5.4 5.2 8 5.2Z",
    );
    pub(crate) const SUN: Self = Self(
        "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM7.2 1h1.6v2H7.2V1Zm0 12h1.6v2H7.2v-2ZM1 7.2h2v1.6H1V7.2Zm12 0h2v1.6h-2V7.2ZM2.5 3.6l1.1-1.1L5 3.9 3.9 5 2.5 3.6Zm8.5 8.5 1.1-1.1 1.4 1.4-1.1 1.1L11 12.1ZM2.5 12.4 3.9 11 5 12.1l-1.4 1.4-1.1-1.1ZM11 3.9l1.4-1.4 1.1 1.1L12.1 5 11 3.9Z",
    );
    pub(crate) const MOON: Self = Self("M6.3 1.7a5.5 5.5 0 0 0 8 8A6.5 6.5 0 1 1 6.3 1.7Z");
    pub(crate) const HALF: Self = Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 3v10A5 5 0 0 1 8 3Z");
    pub(crate) const LEAVE: Self =
        Self("M2 2h7v1.6H3.6v8.8H9V14H2V2Zm8.3 2.5L13.8 8l-3.5 3.5-1.1-1.1 1.6-1.6H6V7.2h4.8L9.2 5.6l1.1-1.1Z");
    pub(crate) const HISTORY: Self = Self(
        "M8 1.5a6.5 6.5 0 1 1-6.3 8.2l1.5-.4A4.9 4.9 0 1 0 4.2 4.9H6v1.6H1.5V2h1.6v1.7A6.5 6.5 0 0 1 8 1.5Zm-.7 3h1.5v3.2l2.2 1.3-.8 1.3-2.9-1.7V4.5Z",
    );
    pub(crate) const CONTACT: Self = Self(
        "M8 1.5a3.200 3.200 0 1 1 0 6.400 3.200 3.200 0 0 1 0-6.400ZM1.800 14.500c0-3.400 2.700-5.300 6.200-5.300s6.200 1.900 6.200 5.300H1.800Z",
    );
    pub(crate) const VOICEMAIL: Self = Self(
        "M4.200 4.500a3.500 3.500 0 0 1 2.870 5.500h1.860a3.500 3.500 0 1 1 2.870 1.500H4.200a3.500 3.500 0 0 1 0-7Zm0 1.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4Zm7.600 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
    );
    pub(crate) const HELP: Self = Self(
        "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm-.8 9.5h1.6v1.5H7.2V11Zm.8-7c1.6 0 2.7 1 2.7 2.4 0 1.1-.6 1.7-1.2 2.2-.5.4-.7.6-.7 1.2v.4H7.2v-.5c0-1.2.6-1.8 1.2-2.3.5-.4.7-.6.7-1 0-.5-.4-.9-1.1-.9s-1.1.4-1.2 1.1H5.3C5.4 5 6.4 4 8 4Z",
    );
    pub(crate) const ARROW: Self = Self("M9 3l5 5-5 5-1.1-1.1 3.1-3.1H2V7.2h9L7.9 4.1 9 3Z");
    pub(crate) const ADD: Self = Self(
        "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM7.2 4.6h1.6v2.600h2.600v1.600H8.800v2.600H7.200V8.800H4.600V7.200h2.600V4.600Z",
    );
    pub(crate) const CLOSE: Self = Self("m4 2.9 4 4 4-4L13.1 4l-4 4 4 4-1.1 1.1-4-4-4 4L2.9 12l4-4-4-4L4 2.9Z");

    pub(crate) const MOBILE: Self = Self(
        "M5 1h6a1.500 1.500 0 0 1 1.500 1.500v11A1.500 1.500 0 0 1 11 15H5a1.500 1.500 0 0 1-1.500-1.500v-11A1.500 1.500 0 0 1 5 1Zm.1 1.600v8.800h5.800V2.600H5.100ZM7.200 12.600v1.300h1.600v-1.300H7.200Z",
    );
    pub(crate) const MIC: Self = Self(
        "M8 1.5a2.200 2.200 0 0 1 2.200 2.200v4a2.200 2.200 0 0 1-4.400 0v-4A2.200 2.200 0 0 1 8 1.500ZM3.800 7.200h1.500a2.700 2.700 0 0 0 5.400 0h1.500a4.200 4.200 0 0 1-3.450 4.100V14.500h-1.500v-3.200A4.200 4.200 0 0 1 3.800 7.200Z",
    );
    pub(crate) const SPEAKER: Self = Self(
        "M2 5.700h2.600L8.200 2.700v10.600L4.600 10.300H2V5.700Zm8-.900a4.200 4.200 0 0 1 0 6.400l-.900-1.100a2.800 2.800 0 0 0 0-4.200l.900-1.100Zm1.900-2.100a7 7 0 0 1 0 10.600l-.900-1.100a5.600 5.600 0 0 0 0-8.400l.900-1.100Z",
    );
    pub(crate) const KEYPAD: Self = Self(
        "M2.500 2h2.800v2.800H2.500V2Zm4.100 0h2.800v2.800H6.600V2Zm4.100 0h2.800v2.800h-2.800V2ZM2.500 6.600h2.800v2.800H2.500V6.600Zm4.100 0h2.800v2.800H6.600V6.600Zm4.100 0h2.800v2.800h-2.800V6.600ZM2.500 11.200h2.800V14H2.500v-2.800Zm4.100 0h2.800V14H6.600v-2.800Zm4.100 0h2.800V14h-2.800v-2.800Z",
    );
    pub(crate) const GEAR: Self = Self(
        "M3 3.200h4.100a1.800 1.800 0 0 1 3.400 0H13v1.500h-2.500a1.800 1.800 0 0 1-3.400 0H3V3.200Zm0 4.050h1.100a1.800 1.800 0 0 1 3.400 0H13v1.500H7.500a1.800 1.800 0 0 1-3.400 0H3v-1.500Zm0 4.050h5.100a1.800 1.800 0 0 1 3.400 0H13v1.500h-1.500a1.800 1.800 0 0 1-3.400 0H3v-1.500Z",
    );

    /// The icon of a status: each has its own shape, not only its colour.
    pub(crate) fn of(status: Status) -> Self {
        match status {
            Status::Available => Self::CHECK,
            Status::Away => Self::PAUSE,
            Status::Offline => Self::RING,
            Status::Ringing => Self::BELL,
            Status::OnCall => Self::PHONE,
            Status::WrapUp => Self::PENCIL,
        }
    }
}

/// Draws an icon as large as the text around it.
pub(crate) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d=icon.0></path>
        </svg>
    }
}

/// Draws an icon that changes.
pub(crate) fn live_icon(icon: impl Fn() -> Icon + Send + Sync + 'static) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d=word(move || icon().0)></path>
        </svg>
    }
}
