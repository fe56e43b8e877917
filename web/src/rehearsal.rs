//! A made-up session, to look at the page with.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::event::{Event, PartitionChoice};
use kafka_core::group::GroupState;
use kafka_core::protocol::{Api, ClientId};
use kafka_core::record::RecordId;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;
use playground::scene::*;
use playground::session::*;

pub(crate) struct Session {
    ms: f64,
    end: f64,
    playing: bool,
    speed: Speed,
    still: bool,
    terminals: Rc<[TerminalView]>,
    fixed: Scene,
}

const HUES: [u8; 14] = [0, 1, 2, 3, 0, 4, 5, 0, 6, 1, 1, 2, 0, 3];

fn rc(text: &str) -> Rc<str> {
    text.into()
}

fn lane(partition: u32, count: i64, hw: i64, committed: &[(&str, i64)], replicas: u32) -> Lane {
    Lane {
        partition,
        leader: Some(partition % 3 + 1),
        replicas: (0..replicas)
            .map(|n| Replica { broker: (partition + n) % 3 + 1, in_sync: n != 2 })
            .collect(),
        log_start_offset: 0,
        high_watermark: hw,
        log_end_offset: count,
        cells: (0..count)
            .skip(usize::try_from((count - 32).max(0)).unwrap())
            .map(|offset| Cell {
                offset,
                hue: if offset % 9 == 8 {
                    Hue::Keyless
                } else {
                    Hue::Key(HUES[((offset + i64::from(partition) * 5) % 14) as usize])
                },
                key: Some(rc("user_003")),
                value: rc("hello"),
            })
            .collect(),
        committed: committed
            .iter()
            .map(|(g, o)| Committed { group: rc(g), offset: *o, lag: hw - o })
            .collect(),
        fresh: partition == 1,
    }
}

fn id(topic: &str, partition: u32) -> LaneId {
    LaneId { topic: rc(topic), partition }
}

fn consumer(number: u32, state: ConsumerState, held: &[(u32, Holding)]) -> Consumer {
    Consumer {
        number,
        name: format!("console-consumer-{number}").into(),
        terminal: Some(number),
        group: Some(rc("rebalance-test")),
        state,
        generation: 4,
        held: held
            .iter()
            .map(|(p, holding)| Held { lane: id("parallel-test", *p), holding: *holding, position: Some(4) })
            .collect(),
        records_seen: 12,
        last_record: Some(LastRecord {
            lane: id("parallel-test", 1),
            offset: 6,
            hue: Hue::Key(0),
            value: rc("{\"action\":\"message_created\"}"),
        }),
    }
}

impl Session {
    pub(crate) fn new(still: bool) -> Self {
        let hash = gloo::utils::window().location().hash().unwrap_or_default();
        let big = hash.contains("big");
        let lines = |lines: &[(Stream, &str)]| -> Rc<[Line]> {
            lines
                .iter()
                .map(|(stream, text)| Line { at: SimTime::ZERO, stream: *stream, text: rc(text) })
                .collect()
        };
        use Stream::{Command, Error, Input, Output};
        let terminals = vec![
            TerminalView {
                number: 1,
                program: Some(rc("kafka-console-producer")),
                prompt: rc(">"),
                lines: lines(&[
                    (
                        Command,
                        "$ docker exec -it local-kafka kafka-console-producer \\\n    --bootstrap-server kafka:9093 --topic parallel-test \\\n    --property parse.key=true --property key.separator=:",
                    ),
                    (Input, ">user_001:{\"action\":\"message_created\",\"user_id\":\"user_001\"}"),
                    (Input, ">user_002:안녕하세요, 카프카"),
                    (Input, ">task_200 hello"),
                    (
                        Error,
                        "org.apache.kafka.common.KafkaException: No key separator found on line number 3: 'task_200 hello'",
                    ),
                ]),
            },
            TerminalView {
                number: 2,
                program: Some(rc("kafka-console-consumer")),
                prompt: rc(""),
                lines: lines(&[
                    (
                        Command,
                        "$ kafka-console-consumer --bootstrap-server kafka:9093 --topic parallel-test --group rebalance-test --property print.partition=true",
                    ),
                    (Output, "Partition:1\tMessage 2"),
                    (Output, "Partition:1\tMessage 5"),
                    (Output, "Partition:2\tMessage 3"),
                ]),
            },
            TerminalView {
                number: 3,
                program: Some(rc("kafka-console-consumer")),
                prompt: rc(""),
                lines: lines(&[(
                    Command,
                    "$ kafka-console-consumer --bootstrap-server kafka:9093 --topic parallel-test --group rebalance-test",
                )]),
            },
            TerminalView {
                number: 4,
                program: None,
                prompt: rc("$"),
                lines: lines(&[
                    (
                        Command,
                        "$ kafka-consumer-groups --bootstrap-server kafka:9093 --describe --group rebalance-test",
                    ),
                    (Output, ""),
                    (
                        Output,
                        "GROUP           TOPIC          PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID",
                    ),
                    (
                        Output,
                        "rebalance-test  parallel-test  0          4               5               1    console-consumer-1-2f0c",
                    ),
                    (
                        Output,
                        "rebalance-test  parallel-test  1          3               7               4    console-consumer-1-2f0c",
                    ),
                    (
                        Output,
                        "rebalance-test  parallel-test  2          3               3               0    console-consumer-2-91ab",
                    ),
                ]),
            },
            TerminalView { number: 5, program: None, prompt: rc("$"), lines: Rc::new([]) },
        ];
        let mut topics = vec![Topic {
            name: rc("parallel-test"),
            replication_factor: 3,
            active: true,
            lanes: Rc::new([
                lane(0, 6, 5, &[("rebalance-test", 4)], 3),
                lane(1, 37, 37, &[("rebalance-test", 33)], 3),
                lane(2, 3, 3, &[("rebalance-test", 3)], 3),
            ]),
        }];
        let mut consumers = vec![
            consumer(2, ConsumerState::Stable, &[(0, Holding::Kept)]),
            consumer(3, ConsumerState::Revoking, &[(1, Holding::Kept), (2, Holding::Revoked)]),
            consumer(4, ConsumerState::Joining, &[]),
        ];
        let producer = |number: u32| Producer {
            number,
            name: rc("console-producer"),
            terminal: 1,
            settings: Rc::new([(rc("acks"), rc("all")), (rc("linger.ms"), rc("1000"))]),
            topics: Rc::new([rc("parallel-test")]),
            batches: Rc::new([
                Batch {
                    lane: id("parallel-test", 0),
                    hues: Rc::new([Hue::Key(0), Hue::Key(0), Hue::Key(1)]),
                    records: 3,
                    bytes: 171,
                    limit: 16384,
                    state: BatchState::Open { lingered: 640 },
                },
                Batch {
                    lane: id("parallel-test", 2),
                    hues: Rc::new([Hue::Key(2)]),
                    records: 1,
                    bytes: 91,
                    limit: 16384,
                    state: BatchState::InFlight,
                },
            ]),
            closing: false,
            records_sent: 12,
        };
        let mut producers = vec![producer(1)];
        if big {
            topics.push(Topic {
                name: rc("orders"),
                replication_factor: 1,
                active: true,
                lanes: (0..44)
                    .map(|p| lane(p, i64::from(p) + 3, i64::from(p) + 3, &[("audit", 2), ("billing", 3)], 1))
                    .collect(),
            });
            topics.push(Topic {
                name: rc("payments"),
                replication_factor: 1,
                active: true,
                lanes: (0..3).map(|p| lane(p, 2, 2, &[], 1)).collect(),
            });
            for number in 5..12 {
                consumers.push(Consumer {
                    group: Some(rc(if number < 9 { "audit" } else { "billing" })),
                    ..consumer(
                        number,
                        ConsumerState::Stable,
                        &[(number, Holding::Kept), (number + 1, Holding::New)],
                    )
                });
            }
            producers = (1..5).map(producer).collect();
        }
        let group = |name: &str| Group {
            name: rc(name),
            coordinator: 2,
            state: GroupState::PreparingRebalance,
            generation: 4,
            protocol: Some(rc("cooperative-sticky")),
            members: Rc::new([
                Member { name: rc("console-consumer-2"), leader: true, ready: true },
                Member { name: rc("console-consumer-3"), leader: false, ready: false },
                Member { name: rc("console-consumer-4"), leader: false, ready: true },
            ]),
            wait: Some(Wait::Joins { missing: Rc::new([rc("console-consumer-3")]), tenths: 2994 }),
        };
        let mut groups = vec![group("rebalance-test")];
        if big {
            groups.push(group("audit"));
            groups.push(group("billing"));
            groups.push(group("more"));
        }
        let at = |ms: u64| SimTime::from_millis(ms);
        let lag = |p: u32, points: &[(u64, i64)]| LagLine {
            group: rc("rebalance-test"),
            lane: id("parallel-test", p),
            points: points.iter().map(|(t, l)| (at(*t), *l)).collect(),
        };
        let partition = |p| TopicPartition::new("parallel-test", p);
        let happenings = [
            Happening {
                at: at(41380),
                who: None,
                event: Event::GroupStateChanged {
                    group: rc("rebalance-test"),
                    from: GroupState::Stable,
                    to: GroupState::PreparingRebalance,
                    generation: 4,
                },
            },
            Happening {
                at: at(41377),
                who: Some(rc("console-consumer-4")),
                event: Event::MemberAdded { group: rc("rebalance-test"), member: rc("x") },
            },
            Happening {
                at: at(40980),
                who: None,
                event: Event::HighWatermarkAdvanced { partition: partition(1), from: 6, to: 7 },
            },
            Happening {
                at: at(40978),
                who: Some(rc("console-producer")),
                event: Event::BatchAcknowledged {
                    client: ClientId(1),
                    partition: partition(1),
                    base_offset: Some(5),
                    records: 2,
                },
            },
            Happening {
                at: at(40951),
                who: Some(rc("console-producer")),
                event: Event::BatchSent {
                    client: ClientId(1),
                    partition: partition(1),
                    records: 2,
                    bytes: 171,
                },
            },
            Happening {
                at: at(40951),
                who: Some(rc("console-producer")),
                event: Event::RecordPartitioned {
                    client: ClientId(1),
                    record: RecordId(3),
                    partition: partition(1),
                    choice: PartitionChoice::Keyed { murmur2: 3, partitions: 3 },
                },
            },
            Happening {
                at: at(40100),
                who: Some(rc("console-consumer-3")),
                event: Event::PartitionsRevoked {
                    client: ClientId(1),
                    partitions: vec![partition(0), partition(1), partition(2)],
                },
            },
            Happening {
                at: at(39000),
                who: Some(rc("console-consumer-1")),
                event: Event::ClientKilled { client: ClientId(1) },
            },
        ];
        let fixed = Scene {
            clock: Clock {
                marks: Rc::new([
                    Mark {
                        at: at(3000),
                        kind: MarkKind::Rebalance { group: rc("rebalance-test"), generation: 1 },
                    },
                    Mark {
                        at: at(20000),
                        kind: MarkKind::Rebalance { group: rc("rebalance-test"), generation: 2 },
                    },
                    Mark { at: at(39000), kind: MarkKind::Killed { client: rc("console-consumer-1") } },
                ]),
                ..Clock::default()
            },
            producers: producers.into(),
            topics: topics.into(),
            consumers: consumers.into(),
            groups: groups.into(),
            travellers: Vec::new(),
            hashing: Some(Hashing {
                producer: 1,
                key: rc("user_003"),
                hue: Hue::Key(0),
                murmur2: -741_042_866,
                positive: 1_406_440_782,
                partitions: 3,
                lane: id("parallel-test", 1),
            }),
            happenings: happenings.iter().cycle().take(24).cloned().collect(),
            lag: Rc::new([
                lag(0, &[(0, 0), (9000, 4), (12000, 1), (20000, 6), (30000, 2), (40000, 1)]),
                lag(1, &[(0, 2), (7000, 8), (15000, 3), (22000, 12), (31000, 9), (39000, 4)]),
                lag(2, &[(0, 0), (25000, 2), (33000, 0)]),
            ]),
        };
        Self {
            ms: 41380.0,
            end: 41380.0,
            playing: true,
            speed: Speed::Auto { per_mille: 1000 },
            still,
            terminals: terminals.into(),
            fixed,
        }
    }

    pub(crate) fn frame(&mut self, ms: f64) {
        if self.playing {
            self.ms += ms;
            self.end = self.end.max(self.ms);
        }
    }

    pub(crate) fn scene(&self) -> Scene {
        let at = |ms: f64| SimTime::from_micros((ms * 1000.0) as u64);
        let progress = |shift: f64| if self.still { 500 } else { ((self.ms + shift) % 1600.0 / 1.6) as u16 };
        let topic = "parallel-test";
        let travel = |number: u64, from: Anchor, to: Anchor, shift: f64, cargo: Cargo| Traveller {
            id: number,
            from,
            to,
            progress: progress(shift),
            cargo,
        };
        let travellers = vec![
            travel(
                1,
                Anchor::Producer(1),
                Anchor::Lane(id(topic, 1)),
                0.0,
                Cargo::Records { hues: Rc::new([Hue::Key(0), Hue::Key(0), Hue::Key(4)]), more: 0 },
            ),
            travel(
                2,
                Anchor::Lane(id(topic, 0)),
                Anchor::Producer(1),
                600.0,
                Cargo::Acknowledgement { error: None },
            ),
            travel(
                3,
                Anchor::Lane(id(topic, 1)),
                Anchor::Consumer(3),
                300.0,
                Cargo::Records { hues: Rc::new([Hue::Key(0), Hue::Keyless]), more: 7 },
            ),
            travel(
                4,
                Anchor::Consumer(4),
                Anchor::Coordinator(rc("rebalance-test")),
                700.0,
                Cargo::Request(Api::JoinGroup),
            ),
            travel(
                5,
                Anchor::Coordinator(rc("rebalance-test")),
                Anchor::Consumer(3),
                100.0,
                Cargo::Response {
                    api: Api::Heartbeat,
                    error: Some(kafka_core::protocol::ErrorCode::RebalanceInProgress),
                },
            ),
        ];
        Scene {
            clock: Clock { now: at(self.ms), end: at(self.end), ..self.fixed.clock.clone() },
            travellers,
            ..self.fixed.clone()
        }
    }

    pub(crate) fn terminals(&self) -> Rc<[TerminalView]> {
        self.terminals.clone()
    }
    pub(crate) fn playback(&self) -> PlaybackView {
        PlaybackView {
            playing: self.playing,
            speed: self.speed,
            pace: if (self.ms as u64 / 2000).is_multiple_of(2) { 12_000 } else { 3 },
        }
    }
    pub(crate) fn branches(&self) -> Rc<[Branch]> {
        Rc::new([
            Branch { number: 1, end: SimTime::from_millis(41380), current: true },
            Branch { number: 2, end: SimTime::from_millis(31380), current: false },
        ])
    }
    pub(crate) fn proposals(&self, consumer: Option<u32>) -> Rc<[Proposal]> {
        let command = |text: &str| Action::Command(text.to_owned());
        let terminal = consumer.unwrap_or(2);
        Rc::new([
            Proposal { act: Act::Produce, terminal: 1, action: command("user_003:hello 7") },
            Proposal {
                act: Act::AddConsumer,
                terminal: 5,
                action: command(
                    "kafka-console-consumer --bootstrap-server kafka:9093 --topic parallel-test --group rebalance-test",
                ),
            },
            Proposal {
                act: Act::DescribeGroup,
                terminal: 4,
                action: command(
                    "kafka-consumer-groups --bootstrap-server kafka:9093 --describe --group rebalance-test",
                ),
            },
            Proposal { act: Act::StopConsumer, terminal, action: Action::Interrupt },
            Proposal { act: Act::KillConsumer, terminal, action: Action::Close },
        ])
    }
    pub(crate) fn play(&mut self) {
        self.playing = true;
    }
    pub(crate) fn pause(&mut self) {
        self.playing = false;
    }
    pub(crate) fn step(&mut self) {
        self.ms += 5.0;
        self.end = self.end.max(self.ms);
    }
    pub(crate) fn seek(&mut self, to: SimTime) {
        self.ms = to.since(SimTime::ZERO).as_secs_f64() * 1000.0;
        self.playing = false;
    }
    pub(crate) fn fork(&mut self) {
        self.end = self.ms;
    }
    pub(crate) fn switch_branch(&mut self, _: u32) {}
    pub(crate) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }
    pub(crate) fn open_terminal(&mut self) -> u32 {
        5
    }
    pub(crate) fn input(&mut self, terminal: u32, action: Action) {
        let mut terminals = self.terminals.to_vec();
        let Some(view) = terminals.iter_mut().find(|view| view.number == terminal) else { return };
        let text = match action {
            Action::Command(text) => format!("{}{text}", view.prompt),
            other @ (Action::Interrupt | Action::EndOfInput | Action::Close) => format!("{other:?}"),
        };
        let mut lines = view.lines.to_vec();
        lines.push(Line { at: SimTime::ZERO + Duration::ZERO, stream: Stream::Input, text: text.into() });
        view.lines = lines.into();
        self.terminals = terminals.into();
    }
}
