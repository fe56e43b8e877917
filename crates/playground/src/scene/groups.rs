//! Consumer groups as their coordinator sees them.

use std::rc::Rc;

use kafka_core::group::GroupState;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    pub name: Rc<str>,
    /// The broker that coordinates it.
    pub coordinator: u32,
    pub state: GroupState,
    pub generation: i32,
    /// The assignor that was agreed on.
    pub protocol: Option<Rc<str>>,
    pub members: Rc<[Member]>,
    pub wait: Option<Wait>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    pub name: Rc<str>,
    pub leader: bool,
    /// Has sent what the group's state asks for: JoinGroup or SyncGroup.
    pub ready: bool,
}

/// What a coordinator waits for, and for how many more tenths of a second at most.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wait {
    /// `group.initial.rebalance.delay.ms`: more members may come.
    MoreMembers { tenths: u32 },
    /// JoinGroup of these members.
    Joins { missing: Rc<[Rc<str>]>, tenths: u32 },
    /// SyncGroup of the leader, which brings the assignment.
    Assignment { leader: Rc<str>, tenths: u32 },
}
