//! What the coordinators say of their groups, asked once for a picture.

use std::collections::BTreeMap;

use kafka_core::broker::Broker;
use kafka_core::group::{GroupDescription, MemberDescription};
use kafka_core::protocol::{GroupId, MemberId};

use super::Moment;
use crate::memory::ClientMemory;

pub(super) struct Coordinators(pub(super) BTreeMap<GroupId, Coordinated>);

pub(super) struct Coordinated {
    pub(super) broker: u32,
    pub(super) description: GroupDescription,
    /// Where each member stands in the description.
    places: BTreeMap<MemberId, usize>,
}

impl Coordinated {
    fn new(broker: u32, description: GroupDescription) -> Self {
        let ids = description.members.iter().map(|member| member.member_id.clone());
        Self { broker, places: ids.zip(0..).collect(), description }
    }
}

impl Coordinators {
    /// Groups that have members, or had some: those that only keep offsets show on the lanes.
    pub(super) fn ask(moment: &Moment<'_>) -> Self {
        let brokers = moment.simulation.cluster().brokers().iter();
        let coordinated = |broker: &Broker, group: GroupId| {
            let description = broker.coordinator().describe(&group)?;
            Some((group, Coordinated::new(broker.id().0, description)))
        };
        let groups = brokers.filter_map(|id| moment.simulation.broker(*id)).flat_map(|broker| {
            let listings = broker.coordinator().groups().into_iter();
            let joined = listings.filter(|listing| listing.protocol_type.is_some());
            joined.filter_map(move |listing| coordinated(broker, listing.group))
        });
        Self(groups.collect())
    }

    /// The member that a client is, as its coordinator knows it.
    pub(super) fn member(&self, client: &ClientMemory) -> Option<(&Coordinated, &MemberDescription)> {
        let (group, member_id) = (client.group.as_ref()?, client.member.as_ref()?);
        let coordinated = self.0.get(group)?;
        let place = *coordinated.places.get(member_id)?;
        Some((coordinated, &coordinated.description.members[place]))
    }
}
