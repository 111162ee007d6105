//! A small map: a sorted list. The board's maps are built in order, all at once, and hold hundreds; trees and hash tables
//! for each of their types would be a tenth of the WebAssembly.

use std::ops::Index;

/// Keys with their values, in the order of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    /// A table of keys that come in order, each once.
    pub fn sorted(rows: Vec<(K, V)>) -> Self {
        debug_assert!(rows.is_sorted_by(|a, b| a.0 < b.0), "a table is made from sorted rows");
        Self(rows)
    }

    fn find(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Every row, in order.
    pub fn rows(&self) -> &[(K, V)] {
        &self.0
    }

    /// Forgets the rows that do not pass.
    pub fn retain(&mut self, keep: impl FnMut(&(K, V)) -> bool) {
        self.0.retain(keep);
    }
}

impl<K: Ord, V> Index<&K> for Table<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        // Like any index: only for keys that are known to be there.
        #[expect(clippy::expect_used, reason = "the caller's promise, as with every index")]
        self.get(key).expect("this key is in the table")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_in_order() {
        let mut table = Table::sorted(vec![(1, 'a'), (5, 'e')]);
        table.insert(3, 'c');
        table.insert(5, 'E');
        assert_eq!(table.rows().iter().map(|(key, _)| *key).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!((table[&5], table.get(&4), table.contains(&3)), ('E', None, true));
        table.retain(|(key, _)| *key != 3);
        assert!(!table.contains(&3));
    }
}
