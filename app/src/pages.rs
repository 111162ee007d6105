//! The pages.

pub(crate) mod audit;
pub(crate) mod calls;
pub(crate) mod denied;
pub(crate) mod floor;
pub(crate) mod join;
pub(crate) mod not_found;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod profile;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod twilio;
pub(crate) mod welcome;
