//! Ways out: `break`, `continue`, `return`, interrupts.

use super::{Call, Frame, Interpreter, Phase};
use crate::system::{Context, Progress, Signal};

impl Interpreter {
    /// What is due when a frame is left, be it at its end or before.
    pub(super) fn leave(&mut self, frame: Frame, context: &mut Context<'_>) {
        match frame {
            Frame::Timed { started } => {
                let elapsed = context.now().since(started);
                let (minutes, seconds) = (elapsed.as_secs() / 60, elapsed.as_secs() % 60);
                let millis = elapsed.subsec_millis();
                let text = format!("\nreal\t{minutes}m{seconds}.{millis:03}s\nuser\t0m0.000s\nsys\t0m0.000s");
                self.say(&text, context);
            }
            Frame::EndScope => {
                self.scopes.pop();
            }
            Frame::ClosePipes(pipes) => {
                pipes.into_iter().for_each(|pipe| context.system().close_pipe(pipe));
            }
            Frame::Call(Call { arguments, locals, .. }) => {
                self.environment.arguments = arguments;
                locals.into_iter().rev().for_each(|saved| self.environment.variables.restore(saved));
            }
            Frame::Restore(saved) => {
                saved.into_iter().rev().for_each(|saved| self.environment.variables.restore(saved));
            }
            Frame::Expand { capture: Some(capture), .. } => context.system().close_pipe(capture.pipe),
            Frame::Script { .. }
            | Frame::AndOr { .. }
            | Frame::Negate
            | Frame::For { .. }
            | Frame::While { .. }
            | Frame::If { .. }
            | Frame::Expand { .. }
            | Frame::Wait(_)
            | Frame::WaitForJobs { .. }
            | Frame::Read(_) => {}
        }
    }

    /// Gives up everything that runs; a shell at a prompt reads on.
    pub(super) fn abandon(&mut self, context: &mut Context<'_>) -> Progress {
        while let Some(frame) = self.frames.pop() {
            self.leave(frame, context);
        }
        self.scopes.clear();
        self.pending.clear();
        self.at_prompt = false;
        if self.controls_jobs(context) {
            context.set_foreground(context.pid());
        }
        context.report_exit_code(self.environment.status);
        if self.reads_commands { Progress::Continue } else { Progress::Exit(self.environment.status) }
    }

    pub(super) fn interrupt(&mut self, signal: Signal, context: &mut Context<'_>) -> Progress {
        self.environment.status = signal.exit_code();
        self.signal = None;
        let progress = self.abandon(context);
        if context.is_interactive() { progress } else { Progress::Exit(self.environment.status) }
    }

    /// `break` and `continue`: leaves all frames inside of the loop `levels` further out; answers with whether there is
    /// a loop at all.
    pub(in crate::shell) fn leave_loop(
        &mut self,
        levels: u32,
        goes_on: bool,
        context: &mut Context<'_>,
    ) -> bool {
        let in_call = self.frames.iter().rposition(|frame| matches!(frame, Frame::Call(_))).unwrap_or(0);
        let is_loop = |frame: &Frame| matches!(frame, Frame::For { .. } | Frame::While { .. });
        let loops = self.frames[in_call..].iter().filter(|frame| is_loop(frame)).count();
        let mut left = usize::try_from(levels).unwrap_or(usize::MAX).min(loops);
        if left == 0 {
            return false;
        }
        while let Some(frame) = self.frames.pop() {
            left -= usize::from(is_loop(&frame));
            if left > 0 || !is_loop(&frame) {
                self.leave(frame, context);
                continue;
            }
            if goes_on {
                self.frames.push(if let Frame::While { plan, .. } = frame {
                    Frame::While { plan, done: Phase::Ran, status: 0 }
                } else {
                    frame
                });
            }
            break;
        }
        self.environment.status = 0;
        true
    }

    /// A program was stopped: the loops that it ran in are over, as in bash.
    pub(super) fn leave_loops(&mut self, context: &mut Context<'_>) {
        let status = self.environment.status;
        self.leave_loop(u32::MAX, false, context);
        self.environment.status = status;
    }

    /// `return`: leaves the function or the sourced script; answers with whether there is one.
    pub(in crate::shell) fn leave_call(&mut self, context: &mut Context<'_>) -> bool {
        if !self.frames.iter().any(|frame| matches!(frame, Frame::Call(_))) {
            return false;
        }
        while let Some(frame) = self.frames.pop() {
            let is_call = matches!(frame, Frame::Call(_));
            self.leave(frame, context);
            if is_call {
                break;
            }
        }
        true
    }
}
