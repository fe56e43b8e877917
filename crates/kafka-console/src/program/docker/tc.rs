//! `tc` in a broker's container: `netem` makes the link on which the broker sends slow and lossy.
//!
//! Leaves out: other devices, disciplines and options; jitter, reordering, corruption.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::command::Command;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::Shape;

use super::Docker;
use crate::duration;
use crate::system::Context;

const USAGE: &str = "tc is simulated here as far as: tc qdisc add|change|replace dev eth0 root netem delay 200ms loss 5%, \
                     tc qdisc del dev eth0 root, and tc qdisc show.";

pub(super) fn run(broker: BrokerId, arguments: &[Rc<str>], context: &mut Context<'_>) -> Docker {
    let words: Vec<&str> = arguments.iter().map(|argument| &**argument).collect();
    let present = context.system().simulation.shape(broker);
    let shape = match words[..] {
        ["qdisc"] | ["qdisc", "show" | "list" | "ls"] | ["qdisc", "show" | "list" | "ls", "dev", "eth0"] => {
            return Docker::printed(shown(present));
        }
        ["qdisc", _, "dev", device, ..] if device != "eth0" => {
            return Docker::refused(format!("Cannot find device \"{device}\""), 1);
        }
        ["qdisc", "del" | "delete", "dev", _, "root", ..] if present.is_none() => {
            return Docker::refused("Error: Cannot delete qdisc with handle of zero.", 2);
        }
        ["qdisc", "del" | "delete", "dev", _, "root", ..] => None,
        ["qdisc", "add", "dev", _, "root", "netem", ..] if present.is_some() => {
            return Docker::refused("Error: Exclusivity flag on, cannot modify.", 2);
        }
        ["qdisc", "add" | "change" | "replace", "dev", _, "root", "netem", ref rest @ ..] => {
            match netem(rest) {
                Ok(shape) => Some(shape),
                Err(message) => return Docker::refused(message, 1),
            }
        }
        _ => return Docker::refused(USAGE, 1),
    };
    match context.command(&Command::ShapeBroker { broker, shape }) {
        Ok(()) => Docker::printed(""),
        Err(error) => Docker::refused(error.to_string(), 1),
    }
}

/// `[delay TIME] [loss PERCENT]`
fn netem(options: &[&str]) -> Result<Shape, String> {
    let mut shape = Shape::default();
    let mut rest = options;
    while let [name, value, after @ ..] = rest {
        match *name {
            "delay" => {
                shape.delay =
                    duration::parse(value).filter(|delay| *delay <= Duration::from_secs(60)).ok_or_else(
                        || format!("Illegal \"latency\": {value} is not a time such as 200ms, up to 60s"),
                    )?;
            }
            "loss" => {
                shape.loss = per_mille(value)
                    .ok_or_else(|| format!("Illegal \"loss percent\": {value} is not between 0% and 100%"))?;
            }
            _ => return Err(USAGE.to_owned()),
        }
        rest = after;
    }
    if rest.is_empty() && !options.is_empty() { Ok(shape) } else { Err(USAGE.to_owned()) }
}

/// `5%`, `0.5%` or `5`.
fn per_mille(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%').unwrap_or(text);
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let tenths = if tenths.len() == 1 { tenths.parse::<u32>().ok()? } else { return None };
    whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenths).filter(|loss| *loss <= 1000)
}

fn shown(shape: Option<Shape>) -> String {
    let Some(Shape { delay, loss }) = shape else { return "qdisc noqueue 0: root refcnt 2\n".to_owned() };
    let mut text = "qdisc netem 8001: root refcnt 2 limit 1000".to_owned();
    if !delay.is_zero() {
        text += &format!(" delay {}ms", delay.as_millis());
    }
    if loss > 0 {
        let tenths = if loss % 10 == 0 { String::new() } else { format!(".{}", loss % 10) };
        text += &format!(" loss {}{tenths}%", loss / 10);
    }
    text + "\n"
}
