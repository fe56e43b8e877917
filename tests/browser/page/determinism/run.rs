//! The transcripts of the tutorial as plain runs, and the digests of what happens in them.

use kafka_console::Digest;
use kafka_console::transcript::{Happening, Transcript};

const TRANSCRIPTS: [&str; 4] = [
    include_str!("../../../scenarios/tutorial/exercise_1_json.txt"),
    include_str!("../../../scenarios/tutorial/exercise_2_parallel.txt"),
    include_str!("../../../scenarios/tutorial/rebalancing.txt"),
    include_str!("../../../scenarios/tutorial/performance.txt"),
];

pub(super) fn digests() -> String {
    TRANSCRIPTS.map(digest).join(" ")
}

fn digest(text: &str) -> String {
    let transcript = Transcript::parse(text).expect("the tutorial's transcripts are well formed");
    let mut digest = Digest::default();
    let mut watch = |at, happening: Happening<'_>| match happening {
        Happening::Event(event) => digest.add(at, event),
        Happening::Line { .. } => {}
    };
    transcript.run(&transcript.scenario(), &mut watch).expect("the tutorial's transcripts can be run");
    digest.to_string()
}
