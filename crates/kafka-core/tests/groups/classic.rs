//! What the recordings do not show of classic groups.

mod failover;
mod harness;
mod membership;
mod offsets;
mod properties;
mod rebalance;
