//! The lines `name: value` between two lines `---` at the top of a file.

use crate::fault::{Fault, Source};

pub(crate) struct FrontMatter<'a> {
    source: Source<'a>,
    fields: Vec<(&'a str, &'a str)>,
}

impl<'a> FrontMatter<'a> {
    /// Reads the front matter, in which no other names than `known` may stand, and gives back what follows it.
    pub(crate) fn split(source: Source<'a>, known: &[&str]) -> Result<(Self, Source<'a>), Fault> {
        let opened = source.text.strip_prefix("---\n");
        let end = opened.and_then(|rest| rest.find("\n---\n"));
        let Some(end) = end.map(|end| end + "---\n".len()) else {
            let message = format!(
                "a file opens with `---`, lines such as `title: ...` ({}), and `---`",
                known.join(", ")
            );
            return Err(source.fault(0, message));
        };
        let mut fields = Vec::new();
        let mut at = "---\n".len();
        for line in source.text[at..end].split('\n') {
            let field = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
            match field.filter(|(name, _)| known.contains(name)) {
                Some(field) => fields.push(field),
                None => {
                    let message =
                        format!("`{line}` is not `name: value`, where name is {}", known.join(", "));
                    return Err(source.fault(at, message));
                }
            }
            at += line.len() + 1;
        }
        let rest = source.part(end + "\n---\n".len(), source.text.len());
        Ok((Self { source, fields }, rest))
    }

    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Fault> {
        let found = self.fields.iter().find(|(field, value)| *field == name && !value.is_empty());
        found
            .map(|(_, value)| *value)
            .ok_or_else(|| self.source.fault(0, format!("`{name}: ...` is missing")))
    }

    pub(crate) fn number(&self, name: &str) -> Result<u32, Fault> {
        let text = self.required(name)?;
        text.parse().map_err(|_| self.source.fault(0, format!("{name} is a whole number, not `{text}`")))
    }

    /// Names with commas between them; none when the field is missing.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        let listed =
            self.fields.iter().filter(|(field, _)| *field == name).flat_map(|(_, value)| value.split(','));
        listed.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }
}
