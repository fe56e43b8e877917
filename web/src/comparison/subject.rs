//! What is being compared, and the comparison that runs.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;
use playground::comparison::{Comparison, ComparisonView, Story, Variant};
use playground::script::Script;

/// A script to compare with.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Subject {
    /// The visitor's own session.
    Own(Rc<Script>),
    Story(Story),
}

/// At most so many columns stand side by side, and no fewer than two are a comparison.
pub(super) const MOST_COLUMNS: usize = 3;
pub(super) const FEWEST_COLUMNS: usize = 2;

/// What a visitor wants from a comparison.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Wish {
    Choose(Subject),
    /// Another variant in a column.
    Vary(usize, Variant),
    AddColumn,
    RemoveColumn(usize),
    Play,
    Pause,
    Step,
    Seek(SimTime),
    SetSpeed(u32),
}

pub(crate) struct Subjects {
    pub(super) own: Rc<Script>,
    pub(super) chosen: Subject,
    pub(super) variants: Vec<Variant>,
    comparison: Comparison,
    /// Stands at the end at once, instead of playing.
    still: bool,
    pub(super) view: Rc<ComparisonView>,
}

impl Subjects {
    /// Begins with the visitor's own session where consumers run in it, else with a ready-made story.
    pub(crate) fn new(own: Script, has_consumers: bool, still: bool) -> Self {
        let own = Rc::new(own);
        let chosen =
            if has_consumers { Subject::Own(own.clone()) } else { Subject::Story(Story::ThirdJoins) };
        Self::of(own, chosen, still)
    }

    fn of(own: Rc<Script>, chosen: Subject, still: bool) -> Self {
        let variants = match &chosen {
            Subject::Own(_) => vec![Variant::Eager, Variant::Cooperative],
            Subject::Story(story) => story.variants().to_vec(),
        };
        let mut comparison = begin(&chosen, &variants, still);
        let view = Rc::new(comparison.view());
        Self { own, chosen, variants, comparison, still, view }
    }

    pub(crate) fn follow(&mut self, wish: Wish) {
        match wish {
            Wish::Choose(subject) => *self = Self::of(self.own.clone(), subject, self.still),
            Wish::Vary(column, variant) => {
                self.variants[column] = variant;
                self.begin_again();
            }
            Wish::AddColumn => {
                let unused = Variant::ALL.into_iter().find(|variant| !self.variants.contains(variant));
                self.variants.extend(unused.filter(|_| self.variants.len() < MOST_COLUMNS));
                self.begin_again();
            }
            Wish::RemoveColumn(column) => {
                if self.variants.len() > FEWEST_COLUMNS {
                    self.variants.remove(column);
                }
                self.begin_again();
            }
            Wish::Play => self.comparison.play(),
            Wish::Pause => self.comparison.pause(),
            Wish::Step => self.comparison.step(),
            Wish::Seek(to) => self.comparison.seek(to),
            Wish::SetSpeed(per_mille) => self.comparison.set_speed(per_mille),
        }
    }

    pub(crate) fn frame(&mut self, real: Duration) {
        self.comparison.frame(real);
    }

    /// Takes the present into view. True when it looks different.
    pub(crate) fn look_again(&mut self) -> bool {
        let view = self.comparison.view();
        let changed = *self.view != view;
        if changed {
            self.view = Rc::new(view);
        }
        changed
    }

    /// The same moment with other variants, as soon as they have come so far.
    fn begin_again(&mut self) {
        let (clock, playing, speed) = (self.comparison.clock(), self.view.playing, self.view.speed);
        self.comparison = begin(&self.chosen, &self.variants, self.still);
        self.comparison.set_speed(speed);
        if !playing {
            self.comparison.seek(clock);
        }
    }
}

fn begin(subject: &Subject, variants: &[Variant], still: bool) -> Comparison {
    let script = match subject {
        Subject::Own(script) => script.clone(),
        Subject::Story(story) => Rc::new(story.script()),
    };
    let mut comparison = Comparison::new(&script, variants);
    if still {
        comparison.seek(script.end);
    }
    comparison
}
