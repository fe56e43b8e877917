//! How a rebalance grows with the group: `cargo xtask bench`.
//!
//! Each row starts a group and lets one member leave. Beside the whole time stands the longest single occurrence,
//! since the page can only stop between two of them. The last column compares with the row above it, in the same
//! run: ten times the members and partitions should not take much more than ten times as long.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kafka_core::application::Application;
use kafka_core::command::{Command, NewTopic, Source};
use kafka_core::config::{ConsumerConfig, Properties};
use kafka_core::group::GroupState;
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicName;

const TOPICS: u32 = 10;

fn main() {
    println!(
        "{:<20} {:>8} {:>11} {:>10} {:>12} {:>7}",
        "assignor", "members", "partitions", "total ms", "longest ms", "ratio"
    );
    for assignor in ["range", "roundrobin", "sticky", "cooperative-sticky"] {
        let mut before = None;
        for members in [10, 100, 1000] {
            let Measured { total, longest } = rebalance(assignor, members);
            let ratio = before.map_or_else(String::new, |before: Duration| {
                format!("{:.1}", total.as_secs_f64() / before.as_secs_f64())
            });
            let (millis, longest) = (total.as_secs_f64() * 1e3, longest.as_secs_f64() * 1e3);
            let partitions = members * TOPICS;
            println!(
                "{assignor:<20} {members:>8} {partitions:>11} {millis:>10.1} {longest:>12.2} {ratio:>7}"
            );
            before = Some(total);
        }
    }
}

struct Measured {
    total: Duration,
    longest: Duration,
}

/// A group with ten partitions for each member.
fn rebalance(assignor: &str, members: u32) -> Measured {
    let mut simulation = Simulation::new(&Scenario::three_brokers(1));
    let topics: Vec<TopicName> = (0..TOPICS).map(|topic| format!("topic-{topic}").as_str().into()).collect();
    for topic in &topics {
        apply(&mut simulation, &create(topic, members));
    }
    for client in 1..=members {
        apply(&mut simulation, &start(client, &topics, assignor));
    }
    let mut measured = Measured { total: Duration::ZERO, longest: Duration::ZERO };
    run_until_stable(&mut simulation, members, &mut measured);
    apply(&mut simulation, &Command::Close { client: ClientId(members) });
    run_until_stable(&mut simulation, members - 1, &mut measured);
    black_box(simulation);
    measured
}

fn run_until_stable(simulation: &mut Simulation, members: u32, measured: &mut Measured) {
    let is_done = |simulation: &Simulation| {
        simulation
            .describe_group("g")
            .is_some_and(|group| group.state == GroupState::Stable && group.members.len() == members as usize)
    };
    let mut next_look = simulation.now();
    while simulation.now() < next_look || !is_done(simulation) {
        if simulation.now() >= next_look {
            next_look = simulation.now() + Duration::from_millis(500);
        }
        let start = Instant::now();
        black_box(simulation.step());
        let took = start.elapsed();
        measured.total += took;
        measured.longest = measured.longest.max(took);
    }
}

fn apply(simulation: &mut Simulation, command: &Command) {
    simulation.apply(command).expect("the benchmark's commands are good");
}

fn create(topic: &TopicName, partitions: u32) -> Command {
    Command::CreateTopic(NewTopic {
        name: topic.clone(),
        partitions: Some(partitions),
        replication_factor: Some(1),
        replica_assignment: Vec::new(),
        configs: Vec::new(),
    })
}

fn start(client: u32, topics: &[TopicName], assignor: &str) -> Command {
    let mut properties = Properties::default();
    properties.set("group.id", "g");
    properties.set("partition.assignment.strategy", assignor);
    let config = ConsumerConfig::from_properties(&properties, "consumer").expect("good settings");
    Command::StartConsumer {
        client: ClientId(client),
        config: Box::new(config),
        source: Source::Subscribe(topics.to_vec()),
        application: Application::default(),
    }
}
