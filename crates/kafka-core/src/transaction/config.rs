//! The broker's settings for transactions, by Kafka's names.
//!
//! Mirrors `TransactionLogConfig`, `TransactionStateManagerConfig` and `AddPartitionsToTxnConfig`. Leaves out: segment
//! settings, `transactional.id.expiration.ms`.

use std::time::Duration;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionConfig {
    /// `transaction.state.log.num.partitions`
    pub state_log_num_partitions: u32,
    /// `transaction.state.log.replication.factor`
    pub state_log_replication_factor: u32,
    /// `transaction.state.log.min.isr`
    pub state_log_min_isr: u32,
    /// `transaction.max.timeout.ms`
    pub max_timeout: Duration,
    /// `transaction.abort.timed.out.transaction.cleanup.interval.ms`
    pub abort_timed_out_interval: Duration,
    /// `add.partitions.to.txn.retry.backoff.ms`
    pub add_partitions_retry_backoff: Duration,
    /// `add.partitions.to.txn.retry.backoff.max.ms`: for how long a broker asks again.
    pub add_partitions_retry_backoff_max: Duration,
}

impl Default for TransactionConfig {
    fn default() -> Self {
        Self {
            state_log_num_partitions: 50,
            state_log_replication_factor: 3,
            state_log_min_isr: 2,
            max_timeout: Duration::from_secs(15 * 60),
            abort_timed_out_interval: Duration::from_secs(10),
            add_partitions_retry_backoff: Duration::from_millis(20),
            add_partitions_retry_backoff_max: Duration::from_millis(100),
        }
    }
}
