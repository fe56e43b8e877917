//! A file of a lesson: front matter, prose, and a `##` heading with an `{#id}` for each step.
//!
//! What a machine reads (`setup`, `goal`, `solution`, `route`, `wrong`, and the conditions of hints and choices) stands
//! once, in the original; a translation has the words.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use crate::content::{Choice, Hint, Lesson, Prediction, Step, WrongRoute};
use crate::fault::{Fault, Source};
use crate::front_matter::FrontMatter;
use crate::transcript;
use crate::{phrase, prose};

/// What a file is to the others that say the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Original,
    Translation,
}

/// A lesson as one file has it: of a translation, all that a machine reads is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    pub(crate) path: String,
    pub(crate) lesson: Lesson,
    /// The line of each step's heading.
    pub(crate) step_lines: Vec<usize>,
}

const PARTS: [&str; 8] = ["setup", "goal", "prediction", "hint", "solution", "route", "wrong", "insight"];

const FIELDS: [&str; 4] = ["title", "summary", "minutes", "terms"];

pub(crate) fn read(id: &str, source: Source<'_>, role: Role) -> Result<Draft, Fault> {
    let (front, body) = FrontMatter::split(source, &FIELDS)?;
    let lesson = Lesson {
        id: id.to_owned(),
        title: front.required("title")?.to_owned(),
        summary: front.required("summary")?.to_owned(),
        minutes: match role {
            Role::Original => front.number("minutes")?,
            Role::Translation => 0,
        },
        terms: front.names("terms"),
        prose: Vec::new(),
        setup: String::new(),
        steps: Vec::new(),
    };
    let draft = Draft { path: source.path.to_owned(), lesson, step_lines: Vec::new() };
    let mut reader = Reading { body, role, draft };
    let mut events = prose::events(body.text);
    while let Some((event, range)) = events.next() {
        if let Event::Start(Tag::Heading { level: HeadingLevel::H2, id, .. }) = event {
            reader.open_step(id.as_deref(), &range, &mut events)?;
        } else if let Some(info) = part_of_step(&event) {
            let (text, range) = prose::fence(&body, range, &mut events);
            reader.take_part(&info, body.part(range.start, range.end), text)?;
        } else {
            let block = prose::block(&body, event, range, &mut events)?;
            match reader.draft.lesson.steps.last_mut() {
                Some(step) => step.prose.push(block),
                None => reader.draft.lesson.prose.push(block),
            }
        }
    }
    reader.finish()
}

/// The words behind the fence, when it opens one of the blocks that mean something to a step.
fn part_of_step(event: &Event<'_>) -> Option<String> {
    let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else { return None };
    let name = info.split(' ').next().unwrap_or_default();
    PARTS.contains(&name).then(|| info.to_string())
}

struct Reading<'a> {
    body: Source<'a>,
    role: Role,
    draft: Draft,
}

impl Reading<'_> {
    fn open_step<'e>(
        &mut self,
        id: Option<&str>,
        range: &Range<usize>,
        events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>,
    ) -> Result<(), Fault> {
        let fault = |message: &str| self.body.fault(range.start, message);
        let mut title = String::new();
        for (event, _) in events.by_ref() {
            if let Event::Text(text) | Event::Code(text) = event {
                title.push_str(&text);
            } else if let Event::End(TagEnd::Heading(_)) = event {
                break;
            } else {
                return Err(fault("the heading of a step is plain text"));
            }
        }
        let id = id.ok_or_else(|| {
            fault("the heading of a step ends with its id, as in `## Make a topic {#make-topic}`")
        })?;
        if self.draft.lesson.steps.iter().any(|step| step.id == id) {
            return Err(fault("another step of this lesson has this id"));
        }
        self.draft.step_lines.push(self.body.line_of(range.start));
        self.draft.lesson.steps.push(Step {
            id: id.to_owned(),
            title,
            prose: Vec::new(),
            prediction: None,
            goals: Vec::new(),
            hints: Vec::new(),
            solution: String::new(),
            routes: Vec::new(),
            wrong_routes: Vec::new(),
            insight: Vec::new(),
        });
        Ok(())
    }

    /// Takes one of the blocks that mean something to a step.
    fn take_part(&mut self, info: &str, source: Source<'_>, text: String) -> Result<(), Fault> {
        let (name, argument) = info.split_once(' ').unwrap_or((info, ""));
        let original = self.role == Role::Original;
        if !original && matches!(name, "setup" | "goal" | "solution" | "route" | "wrong") {
            return Err(source.fault(0, format!("`{name}` stands once, in the original; take it out here")));
        }
        if matches!(name, "setup" | "solution" | "route" | "wrong") {
            transcript::check(&source)?;
        }
        let lesson = &mut self.draft.lesson;
        let Some(step) = lesson.steps.last_mut() else {
            if name != "setup" || !lesson.setup.is_empty() {
                return Err(source.fault(0, "before the first step stands prose, and at most one `setup`"));
            }
            lesson.setup = text;
            return Ok(());
        };
        match name {
            "goal" => {
                for line in prose::lines(&source) {
                    step.goals.push(phrase::goal(line.text).map_err(|message| line.fault(0, message))?);
                }
            }
            "prediction" if step.prediction.is_none() => {
                step.prediction = Some(prediction(&source, self.role)?);
            }
            "hint" => {
                let when = match argument.strip_prefix("when ") {
                    Some(condition) if original => {
                        phrase::goals(condition).map_err(|message| source.fault(0, message))?
                    }
                    None if argument.is_empty() => Vec::new(),
                    _ => {
                        return Err(
                            source.fault(0, "a hint is ```hint, or in the original ```hint when CONDITION")
                        );
                    }
                };
                step.hints.push(Hint { when, text: prose::blocks(inner(&source))? });
            }
            "solution" if step.solution.is_empty() => step.solution = text,
            "route" => step.routes.push(text),
            "wrong" => {
                let unmet = phrase::goal(argument).map_err(|message| source.fault(0, message))?;
                if !step.goals.contains(&unmet) {
                    let message = "behind `wrong` stands the goal, word for word, that the route does not reach; and \
                                   the goals stand before it";
                    return Err(source.fault(0, message));
                }
                step.wrong_routes.push(WrongRoute { transcript: text, unmet });
            }
            "insight" if step.insight.is_empty() => step.insight = prose::blocks(inner(&source))?,
            _ => {
                return Err(
                    source.fault(0, format!("a second `{name}`, or one that belongs before the first step"))
                );
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Draft, Fault> {
        if self.draft.lesson.steps.is_empty() {
            return Err(self.body.fault(0, "a lesson has at least one step: `## Title {#id}`"));
        }
        let unfinished = |step: &&Step| step.goals.is_empty() || step.solution.is_empty();
        if self.role == Role::Original
            && let Some(step) = self.draft.lesson.steps.iter().find(unfinished)
        {
            return Err(self.body.fault(0, format!("step `{}` lacks a ```goal or a ```solution", step.id)));
        }
        Ok(self.draft)
    }
}

/// A fenced block's text without the line that closes it.
fn inner<'a>(source: &Source<'a>) -> Source<'a> {
    let end = source.text.trim_end().rfind('\n').map_or(0, |end| end + 1);
    source.part(0, end)
}

/// A question; then for each choice a line `= condition` (in a translation `=`), its words, and behind `: ` its reason.
fn prediction(source: &Source<'_>, role: Role) -> Result<Prediction, Fault> {
    let source = inner(source);
    let starts: Vec<usize> =
        line_starts(source.text).filter(|at| source.text[*at..].starts_with('=')).collect();
    let question_end = starts.first().copied().unwrap_or(source.text.len());
    let question = prose::blocks(source.part(0, question_end))?;
    let ends = starts.iter().skip(1).copied().chain([source.text.len()]);
    let choices: Vec<Choice> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| choice(&source.part(*start, end), role))
        .collect::<Result<_, _>>()?;
    if question.is_empty() || choices.len() < 2 {
        return Err(
            source.fault(0, "a prediction is a question and two choices at least, each with a line `= ...`")
        );
    }
    Ok(Prediction { question, choices })
}

fn choice(source: &Source<'_>, role: Role) -> Result<Choice, Fault> {
    let condition_end = source.text.find('\n').unwrap_or(source.text.len());
    let condition = source.text[1..condition_end].trim();
    let holds = match role {
        Role::Original => phrase::goals(condition).map_err(|message| source.fault(0, message))?,
        Role::Translation if condition.is_empty() => Vec::new(),
        Role::Translation => {
            return Err(
                source.fault(0, "the condition of a choice stands once, in the original; here stands `=`")
            );
        }
    };
    let why = line_starts(source.text).find(|at| source.text[*at..].starts_with(": "));
    let why =
        why.ok_or_else(|| source.fault(0, "the reason of a choice stands in a line that begins with `: `"))?;
    Ok(Choice {
        holds,
        text: prose::inlines(source.part(condition_end, why))?,
        why: prose::blocks(source.part(why + 2, source.text.len()))?,
    })
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let after_line_ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_line_ends).filter(|at| *at < text.len())
}
