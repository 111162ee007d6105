//! Stories of the network, told without a network.

mod audio;
mod calls;
mod conferences;
mod dials;
mod participants;
mod properties;
mod record;
mod town;
