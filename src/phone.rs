//! Phone numbers as people read them.

/// Country codes of two digits. 1 and 7 stand alone, all others have three: codes are prefix-free (ITU-T E.164, annex D).
const TWO_DIGITS: &str = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 \
    55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";

/// A number in groups that can be read aloud: `+40722111222` → `+40 722 111 222`, `+15551234567` → `+1 555 123 4567`.
/// What is not E.164 (a withheld number) is returned as it is.
pub fn readable(number: &str) -> String {
    let Some(digits) = number.strip_prefix('+') else { return number.to_owned() };
    if digits.len() < 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return number.to_owned();
    }
    let code = match &digits[..2] {
        two if two.starts_with('1') || two.starts_with('7') => 1,
        two if TWO_DIGITS.split(' ').any(|code| code == two) => 2,
        _ => 3,
    };
    let (code, rest) = digits.split_at(code);
    let mut out = format!("+{code}");
    let mut left = rest;
    while !left.is_empty() {
        // Groups of three, and a last group of four rather than one left alone.
        let take = if left.len() <= 4 { left.len() } else { 3 };
        let (group, tail) = left.split_at(take);
        out.push(' ');
        out.push_str(group);
        left = tail;
    }
    out
}

/// Whether this is a number in E.164: `+`, then 8 to 15 digits, the first not 0.
pub fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_reading() {
        assert_eq!(readable("+40722111222"), "+40 722 111 222");
        assert_eq!(readable("+15551234567"), "+1 555 123 4567");
        assert_eq!(readable("+37322123456"), "+373 221 234 56");
        assert_eq!(readable("anonymous"), "anonymous");
        assert_eq!(readable("+ă2345678"), "+ă2345678");
    }

    #[test]
    fn e164_is_recognised() {
        assert!(is_e164("+40312345678"));
        for wrong in ["40312345678", "+0312345678", "+1", "+4031234567890123", "+40 312 345 678", "anonymous", ""] {
            assert!(!is_e164(wrong), "{wrong}");
        }
    }
}
