//! The floor on which calls are dragged.
//!
//! `layout` says where each card is, `drag` is the life of one drag, `moves` lists what can be done with a call, `reach`
//! what becomes of a colleague: all are pure. `state` holds the signals between them and the page; the rest draws, listens and speaks.

mod agent_card;
mod announce;
mod call_card;
pub mod drag;
mod finder;
mod floor_board;
mod ghost;
mod glide;
pub(crate) mod hands;
mod header;
mod help;
mod keyboard;
pub mod layout;
mod move_menu;
pub mod moves;
mod parking_lot;
mod pointer;
mod presence;
mod reach;
mod shortcuts;
mod state;
pub mod table;
mod targets;
mod waiting_line;

#[cfg(feature = "ssr")]
pub(crate) use self::header::{SignOut, new_count};
pub(crate) use self::{
    floor_board::{BOARD, BOARD_DATA, FloorBoard},
    glide::Rect,
    state::Board,
};
