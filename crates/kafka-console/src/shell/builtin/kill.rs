//! `kill`: signals for programs, by number. Mirrors bash's builtin.
//!
//! Leaves out: jobs (`%1`), `-l`, signals other than those named here.

use std::rc::Rc;

use crate::system::{Context, Pid, Signal};

#[derive(Clone, Copy)]
enum Request {
    End(Signal),
    Kill,
    Stop,
    Continue,
}

const USAGE: &str =
    "usage: kill [-s SIGNAL | -SIGNAL] pid ..., with INT, TERM, KILL (or 9), STOP or CONT; ps lists the pids";

/// Sends the signals; answers with what could not be done.
pub(super) fn kill(arguments: &[Rc<str>], context: &mut Context<'_>) -> Vec<String> {
    let (name, pids) = match arguments {
        [option, name, pids @ ..] if matches!(&**option, "-s" | "-n") => (&**name, pids),
        [option, pids @ ..] if option.starts_with('-') => (&option[1..], pids),
        pids => ("TERM", pids),
    };
    let Some(request) = request(name) else { return vec![format!("{name}: invalid signal specification")] };
    if pids.is_empty() {
        return vec![USAGE.to_owned()];
    }
    pids.iter().filter_map(|pid| send(request, pid, context).err()).collect()
}

fn request(name: &str) -> Option<Request> {
    let name = name.to_ascii_uppercase();
    Some(match name.strip_prefix("SIG").unwrap_or(&name) {
        "2" | "INT" => Request::End(Signal::Interrupt),
        "15" | "TERM" => Request::End(Signal::Terminate),
        "9" | "KILL" => Request::Kill,
        "19" | "STOP" => Request::Stop,
        "18" | "CONT" => Request::Continue,
        _ => return None,
    })
}

fn send(request: Request, pid: &str, context: &mut Context<'_>) -> Result<(), String> {
    let number = pid.parse().map_err(|_| format!("{pid}: arguments must be process or job IDs"))?;
    let pid = Pid(number);
    let system = context.system();
    // The shell that runs this is not among them, and does not send itself anything.
    if system.process(pid).is_none() {
        return Err(format!("({number}) - No such process"));
    }
    match request {
        Request::End(signal) => system.signal(pid, signal),
        Request::Kill => system.kill(pid),
        Request::Stop => system.stop(pid),
        Request::Continue => system.go_on(pid),
    }
    Ok(())
}
