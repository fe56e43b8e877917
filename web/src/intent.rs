//! Everything a visitor can want from the page; the panels say it, the app does it.

use std::rc::Rc;

use course::content::StageObject;
use kafka_core::time::SimTime;
use playground::scene::LaneId;
use playground::session::{Action, Speed};

use crate::comparison::Wish;
use crate::course::Errand;
use crate::files::FileWish;
use crate::i18n::Language;
use crate::preferences::Theme;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Intent {
    Play,
    Pause,
    Step,
    Seek(SimTime),
    ToPresent,
    Fork,
    SwitchBranch(u32),
    SetSpeed(Speed),
    Input {
        terminal: u32,
        action: Action,
    },
    /// Puts a text into a terminal's prompt, to be changed and sent.
    Draft {
        terminal: u32,
        text: Rc<str>,
    },
    StartFresh,
    /// An empty cluster of three brokers.
    StartCluster,
    ReplayDemonstration,
    DismissIntroduction,
    /// Asks what the text before the caret can go on with.
    Complete {
        terminal: u32,
        line: String,
    },
    NewTerminal,
    SelectTerminal(u32),
    CloseTerminal(u32),
    /// An empty name is none.
    NameTerminal(u32, String),
    Maximize(bool),
    SetDockSize(DockSize),
    SelectConsumer(u32),
    /// Marks a record on its lane, or no longer when it is marked already.
    LookAt(Attention),
    /// Shows where something is on the stage.
    Spot(Rc<StageObject>),
    Course(Errand),
    Show(View),
    OpenComparison,
    CloseComparison,
    Compare(Wish),
    /// Something is to be said about settings.
    NeedSettings,
    ShowFiles(bool),
    File(FileWish),
    DismissNotice,
    SetLanguage(Language),
    SetTheme(Theme),
}

/// A record that the visitor wants to see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Attention {
    pub(crate) lane: LaneId,
    pub(crate) offset: i64,
}

/// What a narrow page shows above the terminals; a wide one shows both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    /// While the course is open.
    Lesson,
    Stage,
    Side,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DockSize {
    Small,
    Medium,
    Large,
}
