//! `$((...))`, `((...))`, `let` and the numbers of `[[ -lt ]]`: 64-bit integers that wrap around, as in C.
//!
//! Leaves out: the elements of lists on the left side of an assignment.

use super::environment::Environment;
use crate::system::Context;

/// How deep parentheses, and variables that name expressions, may nest.
const MAX_DEPTH: u32 = 30;

/// How long an expression may be, in bytes, with those that its variables stand for.
const MAX_LENGTH: usize = 10_000;

/// To calculate takes longer than to copy.
const BYTES_PER_CHARACTER: usize = 20;

/// Operators with two sides, loosest first.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

const ASSIGNMENTS: [&str; 11] = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="];

pub(super) fn evaluate(
    text: &str,
    environment: &mut Environment,
    context: &mut Context<'_>,
) -> Result<i64, String> {
    let mut left = MAX_LENGTH;
    let value = evaluate_at(text, environment, context, 0, &mut left);
    context.charge_for((MAX_LENGTH - left) * BYTES_PER_CHARACTER);
    value
}

fn evaluate_at(
    text: &str,
    environment: &mut Environment,
    context: &mut Context<'_>,
    depth: u32,
    left: &mut usize,
) -> Result<i64, String> {
    let rest = left.checked_sub(text.len() + 1);
    *left = rest.unwrap_or(0);
    if depth > MAX_DEPTH || rest.is_none() {
        return Err(format!(
            "{}: expression recursion level exceeded",
            text.chars().take(40).collect::<String>()
        ));
    }
    let mut evaluator = Evaluator {
        text,
        chars: text.chars().collect(),
        at: 0,
        last: 0,
        live: true,
        depth,
        left,
        environment,
        context,
    };
    evaluator.skip_blanks();
    if evaluator.peek().is_none() {
        return Ok(0);
    }
    let value = evaluator.comma()?;
    if evaluator.peek().is_some() {
        return Err(evaluator.syntax_error("syntax error in expression"));
    }
    Ok(value)
}

struct Evaluator<'a, 'b> {
    text: &'a str,
    chars: Vec<char>,
    at: usize,
    /// Where the last thing that was understood begins.
    last: usize,
    /// Off in the branch that is not taken: nothing is assigned there, and nothing divides by zero.
    live: bool,
    depth: u32,
    /// How many bytes of expressions may still be read.
    left: &'a mut usize,
    environment: &'a mut Environment,
    context: &'a mut Context<'b>,
}

type Number = Result<i64, String>;

impl Evaluator<'_, '_> {
    fn comma(&mut self) -> Number {
        let mut value = self.assignment()?;
        while self.eat(",") {
            value = self.assignment()?;
        }
        Ok(value)
    }

    fn assignment(&mut self) -> Number {
        let start = self.at;
        let name = self.name();
        if !name.is_empty() {
            for operator in ASSIGNMENTS {
                if self.looking_at(operator) && !(operator == "=" && self.looking_at("==")) {
                    self.eat(operator);
                    let right = self.nested(Self::assignment)?;
                    let value = match operator.strip_suffix('=').unwrap_or_default() {
                        "" => right,
                        binary => {
                            let left = self.variable(&name)?;
                            self.apply(binary, left, right)?
                        }
                    };
                    return self.assign(&name, value);
                }
            }
        }
        self.at = start;
        self.skip_blanks();
        self.conditional()
    }

    fn conditional(&mut self) -> Number {
        let condition = self.binary(0)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.when(condition != 0, Self::assignment)?;
        if !self.eat(":") {
            return Err(self.syntax_error("`:' expected for conditional expression"));
        }
        let no = self.when(condition == 0, Self::assignment)?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize) -> Number {
        let Some(operators) = LEVELS.get(level) else { return self.power() };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.at_operator(operator)) {
            self.eat(operator);
            left = match *operator {
                "||" => {
                    let right = self.when(left == 0, |evaluator| evaluator.binary(level + 1))?;
                    i64::from(left != 0 || right != 0)
                }
                "&&" => {
                    let right = self.when(left != 0, |evaluator| evaluator.binary(level + 1))?;
                    i64::from(left != 0 && right != 0)
                }
                operator => {
                    let right = self.binary(level + 1)?;
                    self.apply(operator, left, right)?
                }
            };
        }
        Ok(left)
    }

    /// Whether exactly this operator stands here, and not a longer one.
    fn at_operator(&self, operator: &str) -> bool {
        let next = self.chars.get(self.at + operator.len()).copied();
        let longer = match operator {
            "|" | "&" | "<" | ">" => next == operator.chars().next() || next == Some('='),
            "^" | "+" | "-" | "/" | "%" | "<<" | ">>" => next == Some('='),
            "*" => matches!(next, Some('*' | '=')),
            _ => false,
        };
        self.looking_at(operator) && !longer
    }

    fn power(&mut self) -> Number {
        let base = self.unary()?;
        if !self.eat("**") {
            return Ok(base);
        }
        let exponent = self.nested(Self::power)?;
        let exponent = u32::try_from(exponent).map_err(|_| self.syntax_error("exponent less than 0"))?;
        Ok(base.wrapping_pow(exponent))
    }

    fn unary(&mut self) -> Number {
        for sign in ["++", "--"] {
            if self.looking_at(sign) {
                self.eat(sign);
                let name = self.name();
                if name.is_empty() {
                    return Err(self.operand_expected());
                }
                let value = self.variable(&name)?.wrapping_add(if sign == "++" { 1 } else { -1 });
                return self.assign(&name, value);
            }
        }
        let operators = ['-', '+', '!', '~'];
        match self.peek().filter(|c| operators.contains(c)) {
            Some(operator) => {
                self.eat(&operator.to_string());
                let value = self.nested(Self::unary)?;
                Ok(match operator {
                    '-' => value.wrapping_neg(),
                    '!' => i64::from(value == 0),
                    '~' => !value,
                    _ => value,
                })
            }
            None => self.primary(),
        }
    }

    fn primary(&mut self) -> Number {
        if self.eat("(") {
            let value = self.nested(Self::comma)?;
            return if self.eat(")") { Ok(value) } else { Err(self.syntax_error("missing `)'")) };
        }
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return self.number();
        }
        let name = self.name();
        if name.is_empty() {
            return Err(self.operand_expected());
        }
        let value = self.variable(&name)?;
        for (sign, change) in [("++", 1), ("--", -1)] {
            if self.looking_at(sign) {
                self.eat(sign);
                self.assign(&name, value.wrapping_add(change))?;
                break;
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Number {
        let text: String =
            self.chars[self.at..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').collect();
        let (radix, digits) = if let Some(digits) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
            (16, digits)
        } else if let Some((radix, digits)) = text.split_once('#') {
            (radix.parse().unwrap_or(0), digits)
        } else if text.len() > 1 && text.starts_with('0') {
            (8, &text[1..])
        } else {
            (10, text.as_str())
        };
        let value = if (2..=36).contains(&radix) { i64::from_str_radix(digits, radix).ok() } else { None };
        let value = value.ok_or_else(|| self.syntax_error("value too great for base"))?;
        self.last = self.at;
        self.at += text.len();
        self.skip_blanks();
        Ok(value)
    }

    fn apply(&self, operator: &str, left: i64, right: i64) -> Number {
        if !self.live {
            return Ok(0);
        }
        let shift = u32::try_from(right & 63).unwrap_or(0);
        Ok(match operator {
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<=" => i64::from(left <= right),
            ">=" => i64::from(left >= right),
            "<" => i64::from(left < right),
            ">" => i64::from(left > right),
            "<<" => left.wrapping_shl(shift),
            ">>" => left.wrapping_shr(shift),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            _ if right == 0 => return Err(self.syntax_error("division by 0")),
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }

    /// A variable's value: its text is an expression of its own.
    fn variable(&mut self, name: &str) -> Number {
        let text = self.environment.text(name, self.context).unwrap_or_default();
        match text.trim().parse() {
            Ok(number) if !text.trim().starts_with('0') || text.trim() == "0" => Ok(number),
            Ok(_) | Err(_) => evaluate_at(&text, self.environment, self.context, self.depth + 1, self.left),
        }
    }

    fn assign(&mut self, name: &str, value: i64) -> Number {
        if self.live {
            self.environment.variables.set_text(name, &value.to_string())?;
        }
        Ok(value)
    }

    fn when(&mut self, taken: bool, read: impl FnOnce(&mut Self) -> Number) -> Number {
        let live = self.live;
        self.live &= taken;
        let value = self.nested(read);
        self.live = live;
        value
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Number) -> Number {
        if self.depth > MAX_DEPTH {
            return Err(self.syntax_error("expression recursion level exceeded"));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn name(&mut self) -> String {
        let dollar =
            self.peek() == Some('$') && self.chars.get(self.at + 1).is_some_and(char::is_ascii_alphabetic);
        self.at += usize::from(dollar);
        let rest = &self.chars[self.at..];
        let starts = rest.first().is_some_and(|c| c.is_ascii_alphabetic() || *c == '_');
        let letters = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_');
        let name: String = if starts { letters.collect() } else { String::new() };
        if !name.is_empty() {
            self.last = self.at;
        }
        self.at += name.len();
        self.skip_blanks();
        name
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c))
    }

    fn eat(&mut self, text: &str) -> bool {
        let here = self.looking_at(text);
        if here {
            self.last = self.at;
            self.at += text.len();
            self.skip_blanks();
        }
        here
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn operand_expected(&self) -> String {
        self.syntax_error("syntax error: operand expected")
    }

    /// As bash words it, with the rest of the expression from where the reading stopped.
    fn syntax_error(&self, what: &str) -> String {
        let start = if self.at < self.chars.len() { self.at } else { self.last };
        let token: String = self.chars[start.min(self.chars.len())..].iter().take(40).collect();
        let expression: String = self.text.chars().take(80).collect();
        format!("{expression}: {what} (error token is \"{token}\")")
    }
}

/// The numbers of `[ a -lt b ]`: decimal, or the reason why not.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    text.trim().parse().map_err(|_| format!("{text}: integer expression expected"))
}
