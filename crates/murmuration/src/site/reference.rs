//! The pages to look things up: the tools with their options, from the tables that the tools themselves read, and Kafka's
//! settings.

use course::Language;
use kafka_console::settings::{self, Owner, Setting};
use kafka_console::{Argument, OptionSpec, Program, Tool, programs};
use maud::{Markup, html};

use super::frame::Page;
use super::words;

/// What is known about Kafka's settings; the built page fetches the same file.
const SETTINGS: &str = include_str!("../../../kafka-console/data/settings.json");

pub(super) fn tools(language: Language) -> Page {
    let words = words::of(language);
    let body = html! {
        article {
            h1 { (words.reference) }
            p.summary { (words.reference_summary) }
            p { (words.reference_note) }
            nav aria-label=(words.tools) {
                ul.index {
                    @for tool in Tool::ALL { li { a href=(address(language, tool.name())) { code { (tool.name()) } } } }
                }
            }
            h2 id="tools" { (words.tools) }
            @for tool in Tool::ALL {
                section id=(tool.name()) {
                    h3 { code { (tool.name()) } }
                    p lang="en" { (tool.summary()) }
                    dl.options lang="en" { @for spec in tool.options() { (option(spec)) } }
                }
            }
            h2 id="programs" { (words.programs) }
            dl.options lang="en" {
                @for Program { synopsis, summary, .. } in programs() {
                    dt { code { (synopsis) } }
                    dd { (summary) }
                }
            }
            h2 id="keys" { (words.keys) }
            dl.options {
                @for (key, meaning) in words.key_list {
                    dt { kbd { (key) } }
                    dd { (meaning) }
                }
            }
        }
    };
    Page {
        language,
        address: format!("{}/reference.html", language.tag()),
        title: words.reference.into(),
        description: words.reference_summary.into(),
        lesson: None,
        body,
    }
}

pub(super) fn settings(language: Language) -> Page {
    let words = words::of(language);
    let settings = settings::parse(SETTINGS).expect("a test reads the same file");
    let of = |owner: Owner| settings.iter().filter(move |setting| setting.owners.contains(&owner));
    let body = html! {
        article {
            h1 { (words.settings) }
            p.summary { (words.settings_summary) }
            nav aria-label=(words.settings) {
                ul.index {
                    @for owner in Owner::ALL {
                        li { a href={ (language.tag()) "/settings.html#" (owner.name()) } { ((words.owner)(owner)) } }
                    }
                }
            }
            @for owner in Owner::ALL {
                section id=(owner.name()) {
                    h2 { ((words.owner)(owner)) }
                    dl.options { @for setting in of(owner) { (setting_of(language, owner, setting)) } }
                }
            }
        }
    };
    Page {
        language,
        address: format!("{}/settings.html", language.tag()),
        title: words.settings.into(),
        description: words.settings_summary.into(),
        lesson: None,
        body,
    }
}

fn address(language: Language, place: &str) -> String {
    format!("{}/reference.html#{place}", language.tag())
}

fn option(spec: &OptionSpec) -> Markup {
    let argument = match spec.argument {
        Argument::None => String::new(),
        Argument::Required(kind) => format!(" <{kind}>"),
        Argument::Optional(kind) => format!(" [{kind}]"),
    };
    html! {
        dt { code { "--" (spec.name) (argument) } }
        dd { (spec.description) }
    }
}

fn setting_of(language: Language, owner: Owner, setting: &Setting) -> Markup {
    let words = words::of(language);
    let sentence = match language {
        Language::English => &setting.english,
        Language::Korean => &setting.korean,
    };
    html! {
        dt id={ (owner.name()) "-" (setting.name) } { code { (setting.name) } }
        dd {
            @if let Some(sentence) = sentence { (sentence) " " }
            span.aside {
                (setting.kind)
                @if let Some(valid) = &setting.valid { " · " (valid) }
                @match &setting.default {
                    Some(default) if !default.is_empty() => { " · " (words.default) " " code { (default) } }
                    Some(_) | None => { " · " (words.no_default) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_and_every_setting_is_on_its_page() {
        for language in Language::ALL {
            let html = tools(language).body.0;
            for tool in Tool::ALL {
                assert!(html.contains(&format!("id=\"{}\"", tool.name())), "{}", tool.name());
                for spec in tool.options() {
                    assert!(
                        html.contains(&format!("<code>--{}", spec.name)),
                        "{} --{}",
                        tool.name(),
                        spec.name
                    );
                }
            }
            let html = settings(language).body.0;
            for place in ["producer-acks", "consumer-group.id", "topic-retention.ms", "broker-num.partitions"]
            {
                assert!(html.contains(&format!("id=\"{place}\"")), "{place}");
            }
        }
    }
}
