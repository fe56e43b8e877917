//! One script under several settings, as the page drives the comparison.

use std::time::Duration;

use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use playground::comparison::{
    Amount, Comparison, ComparisonView, ConsumerState, Ending, Measure, Row, Story, Variant, Verdict,
};
use playground::session::{Action, Session};

const FRAME: Duration = Duration::from_micros(16_667);

/// A comparison whose columns have come to the end, with the clock there.
fn finished(story: Story, variants: &[Variant]) -> Comparison {
    let mut comparison = Comparison::new(&story.script(), variants);
    comparison.seek(story.script().end);
    for _ in 0..2000 {
        comparison.frame(FRAME);
        if comparison.clock() == story.script().end {
            return comparison;
        }
    }
    panic!("the columns do not come to the end: {:?}", comparison.clock());
}

fn amounts(view: &ComparisonView, measure: &Measure) -> Vec<Amount> {
    let row = view.rows.iter().find(|row| row.measure == *measure).expect("the table has the row");
    row.cells.iter().map(|cell| cell.expect("every column has the value").amount).collect()
}

fn verdicts(view: &ComparisonView, measure: &Measure) -> Vec<Verdict> {
    let row = view.rows.iter().find(|row| row.measure == *measure).expect("the table has the row");
    row.cells.iter().map(|cell| cell.expect("every column has the value").verdict).collect()
}

#[test]
fn cooperative_consumers_read_on_while_eager_ones_stand_still() {
    let view = finished(Story::ThirdJoins, &[Variant::Eager, Variant::Cooperative]).view();
    assert_eq!(verdicts(&view, &Measure::StoodStill), [Verdict::First, Verdict::Better]);
    assert_eq!(amounts(&view, &Measure::StoodStill)[1], Amount::Time(Duration::ZERO));
    // The sticky assignor takes one partition from each.
    assert_eq!(amounts(&view, &Measure::PartitionsMoved)[1], Amount::Count(2));
    // KIP-429: what moves is let go in one rebalance and given to its new owner in the next.
    assert_eq!(amounts(&view, &Measure::Rebalances), [Amount::Count(2), Amount::Count(3)]);
    for column in view.columns.iter() {
        let held: usize = column.consumers.iter().map(|consumer| consumer.held.len()).sum();
        assert_eq!((column.consumers.len(), held), (3, 6), "{:?}", column.variant);
    }
}

#[test]
fn range_moves_more_than_it_has_to_and_static_members_move_least() {
    let variants = [Variant::Eager, Variant::Cooperative, Variant::StaticMembers];
    let view = finished(Story::RollingRestart, &variants).view();
    assert_eq!(verdicts(&view, &Measure::PartitionsMoved)[1..], [Verdict::Better, Verdict::Better]);
    // KIP-345: each partition goes to the new process of its member and nowhere else.
    assert_eq!(amounts(&view, &Measure::PartitionsMoved)[2], Amount::Count(6));
    assert_eq!(amounts(&view, &Measure::Rebalances)[2], Amount::Count(1));
}

#[test]
fn columns_differ_in_the_setting_alone() {
    let view = finished(Story::ThirdJoins, &[Variant::AsTyped, Variant::Cooperative]).view();
    let [typed, cooperative] = [0, 1].map(|index: usize| &view.columns[index].commands);
    assert_eq!(typed.len(), 3);
    let option = " --command-property partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor";
    for (typed, changed) in typed.iter().zip(cooperative) {
        assert_eq!(typed.terminal, changed.terminal);
        assert_eq!(*typed.text, changed.text.replace(option, ""));
        assert_ne!(typed.text, changed.text);
    }
    let twins = finished(Story::OneIsKilled, &[Variant::Eager, Variant::Eager]).view();
    assert_eq!(twins.columns[0], twins.columns[1]);
    let same = |row: &Row| row.cells[1].is_some_and(|cell| cell.verdict == Verdict::Same);
    assert!(twins.rows.iter().all(same), "{:#?}", twins.rows);
}

#[test]
fn fewer_records_are_processed_twice_when_offsets_are_committed_more_often() {
    let variants = [Variant::AutoCommit, Variant::FrequentAutoCommit, Variant::NoCommit];
    let mut comparison = finished(Story::OneIsKilled, &variants);
    let view = comparison.view();
    let twice = Measure::ProcessedTwice;
    assert_eq!(verdicts(&view, &twice), [Verdict::First, Verdict::Better, Verdict::Worse]);
    assert_eq!(amounts(&view, &Measure::Commits)[2], Amount::Count(0));
    assert_eq!(verdicts(&view, &Measure::PassedOver), [Verdict::First, Verdict::Same, Verdict::Same]);
    let killed = view.columns[0].consumers.iter().find(|consumer| *consumer.name == *"T3");
    assert_eq!(killed.map(|consumer| consumer.state), Some(ConsumerState::Ended(Ending::Killed)));
}

#[test]
fn a_dead_member_is_missed_for_as_long_as_its_session_lasts() {
    let view = finished(Story::OneIsKilled, &[Variant::Eager, Variant::ShortSession]).view();
    let longest_gap = |column: usize| {
        let segments = view.columns[column].strips.iter().flat_map(|strip| &strip.segments);
        segments.filter(|segment| segment.owner.is_none()).map(|segment| segment.to.since(segment.from)).max()
    };
    let (long, short) = (longest_gap(0).expect("a gap"), longest_gap(1).expect("a gap"));
    assert!((42..49).contains(&long.as_secs()), "{long:?}");
    assert!((7..14).contains(&short.as_secs()), "{short:?}");
}

#[test]
fn every_moment_looks_the_same_from_both_sides() {
    let variants = [Variant::Eager, Variant::Cooperative];
    let mut straight = Comparison::new(&Story::RollingRestart.script(), &variants);
    let mut dragged = finished(Story::RollingRestart, &variants);
    for _ in 0..120 {
        straight.frame(FRAME * 6);
        let expected = straight.view();
        dragged.seek(straight.clock());
        dragged.frame(FRAME);
        let view = dragged.view();
        assert_eq!((view.clock, view.columns, view.rows), (expected.clock, expected.columns, expected.rows));
        dragged.seek(SimTime::ZERO);
    }
}

#[test]
fn a_frame_does_a_bounded_amount_of_work_and_the_clock_waits() {
    let mut comparison =
        Comparison::new(&Story::OneIsKilled.script(), &[Variant::Eager, Variant::Cooperative]);
    comparison.seek(Story::OneIsKilled.script().end);
    comparison.frame(FRAME);
    let view = comparison.view();
    assert!(view.reached < view.end, "all of it ran in one frame");
    assert_eq!(view.clock, view.reached);
}

#[test]
fn a_step_goes_to_the_next_turn_in_any_column() {
    let mut comparison = finished(Story::ThirdJoins, &[Variant::Eager, Variant::Cooperative]);
    comparison.seek(SimTime::from_millis(12_000));
    let mut clocks = Vec::new();
    for _ in 0..4 {
        comparison.frame(FRAME);
        clocks.push(comparison.clock());
        comparison.step();
    }
    let before = clocks.clone();
    clocks.sort();
    clocks.dedup();
    assert_eq!(clocks, before);
    assert!(clocks.last().is_some_and(|last| *last < SimTime::from_millis(13_000)), "{clocks:?}");
}

#[test]
fn the_learners_own_session_is_compared_too() {
    let mut session = Session::empty(&Scenario::one_broker(1));
    let command = |text: &str| Action::Command(text.to_owned());
    session.input(1, command("kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions 2"));
    for terminal in [2, 3] {
        session.input(
            terminal,
            command("kafka-console-consumer --bootstrap-server kafka:9093 --topic t --group g --consumer-property group.instance.id=x\\"),
        );
        session.input(terminal, command("  --from-beginning"));
    }
    for _ in 0..600 {
        session.frame(FRAME);
    }
    let mut comparison = Comparison::new(&session.script(), &[Variant::AsTyped, Variant::StaticMembers]);
    comparison.seek(session.now());
    comparison.frame(FRAME);
    let view = comparison.view();
    assert!(view.columns[1].commands[1].text.contains("--consumer-property group.instance.id=terminal-3"));
    let members =
        |column: usize| view.columns[column].consumers.iter().filter(|one| !one.held.is_empty()).count();
    // Two with one group.instance.id: the second fences the first.
    assert_eq!((members(0), members(1)), (1, 2), "{:#?}", view.columns);
}

#[test]
fn everybody_waits_for_a_slow_member_unless_rebalances_are_cooperative() {
    let view = finished(Story::OneIsSlow, &Story::OneIsSlow.variants()).view();
    let fast = Measure::ConsumerStoodStill("T3".into());
    let stood_still = amounts(&view, &fast);
    assert!(stood_still[0] > Amount::Time(Duration::from_millis(500)), "{stood_still:?}");
    assert_eq!(stood_still[1..], [Amount::Time(Duration::ZERO); 2]);
}

#[test]
fn what_is_committed_first_is_lost_and_what_is_committed_last_is_done_again() {
    let view = finished(Story::KilledAtWork, &Story::KilledAtWork.variants()).view();
    let counts = |measure| {
        let of = |amount: Amount| match amount {
            Amount::Count(count) => count,
            Amount::Time(_) => unreachable!("records are counted"),
        };
        amounts(&view, &measure).into_iter().map(of).collect::<Vec<_>>()
    };
    let [auto, each, first] = counts(Measure::ProcessedTwice)[..] else {
        unreachable!("there are three columns")
    };
    assert!(auto > 5 && each <= 1 && first == 0, "twice: {auto} {each} {first}");
    let [auto, each, first] = counts(Measure::PassedOver)[..] else {
        unreachable!("there are three columns")
    };
    assert!(auto == 0 && each == 0 && first > 5, "lost: {auto} {each} {first}");
    assert!(view.columns[2].commands[0].text.contains(" --commit-when before "));
}
