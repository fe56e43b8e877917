//! Puts the words of a translation around what a machine reads in the original, and holds that both have the same steps.

use crate::content::{Block, Entry, Lesson, Prediction, Reader, Step};
use crate::fault::Fault;
use crate::lesson::Draft;

/// The translated lesson, complete.
pub(crate) fn complete(translation: Draft, original: &Draft) -> Result<Lesson, Fault> {
    let Draft { path, mut lesson, step_lines } = translation;
    let fault = |line: usize, message: String| Fault { path: path.clone(), line, message };
    let ids = |lesson: &Lesson| lesson.steps.iter().map(|step| step.id.clone()).collect::<Vec<_>>();
    if ids(&lesson) != ids(&original.lesson) {
        let (here, there) = (ids(&lesson).join(", "), ids(&original.lesson).join(", "));
        return Err(fault(1, format!("the steps are {here}, where {} has {there}", original.path)));
    }
    if typed(&lesson.prose) != typed(&original.lesson.prose) {
        return Err(fault(
            1,
            format!("the introduction has other commands to click than {} has", original.path),
        ));
    }
    lesson.minutes = original.lesson.minutes;
    lesson.setup.clone_from(&original.lesson.setup);
    lesson.terms.clone_from(&original.lesson.terms);
    for ((step, original), line) in lesson.steps.iter_mut().zip(&original.lesson.steps).zip(&step_lines) {
        complete_step(step, original).map_err(|message| fault(*line, message))?;
    }
    Ok(lesson)
}

/// Holds that the glossary has the same terms in the same order.
pub(crate) fn same_terms(path: &str, translation: &[Entry], original: &[Entry]) -> Result<(), Fault> {
    let differs = |(one, other): (&Entry, &Entry)| one.id != other.id;
    let at = translation.iter().zip(original).position(differs);
    if at.is_none() && translation.len() == original.len() {
        return Ok(());
    }
    let at = at.unwrap_or(translation.len().min(original.len()));
    let id = |entries: &[Entry]| entries.get(at).map_or("none", |entry| &entry.id).to_owned();
    let message = format!("term {} is {}, where the original has {}", at + 1, id(translation), id(original));
    Err(Fault { path: path.to_owned(), line: 1, message })
}

fn complete_step(step: &mut Step, original: &Step) -> Result<(), String> {
    if step_typed(step) != step_typed(original) {
        return Err("this step has other commands to click, or in another order, than the original".into());
    }
    if step.hints.len() != original.hints.len() {
        return Err(format!("{} hints, where the original has {}", step.hints.len(), original.hints.len()));
    }
    if step.insight.is_empty() != original.insight.is_empty() {
        return Err("one language has an insight and the other has not".into());
    }
    for (hint, original) in step.hints.iter_mut().zip(&original.hints) {
        hint.when.clone_from(&original.when);
    }
    match (&mut step.prediction, &original.prediction) {
        (Some(prediction), Some(original)) => complete_prediction(prediction, original)?,
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => {
            return Err("one language has a prediction and the other has not".into());
        }
    }
    step.goals.clone_from(&original.goals);
    step.solution.clone_from(&original.solution);
    step.routes.clone_from(&original.routes);
    step.wrong_routes.clone_from(&original.wrong_routes);
    Ok(())
}

fn complete_prediction(prediction: &mut Prediction, original: &Prediction) -> Result<(), String> {
    if prediction.choices.len() != original.choices.len() {
        let (here, there) = (prediction.choices.len(), original.choices.len());
        return Err(format!("the prediction has {here} choices, where the original has {there}"));
    }
    for (choice, original) in prediction.choices.iter_mut().zip(&original.choices) {
        choice.holds.clone_from(&original.holds);
    }
    Ok(())
}

fn step_typed(step: &Step) -> Vec<(u32, Reader, &str)> {
    let hints = step.hints.iter().flat_map(|hint| typed(&hint.text));
    typed(&step.prose).into_iter().chain(hints).chain(typed(&step.insight)).collect()
}

/// What can be clicked into a terminal, in order.
fn typed(blocks: &[Block]) -> Vec<(u32, Reader, &str)> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Typed { terminal, reader, text } => found.push((*terminal, *reader, text.as_str())),
            Block::List { items, .. } => found.extend(items.iter().flat_map(|item| typed(item))),
            Block::Quote(blocks) => found.extend(typed(blocks)),
            Block::Paragraph(_)
            | Block::Heading(_)
            | Block::Table { .. }
            | Block::Verbatim(_)
            | Block::Checklist(_)
            | Block::Measurements(_) => {}
        }
    }
    found
}
