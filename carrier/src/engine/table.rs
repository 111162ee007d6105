//! Things by SID, in the order in which they were made.

use std::collections::{HashMap, VecDeque};

/// Values by SID.
#[derive(Debug)]
pub(crate) struct Table<T> {
    entries: HashMap<String, T>,
    /// The oldest first.
    order: VecDeque<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T> Table<T> {
    pub(crate) fn insert(&mut self, sid: String, value: T) {
        if self.entries.insert(sid.clone(), value).is_none() {
            self.order.push_back(sid);
        }
    }

    pub(crate) fn get(&self, sid: &str) -> Option<&T> {
        self.entries.get(sid)
    }

    pub(crate) fn get_mut(&mut self, sid: &str) -> Option<&mut T> {
        self.entries.get_mut(sid)
    }

    pub(crate) fn remove(&mut self, sid: &str) -> Option<T> {
        self.order.retain(|one| one != sid);
        self.entries.remove(sid)
    }

    /// All of them, the newest first, as Twilio lists them.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &T> {
        self.order.iter().rev().filter_map(|sid| self.entries.get(sid))
    }

    /// Drops entries that ended: those that `old` says so of, and the oldest of those beyond `most`.
    /// `old` gives `None` for what has not ended, which always stays.
    pub(crate) fn forget(&mut self, most: usize, old: impl Fn(&T) -> Option<bool>) {
        let ended = self.entries.values().filter(|value| old(value).is_some()).count();
        let mut surplus = ended.saturating_sub(most);
        let entries = &mut self.entries;
        self.order.retain(|sid| {
            let drop = match entries.get(sid).map(&old) {
                None => true,
                Some(None) => false,
                Some(Some(expired)) => expired || surplus > 0,
            };
            if drop {
                surplus = surplus.saturating_sub(1);
                entries.remove(sid);
            }
            !drop
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_is_forgotten_and_what_lives_stays() {
        let mut table = Table::default();
        for (sid, ended) in [("a", None), ("b", Some(true)), ("c", Some(false)), ("d", Some(false))] {
            table.insert(sid.to_owned(), (sid, ended));
        }
        table.forget(2, |(_, ended)| *ended);
        assert_eq!(table.newest().map(|(sid, _)| *sid).collect::<Vec<_>>(), ["d", "c", "a"]);
        table.forget(1, |(_, ended)| *ended);
        assert_eq!(table.newest().map(|(sid, _)| *sid).collect::<Vec<_>>(), ["d", "a"]);
    }
}
