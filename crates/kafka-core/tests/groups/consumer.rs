//! KIP-848 groups beyond the recordings.

mod clients;
mod desk;
mod migration;
mod promises;
mod properties;
mod run;
