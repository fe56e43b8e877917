//! A small shell: what a terminal's prompt and `bash -c` understand.
//!
//! It reads this grammar of bash and says by name what it does not know. `brush-parser` knows all of bash, but costs
//! the page 100 KB, asks the browser for the time, and never comes back from some inputs.
//!
//! ```text
//! script   = { newline } [ and_or { ( ";" | "&" | newline ) [ and_or ] } ]
//! and_or   = pipeline { ( "&&" | "||" ) { newline } pipeline }
//! pipeline = { "time" | "!" } command { ( "|" | "|&" ) { newline } command }
//! command  = simple | compound { redirect } | [ "function" ] NAME [ "()" ] compound
//! compound = "{" script "}" | "(" script ")" | "((" expression "))" | "[[" condition "]]"
//!          | "for" NAME [ "in" { word } ] ";" "do" script "done"
//!          | "for" "((" expression ";" expression ";" expression "))" ";" "do" script "done"
//!          | ( "while" | "until" ) script "do" script "done"
//!          | "if" script "then" script { "elif" script "then" script } [ "else" script ] "fi"
//!          | "case" word "in" { [ "(" ] word { "|" word } ")" script ";;" } "esac"
//! simple   = { NAME ( "=" | "+=" ) [ word | "(" { word } ")" ] } { word | redirect }
//! redirect = [ "0" | "1" | "2" ] ( "<" | ">" | ">>" | "<<<" ) word | [ digit ] ">&" digit | "&>" word | here
//! here     = ( "<<" | "<<-" ) word, and from the next line on a text up to a line that is the word
//! word     = ( text | "\" any | "'" text "'" | "$'" text "'" | '"' { text | dollar } '"' | dollar | brace )+
//! dollar   = "$" parameter | "${" parameter operation "}" | "$((" expression "))" | "$(" script ")" | "`" script "`"
//! brace    = "{" integer ".." integer [ ".." integer ] "}" | "{" word { "," word } "}"
//! ```
//! `#` starts a comment, `\` at the end of a line continues it.
//!
//! A running shell is plain data, a stack of frames: it stops wherever it has to wait, so a loop of 10,000 rounds that
//! feeds a pipe goes on round by round in virtual time, and a loop without end can be interrupted. **Time**: the shell
//! itself takes none; starting a program other than Kafka's tools takes
//! [`FORK_AND_EXEC`](crate::program::FORK_AND_EXEC).
//!
//! Leaves out: process substitution, `select`, `coproc`, aliases, traps, associative arrays, streams beyond 0, 1 and 2,
//! line numbers in messages.

mod arithmetic;
mod builtin;
mod commands;
mod condition;
mod environment;
mod expansion;
mod interpreter;
mod jobs;
mod launch;
mod parser;
mod pattern;
mod redirection;
mod syntax;
mod variables;

pub(crate) use builtin::BUILTINS;
pub use commands::commands;
pub(crate) use environment::HOME;
pub(crate) use interpreter::Interpreter;
