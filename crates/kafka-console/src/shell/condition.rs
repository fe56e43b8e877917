//! What `[[ ... ]]`, `[ ... ]` and `test` decide.
//!
//! Leaves out: `-nt`, `-ot`, `-ef`, and questions about users, links and sockets.

use std::rc::Rc;

use regex_lite::RegexBuilder;

use super::arithmetic;
use super::environment::Environment;
use super::expansion::Mode;
use super::pattern::{Budget, Pattern};
use super::syntax::{Conditional, Word};
use super::variables::Value;
use crate::system::{Context, Input};

/// How large the program of a regular expression may be.
const MAX_EXPRESSION: usize = 32 << 10;

/// To understand one counts as much as so many bytes.
const EXPRESSION_COST: usize = 10_000;

/// The words of a condition, in the order in which [`evaluate`] takes them.
pub(super) fn words(conditional: &Conditional) -> Vec<(Word, Mode)> {
    match conditional {
        Conditional::Unary(_, word) | Conditional::Word(word) => vec![(word.clone(), Mode::Whole)],
        Conditional::Compare(left, operator, right) => {
            let mode = match &**operator {
                "==" | "=" | "!=" => Mode::Pattern,
                "=~" => Mode::Expression,
                _ => Mode::Whole,
            };
            vec![(left.clone(), Mode::Whole), (right.clone(), mode)]
        }
        Conditional::Not(inner) => words(inner),
        Conditional::And(left, right) | Conditional::Or(left, right) => [words(left), words(right)].concat(),
    }
}

/// Decides `[[ ... ]]`, with its expanded words.
pub(super) fn evaluate(
    conditional: &Conditional,
    words: &[String],
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<bool, String> {
    let mut words = words.iter().map(String::as_str);
    decide(conditional, &mut words, true, environment, context)
}

fn decide<'a>(
    conditional: &Conditional,
    words: &mut impl Iterator<Item = &'a str>,
    live: bool,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<bool, String> {
    let mut word = || words.next().unwrap_or_default();
    Ok(match conditional {
        Conditional::Unary(letter, _) => {
            let word = word();
            live && unary(*letter, word, environment, context)?
        }
        Conditional::Word(_) => !word().is_empty(),
        Conditional::Compare(_, operator, _) => {
            let (left, right) = (word(), word());
            live && match &**operator {
                "==" | "=" => matches(left, right, context),
                "!=" => !matches(left, right, context),
                "=~" => {
                    context.charge_for(EXPRESSION_COST + left.len());
                    expression(left, right, environment)?
                }
                operator @ ("<" | ">") => compare_texts(left, operator, right),
                operator => {
                    let left = arithmetic::evaluate(left, environment, context)?;
                    let right = arithmetic::evaluate(right, environment, context)?;
                    compare_numbers(left, operator, right)
                }
            }
        }
        Conditional::Not(inner) => !decide(inner, words, live, environment, context)?,
        Conditional::And(left, right) => {
            let left = decide(left, words, live, environment, context)?;
            decide(right, words, live && left, environment, context)? && left
        }
        Conditional::Or(left, right) => {
            let left = decide(left, words, live, environment, context)?;
            decide(right, words, live && !left, environment, context)? || left
        }
    })
}

fn matches(text: &str, pattern: &str, context: &mut Context<'_>) -> bool {
    let mut budget = Budget::default();
    let matches = Pattern::new(pattern).matches(text, &mut budget);
    context.charge_for(budget.spent());
    matches
}

/// `=~`: what the groups matched is in `BASH_REMATCH`.
fn expression(text: &str, expression: &str, environment: &mut Environment) -> Result<bool, String> {
    let expression = RegexBuilder::new(expression).size_limit(MAX_EXPRESSION).build();
    let expression = expression.map_err(|_| "invalid regular expression".to_owned())?;
    let Some(captures) = expression.captures(text) else { return Ok(false) };
    let groups = captures.iter().map(|group| group.map_or("", |group| group.as_str()).into());
    environment.variables.set("BASH_REMATCH", Value::List(groups.collect()))?;
    Ok(true)
}

/// Decides `[ ... ]` and `test`.
pub(super) fn test(
    arguments: &[Rc<str>],
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<bool, String> {
    let mut test = Test { arguments, at: 0, depth: 0, environment, context };
    if arguments.is_empty() {
        return Ok(false);
    }
    let holds = test.any()?;
    match arguments.get(test.at) {
        None => Ok(holds),
        Some(_) if arguments.len() > 4 => Err("too many arguments".to_owned()),
        Some(extra) => Err(format!("{extra}: binary operator expected")),
    }
}

struct Test<'a, 'b> {
    arguments: &'a [Rc<str>],
    at: usize,
    depth: u32,
    environment: &'a mut Environment,
    context: &'a mut Context<'b>,
}

impl Test<'_, '_> {
    fn any(&mut self) -> Result<bool, String> {
        let mut holds = self.all()?;
        while self.eat("-o") {
            holds |= self.all()?;
        }
        Ok(holds)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut holds = self.one()?;
        while self.eat("-a") {
            holds &= self.one()?;
        }
        Ok(holds)
    }

    fn one(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > 100 {
            return Err("too many arguments".to_owned());
        }
        let rest = &self.arguments[self.at..];
        let texts: Vec<&str> = rest.iter().take(3).map(|text| &**text).collect();
        if let [left, operator, right] = texts[..]
            && is_binary(operator)
        {
            self.at += 3;
            return binary(left, operator, right);
        }
        match texts[..] {
            [] => Err("argument expected".to_owned()),
            ["!", _, ..] => {
                self.at += 1;
                Ok(!self.one()?)
            }
            ["(", _, ..] => {
                self.at += 1;
                let holds = self.any()?;
                if self.eat(")") { Ok(holds) } else { Err("`)' expected".to_owned()) }
            }
            [operator, word, ..] if operator.len() == 2 && operator.starts_with('-') => {
                self.at += 2;
                let letter = operator.chars().nth(1).unwrap_or_default();
                unary(letter, word, self.environment, self.context)
            }
            [word, ..] => {
                self.at += 1;
                Ok(!word.is_empty())
            }
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let here = self.arguments.get(self.at).is_some_and(|argument| **argument == *word);
        self.at += usize::from(here);
        here
    }
}

fn is_binary(operator: &str) -> bool {
    matches!(operator, "=" | "==" | "!=" | "<" | ">" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge")
}

fn binary(left: &str, operator: &str, right: &str) -> Result<bool, String> {
    Ok(match operator {
        "=" | "==" => left == right,
        "!=" => left != right,
        "<" | ">" => compare_texts(left, operator, right),
        operator => compare_numbers(arithmetic::integer(left)?, operator, arithmetic::integer(right)?),
    })
}

fn compare_texts(left: &str, operator: &str, right: &str) -> bool {
    if operator == "<" { left < right } else { left > right }
}

fn compare_numbers(left: i64, operator: &str, right: i64) -> bool {
    match operator {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    }
}

fn unary(
    letter: char,
    word: &str,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<bool, String> {
    let path = context.path(word);
    let files = &context.system().files;
    let file = files.get(&path);
    let is_folder = files.is_folder(&path);
    Ok(match letter {
        'z' => word.is_empty(),
        'n' => !word.is_empty(),
        'e' | 'a' | 'r' | 'w' => file.is_some() || is_folder,
        'f' => file.is_some(),
        'd' => is_folder,
        's' => is_folder || file.is_some_and(|file| !file.content.is_empty()),
        'x' => is_folder || file.is_some_and(|file| file.executable),
        'v' => environment.text(word, context).is_some(),
        't' => word == "0" && context.stdio().input == Input::Terminal,
        'h' | 'L' | 'p' | 'S' | 'b' | 'c' => false,
        letter => return Err(format!("-{letter}: unary operator expected")),
    })
}
