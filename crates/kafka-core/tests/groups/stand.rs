//! One coordinator with its clock, its timers and its log: what every test of a group stands on.

use std::collections::BTreeMap;

use kafka_core::event::Event;
use kafka_core::group::{CoordinatorRecord, Effects, GroupCoordinator, GroupCoordinatorConfig, GroupTimer};
use kafka_core::protocol::{RequestHandle, Response};
use kafka_core::time::SimTime;

pub(crate) struct Stand {
    pub(crate) now: SimTime,
    pub(crate) coordinator: GroupCoordinator,
    /// When each one fires, and how many had been set before.
    pub(crate) timers: BTreeMap<GroupTimer, (SimTime, u32)>,
    pub(crate) log: Vec<CoordinatorRecord>,
    timers_set: u32,
}

/// What a decision means for others.
pub(crate) struct Told {
    pub(crate) events: Vec<Event>,
    pub(crate) responses: Vec<(RequestHandle, Response)>,
}

impl Stand {
    pub(crate) fn new(config: GroupCoordinatorConfig, epoch_millis: i64) -> Self {
        Self {
            now: SimTime::ZERO,
            coordinator: GroupCoordinator::new(config, epoch_millis),
            timers: BTreeMap::new(),
            log: Vec::new(),
            timers_set: 0,
        }
    }

    /// Keeps the records and the timers.
    pub(crate) fn keep(&mut self, effects: Effects) -> Told {
        for (timer, at) in effects.timers {
            match at {
                Some(at) => self.timers.insert(timer, (at, self.timers_set)),
                None => self.timers.remove(&timer),
            };
            self.timers_set += 1;
        }
        self.log.extend(effects.records);
        Told { events: effects.events, responses: effects.responses }
    }

    /// Fires the next timer that is due by then, at its time. With `None` the clock stands at `until`.
    pub(crate) fn fire_next(&mut self, until: SimTime) -> Option<Effects> {
        let due = self.timers.iter().filter(|(_, (at, _))| *at <= until).min_by_key(|(_, set)| **set);
        let Some((timer, (at, _))) = due else {
            self.now = until;
            return None;
        };
        let (timer, at) = (timer.clone(), *at);
        self.timers.remove(&timer);
        self.now = at;
        Some(self.coordinator.on_timer(at, &timer))
    }

    /// Every record of the log by way of its bytes.
    pub(crate) fn read_back(&self) -> Vec<CoordinatorRecord> {
        let read = |record: &CoordinatorRecord| {
            let (key, value) = record.encode();
            CoordinatorRecord::decode(&key, value.as_deref()).expect("what was written can be read")
        };
        self.log.iter().map(read).collect()
    }
}
