//! Quotas of users, clients and addresses.
//!
//! Mirrors `describeQuotaConfigs` and `alterQuotaConfigs`. Leaves out: what a quota does.

use std::rc::Rc;

use kafka_core::config::{ConfigResource, QuotaEntityType};
use kafka_core::java_hash::{JavaHash, iteration_order};

use super::Failure;
use super::entity::{Entity, EntityType};
use crate::system::Context;
use crate::tool::say;

pub(crate) const CLIENT_QUOTAS: [&str; 4] =
    ["consumer_byte_rate", "controller_mutation_rate", "producer_byte_rate", "request_percentage"];
pub(crate) const IP_QUOTAS: [&str; 1] = ["connection_creation_rate"];

/// Every entity of the types that was given quotas; of the names that were given, only these.
pub(super) fn describe(entity: &Entity, context: &mut Context<'_>) {
    let wanted = entity.quota();
    let of_types = |quota: &[(QuotaEntityType, Option<Rc<str>>)]| {
        quota.len() == entity.types.len() && wanted.iter().all(|part| quota.contains(part))
    };
    let cluster = context.system().simulation.cluster();
    let mut lines = Vec::new();
    for resource in cluster.configured() {
        let ConfigResource::Quota(quota) = resource else { continue };
        if !of_types(quota) || quota.iter().map(|(kind, _)| *kind).ne(sorted_types(entity)) {
            continue;
        }
        // The client's map is as large as there are settings.
        let capacity = cluster.configs(resource).count() as u32;
        let settings = cluster.configs(resource);
        let settings: Vec<_> = iteration_order(settings, capacity, |(name, _)| name.java_hash())
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let names: Vec<_> = quota.iter().map(described).collect();
        lines.push(format!("Quota configs for {} are {}", names.join(", "), settings.join(", ")));
    }
    for line in lines {
        say(&line, context);
    }
}

fn sorted_types(entity: &Entity) -> Vec<QuotaEntityType> {
    let of = |kind: &EntityType| match kind {
        EntityType::Users => Some(QuotaEntityType::User),
        EntityType::Clients => Some(QuotaEntityType::ClientId),
        EntityType::Ips => Some(QuotaEntityType::Ip),
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::Groups
        | EntityType::ClientMetrics
        | EntityType::BrokerLoggers => None,
    };
    let mut types: Vec<_> = entity.types.iter().filter_map(of).collect();
    types.sort();
    types
}

fn described((kind, name): &(QuotaEntityType, Option<Rc<str>>)) -> String {
    let kind = match kind {
        QuotaEntityType::User => "user-principal",
        QuotaEntityType::ClientId => "client-id",
        QuotaEntityType::Ip => "ip",
    };
    match name {
        Some(name) => format!("{kind} '{name}'"),
        None => format!("the default {kind}"),
    }
}

/// The value as a `Double` prints it.
pub(super) fn check(entity: &Entity, name: &str, value: &str) -> Result<Rc<str>, Failure> {
    check_name(entity, name, "added")?;
    java_double(value).map(Rc::from).ok_or_else(|| {
        Failure::Message(format!("Cannot parse quota configuration value for {name}: {value}"))
    })
}

pub(super) fn check_name(entity: &Entity, name: &str, what: &str) -> Result<(), Failure> {
    let (known, kinds): (&[&str], _) = match entity.kind() {
        EntityType::Ips => (&IP_QUOTAS, "Only connection quota configs can be"),
        EntityType::Users if entity.types.len() == 1 => {
            (&CLIENT_QUOTAS, "Only quota and SCRAM credential configs can be")
        }
        EntityType::Users
        | EntityType::Clients
        | EntityType::Topics
        | EntityType::Brokers
        | EntityType::Groups
        | EntityType::ClientMetrics
        | EntityType::BrokerLoggers => (&CLIENT_QUOTAS, "Only quota configs can be"),
    };
    if known.contains(&name) {
        return Ok(());
    }
    let kind = if entity.types.len() > 1 { "clients" } else { entity.kind().name() };
    let names = if what == "added" { format!("Set({name})") } else { format!("List({name})") };
    let message =
        format!("{kinds} {what} for '{kind}' using --bootstrap-server. Unexpected config names: {names}");
    Err(Failure::Message(message))
}

/// `Double.toString` of a number with a few digits: scientific from ten million on. `None` for a text that is no
/// number, or has more than 15 digits.
fn java_double(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0
        || whole.len() + fraction.len() > 15
        || !digits(whole)
        || !digits(fraction)
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let or_zero = |part: &str| if part.is_empty() { "0".to_owned() } else { part.to_owned() };
    if whole.len() > 7 {
        let (first, rest) = whole.split_at(1);
        let rest = format!("{rest}{fraction}");
        let exponent = whole.len() - 1;
        return Some(format!("{sign}{first}.{}E{exponent}", or_zero(rest.trim_end_matches('0'))));
    }
    if whole.is_empty() && fraction.starts_with("000") {
        let significant = fraction.trim_start_matches('0');
        let exponent = fraction.len() - significant.len() + 1;
        let (first, rest) = significant.split_at(1);
        return Some(format!("{sign}{first}.{}E-{exponent}", or_zero(rest)));
    }
    Some(format!("{sign}{}.{}", or_zero(whole), or_zero(fraction)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_java_prints_them() {
        let rows = [
            ("1024", Some("1024.0")),
            ("10485760", Some("1.048576E7")),
            ("9999999", Some("9999999.0")),
            ("10000000", Some("1.0E7")),
            ("0.5", Some("0.5")),
            ("0.0001", Some("1.0E-4")),
            ("007.50", Some("7.5")),
            ("-1", Some("-1.0")),
            ("0", Some("0.0")),
            ("x", None),
            ("", None),
        ];
        for (text, printed) in rows {
            assert_eq!(java_double(text).as_deref(), printed, "{text}");
        }
    }
}
