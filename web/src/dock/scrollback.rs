//! What was typed into a terminal and printed there.

use std::rc::Rc;

use playground::session::{Line, Stream};
use web_sys::Element;
use yew::prelude::*;

use crate::i18n::use_text;

/// The oldest lines of a long scrollback stay in the session and leave the page.
const MOST_LINES: usize = 500;

/// A longer command, in bytes, is not taken apart into words.
const LONGEST_COMMAND: usize = 4000;

/// This close to its end, in pixels, a screen follows what is printed.
const NEAR_END: i32 = 24;

/// Keeps the end of a screen in sight: while it was there already, and when something is typed. The screen gets both.
#[hook]
pub(super) fn use_following(lines: &Rc<[Line]>) -> (NodeRef, Callback<Event>) {
    let place = use_node_ref();
    let follows = use_mut_ref(|| true);
    {
        let (place, follows) = (place.clone(), follows.clone());
        use_effect_with(lines.clone(), move |lines| {
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
    (place, onscroll)
}

#[derive(Properties, PartialEq)]
pub(super) struct ScrollbackProps {
    pub(super) number: u32,
    pub(super) lines: Rc<[Line]>,
    pub(super) live: bool,
}

#[component]
pub(super) fn Scrollback(ScrollbackProps { number, lines, live }: &ScrollbackProps) -> Html {
    let text = use_text();
    let first = lines.len().saturating_sub(MOST_LINES);
    let live = if *live { "polite" } else { "off" };
    html! {
        <div class="scrollback" role="log" aria-live={live} aria-label={text.terminal_output(*number)}>
            { for lines[first..].iter().enumerate().map(|(index, line)| html! {
                <div key={first + index} class={class(line.stream)}>
                    if !line.prompt.is_empty() { <span class="sign">{ line.prompt }</span> }
                    { content(line) }
                </div>
            }) }
        </div>
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

const fn is_typed(stream: Stream) -> bool {
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
