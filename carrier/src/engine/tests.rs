//! Stories of the network.
