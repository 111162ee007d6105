//! Telling programs elsewhere what happens to calls: <https://www.standardwebhooks.com>. What is to be told is written with
//! the floor's events; `deliver` takes it from there, `send` sends it, and `forms` is where admins say whom to tell.

mod address;
mod deliver;
mod forms;
mod secret;
mod send;

pub use self::{
    address::host,
    deliver::run,
    forms::{add, again, back, edit, home, remove, renew, switch, test},
    secret::reseal,
    send::Sender,
};
