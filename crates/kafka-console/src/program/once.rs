//! Small programs that do all they do at once.
//!
//! Leaves out: most of their options; a message says which are there.

mod files;
mod text;

use std::rc::Rc;

use crate::system::{BrokenPipe, Context, Progress};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Once {
    Basename,
    Chmod,
    Cp,
    Date,
    Dirname,
    Hostname,
    Ls,
    Mkdir,
    Mv,
    Rm,
    Rmdir,
    Touch,
    Uname,
    Uuidgen,
    Whoami,
}

/// What was printed, and what was wrong with some of it.
#[derive(Default)]
struct Told {
    text: String,
    errors: Vec<String>,
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self { text, errors: Vec::new() }
    }
}

/// The error says why nothing was done at all.
type Outcome = Result<Told, String>;

impl Once {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Basename => "basename",
            Self::Chmod => "chmod",
            Self::Cp => "cp",
            Self::Date => "date",
            Self::Dirname => "dirname",
            Self::Hostname => "hostname",
            Self::Ls => "ls",
            Self::Mkdir => "mkdir",
            Self::Mv => "mv",
            Self::Rm => "rm",
            Self::Rmdir => "rmdir",
            Self::Touch => "touch",
            Self::Uname => "uname",
            Self::Uuidgen => "uuidgen",
            Self::Whoami => "whoami",
        }
    }

    pub(super) fn run(self, arguments: &[Rc<str>], context: &mut Context<'_>) -> Progress {
        let outcome = match self {
            Self::Basename => text::basename(arguments),
            Self::Chmod => files::chmod(arguments, context),
            Self::Cp => files::cp(arguments, context),
            Self::Date => text::date(arguments, context),
            Self::Dirname => text::dirname(arguments),
            Self::Hostname => Ok("localhost\n".to_owned().into()),
            Self::Ls => files::ls(arguments, context),
            Self::Mkdir => files::mkdir(arguments, context),
            Self::Mv => files::mv(arguments, context),
            Self::Rm => files::rm(arguments, context),
            Self::Rmdir => files::rmdir(arguments, context),
            Self::Touch => files::touch(arguments, context),
            Self::Uname => Ok("Linux\n".to_owned().into()),
            Self::Uuidgen => Ok(format!("{}\n", context.system().random.uuid()).into()),
            Self::Whoami => Ok("root\n".to_owned().into()),
        };
        let told = outcome.unwrap_or_else(|error| Told { text: String::new(), errors: vec![error] });
        for error in &told.errors {
            context.print_error(&format!("{}: {error}", self.name()));
        }
        if !told.text.is_empty() && context.write_output(told.text.as_bytes()) == Err(BrokenPipe) {
            return BrokenPipe::EXIT;
        }
        let trouble = if self == Self::Ls { 2 } else { 1 };
        Progress::Exit(if told.errors.is_empty() { 0 } else { trouble })
    }
}
