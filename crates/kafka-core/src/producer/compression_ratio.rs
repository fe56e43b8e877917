//! How well a topic's records compress, learnt from batch to batch.
//!
//! Mirrors `CompressionRatioEstimator`. Kafka counts in floating point, so that an estimate of a size may differ by a
//! byte.

const ONE: u64 = 1_000_000;
const IMPROVING_STEP: u64 = 5_000;
const DETERIORATE_STEP: u64 = 50_000;

/// Compressed size by uncompressed size, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct CompressionRatio(u64);

impl CompressionRatio {
    /// `CompressionType.rate`: nothing is expected of a codec before it was seen at work.
    pub(super) const INITIAL: Self = Self(ONE);

    /// Of a batch with records; sizes in bytes.
    pub(super) fn observed(compressed: u32, uncompressed: u32) -> Self {
        Self(u64::from(compressed) * ONE / u64::from(uncompressed.max(1)))
    }

    /// `updateEstimation`: quick to believe in bad ratios, slow to believe in good ones.
    pub(super) fn update(&mut self, observed: Self) {
        if observed > *self {
            self.0 = observed.0.max(self.0 + DETERIORATE_STEP);
        } else {
            self.0 = observed.0.max(self.0.saturating_sub(IMPROVING_STEP));
        }
    }

    /// What so many bytes are expected to take, with the twentieth more of
    /// `MemoryRecordsBuilder.COMPRESSION_RATE_ESTIMATION_FACTOR`.
    pub(super) fn estimate(self, uncompressed: u32) -> u32 {
        (u64::from(uncompressed) * self.0 * 105 / (ONE * 100)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_gets_better_slowly_and_worse_at_once() {
        let mut ratio = CompressionRatio::INITIAL;
        assert_eq!(ratio.estimate(1000), 1050);
        ratio.update(CompressionRatio::observed(100, 1000));
        assert_eq!(ratio, CompressionRatio(995_000));
        for _ in 0..200 {
            ratio.update(CompressionRatio::observed(100, 1000));
        }
        assert_eq!((ratio, ratio.estimate(1000)), (CompressionRatio(100_000), 105));
        ratio.update(CompressionRatio::observed(101, 1000));
        assert_eq!(ratio, CompressionRatio(150_000));
        ratio.update(CompressionRatio::observed(900, 1000));
        assert_eq!(ratio, CompressionRatio(900_000));
    }
}
