//! The options of `kafka-reassign-partitions`, and which of them go with which action.

use crate::option::{Argument, OptionSpec, Options, option};
use crate::tool::failure::Failure;

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Optional, Required};
    &[
        option("additional", None, "Execute this reassignment beside those that are under way."),
        option(
            "bootstrap-controller",
            Optional("String: bootstrap controller to connect to"),
            "The controllers to connect to, for --cancel and --list.",
        ),
        option(
            "bootstrap-server",
            Optional("String: Server(s) to use for bootstrapping"),
            "The servers to connect to, as host:port,host:port.",
        ),
        option(
            "broker-list",
            Required("String: brokerlist"),
            "With --generate: the brokers to move partitions to, such as 1,2,3.",
        ),
        option("cancel", None, "Take back a reassignment that is under way."),
        option(
            "command-config",
            Required("String: Admin client property file"),
            "A file with properties for the admin client.",
        ),
        option("disable-rack-aware", None, "Do not look at the racks of brokers."),
        option(
            "disallow-replication-factor-change",
            None,
            "With --execute: refuse another number of replicas than before.",
        ),
        option("execute", None, "Start the reassignment that --reassignment-json-file describes."),
        option("generate", None, "Propose a reassignment, and start nothing."),
        option("help", None, "Show this list."),
        option("list", None, "List the reassignments that are under way."),
        option("preserve-throttles", None, "Leave throttles as they are."),
        option(
            "reassignment-json-file",
            Required("String: manual assignment json file path"),
            "A file that says where partitions shall be: {\"partitions\": [{\"topic\": \"foo\", \"partition\": 1, \"replicas\": \
             [1,2,3]}], \"version\":1}",
        ),
        option(
            "replica-alter-log-dirs-throttle",
            Required("Long: replicaAlterLogDirsThrottle"),
            "Not simulated: a broker has one directory.",
        ),
        option("throttle", Required("Long: throttle"), "Not simulated: replicas are copied at full speed."),
        option(
            "timeout",
            Required("Long: timeout"),
            "How long to wait for a log directory to be taken up, in ms. (default: 10000)",
        ),
        option(
            "topics-to-move-json-file",
            Required("String: topics to reassign json file path"),
            "With --generate: a file that names topics: {\"topics\": [{\"topic\": \"foo\"}], \"version\":1}",
        ),
        option(
            "verify",
            None,
            "Tell whether the reassignment of --reassignment-json-file is done; if it is, remove throttles.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Action {
    Generate,
    Execute,
    Verify,
    Cancel,
    List,
}

struct Form {
    action: Action,
    name: &'static str,
    required: &'static [&'static str],
    permitted: &'static [&'static str],
}

const FORMS: [Form; 5] = [
    Form {
        action: Action::Generate,
        name: "generate",
        required: &["topics-to-move-json-file", "broker-list"],
        permitted: &["bootstrap-server", "command-config", "disable-rack-aware"],
    },
    Form {
        action: Action::Execute,
        name: "execute",
        required: &["reassignment-json-file"],
        permitted: &[
            "additional",
            "bootstrap-server",
            "command-config",
            "throttle",
            "replica-alter-log-dirs-throttle",
            "timeout",
            "disallow-replication-factor-change",
        ],
    },
    Form {
        action: Action::Verify,
        name: "verify",
        required: &["reassignment-json-file"],
        permitted: &["bootstrap-server", "command-config", "preserve-throttles"],
    },
    Form {
        action: Action::Cancel,
        name: "cancel",
        required: &["reassignment-json-file"],
        permitted: &[
            "bootstrap-server",
            "bootstrap-controller",
            "command-config",
            "preserve-throttles",
            "timeout",
        ],
    },
    Form {
        action: Action::List,
        name: "list",
        required: &[],
        permitted: &["bootstrap-server", "bootstrap-controller", "command-config"],
    },
];

/// `validateAndParseArgs`
pub(super) fn action(options: &Options) -> Result<Action, Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    let chosen: Vec<_> = FORMS.iter().filter(|form| options.has(form.name)).collect();
    let [form] = chosen[..] else {
        let actions: Vec<_> = FORMS.iter().map(|form| format!("--{}", form.name)).collect();
        return usage(format!("Command must include exactly one action: {}", actions.join(", ")));
    };
    match (options.has("bootstrap-server"), options.has("bootstrap-controller")) {
        (true, true) => {
            return usage(
                "Please don't specify both --bootstrap-server and --bootstrap-controller".to_owned(),
            );
        }
        (false, false) => {
            return usage("Please specify either --bootstrap-server or --bootstrap-controller".to_owned());
        }
        (true, false) | (false, true) => {}
    }
    if let Some(missing) = form.required.iter().find(|name| !options.has(name)) {
        return usage(format!("Missing required argument \"[{missing}]\""));
    }
    let fits =
        |name: &str| name == form.name || form.required.contains(&name) || form.permitted.contains(&name);
    if let Some(other) = OPTIONS.iter().find(|spec| options.has(spec.name) && !fits(spec.name)) {
        return usage(format!("Option \"[{}]\" can't be used with action \"[{}]\"", other.name, form.name));
    }
    match ["throttle", "replica-alter-log-dirs-throttle"].iter().find(|name| options.has(name)) {
        Some(name) => Err(Failure::Terse(format!(
            "--{name} is not simulated: replicas are copied as fast as the network allows. Leave it out."
        ))),
        None => Ok(form.action),
    }
}
