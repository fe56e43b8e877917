//! Files that commands have written, and the commands that write and remove them.

use std::rc::Rc;

use super::{Action, Session};

/// A file of the virtual directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileView {
    pub name: Rc<str>,
    pub content: Rc<Vec<u8>>,
}

/// A command and the terminal to type it into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    pub terminal: u32,
    pub text: String,
}

impl Command {
    pub fn action(&self) -> Action {
        Action::Command(self.text.clone())
    }
}

impl Session {
    /// Every file, in order of name.
    pub fn files(&self) -> Rc<[FileView]> {
        let files = self.console().files();
        files.map(|(name, content)| FileView { name: name.clone(), content: content.clone() }).collect()
    }

    /// What saving a text would type.
    pub fn write_file(&self, name: &str, text: &str) -> Command {
        Command { terminal: self.free_terminal(), text: write_command(name, text) }
    }

    /// What deleting a file would type.
    pub fn remove_file(&self, name: &str) -> Command {
        Command { terminal: self.free_terminal(), text: format!("rm {}", word(name)) }
    }
}

/// The command that makes a file hold these lines; the last one ends with a line end, as editors write it.
fn write_command(name: &str, text: &str) -> String {
    let name = word(name);
    let text = text.replace("\r\n", "\n");
    if text.is_empty() {
        return format!("printf '' > {name}");
    }
    let lines = text.strip_suffix('\n').unwrap_or(&text);
    let end = end_of(lines);
    format!("cat > {name} <<'{end}'\n{lines}\n{end}")
}

/// A word to end a here-document with that is no line of it.
fn end_of(lines: &str) -> String {
    let taken = |end: &String| lines.split('\n').any(|line| line == end);
    let mut end = "EOF".to_owned();
    while taken(&end) {
        end.push('_');
    }
    end
}

/// A text as one word of the shell: as it is where that is safe.
fn word(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | ':' | ',' | '@' | '%' | '+');
    let option = text.starts_with('-');
    let safe = !text.is_empty() && text.chars().all(|c| plain(c) || c == '-');
    match (safe, option) {
        (true, true) => format!("./{text}"),
        (true, false) => text.to_owned(),
        (false, _) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kafka_core::scenario::Scenario;

    use super::*;

    fn run(session: &mut Session, command: &Command) {
        session.input(command.terminal, command.action());
        session.frame(Duration::from_millis(50));
    }

    fn read(session: &Session, name: &str) -> Option<String> {
        let files = session.files();
        let file = files.iter().find(|file| *file.name == *name)?;
        Some(String::from_utf8_lossy(&file.content).into_owned())
    }

    #[test]
    fn what_is_saved_is_what_the_file_holds() {
        let texts = [
            "group.id=g\nbootstrap.servers=kafka:9093\n",
            "it's \"$HOME\" `date` \\ \\n %s %% !\n\n  two  blanks\t\n",
            "{\"한글\": [1, 2]}\nEOF\nEOF_\n -n\n\\\n",
            "\n",
            "a\n\n\n",
        ];
        let mut session = Session::empty(&Scenario::one_broker(1));
        for (number, text) in (0..).zip(texts) {
            let name = format!("file {number}'s.properties");
            let command = session.write_file(&name, text);
            run(&mut session, &command);
            assert_eq!(read(&session, &name).as_deref(), Some(text), "{}", command.text);
        }
        assert_eq!(session.files().len(), texts.len());
    }

    #[test]
    fn a_line_end_is_added_where_it_is_missing_and_nothing_is_nothing() {
        let mut session = Session::empty(&Scenario::one_broker(1));
        for (name, text, expected) in [("a", "x", "x\n"), ("-b", "", ""), ("c", "x\r\ny", "x\ny\n")] {
            let command = session.write_file(name, text);
            run(&mut session, &command);
            assert_eq!(read(&session, name).as_deref(), Some(expected));
        }
        let command = session.remove_file("-b");
        run(&mut session, &command);
        assert_eq!(read(&session, "-b"), None);
        assert_eq!(read(&session, "a").as_deref(), Some("x\n"));
    }
}
