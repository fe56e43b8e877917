//! Pipes: bytes on their way from one program to another.

use std::collections::VecDeque;

use super::{Input, Output, Pid, Stdio, System};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct PipeId(pub(crate) u32);

/// What a pipe holds on Linux before whoever writes to it must wait.
const CAPACITY: usize = 65_536;

/// A line longer than this breaks the pipe that it is in.
const MAX_LINE: usize = 8 << 20;

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Pipe {
    pub(super) buffer: VecDeque<u8>,
    /// A process that reads without having the pipe as its input.
    pub(super) holder: Option<Pid>,
    pub(super) waiting_reader: Option<Pid>,
    waiting_writers: Vec<Pid>,
    pub(super) no_readers: bool,
    pub(super) no_writers: bool,
}

impl Pipe {
    pub(super) fn is_broken(&self) -> bool {
        self.no_readers || self.buffer.len() > MAX_LINE
    }

    /// Takes a line with its end. `None` when there is none yet.
    pub(super) fn take_line(&mut self) -> Option<Vec<u8>> {
        let end = self.buffer.iter().position(|byte| *byte == b'\n');
        if end.is_none() && (!self.no_writers || self.buffer.is_empty()) {
            return None;
        }
        Some(self.buffer.drain(..end.map_or(self.buffer.len(), |end| end + 1)).collect())
    }
}

impl System {
    /// A pipe that `holder` reads, or one that is read by whoever has it as input.
    pub(crate) fn open_pipe(&mut self, holder: Option<Pid>) -> PipeId {
        let id = PipeId(self.next_pipe);
        self.next_pipe += 1;
        self.pipes.insert(id, Pipe { holder, ..Pipe::default() });
        id
    }

    /// A pipe that holds a text and ends there: a file that is read.
    pub(crate) fn open_text(&mut self, holder: Pid, text: &[u8]) -> PipeId {
        let id = self.open_pipe(Some(holder));
        if let Some(pipe) = self.pipes.get_mut(&id) {
            pipe.buffer.extend(text);
            pipe.no_writers = true;
        }
        id
    }

    /// Everything that is in a pipe; its holder is woken when there is more.
    pub(crate) fn drain_pipe(&mut self, id: PipeId) -> Vec<u8> {
        let Some(pipe) = self.pipes.get_mut(&id) else { return Vec::new() };
        pipe.waiting_reader = pipe.holder;
        pipe.buffer.drain(..).collect()
    }

    pub(crate) fn close_pipe(&mut self, id: PipeId) {
        self.pipes.remove(&id);
    }

    pub(super) fn wake_writers(&mut self, id: PipeId) {
        let Some(pipe) = self.pipes.get_mut(&id) else { return };
        if pipe.buffer.len() < CAPACITY || pipe.no_readers {
            self.ready.extend(pipe.waiting_writers.drain(..));
        }
    }

    /// Whether a process that has written too much must wait; it is woken when there is room again.
    pub(super) fn waits_for_reader(&mut self, pid: Pid, stdio: &Stdio) -> bool {
        let Output::Pipe(id) = stdio.output else { return false };
        let Some(pipe) = self.pipes.get_mut(&id) else { return false };
        // A reader that waits already wants more: the buffer holds no whole line.
        let full = pipe.buffer.len() >= CAPACITY && !pipe.no_readers && pipe.waiting_reader.is_none();
        if full {
            pipe.waiting_writers.push(pid);
        }
        full
    }

    /// After a process has ended: tells the other ends of its pipes, and drops pipes that nobody has.
    pub(super) fn release_pipes(&mut self) {
        let ids: Vec<_> = self.pipes.keys().copied().collect();
        for id in ids {
            let reads = |process: &super::Process| process.stdio.input == Input::Pipe(id);
            let writes = |process: &super::Process| {
                process.stdio.output == Output::Pipe(id) || process.stdio.error == Output::Pipe(id)
            };
            let holder = self.pipes.get(&id).and_then(|pipe| pipe.holder);
            let has_readers = holder.is_some_and(|holder| self.processes.contains_key(&holder))
                || self.processes.values().any(reads);
            let has_writers = self.processes.values().any(writes);
            if !has_readers && !has_writers {
                self.pipes.remove(&id);
                continue;
            }
            let Some(pipe) = self.pipes.get_mut(&id) else { continue };
            pipe.no_readers |= !has_readers;
            pipe.no_writers |= !has_writers;
            if pipe.no_writers {
                self.ready.extend(pipe.waiting_reader.take());
            }
            self.wake_writers(id);
        }
    }
}
