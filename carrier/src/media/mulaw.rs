//! G.711 µ-law, the one codec that is spoken here (ITU-T G.711; RTP payload type 0).

/// Added before the logarithm is taken, so that the smallest step is not zero.
const BIAS: i32 = 0x84;

/// The loudest that can be written.
const MOST: i32 = 32_635;

/// Nothing.
pub(crate) const SILENCE: u8 = 0xff;

/// A linear sample as one byte.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the parts are masked to their bits")]
pub(crate) const fn encode(sample: i16) -> u8 {
    let sample = sample as i32;
    let (sign, magnitude) = if sample < 0 { (0x80, -sample) } else { (0, sample) };
    let magnitude = if magnitude > MOST { MOST } else { magnitude } + BIAS;
    let exponent = 24 - magnitude.leading_zeros().cast_signed();
    let mantissa = (magnitude >> (exponent + 3)) & 0x0f;
    !((sign | (exponent << 4) | mantissa) as u8)
}

/// A byte as a linear sample.
pub(crate) fn decode(byte: u8) -> i16 {
    DECODED[usize::from(byte)]
}

static DECODED: [i16; 256] = table();

#[expect(clippy::cast_possible_truncation, reason = "the loudest is 32124")]
const fn table() -> [i16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let bits = !(byte as u8);
        let exponent = (bits >> 4) & 7;
        let magnitude = (((((bits & 0x0f) as i32) << 3) + BIAS) << exponent) - BIAS;
        table[byte] = if bits & 0x80 != 0 { -magnitude as i16 } else { magnitude as i16 };
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=255_u8 {
            // Two bytes mean nothing; one of them is written.
            let again = encode(decode(byte));
            assert!(again == byte || (byte == 0x7f && again == SILENCE), "{byte:#x} {again:#x}");
        }
        assert_eq!((decode(SILENCE), decode(0x80), decode(0x00)), (0, 32_124, -32_124));
        assert_eq!((encode(i16::MIN), encode(i16::MAX)), (0x00, 0x80));
    }
}
