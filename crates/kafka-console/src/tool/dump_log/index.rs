//! Dumps of `.index` and `.timeindex` files.
//!
//! Mirrors `DumpLogSegments.dumpIndex` and `dumpTimeIndex`. The index files of the active segment have their full size from
//! the beginning; what is not written yet reads as one entry of zeros, which the tool prints and compares.

use std::rc::Rc;

use kafka_core::broker::{LogSegment, OffsetPosition, TimestampOffset};
use kafka_core::record::RecordBatch;

use super::file::{SegmentFile, base_offset};
use super::{Complaints, Uncaught};
use crate::system::Context;
use crate::tool::say;

/// What is not to be done.
#[derive(Clone, Copy)]
pub(super) struct Only {
    pub(super) sanity: bool,
    pub(super) verify: bool,
}

pub(super) fn dump_offsets(
    name: &str,
    only: Only,
    complaints: &mut Complaints,
    context: &mut Context<'_>,
) -> Result<(), Uncaught> {
    let file = open(name, context)?;
    let zero = OffsetPosition { offset: file.segment.base_offset(), position: 0 };
    let entries = with_zeros(file.segment.offset_index(), zero, file.is_active);
    if entries.is_empty() {
        say(&format!("{name} is empty."), context);
        return Ok(());
    }
    if only.sanity {
        say(&format!("{name} passed sanity check."), context);
        return Ok(());
    }
    let mut mismatches = Vec::new();
    for entry in entries {
        let batch = batch_at(&file.segment, entry.position)
            .ok_or_else(|| Uncaught("java.util.NoSuchElementException".to_owned()))?;
        let last_offset = batch.last_offset();
        if last_offset != entry.offset {
            mismatches.insert(0, format!("  Index offset: {}, log offset: {last_offset}", entry.offset));
        }
        if !only.verify {
            say(&format!("offset: {} position: {}", entry.offset, entry.position), context);
        }
    }
    if !mismatches.is_empty() {
        complaints.0.push((format!("Mismatches in :{name}"), mismatches));
    }
    Ok(())
}

pub(super) fn dump_times(
    name: &str,
    only: Only,
    complaints: &mut Complaints,
    context: &mut Context<'_>,
) -> Result<(), Uncaught> {
    let file = open(name, context)?;
    if only.sanity {
        say(&format!("{name} passed sanity check."), context);
        return Ok(());
    }
    let zero = TimestampOffset { timestamp: 0, offset: file.segment.base_offset() };
    let (mut mismatches, mut missing) = (Vec::new(), Vec::new());
    for entry in with_zeros(file.segment.time_index(), zero, file.is_active) {
        let found = file.segment.batches().iter().find(|batch| batch.last_offset() >= entry.offset);
        match found.map(|batch| (batch.last_offset(), batch.max_timestamp())) {
            Some((last, max)) if last == entry.offset => {
                if max != entry.timestamp {
                    mismatches.push(format!("  Index timestamp: {}, log timestamp: {max}", entry.timestamp));
                }
            }
            other => {
                let last = other.map_or(-1, |(last, _)| last);
                missing.push(format!("Indexed offset: {}, found log offset: {last}", entry.offset));
            }
        }
        if !only.verify {
            say(&format!("timestamp: {} offset: {}", entry.timestamp, entry.offset), context);
        }
    }
    if !mismatches.is_empty() {
        complaints.0.push((format!("Found timestamp mismatch in :{name}"), mismatches));
    }
    if !missing.is_empty() {
        let heading = "The following indexed offsets are not found in the log.".to_owned();
        complaints.0.push((heading, missing));
    }
    Ok(())
}

fn open(name: &str, context: &mut Context<'_>) -> Result<SegmentFile, Uncaught> {
    base_offset(name.rsplit('/').next().unwrap_or(name))?;
    SegmentFile::open(name, context)
}

fn with_zeros<Entry: Copy>(written: &[Entry], zero: Entry, is_active: bool) -> Vec<Entry> {
    if written.is_empty() && is_active { vec![zero] } else { written.to_vec() }
}

fn batch_at(segment: &LogSegment, position: u64) -> Option<&Rc<RecordBatch>> {
    let mut at = 0;
    segment.batches().iter().find(|batch| {
        let found = at == position;
        at += u64::from(batch.size_in_bytes);
        found
    })
}
