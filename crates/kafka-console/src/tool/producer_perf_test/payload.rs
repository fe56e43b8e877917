//! What the records hold. Mirrors `ProducerPerformance.generateRandomPayload` and `java.util.SplittableRandom`.

use std::rc::Rc;

use kafka_core::record::Bytes;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Payload {
    /// So many random letters from A to Z.
    Letters { size: u32, random: SplittableRandom },
    /// The record's number.
    Monotonic,
    /// One of these, by chance.
    Lines { lines: Rc<[Bytes]>, random: SplittableRandom },
}

impl Payload {
    pub(super) fn next(&mut self, number: u64) -> Bytes {
        match self {
            Self::Letters { size, random } => (0..*size).map(|_| b'A' + random.below(26) as u8).collect(),
            Self::Monotonic => number.to_string().into_bytes().into(),
            Self::Lines { lines, random } => {
                let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
                lines[random.below(count) as usize].clone()
            }
        }
    }
}

/// `new SplittableRandom(0)`
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct SplittableRandom {
    seed: u64,
}

impl SplittableRandom {
    /// `nextInt(bound)`, for a bound from 1 to 2^31 - 1.
    fn below(&mut self, bound: u32) -> u32 {
        let mut random = self.next();
        if bound.is_power_of_two() {
            return random & (bound - 1);
        }
        loop {
            let positive = random >> 1;
            let remainder = positive % bound;
            // Numbers beyond the last whole multiple of the bound are drawn again.
            if positive - remainder <= i32::MAX as u32 - (bound - 1) {
                return remainder;
            }
            random = self.next();
        }
    }

    fn next(&mut self) -> u32 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ (self.seed >> 33)).wrapping_mul(0x62a9_d9ed_7997_05f5);
        ((mixed ^ (mixed >> 28)).wrapping_mul(0xcb24_d0a5_c88c_35b3) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_letters_and_the_same_every_time() {
        let mut payload = Payload::Letters { size: 1000, random: SplittableRandom::default() };
        let first = payload.next(0);
        assert!(first.iter().all(u8::is_ascii_uppercase));
        assert_ne!(first, payload.next(1));
        let again = Payload::Letters { size: 1000, random: SplittableRandom::default() }.next(0);
        assert_eq!(first, again);
    }
}
