//! What the page and the reference say about settings agrees with what the model knows of them.

use std::collections::BTreeSet;

use kafka_console::settings::{self, Owner, Setting};
use kafka_core::config::{
    ClientKind, broker_config_key, client_config_names, client_config_values, topic_config_keys,
    topic_config_values,
};

fn settings() -> Vec<Setting> {
    settings::parse(include_str!("../data/settings.json")).expect("the file can be read")
}

fn names(of: Owner) -> BTreeSet<String> {
    let all = settings().into_iter();
    all.filter(|setting| setting.owners.contains(&of)).map(|setting| setting.name).collect()
}

#[test]
fn every_setting_of_clients_and_topics_is_there_and_no_other() {
    for (owner, kind) in [(Owner::Producer, ClientKind::Producer), (Owner::Consumer, ClientKind::Consumer)] {
        let known =
            client_config_names().filter(|(_, of)| of.includes(kind)).map(|(name, _)| name.to_owned());
        assert_eq!(names(owner), known.collect(), "{owner:?}");
    }
    let known = topic_config_keys().map(|(name, ..)| name.to_owned());
    assert_eq!(names(Owner::Topic), known.collect());
    for name in names(Owner::Broker) {
        assert!(broker_config_key(&name).is_some(), "{name}");
    }
}

#[test]
fn defaults_and_values_are_those_of_the_model() {
    for Setting { name, owners, default, valid, .. } in settings() {
        let listed: BTreeSet<&str> = valid.iter().flat_map(|valid| valid.split(", ")).collect();
        if owners == [Owner::Topic] {
            let known = topic_config_keys().find(|(known, ..)| *known == name);
            assert_eq!(default.as_deref(), known.map(|(_, default, _)| default), "{name}");
        }
        if owners == [Owner::Broker] {
            let known = broker_config_key(&name).expect("brokers have it");
            assert_eq!(default.as_deref().unwrap_or(""), known.default.unwrap_or(""), "{name}");
        }
        let values =
            if owners == [Owner::Topic] { topic_config_values(&name) } else { client_config_values(&name) };
        let is_list = listed.len() > 1 && !listed.iter().any(|word| word.contains(['…', 'P', '[']));
        if is_list && owners != [Owner::Broker] && !values.is_empty() {
            assert_eq!(listed, values.iter().copied().collect(), "{name}");
        }
    }
}

#[test]
fn clients_and_topics_have_a_sentence_in_both_languages() {
    for setting in settings() {
        let told = setting.english.is_some() && setting.korean.is_some();
        assert!(told || setting.owners == [Owner::Broker], "{}", setting.name);
        for sentence in setting.english.iter().chain(&setting.korean) {
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }
}
