use kafka_console::*;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use std::time::Duration;
#[test]
fn scratch() {
    let mut c = Console::new(&Scenario::one_broker(1));
    let script = std::fs::read_to_string(std::env::var("SCRATCH").unwrap()).unwrap();
    for l in script.lines() {
        if let Some(w) = l.strip_prefix("wait ") {
            let ms: u64 = w.parse().unwrap();
            let t = c.now() + Duration::from_millis(ms);
            c.advance_to(t);
            continue;
        }
        let (n, rest) = l.split_once(' ').unwrap();
        let n: u32 = n.parse().unwrap();
        let action = match rest {
            "^C" => Action::Interrupt,
            "^D" => Action::EndOfInput,
            "^K" => Action::Close,
            t => Action::Command(t.replace("\\n", "\n")),
        };
        c.apply(&Input { terminal: n, action });
        let t = c.now() + Duration::from_millis(50);
        c.advance_to(t);
    }
    for (n, t) in c.terminals() {
        println!("--- {n} exit {:?} prompt {:?} running {:?}", t.exit_code(), t.prompt(), c.running(n));
        for l in t.lines() {
            println!("{} {:?} {}", l.at, l.source, l.text)
        }
    }
    println!("now {}", c.now());
    let _ = SimTime::ZERO;
}
