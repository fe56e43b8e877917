//! One terminal: what it printed, and its prompt.

use std::rc::Rc;

use playground::session::{Action, Line, Stream, TerminalView};
use web_sys::Element;
use yew::prelude::*;

use super::prompt::Prompt;
use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct PaneProps {
    pub(super) terminal: TerminalView,
    pub(super) rank: usize,
    pub(super) active: bool,
    pub(super) maximized: bool,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Pane(PaneProps { terminal, rank, active, maximized, send }: &PaneProps) -> Html {
    let text = use_text();
    let TerminalView { number, program, prompt, lines } = terminal;
    let number = *number;
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let key = |label: &'static str, hint: &'static str, action: Action, class: &'static str| {
        let onclick = say(Intent::Input { terminal: number, action });
        html! {
            <button type="button" {class} title={hint} aria-label={format!("{label} · {hint}")} disabled={program.is_none()} {onclick}>
                { label }
            </button>
        }
    };
    let (resize, resize_icon) = if *maximized {
        (text.restore(), "M6 2v4H2M10 2v4h4M6 14v-4H2M10 14v-4h4")
    } else {
        (text.maximize(), "M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4")
    };
    html! {
        <article id={format!("terminal-{number}")} class={classes!("pane", format!("rank-{rank}"), active.then_some("active"))}
            aria-label={text.terminal(number)}>
            <div class="pane-head">
                <h2>{ text.terminal(number) }<span class="program">{ program.as_deref().unwrap_or(text.at_shell()) }</span></h2>
                <div class="keys">
                    { key("^C", text.interrupt_hint(), Action::Interrupt, "key") }
                    { key("^D", text.end_of_input_hint(), Action::EndOfInput, "key") }
                    { key(text.close(), text.close_hint(), Action::Close, "key harsh") }
                    <button type="button" class="key resize" title={resize} aria-label={resize}
                        onclick={say(Intent::Maximize(!maximized))}>
                        <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d={resize_icon} /></svg>
                    </button>
                </div>
            </div>
            <Scrollback {number} lines={lines} live={*active} />
            <Prompt {number} prompt={prompt} lines={lines} focused={*active} send={send} />
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct ScrollbackProps {
    number: u32,
    lines: Rc<[Line]>,
    live: bool,
}

/// The oldest lines of a long scrollback stay in the session and leave the page.
const MOST_LINES: usize = 500;

#[component]
fn Scrollback(ScrollbackProps { number, lines, live }: &ScrollbackProps) -> Html {
    let text = use_text();
    let place = use_node_ref();
    let follows = use_mut_ref(|| true);
    {
        let (place, follows) = (place.clone(), follows.clone());
        use_effect_with(lines.clone(), move |_| {
            if let (true, Some(log)) = (*follows.borrow(), place.cast::<Element>()) {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    let onscroll = {
        let place = place.clone();
        Callback::from(move |_: Event| {
            if let Some(log) = place.cast::<Element>() {
                let below = log.scroll_height() - log.scroll_top() - log.client_height();
                *follows.borrow_mut() = below < 24;
            }
        })
    };
    let first = lines.len().saturating_sub(MOST_LINES);
    let live = if *live { "polite" } else { "off" };
    html! {
        <div class="scrollback" role="log" aria-live={live} aria-label={text.terminal_output(*number)}
            tabindex="0" ref={place} {onscroll}>
            if lines.is_empty() {
                <p class="hint">{ text.empty_terminal() }<code>{ "kafka-topics --list --bootstrap-server kafka:9093" }</code></p>
            }
            { for lines[first..].iter().enumerate().map(|(index, line)| html! {
                <div key={first + index} class={class(line.stream)}>
                    if !line.prompt.is_empty() { <span class="sign">{ line.prompt }</span> }
                    { &*line.text }
                </div>
            }) }
        </div>
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
