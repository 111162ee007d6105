//! Keys that come as events among the packets (RFC 4733).

/// The keys by the number of their event.
const KEYS: &[u8; 16] = b"0123456789*#ABCD";

/// A keypad at the far end of a wire.
#[derive(Debug, Default)]
pub(crate) struct Keypad {
    /// The RTP time of the key that was pressed last: every packet about it has the same.
    last: Option<u32>,
}

impl Keypad {
    /// A packet about a key came: the key, if it is told of for the first time. Packets get lost, so the first that
    /// arrives counts and not the one that says that the key is pressed no more.
    pub(crate) fn event(&mut self, time: u32, payload: &[u8]) -> Option<char> {
        let [event, _, _, _] = payload.first_chunk::<4>()?;
        let key = KEYS.get(usize::from(*event))?;
        if self.last.replace(time) == Some(time) {
            return None;
        }
        Some(char::from(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_once() {
        let mut keypad = Keypad::default();
        let mut told = String::new();
        for (time, event) in [(0, 1), (0, 1), (0, 1), (800, 1), (1_600, 11), (1_600, 11), (2_400, 10), (3_200, 99)] {
            told.extend(keypad.event(time, &[event, 0x8a, 0x03, 0x20]));
        }
        assert_eq!(told, "11#*");
        assert_eq!(keypad.event(4_000, &[1]), None);
    }
}
