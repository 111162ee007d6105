//! Switchyard's one binary.

fn main() {}
