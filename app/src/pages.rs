//! The pages.

pub(crate) mod calls;
pub(crate) mod floor;
pub(crate) mod not_found;
pub(crate) mod sign_in;
pub(crate) mod twilio;
