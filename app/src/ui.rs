//! The small parts that every page is made of.

pub(crate) mod avatar;
pub(crate) mod browser;
#[cfg(feature = "ssr")]
pub(crate) mod country;
pub(crate) mod icon;
pub(crate) mod live;
pub(crate) mod mark;
pub(crate) mod menu;
pub(crate) mod moment;
pub(crate) mod player;
pub(crate) mod switches;
#[cfg(feature = "ssr")]
pub(crate) mod table;
pub(crate) mod timer;
