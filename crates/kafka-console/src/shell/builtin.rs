//! Commands that the shell runs itself. They take no time.
//!
//! Leaves out: `alias`, `trap`, `getopts`, `printf` with fractions, and builtins about users, limits and history
//! editing.

mod control;
mod jobs;
mod lookup;
mod printf;
mod processes;
mod read;
mod variables;

use std::rc::Rc;

use super::arithmetic;
use super::condition;
use super::interpreter::Interpreter;
use crate::escape;
use crate::system::{BrokenPipe, Context, FileError, Progress, Stdio};

pub(super) use read::ReadLine;
pub(super) use variables::env;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Builtin {
    Bg,
    Break,
    Cd,
    Clear,
    Command,
    Continue,
    Declare,
    Disown,
    Echo,
    Env,
    Eval,
    Exit,
    Export,
    Expr,
    False,
    Fg,
    Help,
    History,
    Jobs,
    Kill,
    KillByName,
    Let,
    Local,
    Manual,
    Printf,
    Ps,
    Pwd,
    Read,
    Return,
    Set,
    Shift,
    Source,
    Test,
    True,
    Type,
    Unset,
    Wait,
    Which,
}

/// By name, with how it is called and what it is for.
pub(crate) const BUILTINS: [(&str, &str, &str); 47] = [
    (".", ". FILE [ARGUMENT...]", "run the commands of a file in this shell"),
    (":", ":", "do nothing, successfully"),
    ("[", "[ CONDITION ]", "decide about numbers, texts and files; [[ ... ]] knows patterns as well"),
    ("bg", "bg [%JOB...]", "let a stopped job go on in the background"),
    ("break", "break [N]", "leave a loop"),
    ("cd", "cd [FOLDER]", "go to another folder"),
    ("clear", "clear", "empty the terminal"),
    ("command", "command [-v] NAME [ARGUMENT...]", "run a program, not a function; with -v tell where it is"),
    ("continue", "continue [N]", "go on with the next round of a loop"),
    ("declare", "declare [-x] NAME[=VALUE]...", "set variables"),
    ("disown", "disown [%JOB...]", "forget a job, which goes on"),
    ("echo", "echo [-n] [-e] [TEXT...]", "print"),
    ("env", "env [NAME=VALUE...] [COMMAND]", "print what is exported, or run a command with more of it"),
    ("eval", "eval [TEXT...]", "run a text as commands"),
    ("exit", "exit [STATUS]", "end the shell"),
    ("export", "export NAME[=VALUE]...", "let programs see variables"),
    ("expr", "expr NUMBER OPERATOR NUMBER", "calculate; $(( )) does it too"),
    ("false", "false", "do nothing, unsuccessfully"),
    ("fg", "fg [%JOB]", "take a job to the foreground"),
    ("help", "help [NAME]", "this list, or a page of it"),
    ("history", "history [N]", "the commands that were typed"),
    ("jobs", "jobs [-l|-p]", "what runs in the background, and what Ctrl+Z has stopped"),
    ("kill", "kill [-SIGNAL] PID|%JOB...", "send a signal: TERM, KILL (-9), STOP, CONT, INT"),
    ("killall", "killall [-SIGNAL] NAME...", "send a signal to programs by name"),
    ("let", "let EXPRESSION...", "calculate and assign"),
    ("local", "local NAME[=VALUE]...", "variables of a function"),
    ("man", "man NAME", "what a tool or a program does"),
    ("pkill", "pkill [-SIGNAL] [-f] PATTERN", "send a signal to programs by a pattern"),
    ("printf", "printf FORMAT [ARGUMENT...]", "print with a format"),
    ("ps", "ps [aux|-ef]", "the programs that run"),
    ("pwd", "pwd", "the folder that this is"),
    ("read", "read [-r] [-p PROMPT] [-t SECONDS] [NAME...]", "read a line into variables"),
    ("readonly", "readonly NAME[=VALUE]...", "set variables; they can still be changed here"),
    ("return", "return [STATUS]", "leave a function"),
    ("set", "set [-e] [-u] [-x] [-o pipefail] [-- ARGUMENT...]", "switch what the shell does on errors"),
    ("shift", "shift [N]", "drop the first arguments"),
    ("source", "source FILE [ARGUMENT...]", "run the commands of a file in this shell"),
    ("test", "test CONDITION", "the same as [ CONDITION ]"),
    ("trap", "trap COMMANDS SIGNAL...", "taken, but not simulated: nothing is run on a signal"),
    ("true", "true", "do nothing, successfully"),
    ("type", "type NAME...", "what a name stands for"),
    ("typeset", "typeset NAME[=VALUE]...", "the same as declare"),
    ("ulimit", "ulimit", "taken, but not simulated: there is one limit for all"),
    ("umask", "umask", "taken, but not simulated: there are no permissions"),
    ("unset", "unset [-f] NAME...", "forget variables or functions"),
    ("wait", "wait [-n] [PID|%JOB...]", "wait until jobs have ended"),
    ("which", "which NAME...", "where a program is"),
];

pub(super) fn find(name: &str) -> Option<Builtin> {
    Some(match name {
        "bg" => Builtin::Bg,
        "break" => Builtin::Break,
        "cd" => Builtin::Cd,
        "clear" => Builtin::Clear,
        "command" => Builtin::Command,
        "continue" => Builtin::Continue,
        "declare" | "readonly" | "typeset" => Builtin::Declare,
        "disown" => Builtin::Disown,
        "echo" | "/bin/echo" => Builtin::Echo,
        "env" => Builtin::Env,
        "eval" => Builtin::Eval,
        "exit" => Builtin::Exit,
        "export" => Builtin::Export,
        "expr" => Builtin::Expr,
        "false" => Builtin::False,
        "fg" => Builtin::Fg,
        "help" => Builtin::Help,
        "history" => Builtin::History,
        "jobs" => Builtin::Jobs,
        "kill" => Builtin::Kill,
        "killall" | "pkill" => Builtin::KillByName,
        "let" => Builtin::Let,
        "local" => Builtin::Local,
        "man" => Builtin::Manual,
        "printf" => Builtin::Printf,
        "ps" => Builtin::Ps,
        "pwd" => Builtin::Pwd,
        "read" => Builtin::Read,
        "return" => Builtin::Return,
        "set" => Builtin::Set,
        "shift" => Builtin::Shift,
        "source" | "." => Builtin::Source,
        "test" | "[" => Builtin::Test,
        "true" | ":" | "trap" | "ulimit" | "umask" => Builtin::True,
        "type" => Builtin::Type,
        "unset" => Builtin::Unset,
        "wait" => Builtin::Wait,
        "which" => Builtin::Which,
        _ => return None,
    })
}

/// What a builtin did: what it printed, with its status, or what was wrong.
type Done = Result<String, Failure>;

/// A message behind the builtin's name, and the status that goes with it.
struct Failure {
    message: String,
    status: u8,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self { message, status: 1 }
    }
}

fn usage(message: impl Into<String>) -> Failure {
    Failure { message: message.into(), status: 2 }
}

impl Builtin {
    pub(super) fn run(
        self,
        arguments: &[Rc<str>],
        stdio: &Stdio,
        shell: &mut Interpreter,
        context: &mut Context<'_>,
    ) -> Result<Progress, BrokenPipe> {
        let last_status = std::mem::take(&mut shell.environment.status);
        let (name, done) = match self {
            Self::Clear => {
                context.clear_terminal();
                ("clear", Ok(String::new()))
            }
            Self::Echo => {
                context.write(&stdio.output, &echo(arguments))?;
                return Ok(Progress::Continue);
            }
            Self::Printf => match printf::format(arguments) {
                Ok(bytes) => {
                    printf::put(arguments, &bytes, stdio, shell, context)?;
                    return Ok(Progress::Continue);
                }
                Err(message) => ("printf", Err(message.into())),
            },
            Self::Exit => return Ok(exit(arguments, last_status, shell, context)),
            Self::Return => ("return", control::leave(arguments, last_status, shell, context)),
            Self::Break => ("break", control::leave_loop(arguments, false, shell, context)),
            Self::Continue => ("continue", control::leave_loop(arguments, true, shell, context)),
            Self::Eval => ("eval", control::eval(arguments, last_status, shell, context)),
            Self::Source => ("source", control::source(arguments, stdio, shell, context)),
            Self::Shift => ("shift", control::shift(arguments, shell)),
            Self::Set => ("set", control::set(arguments, shell)),
            Self::Test => ("[", test(arguments, shell, context)),
            Self::Let => ("let", calculate(arguments, shell, context)),
            Self::Expr => ("expr", expr(arguments, shell, context)),
            Self::Cd => ("cd", cd(arguments, shell, context)),
            Self::Pwd => ("pwd", Ok(format!("{}\n", context.folder()))),
            Self::Export => ("export", variables::export(arguments, shell)),
            Self::Declare => ("declare", variables::declare(arguments, shell)),
            Self::Local => ("local", variables::local(arguments, shell)),
            Self::Unset => ("unset", variables::unset(arguments, shell)),
            Self::Env => ("env", Ok(env(&shell.environment.variables.exported()))),
            Self::Read => ("read", read::begin(arguments, stdio, shell, context)),
            Self::Jobs => ("jobs", jobs::jobs(arguments, shell, context)),
            Self::Fg => ("fg", jobs::fg(arguments, stdio, shell, context)),
            Self::Bg => ("bg", jobs::bg(arguments, shell, context)),
            Self::Wait => ("wait", jobs::wait(arguments, shell, context)),
            Self::Disown => ("disown", jobs::disown(arguments, shell, context)),
            Self::Kill => ("kill", processes::kill(arguments, shell, context)),
            Self::KillByName => ("pkill", processes::kill_by_name(arguments, shell, context)),
            Self::Ps => ("ps", Ok(processes::ps(arguments, context))),
            Self::History => ("history", Ok(lookup::history(arguments, shell))),
            Self::Help => ("help", lookup::help(arguments)),
            Self::Manual => ("man", lookup::manual(arguments)),
            Self::Command => ("command", lookup::which(arguments, shell, context)),
            Self::Which => ("which", lookup::which(arguments, shell, context)),
            Self::Type => ("type", lookup::describe(arguments, shell, context)),
            Self::False => {
                shell.environment.status = 1;
                ("false", Ok(String::new()))
            }
            Self::True => ("true", Ok(String::new())),
        };
        match done {
            Ok(text) if text.is_empty() => {}
            Ok(text) => context.write(&stdio.output, text.as_bytes())?,
            Err(Failure { message, status }) => {
                shell.environment.status = status;
                context.write(&stdio.error, format!("bash: {name}: {message}\n").as_bytes())?;
            }
        }
        // `kill $$` has reached this very shell.
        Ok(shell.ended_itself().map_or(Progress::Continue, Progress::Exit))
    }
}

fn exit(
    arguments: &[Rc<str>],
    last_status: u8,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Progress {
    if shell.refuses_to_exit(context) {
        return Progress::Continue;
    }
    match arguments.first().map(|code| code.parse::<i64>()) {
        None => Progress::Exit(last_status),
        Some(Ok(code)) => Progress::Exit((code & 0xff) as u8),
        Some(Err(_)) => {
            let code = arguments.first().map_or("", |code| code);
            context.print_error(&format!("bash: exit: {code}: numeric argument required"));
            Progress::Exit(2)
        }
    }
}

fn echo(arguments: &[Rc<str>]) -> Vec<u8> {
    let (mut newline, mut escapes) = (true, false);
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first() {
        let Some(letters) = option.strip_prefix('-').filter(|letters| !letters.is_empty()) else { break };
        if !letters.chars().all(|letter| matches!(letter, 'n' | 'e' | 'E')) {
            break;
        }
        newline &= !letters.contains('n');
        for letter in letters.chars().filter(|letter| *letter != 'n') {
            escapes = letter == 'e';
        }
        rest = after;
    }
    let text = rest.join(" ");
    let mut bytes = if escapes {
        let unescaped = escape::unescape(&text);
        newline &= !unescaped.stopped;
        unescaped.bytes
    } else {
        text.into_bytes()
    };
    if newline {
        bytes.push(b'\n');
    }
    bytes
}

fn test(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    // `[` and `test` come here alike; only the former has a bracket at its end.
    let arguments = match arguments.split_last() {
        Some((last, rest)) if &**last == "]" => rest,
        Some(_) | None => arguments,
    };
    let holds = condition::test(arguments, &mut shell.environment, context).map_err(usage)?;
    shell.environment.status = u8::from(!holds);
    Ok(String::new())
}

fn calculate(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    if arguments.is_empty() {
        return Err("expression expected".to_owned().into());
    }
    let mut value = 0;
    for expression in arguments {
        value = arithmetic::evaluate(expression, &mut shell.environment, context)?;
    }
    shell.environment.status = u8::from(value == 0);
    Ok(String::new())
}

fn expr(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let known = |word: &Rc<str>| {
        arithmetic::integer(word).is_ok() || matches!(&**word, "+" | "-" | "*" | "/" | "%" | "(" | ")")
    };
    if arguments.is_empty() || !arguments.iter().all(known) {
        return Err(usage("only numbers with + - * / % and parentheses are simulated"));
    }
    let value = arithmetic::evaluate(&arguments.join(" "), &mut shell.environment, context).map_err(usage)?;
    shell.environment.status = u8::from(value == 0);
    Ok(format!("{value}\n"))
}

fn cd(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let variables = &shell.environment.variables;
    let (folder, tells) = match arguments.first().map(|argument| &**argument) {
        None | Some("~" | "--") => (variables.get("HOME").unwrap_or_default(), false),
        Some("-") => (variables.get("OLDPWD").ok_or_else(|| "OLDPWD not set".to_owned())?, true),
        Some(folder) => (folder.into(), false),
    };
    if arguments.len() > 1 {
        return Err("too many arguments".to_owned().into());
    }
    let path = context.path(&folder);
    let files = &context.system().files;
    if !files.is_folder(&path) {
        let error = if files.get(&path).is_some() { FileError::NotFolder } else { FileError::Missing };
        return Err(format!("{folder}: {error}").into());
    }
    let old = context.folder();
    context.set_folder(&path);
    shell.environment.variables.set_text("OLDPWD", &old)?;
    shell.environment.variables.set_text("PWD", &path)?;
    Ok(if tells { format!("{path}\n") } else { String::new() })
}
