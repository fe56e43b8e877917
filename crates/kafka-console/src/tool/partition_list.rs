//! JSON files that name partitions, as the admin tools read them.
//!
//! Mirrors `org.apache.kafka.server.util.json` as far as its exceptions show. Leaves out: Jackson's own words about a
//! text that is no JSON.

use kafka_core::topic::TopicPartition;

use super::failure::Failure;
use crate::json::Json;

pub(super) const ADMIN_OPERATION: &str = "org.apache.kafka.tools.AdminOperationException";
const MAPPING: &str = "com.fasterxml.jackson.databind.JsonMappingException";

/// The text of a file as JSON.
pub(super) fn parse(text: &str) -> Result<Json, Failure> {
    let json = Json::parse(text)
        .ok_or_else(|| Failure::thrown(ADMIN_OPERATION, "The input string is not a valid JSON"))?;
    match json {
        Json::Object(_) => Ok(json),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => {
            Err(not("JSON object", &json))
        }
    }
}

/// The field `version`, which is 1 when it is not there.
pub(super) fn check_version(json: &Json) -> Result<(), Failure> {
    match json.field("version").map_or(Ok(1), integer)? {
        1 => Ok(()),
        version => {
            Err(Failure::thrown(ADMIN_OPERATION, format!("Not supported version field value {version}")))
        }
    }
}

pub(super) fn field<'a>(json: &'a Json, name: &str) -> Result<&'a Json, Failure> {
    let missing = || Failure::thrown(MAPPING, format!("No such field exists: `{name}`"));
    json.field(name).ok_or_else(missing)
}

pub(super) fn list(json: &Json) -> Result<&[Json], Failure> {
    json.list().ok_or_else(|| not("JSON array", json))
}

pub(super) fn text(json: &Json) -> Result<&str, Failure> {
    match json {
        Json::Text(text) => Ok(text),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => {
            Err(expected("String", json))
        }
    }
}

/// A number of Java's `int` that is not negative: partitions and brokers have no others.
pub(super) fn integer(json: &Json) -> Result<u32, Failure> {
    match json {
        Json::Number(number) if (0..=i64::from(i32::MAX)).contains(number) => Ok(*number as u32),
        Json::Null | Json::Boolean(_) | Json::Number(_) | Json::Text(_) | Json::List(_) | Json::Object(_) => {
            Err(expected("Integer", json))
        }
    }
}

pub(super) fn long(json: &Json) -> Result<i64, Failure> {
    match json {
        Json::Number(number) => Ok(*number),
        Json::Null | Json::Boolean(_) | Json::Text(_) | Json::List(_) | Json::Object(_) => {
            Err(expected("Long", json))
        }
    }
}

/// The fields `topic` and `partition`.
pub(super) fn partition(json: &Json) -> Result<TopicPartition, Failure> {
    let topic = text(field(json, "topic")?)?;
    Ok(TopicPartition::new(topic, integer(field(json, "partition")?)?))
}

fn not(kind: &str, value: &Json) -> Failure {
    Failure::thrown(MAPPING, format!("Expected {kind}, received {value}"))
}

fn expected(kind: &str, value: &Json) -> Failure {
    Failure::thrown(MAPPING, format!("Expected `{kind}` value, received {value}"))
}
