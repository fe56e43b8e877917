//! Child processes: shown before they run, named when they fail.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// Shows a command, runs it with this terminal's output and no input, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", line(command));
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Shows a command and becomes it, so that whoever stops this process stops the command.
#[cfg(unix)]
pub(crate) fn become_it(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    println!("$ {}", line(command));
    let failure = command.stdin(Stdio::null()).exec();
    Err(failure).with_context(|| format!("`{}` could not be started", line(command)))
}

#[cfg(not(unix))]
pub(crate) fn become_it(command: &mut Command) -> Result<()> {
    run(command)
}

/// What a command wrote, or `None` when it is missing or failed.
pub(crate) fn answer(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        line.push(' ');
        if argument.is_empty() || argument.contains(char::is_whitespace) {
            line.push_str(&format!("'{argument}'"));
        } else {
            line.push_str(&argument);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_with_its_arguments() {
        let mut command = Command::new("cargo");
        command.args(["no-such-subcommand", "two words"]).stderr(Stdio::null());
        let failure = run(&mut command).unwrap_err();
        assert!(
            failure.to_string().starts_with("`cargo no-such-subcommand 'two words'` failed"),
            "{failure}"
        );
    }

    #[test]
    fn a_missing_program_has_no_answer() {
        assert_eq!(answer("murmuration-no-such-program", &[]), None);
    }
}
