//! The dock: terminals side by side, or one at a time where there is no room.

mod keys;
mod pane;
mod prompt;
mod scrollback;
mod speaker;
mod tab;
mod writing;

use std::collections::BTreeMap;
use std::rc::Rc;

use playground::session::TerminalView;
use yew::prelude::*;

use crate::files::{Files, FilesProps};
use crate::i18n::use_text;
use crate::intent::{DockSize, Intent};
use pane::Pane;
pub(crate) use prompt::choosing::{Choosing, item_id};
use tab::Tab;
pub(crate) use writing::{Choice, Completed, Line, Progress, complete};

#[derive(Properties, PartialEq)]
pub(crate) struct DockProps {
    pub(crate) terminals: Rc<[TerminalView]>,
    /// What the visitor calls some of them.
    pub(crate) names: Rc<BTreeMap<u32, Rc<str>>>,
    /// The last answer to what a line can go on with.
    pub(crate) completed: Option<Rc<Completed>>,
    pub(crate) active: u32,
    pub(crate) maximized: bool,
    pub(crate) size: DockSize,
    /// The editor, while it is open.
    pub(crate) files: Option<FilesProps>,
    pub(crate) send: Callback<Intent>,
}

/// A text to be put into a terminal's prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    /// Tells it from the ones before it.
    pub(crate) number: u32,
    pub(crate) terminal: u32,
    pub(crate) text: Rc<str>,
}

/// The newest draft.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Drafted(pub(crate) Option<Rc<Draft>>);

/// At most so many panes stand side by side; the style sheet shows fewer where they would be too narrow.
const MOST_PANES: usize = 4;

#[component]
pub(crate) fn Dock(
    DockProps { terminals, names, completed, active, maximized, size, files, send }: &DockProps,
) -> Html {
    let text = use_text();
    let say = |intent: Intent| send.reform(move |_: MouseEvent| intent.clone());
    let tab = |terminal: &TerminalView| {
        html! {
            <Tab key={terminal.number} terminal={terminal.number} name={names.get(&terminal.number).cloned()}
                current={terminal.number == *active} busy={terminal.program.is_some()} closable={terminals.len() > 1}
                send={send} />
        }
    };
    let (taller, icon) = match size {
        DockSize::Small => (DockSize::Medium, "M3 10l5-5 5 5"),
        DockSize::Medium => (DockSize::Large, "M3 10l5-5 5 5"),
        DockSize::Large => (DockSize::Small, "M3 6l5 5 5-5"),
    };
    let panes = terminals.iter().filter_map(|terminal| {
        let rank = rank(terminals, *active, terminal.number);
        let shown = rank < if *maximized { 1 } else { MOST_PANES };
        let focused = terminal.number == *active;
        let completed = completed.clone().filter(|completed| completed.terminal == terminal.number);
        shown.then(|| {
            html! {
                <Pane key={terminal.number} terminal={terminal.clone()} name={names.get(&terminal.number).cloned()} {rank}
                    {completed} active={focused} maximized={*maximized} send={send} />
            }
        })
    });
    html! {
        <section id="terminals" class="dock" aria-label={text.terminals()} tabindex="-1">
            <div class="tabs">
                <div class="tab-list" role="group" aria-label={text.terminals()}>
                    { for terminals.iter().map(tab) }
                    <button type="button" class="tab add" title={text.new_terminal()} aria-label={text.new_terminal()}
                        onclick={say(Intent::NewTerminal)}>{ "+" }</button>
                </div>
                <button type="button" class="files-toggle" aria-pressed={files.is_some().to_string()}
                    onclick={say(Intent::ShowFiles(files.is_none()))}>
                    <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d="M4 2h5l3 3v9H4zM9 2v3h3M6 8h4M6 11h4" /></svg>
                    { text.files() }
                </button>
                <button type="button" class="icon" title={text.dock_size()} aria-label={text.dock_size()}
                    onclick={say(Intent::SetDockSize(taller))}>
                    <svg viewBox="0 0 16 16" aria-hidden="true" class="lined"><path d={icon} /></svg>
                </button>
            </div>
            <div class={classes!("desk", files.is_some().then_some("with-files"))}>
                if let Some(files) = files { <Files ..files.clone() /> }
                <div class={classes!("panes", maximized.then_some("maximized"))}>{ for panes }</div>
            </div>
        </section>
    }
}

/// How soon a pane is shown: the active terminal first, then the others by number.
fn rank(terminals: &[TerminalView], active: u32, number: u32) -> usize {
    if number == active {
        return 0;
    }
    1 + terminals.iter().filter(|other| other.number < number && other.number != active).count()
}
