//! Whatever members of a KIP-848 group do, the coordinator keeps its promises.

use std::time::Duration;

use kafka_core::group::GroupState;
use proptest::prelude::*;

use super::run::{Action, Run};

const CLIENTS: u32 = 6;

fn action(classic_weight: u32) -> impl Strategy<Value = Action> {
    let client = || 0..CLIENTS;
    prop_oneof![
        12 => (client(), any::<bool>(), any::<bool>()).prop_map(|(client, reconciles, hears)| {
            Action::Heartbeat { client, reconciles, hears }
        }),
        2 => (client(), 0..4_u32).prop_map(|(client, choice)| Action::Subscribe { client, choice }),
        1 => client().prop_map(|client| Action::Leave { client }),
        1 => client().prop_map(|client| Action::Restart { client }),
        1 => (0..2_u32, 0..7_u32).prop_map(|(topic, partitions)| Action::Topic { topic, partitions }),
        classic_weight => client().prop_map(|client| Action::SwitchProtocol { client }),
        1 => Just(Action::Failover),
        3 => (0..20_000_u64).prop_map(|millis| Action::Wait { millis }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_of_the_consumer_protocol_keeps_its_promises(
        actions in proptest::collection::vec(action(0), 1..150),
    ) {
        let mut run = Run::new(CLIENTS);
        for action in &actions {
            run.act(action);
        }
        run.settle();
        let group = run.describe().expect("clients that join make a group");
        prop_assert_eq!(group.state, GroupState::Stable);
        run.check_everything_is_owned();

        run.fall_silent(Duration::from_secs(3600));
        prop_assert!(run.stand.timers.is_empty(), "nothing is left to wait for");
        prop_assert_eq!(run.describe().map(|group| group.state), Some(GroupState::Empty));
    }

    #[test]
    fn a_group_may_change_its_protocol_at_any_time(
        actions in proptest::collection::vec(action(3), 1..150),
    ) {
        let mut run = Run::new(CLIENTS);
        for action in &actions {
            run.act(action);
        }
        run.settle();
        let group = run.describe().expect("clients that join make a group");
        prop_assert_eq!(group.state, GroupState::Stable);
        run.check_everything_is_owned();
    }
}
