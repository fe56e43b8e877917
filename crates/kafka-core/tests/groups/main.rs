//! The group coordinator beyond the recordings: its promises, one by one and for whatever clients do.

mod classic;
mod consumer;
mod stand;
