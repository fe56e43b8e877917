//! What a command sees of its shell: variables, arguments, functions, options.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::arithmetic;
use super::syntax::{Command, Parameter};
use super::variables::{Value, Variables};
use crate::system::{Context, Pid};

/// The shells of a terminal begin with these.
pub(crate) const HOME: &str = "/root";

/// How many bytes the functions of a shell may have as text.
const MAX_FUNCTIONS: usize = 1000;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Environment {
    pub(super) variables: Variables,
    /// `$1` and those that follow.
    pub(super) arguments: Rc<[Rc<str>]>,
    /// `$0`
    pub(super) name: Rc<str>,
    pub(super) status: u8,
    pub(super) last_job: Option<Pid>,
    pub(super) options: Options,
    functions: Rc<BTreeMap<Rc<str>, Rc<Command>>>,
}

/// What `set` switches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Options {
    /// `-e`: a command that fails ends the shell.
    pub(super) exit_on_error: bool,
    /// `-u`: a variable that was never set is an error.
    pub(super) no_unset: bool,
    /// `-x`: commands are printed before they run.
    pub(super) trace: bool,
    /// `-o pipefail`: a pipeline fails with any of its commands.
    pub(super) pipe_fail: bool,
}

impl Environment {
    pub(super) fn new(variables: Variables, name: &str, arguments: &[Rc<str>]) -> Self {
        Self {
            variables,
            arguments: arguments.into(),
            name: name.into(),
            status: 0,
            last_job: None,
            options: Options::default(),
            functions: Rc::default(),
        }
    }

    /// That of a terminal's first shell.
    pub(super) fn login() -> Self {
        let mut variables = Variables::default();
        for (name, value) in [
            ("HOME", HOME),
            ("PATH", "/opt/kafka/bin:/usr/local/bin:/usr/bin:/bin"),
            ("PWD", HOME),
            ("SHELL", "/bin/bash"),
            ("USER", "root"),
        ] {
            if variables.set_text(name, value).is_ok() {
                variables.export(name);
            }
        }
        Self::new(variables, "bash", &[])
    }

    pub(super) fn function(&self, name: &str) -> Option<Rc<Command>> {
        self.functions.get(name).cloned()
    }

    pub(super) fn define(&mut self, name: &Rc<str>, body: &Rc<Command>) -> Result<(), String> {
        let functions = Rc::make_mut(&mut self.functions);
        if functions.len() >= MAX_FUNCTIONS {
            return Err(format!("{name}: a shell knows at most {MAX_FUNCTIONS} functions here"));
        }
        functions.insert(name.clone(), body.clone());
        Ok(())
    }

    pub(super) fn forget_function(&mut self, name: &str) -> bool {
        Rc::make_mut(&mut self.functions).remove(name).is_some()
    }

    /// A variable's text, also of those that the shell makes up; `None` if it was never set.
    pub(super) fn text(&self, name: &str, context: &mut Context<'_>) -> Option<Rc<str>> {
        if let Some(text) = self.variables.get(name) {
            return Some(text);
        }
        match name {
            "RANDOM" => Some(context.system().random.below(32_768).to_string().into()),
            "SECONDS" => Some(context.now().since(Default::default()).as_secs().to_string().into()),
            "EPOCHSECONDS" => context.wall_clock().format("%s").map(Rc::from),
            "HOSTNAME" => Some("localhost".into()),
            "BASHPID" => Some(context.pid().0.to_string().into()),
            _ => None,
        }
    }

    /// The values of a parameter; more or less than one only for lists. `None` if it was never set.
    pub(super) fn values(
        &mut self,
        parameter: &Parameter,
        context: &mut Context<'_>,
    ) -> Result<Option<Vec<Rc<str>>>, String> {
        let one = |text: String| Some(vec![Rc::from(text)]);
        Ok(match parameter {
            Parameter::Name(name) => self.text(name, context).map(|text| vec![text]),
            Parameter::Element(name, index) => {
                let index = arithmetic::evaluate(index, self, context)?;
                let elements = self.variables.value(name).map(Value::elements).unwrap_or_default();
                let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
                let index = if index < 0 { index.saturating_add(length) } else { index };
                let element = usize::try_from(index).ok().and_then(|index| elements.get(index));
                element.map(|element| vec![element.clone()])
            }
            Parameter::Elements { name, .. } => {
                Some(self.variables.value(name).map(Value::elements).unwrap_or_default())
            }
            Parameter::Positional(0) => Some(vec![self.name.clone()]),
            Parameter::Positional(number) => {
                self.arguments.get(number - 1).map(|argument| vec![argument.clone()])
            }
            Parameter::Positionals { .. } => Some(self.arguments.to_vec()),
            Parameter::Count => one(self.arguments.len().to_string()),
            Parameter::Status => one(self.status.to_string()),
            Parameter::Pid => one(context.pid().0.to_string()),
            Parameter::LastJob => self.last_job.and_then(|pid| one(pid.0.to_string())),
        })
    }
}
