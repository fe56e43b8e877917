//! What a frame of the page costs while a group grows: `cargo xtask bench`.
//!
//! A frame is what the page does sixty times a second: let the session go on, and paint the scene as data. The longest
//! one is what a learner feels. The last column compares the mean with the row above it, in the same run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kafka_core::scenario::Scenario;
use playground::session::{Action, Session, Speed};

const FRAME: Duration = Duration::from_micros(16_667);

fn main() {
    println!(
        "{:>8} {:>11} {:>8} {:>9} {:>12} {:>7}",
        "members", "partitions", "frames", "mean ms", "longest ms", "ratio"
    );
    let mut before = None;
    for members in [10, 100, 1000] {
        let costs = frames_of_a_growing_group(members);
        let mean = costs.iter().sum::<Duration>() / costs.len() as u32;
        let longest = costs.iter().max().copied().unwrap_or_default();
        let ratio = before.map_or_else(String::new, |before: Duration| {
            format!("{:.1}", mean.as_secs_f64() / before.as_secs_f64())
        });
        let (mean_millis, longest) = (mean.as_secs_f64() * 1e3, longest.as_secs_f64() * 1e3);
        let (partitions, frames) = (members * 10, costs.len());
        println!("{members:>8} {partitions:>11} {frames:>8} {mean_millis:>9.2} {longest:>12.2} {ratio:>7}");
        before = Some(mean);
    }
}

/// From the first consumer until ten seconds after the last, in real time.
fn frames_of_a_growing_group(members: u32) -> Vec<Duration> {
    let mut session = Session::empty(&Scenario::three_brokers(1));
    session.set_speed(Speed::Constant { per_mille: 1000 });
    let partitions = members * 10;
    let create =
        format!("kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions {partitions}");
    session.input(1, Action::Command(create));
    for member in 0..members {
        let consume = "kafka-console-consumer --bootstrap-server kafka:9093 --topic t --group g";
        session.input(2 + member, Action::Command(consume.to_owned()));
    }
    let frames = (members + 200) * 3;
    (0..frames)
        .map(|_| {
            let start = Instant::now();
            session.frame(FRAME);
            black_box(session.scene());
            black_box(session.terminals());
            start.elapsed()
        })
        .collect()
}
