//! The session as the browser keeps it between visits: a text that begins with its version.
//!
//! What cannot be read is put aside under another name, and said.

use playground::script::Script;
use playground::session::Session;

use crate::preferences;

const FIRST_LINE: &str = "# murmuration session 1\n";

/// Time between an input and its being kept, in milliseconds: a pasted text is kept once.
const SETTLED: f64 = 500.0;

pub(crate) struct Keeping {
    /// What the session was like when it was last kept.
    kept: Sign,
    /// What it was like when it last changed, and since when.
    seen: (Sign, f64),
}

type Sign = (usize, Option<kafka_core::time::SimTime>);

/// What a visitor is told about the session that was kept.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Notice {
    Restored,
    Unreadable(String),
    NotKept,
}

impl Keeping {
    pub(crate) fn of(session: &Session) -> Self {
        Self { kept: session.sign(), seen: (session.sign(), 0.0) }
    }

    /// Keeps the learner's session when it has changed and then rested; `stamp` is the frame's, in milliseconds.
    pub(crate) fn watch(&mut self, session: &Session, stamp: f64) -> Option<Notice> {
        let sign = session.sign();
        if sign != self.seen.0 {
            self.seen = (sign, stamp);
        }
        let rested = stamp - self.seen.1 >= SETTLED;
        (session.is_owned() && sign != self.kept && rested).then(|| self.keep(session)).flatten()
    }

    /// Keeps the learner's session as far as it has come.
    pub(crate) fn keep(&mut self, session: &Session) -> Option<Notice> {
        if !session.is_owned() {
            return None;
        }
        self.kept = session.sign();
        let kept = preferences::set_session(&format!("{FIRST_LINE}{}", session.script()));
        (!kept).then_some(Notice::NotKept)
    }
}

/// The session that was kept, and what to say about it.
pub(crate) fn restore() -> (Option<Session>, Option<Notice>) {
    let Some(text) = preferences::session() else { return (None, None) };
    match read(&text) {
        Ok(script) => (Some(Session::recall(&script)), Some(Notice::Restored)),
        Err(error) => {
            preferences::put_session_aside(&text);
            (None, Some(Notice::Unreadable(error)))
        }
    }
}

/// Nothing is restored any more.
pub(crate) fn forget() {
    preferences::forget_session();
}

fn read(text: &str) -> Result<Script, String> {
    match text.strip_prefix(FIRST_LINE) {
        Some(text) => Script::parse(text).map_err(|error| error.to_string()),
        None => Err(text.lines().next().unwrap_or_default().chars().take(40).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_and_damage_are_told_apart_from_a_session() {
        assert!(read(&format!("{FIRST_LINE}#! seed 3\n1> date\n")).is_ok());
        assert_eq!(read("# murmuration session 9\n1> date\n"), Err("# murmuration session 9".to_owned()));
        let damaged = read(&format!("{FIRST_LINE}1? date\n")).expect_err("it is damaged");
        assert!(damaged.starts_with("line 1, column 2"), "{damaged}");
    }
}
