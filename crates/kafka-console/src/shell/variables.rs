//! A shell's variables. A copy is cheap: every `$(...)` takes one.

use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Variables(Rc<BTreeMap<Rc<str>, Rc<str>>>);

impl Variables {
    /// The value, empty for a variable that was never set.
    pub(super) fn get(&self, name: &str) -> Rc<str> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &Rc<str>, value: &Rc<str>) {
        Rc::make_mut(&mut self.0).insert(name.clone(), value.clone());
    }
}
