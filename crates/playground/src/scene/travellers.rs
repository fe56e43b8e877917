//! What is on its way. A traveller's place follows from two times and the clock, so it can be drawn for any
//! moment, forwards and backwards.

use std::rc::Rc;

use kafka_core::protocol::{Api, ErrorCode};

use super::{Anchor, Hue};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Traveller {
    /// The same from departure to arrival, and nobody else's.
    pub id: u64,
    pub from: Anchor,
    pub to: Anchor,
    /// Per mille of the way.
    pub progress: u16,
    pub cargo: Cargo,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cargo {
    /// Records, by colour; how many more there are than drawn.
    Records {
        hues: Rc<[Hue]>,
        more: u32,
    },
    Acknowledgement {
        error: Option<ErrorCode>,
    },
    Request(Api),
    Response {
        api: Api,
        error: Option<ErrorCode>,
    },
}

impl Cargo {
    pub const SHOWN: usize = 5;
}
