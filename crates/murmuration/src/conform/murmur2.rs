//! `kafka-sim.murmur2/1`: keys, their hash, and their partition for several partition counts.

use std::io;

use kafka_core::producer::partitioner::{murmur2, partition_for_key, to_positive};
use serde::Deserialize;
use serde_json::Value;

use super::report::{Report, expect};
use super::{entries, fields};

#[derive(Deserialize)]
struct Vector {
    hex: Option<String>,
    unit_hex: Option<String>,
    repeat: Option<u32>,
    murmur2: i32,
    to_positive: Option<u32>,
    #[serde(default, deserialize_with = "fields::optional")]
    partition: Vec<u32>,
}

pub(super) fn check(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    let (counts, vectors) = match (entries(document, "num_partitions"), entries(document, "vectors")) {
        (Ok(counts), Ok(vectors)) => (counts, vectors),
        (Err(why), _) | (_, Err(why)) => return report.broken(&why),
    };
    let counts: Vec<Option<u32>> = counts.iter().map(|count| u32::try_from(count.as_u64()?).ok()).collect();
    for (place, entry) in vectors.iter().enumerate() {
        let label = entry.get("label").and_then(Value::as_str).unwrap_or("unnamed");
        let outcome = Vector::deserialize(entry)
            .map_err(|error| error.to_string())
            .and_then(|vector| check_vector(&vector, &counts));
        report.case(&format_args!("{label} (#{place})"), outcome)?;
    }
    Ok(())
}

fn check_vector(vector: &Vector, counts: &[Option<u32>]) -> Result<(), String> {
    let key = match (&vector.hex, &vector.unit_hex) {
        (Some(hex), _) => fields::bytes(hex)?,
        (None, Some(unit)) => fields::bytes(unit)?.repeat(vector.repeat.unwrap_or(1) as usize),
        (None, None) => return Err("it has neither `hex` nor `unit_hex`".to_owned()),
    };
    let hash = murmur2(&key);
    expect("murmur2", &vector.murmur2, &hash)?;
    expect("to_positive", &vector.to_positive.unwrap_or(to_positive(hash)), &to_positive(hash))?;
    for (place, expected) in vector.partition.iter().enumerate() {
        let count = counts.get(place).copied().flatten().filter(|count| *count > 0);
        let count = count.ok_or_else(|| format!("partition {place} has no number of partitions"))?;
        expect(&format!("partition of {count}"), expected, &partition_for_key(&key, count))?;
    }
    Ok(())
}
