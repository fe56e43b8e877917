//! Loops and choices.

use std::rc::Rc;

use super::{Frame, Interpreter, Phase};
use crate::shell::arithmetic;
use crate::shell::condition;
use crate::shell::pattern::{Budget, Pattern};
use crate::shell::syntax::{Body, CaseArm, Command, Script, While};
use crate::system::{Context, Progress, Stdio};

impl Interpreter {
    /// Begins with a compound command whose words are expanded.
    pub(super) fn enter(
        &mut self,
        command: &Command,
        results: &[Vec<Rc<str>>],
        stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let text = |number: usize| results.get(number).map_or_else(String::new, |fields| fields.join(" "));
        if let Body::Subshell(script) = &command.body {
            return self.run_subshell(script.clone(), stdio, context);
        }
        self.enter_scope(command, stdio);
        match &command.body {
            Body::Simple { .. } | Body::Subshell(_) => {}
            Body::For { variable, body, .. } => {
                self.environment.status = 0;
                self.frames.push(Frame::For {
                    variable: variable.clone(),
                    values: results.concat().into(),
                    next: 0,
                    body: body.clone(),
                });
            }
            Body::While(plan) => {
                self.frames.push(Frame::While { plan: plan.clone(), done: Phase::Begun, status: 0 });
                self.push_script(&plan.before);
            }
            Body::If { branches, otherwise } => {
                self.environment.status = 1;
                self.frames.push(Frame::If {
                    branches: branches.clone(),
                    next: 0,
                    otherwise: otherwise.clone(),
                });
            }
            Body::Case { arms, .. } => {
                self.environment.status = 0;
                if let Some(arm) = matching_arm(arms, results, context) {
                    self.push_script(&arm.body);
                }
            }
            Body::Group(script) => self.push_script(script),
            Body::Arithmetic(_) => match arithmetic::evaluate(&text(0), &mut self.environment, context) {
                Ok(value) => self.environment.status = u8::from(value == 0),
                Err(message) => self.complain(&format!("((: {message}"), 1, context),
            },
            Body::Conditional(conditional) => {
                let words: Vec<String> = (0..results.len()).map(text).collect();
                match condition::evaluate(conditional, &words, &mut self.environment, context) {
                    Ok(holds) => self.environment.status = u8::from(!holds),
                    Err(message) => self.complain(&format!("[[: {message}"), 2, context),
                }
            }
            Body::Function { name, body } => {
                self.environment.status = 0;
                if let Err(message) = self.environment.define(name, body) {
                    self.complain(&message, 1, context);
                }
            }
        }
        Progress::Continue
    }

    pub(in crate::shell) fn push_script(&mut self, script: &Script) {
        if !script.is_empty() {
            self.frames.push(Frame::Script { items: script.clone(), next: 0 });
        }
    }

    fn enter_scope(&mut self, command: &Command, stdio: Stdio) {
        if !command.redirects.is_empty() {
            self.push_scope(stdio);
        }
    }

    /// Until the end of what is pushed next, commands read and write elsewhere.
    pub(in crate::shell) fn push_scope(&mut self, stdio: Stdio) {
        self.scopes.push(stdio);
        self.frames.push(Frame::EndScope);
    }

    pub(super) fn run_for(
        &mut self,
        variable: Rc<str>,
        values: Rc<[Rc<str>]>,
        next: usize,
        body: Script,
        context: &mut Context<'_>,
    ) -> Progress {
        let Some(value) = values.get(next) else { return Progress::Continue };
        if let Err(message) = self.environment.variables.set_text(&variable, value) {
            self.complain(&message, 1, context);
            return Progress::Continue;
        }
        let items = body.clone();
        self.frames.push(Frame::For { variable, values, next: next + 1, body });
        self.push_script(&items);
        Progress::Continue
    }

    pub(super) fn run_while(&mut self, plan: Rc<While>, done: Phase, status: u8) {
        match done {
            Phase::Begun | Phase::Ran => {
                let status = if done == Phase::Ran { self.environment.status } else { status };
                let (update, condition) = (plan.update.clone(), plan.condition.clone());
                self.environment.status = 0;
                self.frames.push(Frame::While { plan, done: Phase::Tested, status });
                self.push_script(&condition);
                if done == Phase::Ran {
                    self.push_script(&update);
                }
            }
            Phase::Tested if (self.environment.status == 0) != plan.until => {
                let body = plan.body.clone();
                self.environment.status = 0;
                self.frames.push(Frame::While { plan, done: Phase::Ran, status });
                self.push_script(&body);
            }
            Phase::Tested => self.environment.status = status,
        }
    }

    pub(super) fn run_if(&mut self, branches: Rc<[(Script, Script)]>, next: usize, otherwise: Script) {
        if next > 0 && self.environment.status == 0 {
            if let Some((_, body)) = branches.get(next - 1) {
                self.push_script(body);
            }
            return;
        }
        self.environment.status = 0;
        match branches.get(next).map(|(condition, _)| condition.clone()) {
            Some(condition) => {
                self.frames.push(Frame::If { branches, next: next + 1, otherwise });
                self.push_script(&condition);
            }
            None => self.push_script(&otherwise),
        }
    }
}

/// `results` holds the word and then every pattern.
fn matching_arm<'a>(
    arms: &'a [CaseArm],
    results: &[Vec<Rc<str>>],
    context: &mut Context<'_>,
) -> Option<&'a CaseArm> {
    let (word, patterns) = results.split_first()?;
    let word = word.concat();
    let mut patterns = patterns.iter();
    let mut budget = Budget::default();
    let arm = arms.iter().find(|arm| {
        let own: Vec<String> =
            patterns.by_ref().take(arm.patterns.len()).map(|fields| fields.concat()).collect();
        own.iter().any(|pattern| Pattern::new(pattern).matches(&word, &mut budget))
    });
    context.charge_for(budget.spent());
    arm
}
