//! The page must work with no other host: nothing in it may be loaded from one.
//!
//! Two nets. Pages, scripts and styles are searched for addresses of other hosts; a link that a
//! reader may follow (`<a href>`) is none of them. And index.html has to carry a content security
//! policy, with which the browser itself refuses whatever a search cannot see.

use super::BuiltFile;

const SEARCHED: [&str; 5] = ["html", "js", "mjs", "css", "svg"];

/// XML namespaces are names; nobody loads them.
const NAMESPACES: &str = "http://www.w3.org/";

const OPENINGS: [&str; 6] = ["http://", "https://", "ws://", "wss://", "\"//", "'//"];

/// One line for every way in which the site depends on another host.
pub(super) fn foreign(files: &[BuiltFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&file.bytes);
        if SEARCHED.contains(&file.extension()) {
            findings.extend(addresses(&text).map(|address| format!("{}: refers to {address}", file.name)));
        }
        if file.name == "index.html" && !has_policy(&text) {
            findings.push(
                "index.html: has no <meta http-equiv=\"Content-Security-Policy\"> with default-src 'self'"
                    .into(),
            );
        }
    }
    findings
}

fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let found = OPENINGS.iter().flat_map(move |opening| text.match_indices(opening));
    found
        .filter(|(at, _)| {
            let before = &text[..*at];
            !text[*at..].starts_with(NAMESPACES) && !is_link_to_follow(before) && !is_comment(before)
        })
        .filter_map(|(at, opening)| {
            let host = &text[at + opening.len()..];
            let names_host = host.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[');
            let end = host.find(|c: char| c.is_whitespace() || "\"'`<>);,".contains(c)).unwrap_or(host.len());
            names_host.then(|| text[at..at + opening.len() + end].trim_start_matches(['"', '\'']))
        })
}

/// Whether the text before an address is an open `<a` tag.
fn is_link_to_follow(before: &str) -> bool {
    before.rfind('<').is_some_and(|start| {
        let tag = &before[start..];
        tag.starts_with("<a ") && !tag.contains('>')
    })
}

/// Whether an address stands in a comment of its own line; wasm-bindgen's script has such comments.
fn is_comment(before: &str) -> bool {
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("//"))
}

fn has_policy(html: &str) -> bool {
    html.split('<').any(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        tag.starts_with("meta")
            && tag.contains("Content-Security-Policy")
            && tag.contains("default-src 'self'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data:">"#;

    fn findings(name: &str, text: &str) -> Vec<String> {
        foreign(&[BuiltFile { name: name.into(), bytes: text.as_bytes().to_vec() }])
    }

    #[test]
    fn a_page_on_its_own_is_clean() {
        let page =
            format!(r#"{POLICY}<link href="./web.css"><svg xmlns="http://www.w3.org/2000/svg"></svg>"#);
        assert_eq!(findings("index.html", &page), Vec::<String>::new());
    }

    #[test]
    fn links_to_follow_are_not_loaded() {
        assert!(
            findings("about.html", r#"<a class="x" href="https://kafka.apache.org/">Kafka</a>"#).is_empty()
        );
    }

    #[test]
    fn comments_load_nothing() {
        assert!(findings("web.js", "  // https://developer.mozilla.org/typeof\n").is_empty());
        assert_eq!(findings("web.js", "load('https://cdn.example'); // soon").len(), 1);
    }

    #[test]
    fn fonts_scripts_and_sockets_of_others_are_found() {
        let font = "@import url(https://fonts.example/noto.css);";
        assert_eq!(findings("web.css", font), ["web.css: refers to https://fonts.example/noto.css"]);
        let script = r#"<script src="//cdn.example/x.js"></script>"#;
        assert_eq!(findings("about.html", script), ["about.html: refers to //cdn.example/x.js"]);
        assert_eq!(findings("web.js", "new WebSocket('wss://live.example')").len(), 1);
    }

    #[test]
    fn a_scheme_put_together_at_run_time_is_left_to_the_policy() {
        assert!(findings("web.js", "`ws://${location.host}`").is_empty());
        assert_eq!(findings("index.html", "<head></head>").len(), 1);
    }
}
