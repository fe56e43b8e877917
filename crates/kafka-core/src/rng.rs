//! The only source of chance: SplitMix64, seeded by the scenario. Integers only, so that every
//! target draws the same numbers.

use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(u64);

impl Rng {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; `bound` must not be 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "a draw needs at least one possible outcome");
        // The high half times the bound, as in Lemire's reduction; the bias is below 2^-32 a draw.
        let product = (self.next_u64() >> 32) * u64::from(bound);
        u32::try_from(product >> 32).expect("a 32-bit number times a 32-bit bound has a 32-bit high half")
    }

    /// A duration in `0..=most`, to the microsecond.
    pub fn duration_up_to(&mut self, most: Duration) -> Duration {
        let bound = u32::try_from(most.as_micros()).map_or(u32::MAX, |micros| micros.saturating_add(1));
        Duration::from_micros(u64::from(self.below(bound)))
    }

    /// A version 4 UUID in its 36-character form, as `java.util.UUID.randomUUID` prints it.
    pub fn uuid(&mut self) -> String {
        let most = (self.next_u64() & !0xf000) | 0x4000;
        let least = (self.next_u64() & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            most >> 32,
            (most >> 16) & 0xffff,
            most & 0xffff,
            least >> 48,
            least & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_below_the_bound_and_reach_every_outcome() {
        let mut rng = Rng::new(7);
        let mut seen = [false; 3];
        for _ in 0..100 {
            seen[rng.below(3) as usize] = true;
        }
        assert_eq!(seen, [true; 3]);
    }

    #[test]
    fn a_uuid_carries_its_version_and_variant() {
        let uuid = Rng::new(1).uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
