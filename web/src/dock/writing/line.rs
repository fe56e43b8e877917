//! A text with a caret in it, and the edits of bash's line editor.

/// What stands before the caret, and behind it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Line {
    pub(crate) before: String,
    pub(crate) after: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edit {
    ToStart,
    ToEnd,
    Left,
    Right,
    KillToStart,
    KillToEnd,
    KillWord,
    Yank,
    Delete,
}

impl Line {
    /// A text with the caret at its end.
    pub(crate) fn ending(text: &str) -> Self {
        Self { before: text.to_owned(), after: String::new() }
    }

    /// A text with the caret where a text field has it, in units of UTF-16.
    pub(crate) fn at(text: &str, caret: u32) -> Self {
        let mut units = 0;
        let place = text.char_indices().find(|(_, c)| {
            let reached = units >= caret;
            units += u32::try_from(c.len_utf16()).unwrap_or(1);
            reached
        });
        let (before, after) = text.split_at(place.map_or(text.len(), |(index, _)| index));
        Self { before: before.to_owned(), after: after.to_owned() }
    }

    /// Where the caret is, as a text field counts.
    pub(crate) fn caret(&self) -> u32 {
        u32::try_from(self.before.encode_utf16().count()).unwrap_or(u32::MAX)
    }

    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    pub(crate) fn put_in(&mut self, text: &str) {
        self.before.push_str(text);
    }

    /// Edits around the caret; what is taken out replaces `killed`, which `Yank` puts back.
    pub(super) fn edit(&mut self, edit: Edit, killed: &mut String) {
        match edit {
            Edit::ToStart => {
                let moved = self.before.split_off(self.start());
                self.after.insert_str(0, &moved);
            }
            Edit::ToEnd => {
                let behind = self.after.split_off(self.end());
                self.before.push_str(&std::mem::replace(&mut self.after, behind));
            }
            Edit::Left => {
                if let Some(c) = self.before.pop() {
                    self.after.insert(0, c);
                }
            }
            Edit::Right => {
                if let Some(c) = self.after.chars().next() {
                    self.after.remove(0);
                    self.before.push(c);
                }
            }
            Edit::KillToStart => kill(self.before.split_off(self.start()), killed),
            Edit::KillToEnd => {
                let behind = self.after.split_off(self.end());
                kill(std::mem::replace(&mut self.after, behind), killed);
            }
            Edit::KillWord => {
                let word = self.before.trim_end().rfind(char::is_whitespace);
                kill(self.before.split_off(word.map_or(0, |blank| blank + 1)), killed);
            }
            Edit::Yank => self.before.push_str(killed),
            Edit::Delete => {
                if !self.after.is_empty() {
                    self.after.remove(0);
                }
            }
        }
    }

    /// Where the row of the caret begins.
    fn start(&self) -> usize {
        self.before.rfind('\n').map_or(0, |end| end + 1)
    }

    /// Where it ends, behind the caret.
    fn end(&self) -> usize {
        self.after.find('\n').unwrap_or(self.after.len())
    }
}

fn kill(text: String, killed: &mut String) {
    if !text.is_empty() {
        *killed = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line as text, with `|` for the caret.
    fn line(text: &str) -> Line {
        let (before, after) = text.split_once('|').expect("a line has a caret");
        Line { before: before.to_owned(), after: after.to_owned() }
    }

    #[test]
    fn keys_edit_as_bash_does() {
        let rows = [
            (Edit::ToStart, "echo a|b", "|echo ab", "old"),
            (Edit::ToEnd, "ec|ho ab", "echo ab|", "old"),
            (Edit::Left, "가|나", "|가나", "old"),
            (Edit::Right, "가|나", "가나|", "old"),
            (Edit::KillToStart, "echo a|b", "|b", "echo a"),
            (Edit::KillToEnd, "echo |ab", "echo |", "ab"),
            (Edit::KillWord, "echo --all  |x", "echo |x", "--all  "),
            (Edit::KillWord, "한글|", "|", "한글"),
            (Edit::Yank, "a|b", "aold|b", "old"),
            (Edit::Delete, "a|bc", "a|c", "old"),
            (Edit::Delete, "a|", "a|", "old"),
            (Edit::KillToStart, "|ab", "|ab", "old"),
            // Of several rows each is one.
            (Edit::ToStart, "a\nb|c\nd", "a\n|bc\nd", "old"),
            (Edit::ToEnd, "a\nb|c\nd", "a\nbc|\nd", "old"),
            (Edit::KillToEnd, "a\nb|c\nd", "a\nb|\nd", "c"),
        ];
        for (edit, from, to, left) in rows {
            let (mut edited, mut killed) = (line(from), "old".to_owned());
            edited.edit(edit, &mut killed);
            assert_eq!((edited, killed.as_str()), (line(to), left), "{edit:?} in {from}");
        }
    }

    #[test]
    fn a_caret_is_counted_as_a_text_field_counts() {
        for (caret, before) in [(0, ""), (1, "가"), (3, "가🐦"), (4, "가🐦a"), (9, "가🐦a")] {
            let line = Line::at("가🐦a", caret);
            assert_eq!((line.before.as_str(), line.caret()), (before, caret.min(4)));
        }
    }
}
