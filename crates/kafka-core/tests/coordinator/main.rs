//! What the recordings do not show: promises of the classic coordinator, one by one.

mod failover;
mod harness;
mod membership;
mod offsets;
mod rebalance;
