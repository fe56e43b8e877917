//! A shell's variables. A copy is cheap: every `$(...)` takes one.
//!
//! Leaves out: associative arrays, arrays with gaps, integers and constants by `declare`.

use std::collections::BTreeMap;
use std::rc::Rc;

/// What the variables of one shell may hold, in bytes.
const MAX_BYTES: usize = 1 << 20;

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Variables {
    values: Rc<BTreeMap<Rc<str>, Variable>>,
    bytes: usize,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct Variable {
    /// `None` for a name that was exported before it had a value.
    value: Option<Value>,
    exported: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    Text(Rc<str>),
    List(Rc<[Rc<str>]>),
}

/// A variable as it was, to be put back.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Saved {
    pub(super) name: Rc<str>,
    variable: Option<Variable>,
}

impl Value {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(list) => list.iter().map(|text| text.len() + 16).sum(),
        }
    }

    pub(super) fn elements(&self) -> Vec<Rc<str>> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(list) => list.to_vec(),
        }
    }
}

impl Variables {
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)?.value.as_ref()
    }

    /// The text of a variable; of a list its first element.
    pub(super) fn get(&self, name: &str) -> Option<Rc<str>> {
        match self.value(name)? {
            Value::Text(text) => Some(text.clone()),
            Value::List(list) => list.first().cloned(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) -> Result<(), String> {
        let old = self.values.get(name);
        let freed = old.and_then(|variable| variable.value.as_ref()).map_or(0, Value::bytes);
        let named = if old.is_none() { name.len() + 64 } else { 0 };
        let bytes = self.bytes - freed + value.bytes() + named;
        if bytes > MAX_BYTES {
            return Err(format!("{name}: the variables of a shell hold at most {MAX_BYTES} bytes here"));
        }
        self.bytes = bytes;
        Rc::make_mut(&mut self.values).entry(name.into()).or_default().value = Some(value);
        Ok(())
    }

    pub(super) fn set_text(&mut self, name: &str, text: &str) -> Result<(), String> {
        self.set(name, Value::Text(text.into()))
    }

    pub(super) fn export(&mut self, name: &str) {
        if !self.values.contains_key(name) {
            self.bytes += name.len() + 64;
        }
        Rc::make_mut(&mut self.values).entry(name.into()).or_default().exported = true;
    }

    pub(super) fn unset(&mut self, name: &str) {
        if let Some(variable) = Rc::make_mut(&mut self.values).remove(name) {
            self.bytes -= variable.value.as_ref().map_or(0, Value::bytes) + name.len() + 64;
        }
    }

    pub(super) fn save(&self, name: &Rc<str>) -> Saved {
        Saved { name: name.clone(), variable: self.values.get(name).cloned() }
    }

    pub(super) fn restore(&mut self, saved: Saved) {
        self.unset(&saved.name);
        let Some(variable) = saved.variable else { return };
        self.bytes += variable.value.as_ref().map_or(0, Value::bytes) + saved.name.len() + 64;
        Rc::make_mut(&mut self.values).insert(saved.name, variable);
    }

    /// What a program that the shell starts sees.
    pub(super) fn exported(&self) -> Self {
        let mut exported = Self::default();
        for (name, variable) in self.values.iter().filter(|(_, variable)| variable.exported) {
            if let Some(value) = &variable.value
                && exported.set(name, value.clone()).is_ok()
            {
                exported.export(name);
            }
        }
        exported
    }

    /// Names with texts, sorted by name.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&Rc<str>, Rc<str>)> {
        self.values.keys().filter_map(|name| Some((name, self.get(name)?)))
    }
}
