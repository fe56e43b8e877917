//! The language of goals: `records of topic orders >= 5`, `group g is Stable`, `a terminal printed "..."`.

use crate::content::{Bound, Comparison, Goal, Quantity, Rest};

/// Makes a quantity of the names in a template's slots; `None` when one of them is no partition.
type Make = fn(&[&str]) -> Option<Quantity>;

/// What can be counted, in words. `{}` stands for a name, `{}-{}` for a partition.
const QUANTITIES: [(&str, Make); 36] = {
    use Quantity as Q;
    fn name(word: &str) -> String {
        word.to_owned()
    }
    [
        ("partitions of topic {}", |w| Some(Q::Partitions { topic: name(w[0]) })),
        ("replication factor of topic {}", |w| Some(Q::ReplicationFactor { topic: name(w[0]) })),
        ("in-sync replicas of topic {}", |w| Some(Q::InSyncReplicas { topic: name(w[0]) })),
        ("records of topic {}", |w| Some(Q::Records { topic: name(w[0]) })),
        ("records of topic {} with a key", |w| Some(Q::RecordsWithKey { topic: name(w[0]) })),
        ("records of topic {} with key {}", |w| {
            Some(Q::RecordsWithThisKey { topic: name(w[0]), key: name(w[1]) })
        }),
        ("records of partition {}", |w| {
            let (topic, partition) = partition(w[0])?;
            Some(Q::RecordsOfPartition { topic, partition })
        }),
        ("fewest records of a partition of topic {}", |w| {
            Some(Q::FewestRecordsOfAPartition { topic: name(w[0]) })
        }),
        ("partitions of topic {} with records", |w| Some(Q::PartitionsWithRecords { topic: name(w[0]) })),
        ("records of the largest batch of topic {}", |w| {
            Some(Q::RecordsOfLargestBatch { topic: name(w[0]) })
        }),
        ("records of topic {} written in this step", |w| Some(Q::RecordsWrittenInStep { topic: name(w[0]) })),
        ("partitions of topic {} written in this step", |w| {
            Some(Q::PartitionsWrittenInStep { topic: name(w[0]) })
        }),
        ("batches of topic {} written in this step", |w| Some(Q::BatchesWrittenInStep { topic: name(w[0]) })),
        ("records of topic {} failed in this step", |w| Some(Q::RecordsFailedInStep { topic: name(w[0]) })),
        ("records of topic {} read in this step", |w| Some(Q::RecordsReadInStep { topic: name(w[0]) })),
        ("members of group {}", |w| Some(Q::Members { group: name(w[0]) })),
        ("members of group {} without partitions", |w| {
            Some(Q::MembersWithoutPartitions { group: name(w[0]) })
        }),
        ("most partitions of a member of group {}", |w| {
            Some(Q::MostPartitionsOfAMember { group: name(w[0]) })
        }),
        ("committed offset of group {} for {}", |w| {
            let (topic, partition) = partition(w[1])?;
            Some(Q::CommittedOffset { group: name(w[0]), topic, partition })
        }),
        ("partitions committed by group {}", |w| Some(Q::PartitionsCommitted { group: name(w[0]) })),
        ("lag of group {}", |w| Some(Q::Lag { group: name(w[0]) })),
        ("largest lag of a partition of group {}", |w| Some(Q::LargestLagOfAPartition { group: name(w[0]) })),
        ("records passed over by group {}", |w| Some(Q::RecordsPassedOver { group: name(w[0]) })),
        ("commits of group {} in this step", |w| Some(Q::CommitsInStep { group: name(w[0]) })),
        ("rebalances of group {} in this step", |w| Some(Q::RebalancesInStep { group: name(w[0]) })),
        ("consumers of group {} started in this step", |w| Some(Q::StartedInStep { group: name(w[0]) })),
        ("members that left group {} in this step", |w| Some(Q::LeftInStep { group: name(w[0]) })),
        ("members that expired from group {} in this step", |w| Some(Q::ExpiredInStep { group: name(w[0]) })),
        ("consumers of group {} killed in this step", |w| Some(Q::KilledInStep { group: name(w[0]) })),
        ("consumers of group {} that polled too late in this step", |w| {
            Some(Q::PolledTooLateInStep { group: name(w[0]) })
        }),
        ("partitions revoked in group {} in this step", |w| {
            Some(Q::PartitionsRevokedInStep { group: name(w[0]) })
        }),
        ("records read by group {} in this step", |w| {
            Some(Q::RecordsReadByGroupInStep { group: name(w[0]) })
        }),
        ("records read again by group {} in this step", |w| {
            Some(Q::RecordsReadAgainInStep { group: name(w[0]) })
        }),
        ("processing failures of group {} in this step", |w| {
            Some(Q::ProcessingFailuresInStep { group: name(w[0]) })
        }),
        ("time of group {}", |w| Some(Q::TimeOfGroup { group: name(w[0]) })),
        ("reading time of group {}", |w| Some(Q::ReadingTimeOfGroup { group: name(w[0]) })),
    ]
};

const COMPARISONS: [(&str, Comparison); 3] =
    [(" >= ", Comparison::AtLeast), (" = ", Comparison::Exactly), (" <= ", Comparison::AtMost)];

/// Reads one goal; the error says what a goal may be.
pub(crate) fn goal(text: &str) -> Result<Goal, String> {
    let text = text.trim();
    if let Some(quoted) = text.strip_prefix("a terminal printed ") {
        let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = inner.filter(|inner| !inner.is_empty());
        return text
            .map(|text| Goal::Printed { text: text.to_owned() })
            .ok_or_else(|| "what a terminal printed stands in double quotes".to_owned());
    }
    if let Some((group, rest)) = text.strip_prefix("group ").and_then(|rest| rest.split_once(" is ")) {
        let rest = match rest {
            "Stable" => Rest::Stable,
            "Empty" => Rest::Empty,
            other => return Err(format!("a group can be waited for to be Stable or Empty, not {other}")),
        };
        return Ok(Goal::GroupIs { group: group.to_owned(), rest });
    }
    let compared =
        COMPARISONS.iter().find_map(|(sign, comparison)| Some((text.split_once(sign)?, *comparison)));
    let Some(((left, right), comparison)) = compared else {
        return Err(format!("`{text}` is no goal. {}", forms()));
    };
    Ok(Goal::Compare { quantity: quantity(left)?, comparison, bound: bound(right)? })
}

/// Reads goals with `and` between them.
pub(crate) fn goals(text: &str) -> Result<Vec<Goal>, String> {
    text.split(" and ").map(goal).collect()
}

fn quantity(text: &str) -> Result<Quantity, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = QUANTITIES.iter().find_map(|(template, make)| make(&slots(template, &words)?));
    found.ok_or_else(|| format!("`{text}` is nothing that can be counted. {}", forms()))
}

fn bound(text: &str) -> Result<Bound, String> {
    if let Some((percent, of)) = text.split_once(" % of ") {
        let percent =
            percent.trim().parse().map_err(|_| format!("`{percent}` is no whole number of per cent"))?;
        return Ok(Bound::Share { percent, of: quantity(of)? });
    }
    let number = text.trim().parse();
    number.map(Bound::Number).map_err(|_| {
        format!("`{text}` is neither a whole number nor `50 % of` something that can be counted")
    })
}

/// The words of the template's slots, when the rest of the template is as it says.
fn slots<'a>(template: &str, words: &[&'a str]) -> Option<Vec<&'a str>> {
    let parts: Vec<&str> = template.split_whitespace().collect();
    let matches = parts.len() == words.len()
        && parts.iter().zip(words).all(|(part, word)| *part == "{}" || part == word);
    matches
        .then(|| parts.iter().zip(words).filter(|(part, _)| **part == "{}").map(|(_, word)| *word).collect())
}

/// `orders-0`
fn partition(word: &str) -> Option<(String, u32)> {
    let (topic, number) = word.rsplit_once('-')?;
    Some((topic.to_owned(), number.parse().ok()?))
}

fn forms() -> String {
    let quantities: Vec<_> = QUANTITIES.iter().map(|(template, _)| format!("  {template}")).collect();
    format!(
        "A goal is `group NAME is Stable`, `a terminal printed \"TEXT\"`, or one of these, `>=`, `=` or `<=`, and a \
         number or `50 % of` another ({{}} stands for a name, or for a partition such as orders-0):\n{}",
        quantities.join("\n")
    )
}
