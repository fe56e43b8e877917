//! What was typed into a terminal and printed there, and how its screen moves over it.

use playground::session::{Line, Stream, TerminalView};
use web_sys::Element;
use yew::prelude::*;

use super::writing::Turn;
use crate::i18n::use_text;

/// So many lines are on the page at first, and come with each wish for older ones.
const LINES_AT_ONCE: usize = 500;

/// A longer command, in bytes, is not taken apart into words.
const LONGEST_COMMAND: usize = 4000;

/// This close to its end, in pixels, a screen follows what is printed.
const NEAR_END: i32 = 24;

/// A screen that scrolls.
#[derive(Clone, PartialEq)]
pub(super) struct Screen {
    pub(super) place: NodeRef,
    pub(super) onscroll: Callback<Event>,
    pub(super) onturn: Callback<Turn>,
    pub(super) onolder: Callback<MouseEvent>,
    reach: UseStateHandle<Reach>,
}

/// Which lines are on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Reach {
    /// The last so many.
    lines: usize,
    /// None before the one with this number: the screen was cleared there.
    from: u64,
}

impl Reach {
    /// How many of the lines that a terminal keeps are left out.
    fn skipped(self, first_line: u64, lines: usize) -> usize {
        let cleared = usize::try_from(self.from.saturating_sub(first_line)).unwrap_or(usize::MAX);
        // Before the moment at which it was cleared it was not cleared yet.
        let cleared = if cleared > lines { 0 } else { cleared };
        lines.saturating_sub(self.lines).max(cleared)
    }

    /// One wish for older lines.
    fn grown(self) -> Self {
        let lines = if self.from > 0 { self.lines } else { self.lines + LINES_AT_ONCE };
        Self { lines, from: 0 }
    }
}

/// Keeps the end of a screen in sight: while it was there already, and when something is typed.
#[hook]
pub(super) fn use_screen(terminal: &TerminalView) -> Screen {
    let place = use_node_ref();
    let follows = use_mut_ref(|| true);
    let reach = use_state_eq(|| Reach { lines: LINES_AT_ONCE, from: 0 });
    {
        let (place, follows) = (place.clone(), follows.clone());
        use_effect_with(terminal.lines.clone(), move |lines| {
            let typed = lines.last().is_some_and(|line| is_typed(line.stream));
            if let (true, Some(screen)) = (typed || *follows.borrow(), place.cast::<Element>()) {
                screen.set_scroll_top(screen.scroll_height());
            }
        });
    }
    let onscroll = {
        let place = place.clone();
        Callback::from(move |_: Event| {
            if let Some(screen) = place.cast::<Element>() {
                let below = screen.scroll_height() - screen.scroll_top() - screen.client_height();
                *follows.borrow_mut() = below < NEAR_END;
            }
        })
    };
    let onturn = {
        let (place, reach) = (place.clone(), reach.clone());
        let end = terminal.first_line + terminal.lines.len() as u64;
        Callback::from(move |turn: Turn| {
            let Some(screen) = place.cast::<Element>() else { return };
            let page = screen.client_height() * 4 / 5;
            match turn {
                Turn::Clear => reach.set(Reach { lines: LINES_AT_ONCE, from: end }),
                Turn::PageUp => screen.set_scroll_top(screen.scroll_top() - page),
                Turn::PageDown => screen.set_scroll_top(screen.scroll_top() + page),
            }
        })
    };
    let onolder = {
        let reach = reach.clone();
        Callback::from(move |_: MouseEvent| reach.set(reach.grown()))
    };
    Screen { place, onscroll, onturn, onolder, reach }
}

#[derive(Properties, PartialEq)]
pub(super) struct ScrollbackProps {
    pub(super) terminal: TerminalView,
    pub(super) screen: Screen,
    /// Whether each line shows when it appeared.
    pub(super) timed: bool,
}

#[component]
pub(super) fn Scrollback(ScrollbackProps { terminal, screen, timed }: &ScrollbackProps) -> Html {
    let text = use_text();
    let TerminalView { number, lines, first_line, .. } = terminal;
    let skipped = screen.reach.skipped(*first_line, lines.len());
    let count = |lines: usize| u32::try_from(lines).unwrap_or(u32::MAX);
    html! {
        <>
            if skipped > 0 {
                <p class="above">
                    { text.lines_above(count(skipped)) }
                    <button type="button" class="key" onclick={screen.onolder.clone()}>{ text.show_older_lines() }</button>
                </p>
            } else if terminal.is_full() {
                <p class="above">{ text.lines_gone(count(lines.len())) }</p>
            }
            <div class={classes!("scrollback", timed.then_some("timed"))} role="log" aria-live="off"
                aria-label={text.terminal_output(*number)}>
                { for (*first_line..).zip(&**lines).skip(skipped).map(|(number, line)| html! {
                    <div key={number} class={class(line.stream)}>
                        if *timed { <span class="at">{ line.at.to_string() }</span> }
                        if !line.prompt.is_empty() { <span class="sign">{ line.prompt }</span> }
                        { content(line) }
                    </div>
                }) }
            </div>
        </>
    }
}

/// Commands break between their words, nothing else breaks.
fn content(line: &Line) -> Html {
    match line.stream {
        Stream::Command if line.text.len() < LONGEST_COMMAND => {
            line.text.split_inclusive(' ').map(|word| html! { <span class="word">{ word }</span> }).collect()
        }
        Stream::Command | Stream::Input | Stream::Output | Stream::Error => html! { { &*line.text } },
    }
}

pub(super) const fn is_typed(stream: Stream) -> bool {
    match stream {
        Stream::Command | Stream::Input => true,
        Stream::Output | Stream::Error => false,
    }
}

const fn class(stream: Stream) -> &'static str {
    match stream {
        Stream::Command => "line command",
        Stream::Input => "line typed",
        Stream::Output => "line",
        Stream::Error => "line error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cleared_screen_begins_there_and_older_lines_come_back() {
        let all = Reach { lines: 500, from: 0 };
        assert_eq!((all.skipped(0, 40), all.skipped(0, 1200), all.skipped(9000, 3000)), (0, 700, 2500));
        assert_eq!((all.grown().skipped(0, 1200), all.grown().grown().skipped(0, 1200)), (200, 0));

        let cleared = Reach { lines: 500, from: 30 };
        assert_eq!((cleared.skipped(0, 30), cleared.skipped(0, 34), cleared.skipped(100, 20)), (30, 30, 0));
        assert_eq!(cleared.grown().skipped(0, 34), 0);
        // At an earlier moment.
        assert_eq!(cleared.skipped(0, 12), 0);
    }
}
