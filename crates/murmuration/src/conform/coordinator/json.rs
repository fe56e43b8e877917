//! Values as this recording writes them; what is missing or of another type reads as nothing.

use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};

pub(super) fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The recording leaves out empty lists.
pub(super) fn list(value: &Value) -> Value {
    if value.is_null() { json!([]) } else { value.clone() }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn optional_text(value: &Value) -> Option<Rc<str>> {
    value.as_str().map(Rc::from)
}

pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn small(number: u64) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| format!("{number} is too large"))
}

pub(super) fn signed(value: &Value, otherwise: i32) -> i32 {
    value.as_i64().and_then(|number| i32::try_from(number).ok()).unwrap_or(otherwise)
}

pub(super) fn millis(value: &Value) -> Duration {
    optional_millis(value).unwrap_or_default()
}

/// -1 is Kafka's way to say nothing.
pub(super) fn optional_millis(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_millis)
}

/// A value whose lists of partitions are in order, since the order of a set means nothing.
pub(super) fn in_order(value: &Value) -> Value {
    match value {
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(in_order).collect();
            if list.iter().all(is_partition) {
                list.sort_by_key(|pair| (text(&pair[0]).to_owned(), pair[1].as_u64()));
            }
            Value::Array(list)
        }
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), in_order(field))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn is_partition(value: &Value) -> bool {
    matches!(elements(value), [topic, partition] if topic.is_string() && partition.is_u64())
}
