//! Icons, drawn as single paths on a grid of 16. They never stand alone: words say the same.

use leptos::prelude::*;
use switchyard::agent::Status;

/// An icon's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

impl Icon {
    pub(crate) const CHECK: Self = Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3.2 5.1-3.7 4.2a.8.8 0 0 1-1.2 0L4.8 9.2l1.1-1 1 1.1 3.2-3.7 1.1 1Z");
    pub(crate) const PAUSE: Self = Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM4.8 7.2h6.4v1.6H4.8V7.2Z");
    pub(crate) const RING: Self = Self("M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM3.1 8a4.9 4.9 0 1 1 9.8 0 4.9 4.9 0 0 1-9.8 0Z");
    pub(crate) const BELL: Self = Self("M8 1.3c.5 0 .9.4.9.9v.3A4.2 4.2 0 0 1 12.2 6.600v2.7l1.300 1.9v.8h-11v-.8l1.300-1.9V6.600a4.2 4.2 0 0 1 3.300-4.100v-.3c0-.5.4-.9.9-.9ZM6.200 12.900h3.600a1.800 1.800 0 0 1-3.600 0Z");
    pub(crate) const PHONE: Self = Self("M4.300 1.700 6 2.200l.9 3-1.500 1.300a8.500 8.500 0 0 0 4.100 4.100l1.300-1.500 3 .9.5 1.700c-.3 1.500-1.300 2.500-2.700 2.500A10.300 10.300 0 0 1 1.800 4.400c0-1.400 1-2.400 2.500-2.700Z");
    pub(crate) const PENCIL: Self = Self("M11.300 1.900a1.500 1.500 0 0 1 2.100 0l.7.7c.6.6.6 1.500 0 2.100l-8 8-3.600.8.800-3.600 8-8ZM4.700 10.600l-.3 1 1-.3 6-6-.7-.7-6 6Z");
    pub(crate) const WARNING: Self = Self("M8 1.600 15 14H1L8 1.600ZM7.200 6v4h1.600V6H7.200Zm0 5v1.600h1.600V11H7.200Z");
    pub(crate) const DOTS: Self = Self("M3 6.600a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800Zm5 0a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800Zm5 0a1.400 1.400 0 1 1 0 2.800 1.400 1.400 0 0 1 0-2.800Z");
    pub(crate) const PARK: Self = Self("M3.500 1.500h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9c0-1.100.900-2 2-2ZM5.600 4v8h1.600V9.500h1.300a2.750 2.750 0 0 0 0-5.500H5.600Zm1.600 1.500h1.200a1.250 1.250 0 0 1 0 2.500H7.200V5.500Z");
    pub(crate) const HANG_UP: Self = Self("M8 5.200c2.600 0 4.900.8 6.400 2.200.6.600.600 1.500.200 2.400l-.5 1-3-.700-.3-2A8.600 8.600 0 0 0 8 7.700c-1 0-1.900.1-2.800.4l-.3 2-3 .700-.5-1c-.4-.9-.4-1.800.2-2.400C3.100 6 5.400 5.200 8 5.200Z");
    pub(crate) const GLOBE: Self = Self("M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm4.700 4.300h-1.900a9 9 0 0 0-.9-2.500 5 5 0 0 1 2.800 2.500ZM8 3.100c.5.600 1 1.500 1.200 2.700H6.800C7 4.600 7.500 3.700 8 3.100ZM3.300 5.800a5 5 0 0 1 2.800-2.500 9 9 0 0 0-.9 2.500H3.300Zm0 4.400a5 5 0 0 1 0-3h1.700a12 12 0 0 0 0 3H3.300Zm2.800 2.500a5 5 0 0 1-2.500-1.500h1.600c.2.600.500 1.100.9 1.500ZM8 12.900c-.5-.500-.900-1.100-1.100-1.700h2.200c-.2.600-.6 1.200-1.100 1.700Zm1.500-2.700h-3a10 10 0 0 1 0-3h3a10 10 0 0 1 0 3Zm.4 2.500c.4-.4.700-.9.900-1.500h1.600a5 5 0 0 1-2.500 1.500Zm1.100-2.500a12 12 0 0 0 0-3h1.700a5 5 0 0 1 0 3H11Z");
    pub(crate) const SUN: Self = Self("M8 4.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7ZM7.200 1h1.600v2H7.200V1Zm0 12h1.600v2H7.200v-2ZM1 7.200h2v1.600H1V7.200Zm12 0h2v1.600h-2V7.200ZM2.500 3.600l1.100-1.100L5 3.900 3.900 5 2.500 3.600Zm8.500 8.500 1.100-1.100 1.400 1.400-1.100 1.100L11 12.100ZM2.500 12.400 3.900 11 5 12.100l-1.400 1.400-1.100-1.100ZM11 3.900l1.400-1.400 1.100 1.100L12.100 5 11 3.900Z");
    pub(crate) const MOON: Self = Self("M6.300 1.700a5.500 5.500 0 0 0 8 8A6.500 6.500 0 1 1 6.300 1.700Z");
    pub(crate) const HALF: Self = Self("M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13ZM8 3v10A5 5 0 0 1 8 3Z");
    pub(crate) const LEAVE: Self = Self("M2 2h7v1.600H3.600v8.800H9V14H2V2Zm8.300 2.500L13.800 8l-3.500 3.500-1.100-1.100 1.600-1.600H6V7.200h4.800L9.200 5.600l1.100-1.100Z");
    pub(crate) const HISTORY: Self = Self("M8 1.500a6.500 6.500 0 1 1-6.300 8.200l1.500-.4A4.900 4.900 0 1 0 4.200 4.900H6v1.600H1.500V2h1.600v1.700A6.500 6.500 0 0 1 8 1.500Zm-.7 3h1.500v3.200l2.200 1.300-.8 1.300-2.900-1.700V4.500Z");
    pub(crate) const HELP: Self = Self("M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm-.8 9.500h1.600v1.500H7.200V11Zm.8-7c1.600 0 2.700 1 2.700 2.400 0 1.100-.6 1.700-1.200 2.200-.5.4-.7.6-.7 1.200v.4H7.200v-.5c0-1.200.6-1.800 1.200-2.300.5-.4.7-.6.7-1 0-.5-.4-.9-1.100-.9s-1.100.4-1.200 1.100H5.300C5.400 5 6.400 4 8 4Z");
    pub(crate) const ARROW: Self = Self("M9 3l5 5-5 5-1.100-1.100 3.100-3.100H2V7.200h9L7.900 4.100 9 3Z");
    pub(crate) const CLOSE: Self = Self("m4 2.900 4 4 4-4L13.100 4l-4 4 4 4-1.100 1.100-4-4-4 4L2.900 12l4-4-4-4L4 2.900Z");

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
pub(crate) fn live_icon(icon: impl Fn() -> Icon + Send + 'static) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path fill-rule="evenodd" d=move || icon().0></path>
        </svg>
    }
}
