//! Keeps the browser's floor up to date: events come as a stream, gaps are filled with a snapshot, and what is shown
//! says whether it is true now.

mod connection;
pub(crate) mod feed;
mod link;

pub(crate) use self::{connection::start, link::Link};
