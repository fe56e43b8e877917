//! `basename`, `dirname`, `date`.

use std::rc::Rc;

use super::Outcome;
use crate::system::Context;

pub(super) fn basename(arguments: &[Rc<str>]) -> Outcome {
    let (path, suffix) = match arguments {
        [] => return Err("missing operand".to_owned()),
        [path] => (path, ""),
        [path, suffix] => (path, &**suffix),
        [_, _, extra, ..] => return Err(format!("extra operand '{extra}'")),
    };
    let trimmed = path.trim_end_matches('/');
    let base = if trimmed.is_empty() && !path.is_empty() { "/" } else { trimmed };
    let base = base.rsplit_once('/').map_or(base, |(_, base)| if base.is_empty() { "/" } else { base });
    let short = base.strip_suffix(suffix).filter(|short| !short.is_empty()).unwrap_or(base);
    Ok(format!("{short}\n").into())
}

pub(super) fn dirname(arguments: &[Rc<str>]) -> Outcome {
    if arguments.is_empty() {
        return Err("missing operand".to_owned());
    }
    let folder = |path: &Rc<str>| {
        let trimmed = path.trim_end_matches('/');
        let folder = match trimmed.rsplit_once('/') {
            Some((folder, _)) => folder.trim_end_matches('/'),
            None if trimmed.is_empty() && path.starts_with('/') => "",
            None => ".",
        };
        format!("{}\n", if folder.is_empty() { "/" } else { folder })
    };
    Ok(arguments.iter().map(folder).collect::<String>().into())
}

pub(super) fn date(arguments: &[Rc<str>], context: &Context<'_>) -> Outcome {
    let mut format = "%a %b %e %T %Z %Y";
    for argument in arguments {
        match argument.strip_prefix('+') {
            Some(given) => format = given,
            None => match &**argument {
                "-u" | "--utc" => {}
                "-I" => format = "%F",
                "-Is" | "-Iseconds" | "--iso-8601=seconds" => format = "%FT%T+00:00",
                "-R" => format = "%a, %d %b %Y %T %z",
                argument => {
                    return Err(format!("{argument}: only +FORMAT, -u, -I, -Iseconds and -R are simulated"));
                }
            },
        }
    }
    let text = context.wall_clock().format(format);
    let text = text.ok_or_else(|| format!("{format}: a conversion in it is not simulated"))?;
    Ok(format!("{text}\n").into())
}
