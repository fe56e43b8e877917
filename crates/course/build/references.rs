//! Holds that links, new terms and checklists name lessons, steps and terms that exist.

use crate::content::{Block, Course, Inline, Lesson, Target};

/// What is named and does not exist, as it stands in the file.
pub(crate) fn dangling(lesson: &Lesson, course: &Course) -> Vec<String> {
    let mut dangling: Vec<String> =
        lesson.terms.iter().filter(|term| !has_term(course, term)).cloned().collect();
    let mut blocks: Vec<&Block> = lesson.prose.iter().collect();
    for step in &lesson.steps {
        blocks.extend(&step.prose);
        blocks.extend(&step.insight);
        blocks.extend(step.hints.iter().flat_map(|hint| &hint.text));
        if let Some(prediction) = &step.prediction {
            blocks.extend(&prediction.question);
            blocks.extend(prediction.choices.iter().flat_map(|choice| &choice.why));
            for choice in &prediction.choices {
                in_inlines(&choice.text, course, &mut dangling);
            }
        }
    }
    in_blocks(blocks, course, &mut dangling);
    dangling
}

pub(crate) fn dangling_in_glossary(course: &Course) -> Vec<String> {
    let mut dangling = Vec::new();
    in_blocks(course.glossary.iter().flat_map(|entry| &entry.text), course, &mut dangling);
    dangling
}

fn in_blocks<'a>(blocks: impl IntoIterator<Item = &'a Block>, course: &Course, dangling: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(inlines) => in_inlines(inlines, course, dangling),
            Block::List { items, .. } => in_blocks(items.iter().flatten(), course, dangling),
            Block::Table { head, rows } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    in_inlines(cell, course, dangling);
                }
            }
            Block::Quote(blocks) => in_blocks(blocks, course, dangling),
            Block::Checklist(ticks) => {
                for tick in ticks {
                    let step = |lesson: &Lesson| lesson.steps.iter().any(|step| step.id == tick.step);
                    if !lessons(course).any(|lesson| lesson.id == tick.lesson && step(lesson)) {
                        dangling.push(format!("{}#{}", tick.lesson, tick.step));
                    }
                    in_inlines(&tick.text, course, dangling);
                }
            }
            Block::Measurements(measurements) => {
                for measurement in measurements {
                    in_inlines(&measurement.text, course, dangling);
                }
            }
            Block::Typed { .. } | Block::Verbatim(_) => {}
        }
    }
}

fn in_inlines(inlines: &[Inline], course: &Course, dangling: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Text(_) | Inline::Code(_) => {}
            Inline::Strong(inlines) | Inline::Emphasis(inlines) => in_inlines(inlines, course, dangling),
            Inline::Link { target, text } => {
                in_inlines(text, course, dangling);
                match target {
                    Target::Term(term) if !has_term(course, term) => dangling.push(format!("term:{term}")),
                    Target::Lesson(id) if lessons(course).all(|lesson| lesson.id != *id) => {
                        dangling.push(format!("lesson:{id}"));
                    }
                    Target::Term(_)
                    | Target::Lesson(_)
                    | Target::Web(_)
                    | Target::Stage(_)
                    | Target::Key { .. } => {}
                }
            }
        }
    }
}

fn has_term(course: &Course, term: &str) -> bool {
    course.glossary.iter().any(|entry| entry.id == term)
}

fn lessons(course: &Course) -> impl Iterator<Item = &Lesson> {
    course.chapters.iter().flat_map(|chapter| &chapter.lessons)
}
