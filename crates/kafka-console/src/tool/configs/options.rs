//! The options of `kafka-configs`, and which of them go together.

use std::rc::Rc;

use super::Failure;
use super::entity::{Entity, EntityType};
use crate::option::{Argument, OptionSpec, Options, option};

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "add-config",
            Required("String"),
            "Settings to add, as k1=v1,k2=[v1,v2],k3=v3: square brackets keep values with commas together.",
        ),
        option("add-config-file", Required("String"), "A file with settings to add."),
        option("all", None, "With --describe: every setting, with its default."),
        option("alter", None, "Change settings."),
        option(
            "bootstrap-controller",
            Required("String: controller to connect to"),
            "The controllers to connect to.",
        ),
        option("bootstrap-server", Required("String: server to connect to"), "The servers to connect to."),
        option("broker", Required("String"), "The number of a broker."),
        option("broker-defaults", None, "All brokers."),
        option("broker-logger", Required("String"), "The number of a broker, for its loggers."),
        option("client", Required("String"), "The id of a client."),
        option("client-defaults", None, "All clients."),
        option("client-metrics", Required("String"), "A subscription to metrics of clients."),
        option(
            "command-config",
            Required("String: command config property file"),
            "A file with properties for the admin client.",
        ),
        option("delete-config", Required("String"), "Settings to remove, as k1,k2."),
        option("describe", None, "Show settings."),
        option("entity-default", None, "The default of the type: clients, users, brokers or ips."),
        option(
            "entity-name",
            Required("String"),
            "The name of the entity: of a topic, the number of a broker ...",
        ),
        option(
            "entity-type",
            Required("String"),
            "topics, clients, users, brokers, broker-loggers, ips, client-metrics or groups",
        ),
        option("group", Required("String"), "The id of a group."),
        option("help", None, "Show this list."),
        option("ip", Required("String"), "An address."),
        option("ip-defaults", None, "All addresses."),
        option("topic", Required("String"), "The name of a topic."),
        option("user", Required("String"), "The name of a user."),
        option("user-defaults", None, "All users."),
        option("version", None, "Show the version of Kafka."),
    ]
};

/// Options that name an entity of a type.
const NAMED: [(&str, EntityType); 8] = [
    ("topic", EntityType::Topics),
    ("client", EntityType::Clients),
    ("user", EntityType::Users),
    ("broker", EntityType::Brokers),
    ("broker-logger", EntityType::BrokerLoggers),
    ("ip", EntityType::Ips),
    ("client-metrics", EntityType::ClientMetrics),
    ("group", EntityType::Groups),
];

/// Options for the default of a type.
const DEFAULTS: [(&str, EntityType); 4] = [
    ("client-defaults", EntityType::Clients),
    ("user-defaults", EntityType::Users),
    ("broker-defaults", EntityType::Brokers),
    ("ip-defaults", EntityType::Ips),
];

/// `ConfigCommandOptions.checkArgs`: what the command is about.
pub(super) fn check(options: &Options, arguments: &[Rc<str>]) -> Result<Entity, Failure> {
    if ["alter", "describe"].iter().filter(|action| options.has(action)).count() != 1 {
        let message = "Command must include exactly one action: --describe, --alter";
        return Err(Failure::Usage(message.to_owned()));
    }
    for other in ["add-config", "delete-config"] {
        if options.has("describe") && options.has(other) {
            let message = format!("Option \"[describe]\" can't be used with option \"[{other}]\"");
            return Err(Failure::Usage(message));
        }
    }
    let type_names = type_names(options);
    let refused = |message: String| Err(Failure::Message(message));
    let repeated = |name: &&str| type_names.iter().filter(|other| *other == name).count() > 1;
    if let Some(twice) = type_names.iter().find(|name| repeated(name)) {
        return refused(format!("Duplicate entity type(s) specified: {twice}"));
    }
    let by_server = options.has("bootstrap-server");
    if !by_server && !options.has("bootstrap-controller") {
        return refused("Either --bootstrap-server or --bootstrap-controller must be specified.".to_owned());
    }
    let known = EntityType::ALL.map(EntityType::name);
    let mut types = Vec::new();
    for name in type_names {
        let Some(kind) = EntityType::ALL.into_iter().find(|kind| kind.name() == name) else {
            return refused(format!(
                "Invalid entity type {name}, the entity type must be one of {} with a --bootstrap-server or \
                 --bootstrap-controller argument",
                known.join(", ")
            ));
        };
        types.push(kind);
    }
    let Some(first) = types.first().copied() else {
        return refused("At least one entity type must be specified".to_owned());
    };
    let user_and_client =
        [EntityType::Users, EntityType::Clients].iter().all(|kind| types.contains(kind)) && types.len() == 2;
    if types.len() > 1 && !user_and_client {
        return refused("Only 'users' and 'clients' entity types may be specified together".to_owned());
    }
    let general = ["entity-name", "entity-type", "entity-default"].iter().any(|option| options.has(option));
    if general && NAMED.iter().chain(&DEFAULTS).any(|(option, _)| options.has(option)) {
        let message =
            "--entity-{type,name,default} should not be used in conjunction with specific entity flags";
        return refused(message.to_owned());
    }
    if by_server && options.has("bootstrap-controller") {
        let message = "Only one of --bootstrap-server or --bootstrap-controller can be specified";
        return refused(message.to_owned());
    }
    let entity = Entity { types, names: names(options, arguments)? };
    check_names(&entity, first, options)?;
    if options.has("alter") {
        check_changes(&entity, first, options)?;
    }
    Ok(entity)
}

fn type_names(options: &Options) -> Vec<&str> {
    let given = options.values("entity-type").iter().map(|name| &**name);
    let flags = NAMED.iter().chain(&DEFAULTS).filter(|(option, _)| options.has(option));
    given.chain(flags.map(|(_, kind)| kind.name())).collect()
}

/// Names stand in the order of the command line; a default is a name that is empty.
fn names(options: &Options, arguments: &[Rc<str>]) -> Result<Vec<Rc<str>>, Failure> {
    let mut given = options.values("entity-name").iter();
    let mut names: Vec<Rc<str>> = Vec::new();
    for argument in arguments {
        if **argument == *"--entity-default" {
            names.push("".into());
        } else if **argument == *"--entity-name" || argument.starts_with("--entity-name=") {
            names.extend(given.next().cloned());
        }
    }
    for (option, _) in NAMED {
        names.extend(options.value(option)?.cloned());
    }
    names.extend(DEFAULTS.iter().filter(|(option, _)| options.has(option)).map(|_| Rc::from("")));
    Ok(names)
}

fn check_names(entity: &Entity, first: EntityType, options: &Options) -> Result<(), Failure> {
    let named = entity.names.iter().find(|name| !name.is_empty());
    match (first, named) {
        (EntityType::Brokers | EntityType::BrokerLoggers, Some(name)) if name.parse::<i32>().is_err() => {
            let kind = first.name();
            return Err(Failure::Message(format!(
                "The entity name for {kind} must be a valid integer broker id, but it is: {name}"
            )));
        }
        (EntityType::BrokerLoggers, None) if options.has("describe") => {
            let message = "An entity name must be specified with --describe of broker-loggers";
            return Err(Failure::Message(message.to_owned()));
        }
        (_, Some(_) | None) => {}
    }
    if options.has("describe") && options.has("entity-default") && !first.has_default() {
        let message = format!("--entity-default must not be specified with --describe of {}", first.name());
        return Err(Failure::Message(message));
    }
    Ok(())
}

fn check_changes(entity: &Entity, first: EntityType, options: &Options) -> Result<(), Failure> {
    let refused = |message: &str| Err(Failure::Message(message.to_owned()));
    if first.has_default() {
        if entity.names.is_empty() {
            return refused(
                "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips",
            );
        }
    } else if !entity.names.iter().any(|name| !name.is_empty()) {
        return refused(&format!("An entity name must be specified with --alter of {}", first.name()));
    }
    if options.has("add-config") && options.has("add-config-file") {
        return refused("Only one of --add-config or --add-config-file must be specified");
    }
    if !["add-config", "add-config-file", "delete-config"].iter().any(|option| options.has(option)) {
        return refused(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        );
    }
    if entity.types.len() != entity.names.len() {
        return refused("An entity name must be specified for every entity type");
    }
    Ok(())
}
