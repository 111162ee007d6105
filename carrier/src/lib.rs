//! Carrier.
