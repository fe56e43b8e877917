//! What there is to say about Kafka's settings, as `data/settings.json` has it: name, type, range, default, and a sentence in
//! English and Korean.
//!
//! The file is no part of the program: the page fetches it when somebody asks. It has every setting of producers,
//! consumers and topics with a sentence; those of brokers have one where they act here or tutorials name them. Leaves
//! out: `ssl.*`, `sasl.*`, `security.*`, tiered storage of brokers, share and streams groups, quota windows.

use crate::json::Json;

/// One setting of one kind of owner; a name stands twice where owners differ in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    pub name: String,
    pub owners: Vec<Owner>,
    /// Kafka's type: `int`, `long`, `boolean`, `list` ...
    pub kind: String,
    /// `None` when the setting is unset unless somebody sets it.
    pub default: Option<String>,
    /// The range, or the values that there are.
    pub valid: Option<String>,
    pub english: Option<String>,
    pub korean: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Owner {
    Producer,
    Consumer,
    Topic,
    Broker,
}

impl Owner {
    pub const ALL: [Self; 4] = [Self::Producer, Self::Consumer, Self::Topic, Self::Broker];

    /// As the file has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
            Self::Topic => "topic",
            Self::Broker => "broker",
        }
    }
}

/// Every setting of the file's text, in order of name; `None` when it is not such a file.
pub fn parse(text: &str) -> Option<Vec<Setting>> {
    Json::parse(text)?.list()?.iter().map(setting).collect()
}

fn setting(json: &Json) -> Option<Setting> {
    let optional = |name: &str| json.field(name).and_then(text).map(str::to_owned);
    let owner = |json: &Json| Owner::ALL.into_iter().find(|owner| text(json) == Some(owner.name()));
    Some(Setting {
        name: optional("name")?,
        owners: json.field("of")?.list()?.iter().map(owner).collect::<Option<_>>()?,
        kind: optional("type")?,
        default: optional("default"),
        valid: optional("valid"),
        english: optional("en"),
        korean: optional("ko"),
    })
}

fn text(json: &Json) -> Option<&str> {
    match json {
        Json::Text(text) => Some(text),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => None,
    }
}
