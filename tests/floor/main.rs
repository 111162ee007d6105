//! The rules of the floor, by themselves: laws on random histories, and stories.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod added;
mod broken_lines;
mod history;
mod laws;
mod memory;
mod messages;
mod mobile;
mod numbers;
mod random;
mod seats;
mod second_calls;
mod settings;
mod stories;
mod together;
mod voicemail;
