//! Latencies and rates. Mirrors `ProducerPerformance.Stats`.

use std::time::Duration;

use kafka_core::time::SimTime;

use crate::tool::decimal::quotient;

/// How many latencies are kept at most.
const SAMPLES: u64 = 500_000;

const MEGABYTE: u128 = 1024 * 1024;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Stats {
    started: SimTime,
    /// Every so many records one latency is kept.
    sampling: u64,
    latencies: Vec<u64>,
    whole: Counts,
    window: Counts,
    window_started: SimTime,
    /// Milliseconds
    reporting_interval: u64,
    is_steady_state: bool,
    suppressed: bool,
}

/// Latencies are in milliseconds.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Counts {
    records: u64,
    bytes: u64,
    latency: u64,
    max_latency: u64,
}

impl Counts {
    fn add(&mut self, latency: u64, bytes: u64) {
        self.records += 1;
        self.bytes += bytes;
        self.latency += latency;
        self.max_latency = self.max_latency.max(latency);
    }

    /// `%d records sent, %.Nf records/sec (%.2f MB/sec)`
    fn rates(&self, kind: &str, elapsed: u128, digits: u32) -> String {
        let per_second = quotient(1000 * u128::from(self.records), elapsed, digits);
        let megabytes = quotient(1000 * u128::from(self.bytes), elapsed * MEGABYTE, 2);
        format!("{}{kind} records sent, {per_second} records/sec ({megabytes} MB/sec)", self.records)
    }

    /// `%.Nf ms avg latency, %.Nf ms max latency`
    fn latencies(&self, digits: u32) -> String {
        let average = quotient(u128::from(self.latency), u128::from(self.records), digits);
        let most = quotient(u128::from(self.max_latency), 1, digits);
        format!("{average} ms avg latency, {most} ms max latency")
    }
}

impl Stats {
    pub(super) fn new(records: u64, reporting_interval: u64, is_steady_state: bool, now: SimTime) -> Self {
        Self {
            started: now,
            sampling: (records / records.clamp(1, SAMPLES)).max(1),
            latencies: Vec::new(),
            whole: Counts::default(),
            window: Counts::default(),
            window_started: now,
            reporting_interval,
            is_steady_state,
            suppressed: false,
        }
    }

    pub(super) fn suppress_printing(&mut self) {
        self.suppressed = true;
    }

    /// Counts a record that was acknowledged; answers with what there is to report.
    pub(super) fn record(&mut self, latency: Duration, bytes: u64, now: SimTime) -> Option<String> {
        let latency = latency.as_millis() as u64;
        if self.whole.records.is_multiple_of(self.sampling) {
            self.latencies.push(latency);
        }
        self.whole.add(latency, bytes);
        self.window.add(latency, bytes);
        let elapsed = u128::from(now.as_millis() - self.window_started.as_millis());
        if elapsed < u128::from(self.reporting_interval) {
            return None;
        }
        let first = self.is_steady_state && self.whole.records == self.window.records;
        let (rates, latencies) = (self.window.rates("", elapsed, 1), self.window.latencies(1));
        self.window = Counts::default();
        self.window_started = now;
        let report = format!("{rates}, {latencies}.");
        match (first, self.suppressed) {
            (true, false) => Some(format!("In steady state.\n{report}")),
            (true, true) => Some("In steady state.".to_owned()),
            (false, false) => Some(report),
            (false, true) => None,
        }
    }

    pub(super) fn total(&self, now: SimTime) -> String {
        let elapsed = u128::from(now.as_millis() - self.started.as_millis());
        let kind = if self.is_steady_state { " steady state" } else { "" };
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        // Per mille of the sampled latencies.
        let percentile = |share: usize| sorted.get(sorted.len() * share / 1000).copied().unwrap_or_default();
        format!(
            "{}, {}, {} ms 50th, {} ms 95th, {} ms 99th, {} ms 99.9th.",
            self.whole.rates(kind, elapsed, 6),
            self.whole.latencies(2),
            percentile(500),
            percentile(950),
            percentile(990),
            percentile(999)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_has_the_form_of_kafkas() {
        let mut stats = Stats::new(3, 5000, false, SimTime::ZERO);
        for millis in [10, 20, 40] {
            let now = SimTime::from_micros(millis * 1000);
            assert_eq!(stats.record(Duration::from_millis(millis), 1_048_576, now), None);
        }
        assert_eq!(
            stats.total(SimTime::from_micros(2_000_000)),
            "3 records sent, 1.500000 records/sec (1.50 MB/sec), 23.33 ms avg latency, 40.00 ms max latency, 20 ms \
             50th, 40 ms 95th, 40 ms 99th, 40 ms 99.9th."
        );
        let report = stats.record(Duration::from_millis(5), 0, SimTime::from_micros(5_000_000));
        let expected =
            "4 records sent, 0.8 records/sec (0.60 MB/sec), 18.8 ms avg latency, 40.0 ms max latency.";
        assert_eq!(report.as_deref(), Some(expected));
    }
}
