//! Programs that read lines, from files or from what is piped into them, and print others. Each line goes on as soon
//! as it has come, so that a pipe behind a consumer shows records as they arrive; the real ones often keep them back.

mod base64;
mod columns;
mod count;
mod edit;
mod expression;
mod grep;
mod json;
mod lines;
mod select;
mod sort;
mod translate;

use std::collections::VecDeque;
use std::rc::Rc;

use super::arguments::{Arguments, Spec};
use crate::system::{BrokenPipe, Context, FileError, Progress, Read};
use crate::terminal::Prompt;

/// Which filter, before it has read its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FilterKind {
    Base64,
    Cat,
    Column,
    Cut,
    Grep,
    Head,
    Jq,
    Nl,
    Rev,
    Sed,
    Sort,
    Tac,
    Tail,
    Tee,
    Tr,
    Uniq,
    Wc,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Filter {
    kind: FilterKind,
    state: State,
}

#[derive(Clone, PartialEq, Debug)]
enum State {
    Begun(Rc<[Rc<str>]>),
    Running(Box<Run>),
}

#[derive(Clone, PartialEq, Debug)]
struct Run {
    work: Work,
    /// Names that are still to be read; `-` is what is piped in.
    sources: VecDeque<Rc<str>>,
    current: Option<Source>,
    /// Waits for more at the end of the last file.
    follows: bool,
    /// Files that are written anew with what would be printed.
    in_place: bool,
    failed: bool,
}

#[derive(Clone, PartialEq, Debug)]
struct Source {
    name: Rc<str>,
    /// How much of the file has been read; `None` for what is piped in.
    offset: Option<usize>,
    printed: Vec<u8>,
}

/// What is done with the lines.
#[derive(Clone, PartialEq, Debug)]
enum Work {
    Base64(base64::Base64),
    Column(columns::Column),
    Cut(columns::Cut),
    Grep(grep::Grep),
    Head(select::Head),
    Json(json::Jq),
    Lines(lines::Lines),
    Sed(edit::Sed),
    Sort(sort::Sort),
    Tail(select::Tail),
    Tee(lines::Tee),
    Tr(translate::Tr),
    Uniq(sort::Uniq),
    Wc(count::Wc),
}

/// A line without its end, and whether it had one.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a [u8],
    ended: bool,
    /// The file that it is from.
    file: &'a str,
}

impl Line<'_> {
    /// Prints the line as it came.
    fn copy(self, output: &mut Vec<u8>) {
        output.extend_from_slice(self.text);
        if self.ended {
            output.push(b'\n');
        }
    }
}

/// Whether a filter has seen enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    More,
    NextFile,
    Done,
}

/// What a filter made of its arguments.
struct Plan {
    work: Work,
    files: Vec<Rc<str>>,
    follows: bool,
    in_place: bool,
}

impl Plan {
    fn new(work: Work, arguments: Arguments) -> Self {
        Self { work, files: arguments.operands, follows: false, in_place: false }
    }
}

impl FilterKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Cat => "cat",
            Self::Column => "column",
            Self::Cut => "cut",
            Self::Grep => "grep",
            Self::Head => "head",
            Self::Jq => "jq",
            Self::Nl => "nl",
            Self::Rev => "rev",
            Self::Sed => "sed",
            Self::Sort => "sort",
            Self::Tac => "tac",
            Self::Tail => "tail",
            Self::Tee => "tee",
            Self::Tr => "tr",
            Self::Uniq => "uniq",
            Self::Wc => "wc",
        }
    }

    fn plan(self, arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Plan, String> {
        match self {
            Self::Base64 => base64::plan(arguments),
            Self::Cat => lines::cat(arguments),
            Self::Column => columns::column(arguments),
            Self::Cut => columns::cut(arguments),
            Self::Grep => grep::plan(arguments),
            Self::Head => select::head(arguments),
            Self::Jq => json::plan(arguments),
            Self::Nl => lines::nl(arguments),
            Self::Rev => lines::rev(arguments),
            Self::Sed => edit::plan(arguments),
            Self::Sort => sort::sort(arguments),
            Self::Tac => lines::tac(arguments),
            Self::Tail => select::tail(arguments),
            Self::Tee => lines::tee(arguments, context),
            Self::Tr => translate::plan(arguments),
            Self::Uniq => sort::uniq(arguments),
            Self::Wc => count::plan(arguments),
        }
    }

    /// What the real one ends with when it cannot begin.
    const fn trouble(self) -> u8 {
        match self {
            Self::Grep | Self::Sort | Self::Jq => 2,
            Self::Base64
            | Self::Cat
            | Self::Column
            | Self::Cut
            | Self::Head
            | Self::Nl
            | Self::Rev
            | Self::Sed
            | Self::Tac
            | Self::Tail
            | Self::Tee
            | Self::Tr
            | Self::Uniq
            | Self::Wc => 1,
        }
    }
}

impl Work {
    fn begin_file(&mut self, name: &str, output: &mut Vec<u8>) {
        match self {
            Self::Head(head) => head.begin_file(name, output),
            Self::Tail(tail) => tail.begin_file(name, output),
            Self::Base64(_)
            | Self::Column(_)
            | Self::Cut(_)
            | Self::Grep(_)
            | Self::Json(_)
            | Self::Lines(_)
            | Self::Sed(_)
            | Self::Sort(_)
            | Self::Tee(_)
            | Self::Tr(_)
            | Self::Uniq(_)
            | Self::Wc(_) => {}
        }
    }

    fn line(
        &mut self,
        line: Line<'_>,
        output: &mut Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Flow, String> {
        match self {
            Self::Base64(base64) => return base64.line(line, output),
            Self::Column(column) => return column.line(line),
            Self::Cut(cut) => cut.line(line, output),
            Self::Grep(grep) => return Ok(grep.line(line, output)),
            Self::Head(head) => return Ok(head.line(line, output)),
            Self::Json(jq) => return jq.line(line, output),
            Self::Lines(lines) => return lines.line(line, output),
            Self::Sed(sed) => return Ok(sed.line(line, output)),
            Self::Sort(sort) => return sort.line(line),
            Self::Tail(tail) => tail.line(line, output),
            Self::Tee(tee) => tee.line(line, output, context),
            Self::Tr(tr) => tr.line(line, output),
            Self::Uniq(uniq) => uniq.line(line, output),
            Self::Wc(wc) => wc.line(line),
        }
        Ok(Flow::More)
    }

    fn end_file(&mut self, name: &str, output: &mut Vec<u8>) {
        match self {
            Self::Grep(grep) => grep.end_file(name, output),
            Self::Tail(tail) => tail.end_file(output),
            Self::Wc(wc) => wc.end_file(name),
            Self::Base64(_)
            | Self::Column(_)
            | Self::Cut(_)
            | Self::Head(_)
            | Self::Json(_)
            | Self::Lines(_)
            | Self::Sed(_)
            | Self::Sort(_)
            | Self::Tee(_)
            | Self::Tr(_)
            | Self::Uniq(_) => {}
        }
    }

    /// After the last line; answers with the exit code.
    fn end(&mut self, output: &mut Vec<u8>) -> Result<u8, String> {
        match self {
            Self::Base64(base64) => base64.end(output)?,
            Self::Column(column) => column.end(output),
            Self::Grep(grep) => return Ok(grep.exit_code()),
            Self::Json(jq) => jq.end()?,
            Self::Lines(lines) => lines.end(output),
            Self::Sort(sort) => sort.end(output),
            Self::Uniq(uniq) => uniq.end(output),
            Self::Wc(wc) => wc.end(output),
            Self::Cut(_) | Self::Head(_) | Self::Sed(_) | Self::Tail(_) | Self::Tee(_) | Self::Tr(_) => {}
        }
        Ok(0)
    }
}

impl Filter {
    pub(super) fn new(kind: FilterKind, arguments: Rc<[Rc<str>]>) -> Self {
        Self { kind, state: State::Begun(arguments) }
    }

    pub(super) fn name(&self) -> &'static str {
        self.kind.name()
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let name = self.kind.name();
        let run = match &mut self.state {
            State::Running(run) => run,
            State::Begun(arguments) => match self.kind.plan(arguments, context) {
                Ok(plan) => {
                    self.state = State::Running(Box::new(Run::new(plan)));
                    return Progress::Continue;
                }
                Err(message) => {
                    context.print_error(&format!("{name}: {message}"));
                    return Progress::Exit(self.kind.trouble());
                }
            },
        };
        let mut output = Vec::new();
        let outcome = run.advance(self.kind, &mut output, context);
        let kept = run.current.as_mut().filter(|source| run.in_place && source.offset.is_some());
        let written = match kept {
            Some(source) => {
                source.printed.append(&mut output);
                Ok(())
            }
            None if output.is_empty() => Ok(()),
            None => context.write_output(&output),
        };
        match (outcome, written) {
            (_, Err(BrokenPipe)) => BrokenPipe::EXIT,
            (Ok(progress), Ok(())) => progress,
            (Err(message), Ok(())) => {
                context.print_error(&format!("{name}: {message}"));
                Progress::Exit(self.kind.trouble())
            }
        }
    }
}

impl Run {
    fn new(plan: Plan) -> Self {
        let mut sources = VecDeque::from(plan.files);
        if sources.is_empty() {
            sources.push_back("-".into());
        }
        Self {
            work: plan.work,
            sources,
            current: None,
            follows: plan.follows,
            in_place: plan.in_place,
            failed: false,
        }
    }

    /// Reads a line or opens the next file.
    fn advance(
        &mut self,
        kind: FilterKind,
        output: &mut Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Progress, String> {
        let trouble = kind.trouble();
        let Some(source) = self.current.clone() else { return self.open_next(kind, output, context) };
        let piece = match source.offset {
            None => {
                let input = context.stdio().input.clone();
                context.read_piece(&input, Prompt::Program(""))
            }
            Some(offset) => self.read_file(&source.name, offset, context),
        };
        match piece {
            Read::Wait => Ok(Progress::Blocked),
            Read::End => {
                self.work.end_file(&source.name, output);
                if self.follows && source.offset.is_some() && self.sources.is_empty() {
                    let path = context.path(&source.name);
                    let pid = context.pid();
                    context.system().files.watch(&path, pid);
                    return Ok(Progress::Blocked);
                }
                self.close(output, context);
                Ok(Progress::Continue)
            }
            Read::Line(piece) => {
                let (text, ended) = match piece.split_last() {
                    Some((b'\n', text)) => (text, true),
                    Some(_) | None => (piece.as_slice(), false),
                };
                let file = if source.offset.is_some() { &*source.name } else { "(standard input)" };
                match self.work.line(Line { text, ended, file }, output, context)? {
                    Flow::More => {}
                    Flow::NextFile => {
                        self.work.end_file(&source.name, output);
                        self.close(output, context);
                    }
                    Flow::Done => {
                        let code = self.work.end(output)?;
                        self.close(output, context);
                        return Ok(Progress::Exit(if self.failed { trouble } else { code }));
                    }
                }
                Ok(Progress::Continue)
            }
        }
    }

    fn open_next(
        &mut self,
        kind: FilterKind,
        output: &mut Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Progress, String> {
        let trouble = kind.trouble();
        let Some(name) = self.sources.pop_front() else {
            let code = self.work.end(output)?;
            return Ok(Progress::Exit(if self.failed { trouble } else { code }));
        };
        let is_input = matches!(&*name, "-" | "/dev/stdin");
        if !is_input && context.read_file(&name).is_none() {
            let path = context.path(&name);
            let is_folder = context.system().files.is_folder(&path);
            let error = if is_folder { FileError::IsFolder } else { FileError::Missing };
            context.print_error(&format!("{}: {name}: {error}", kind.name()));
            self.failed = true;
            return Ok(Progress::Continue);
        }
        self.work.begin_file(if is_input { "standard input" } else { &name }, output);
        let offset = (!is_input).then_some(0);
        self.current = Some(Source { name, offset, printed: Vec::new() });
        Ok(Progress::Continue)
    }

    fn read_file(&mut self, name: &str, offset: usize, context: &mut Context<'_>) -> Read {
        let content = context.read_file(name).unwrap_or_default();
        let rest = content.get(offset..).unwrap_or_default();
        if rest.is_empty() {
            return Read::End;
        }
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        if let Some(source) = &mut self.current {
            source.offset = Some(offset + length);
        }
        context.charge_for(length);
        Read::Line(rest[..length].to_vec())
    }

    fn close(&mut self, output: &mut Vec<u8>, context: &mut Context<'_>) {
        let Some(source) = self.current.take() else { return };
        if self.in_place && source.offset.is_some() {
            let content = [source.printed, std::mem::take(output)].concat();
            let (path, now) = (context.path(&source.name), context.now());
            let files = &mut context.system().files;
            if files.create(&path, now).and_then(|()| files.append(&path, &content, now)).is_err() {
                self.failed = true;
            }
        }
    }
}
