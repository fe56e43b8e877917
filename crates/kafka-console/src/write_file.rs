//! The command line that writes a file: what an editor types when its text is saved.

/// A line for a shell at its prompt that gives the file `name` exactly these `contents`, whatever is in them: a
/// here-document where that can be, since it is the form that people read and write.
pub fn write_file(name: &str, contents: &str) -> String {
    let name = quoted(name);
    if contents.is_empty() {
        return format!("> {name}");
    }
    let plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    match contents.strip_suffix('\n').filter(|text| text.chars().all(plain)) {
        Some(text) => {
            let end = delimiter(text);
            format!("cat > {name} <<'{end}'\n{text}\n{end}")
        }
        None => format!("printf %s {} > {name}", ansi_c_quoted(contents)),
    }
}

/// `EOF`, or with a number behind it if a line of the text is `EOF`.
fn delimiter(text: &str) -> String {
    let taken = |end: &String| text.split('\n').any(|line| line == end);
    let numbered = (2..).map(|number| format!("EOF{number}"));
    ["EOF".to_owned()].into_iter().chain(numbered).find(|end| !taken(end)).unwrap_or_default()
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if word.chars().any(char::is_control) {
        ansi_c_quoted(word)
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// `$'...'`: every character can be written on one line.
fn ansi_c_quoted(text: &str) -> String {
    let mut quoted = String::from("$'");
    for c in text.chars() {
        match c {
            '\n' => quoted.push_str(r"\n"),
            '\r' => quoted.push_str(r"\r"),
            '\t' => quoted.push_str(r"\t"),
            '\\' => quoted.push_str(r"\\"),
            '\'' => quoted.push_str(r"\'"),
            c if c.is_control() => quoted.push_str(&format!(r"\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
