//! What is printed, for those who hear the page: new lines together, once they have settled, and no more than one can
//! listen to.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use playground::session::{Line, TerminalView};
use yew::prelude::*;

use super::scrollback::is_typed;
use crate::i18n::{Text, use_text};

/// Between a line and its being said, in milliseconds: what comes in between is said with it.
const SETTLED: u32 = 600;

/// More lines at once are counted and not said.
const MOST_LINES: usize = 8;

#[derive(Properties, PartialEq)]
pub(super) struct SpeakerProps {
    pub(super) terminal: TerminalView,
    /// Only the terminal that is worked with is heard.
    pub(super) live: bool,
}

#[component]
pub(super) fn Speaker(SpeakerProps { terminal, live }: &SpeakerProps) -> Html {
    let text = use_text();
    let heard = use_mut_ref(|| end(terminal));
    let latest = use_mut_ref(|| terminal.clone());
    let waiting = use_mut_ref(|| None::<Timeout>);
    let said = use_state_eq(Rc::<[(u64, String)]>::default);
    *latest.borrow_mut() = terminal.clone();
    {
        let (heard, said) = (heard.clone(), said.clone());
        use_effect_with((terminal.lines.clone(), *live), move |(_, live)| {
            let reached = end(&latest.borrow());
            if !*live || reached < *heard.borrow() {
                *heard.borrow_mut() = reached;
            } else if reached > *heard.borrow() && waiting.borrow().is_none() {
                let again = waiting.clone();
                let say = move || {
                    again.take();
                    let terminal = latest.borrow();
                    said.set(news(&terminal, *heard.borrow(), text).into());
                    *heard.borrow_mut() = end(&terminal);
                };
                *waiting.borrow_mut() = Some(Timeout::new(SETTLED, say));
            }
        });
    }
    html! {
        <div class="visually-hidden" role="log" aria-live={if *live { "polite" } else { "off" }}
            aria-label={text.news_of_terminal(terminal.number)}>
            { for said.iter().map(|(number, line)| html! { <p key={*number}>{ line }</p> }) }
        </div>
    }
}

/// The number of the line that would come next.
fn end(terminal: &TerminalView) -> u64 {
    terminal.first_line + terminal.lines.len() as u64
}

/// What programs printed since a line, each with its number; of many the last ones.
fn news(terminal: &TerminalView, since: u64, text: Text) -> Vec<(u64, String)> {
    let printed: Vec<(u64, &Line)> = (terminal.first_line..)
        .zip(&*terminal.lines)
        .filter(|(number, line)| *number >= since && !is_typed(line.stream) && !line.text.is_empty())
        .collect();
    let unsaid = printed.len().saturating_sub(MOST_LINES);
    let mut news = Vec::new();
    if let (Some((number, _)), Ok(count @ 1..)) = (printed.first(), u32::try_from(unsaid)) {
        news.push((*number, text.lines_unsaid(count)));
    }
    news.extend(printed[unsaid..].iter().map(|(number, line)| (*number, line.text.to_string())));
    news
}

#[cfg(test)]
mod tests {
    use kafka_core::time::SimTime;
    use playground::session::Stream;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn only_new_lines_of_programs_are_said_and_of_many_the_last() {
        let line = |number: u32| Line {
            at: SimTime::ZERO,
            stream: if number == 11 { Stream::Command } else { Stream::Output },
            prompt: "",
            text: number.to_string().into(),
        };
        let lines = (10..30).map(line).collect();
        let terminal = TerminalView {
            number: 1,
            program: None,
            prompt: "$ ".into(),
            lines,
            history: Rc::default(),
            first_line: 10,
        };
        let said = |since| -> Vec<String> {
            news(&terminal, since, Text(Language::English)).into_iter().map(|(_, line)| line).collect()
        };
        assert_eq!(said(28), ["28", "29"]);
        assert_eq!(said(30), [""; 0]);
        assert_eq!(said(0)[..2], ["11 more lines", "22"]);
    }
}
