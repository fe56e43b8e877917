//! Sums, comparisons, and what goes wrong with them.

use std::cmp::Ordering;

use crate::value::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unary {
    Negate,
    Not,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Binary {
    Compute(Arithmetic),
    Compare(Comparison),
    Equal,
    NotEqual,
    In,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The binary operators, how they are written, and how tightly they bind.
pub(crate) const BINARY: [(Binary, &str, u8); 17] = {
    use Arithmetic::{
        Add, BitAnd, BitOr, BitXor, Divide, Multiply, Remainder, ShiftLeft, ShiftRight, Subtract,
    };
    use Binary::{Compare, Compute, Equal, In, NotEqual};
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    [
        (Compute(BitOr), "|", 3),
        (Compute(BitXor), "^", 4),
        (Compute(BitAnd), "&", 5),
        (Equal, "==", 6),
        (NotEqual, "!=", 6),
        (In, "in", 7),
        (Compare(Less), "<", 8),
        (Compare(LessOrEqual), "<=", 8),
        (Compare(Greater), ">", 8),
        (Compare(GreaterOrEqual), ">=", 8),
        (Compute(ShiftLeft), "<<", 9),
        (Compute(ShiftRight), ">>", 9),
        (Compute(Add), "+", 10),
        (Compute(Subtract), "-", 10),
        (Compute(Multiply), "*", 11),
        (Compute(Divide), "/", 11),
        (Compute(Remainder), "%", 11),
    ]
};

impl Unary {
    pub(crate) fn apply(self, value: &Value) -> Result<Value, String> {
        match (self, value) {
            (Self::Negate, Value::Number(number)) => {
                let negated = number.checked_neg().map(Value::Number);
                negated.ok_or_else(|| format!("-({number}) does not fit into 64 bits"))
            }
            (Self::Not, Value::Boolean(value)) => Ok(Value::Boolean(!value)),
            (Self::Negate, other) => Err(format!("`-` needs a number, and this is {other}")),
            (Self::Not, other) => Err(format!("`!` needs true or false, and this is {other}")),
        }
    }
}

impl Binary {
    pub(crate) fn apply(self, left: &Value, right: &Value) -> Result<Value, String> {
        match self {
            Self::Compute(operation) => operation.apply(left, right),
            Self::Compare(comparison) => comparison.apply(left, right).map(Value::Boolean),
            Self::Equal => Ok(Value::Boolean(left == right)),
            Self::NotEqual => Ok(Value::Boolean(left != right)),
            Self::In => contains(right, left).map(Value::Boolean),
        }
    }

    fn symbol(self) -> &'static str {
        BINARY.iter().find(|(operator, ..)| *operator == self).map_or("", |(_, symbol, _)| symbol)
    }
}

impl Arithmetic {
    fn apply(self, left: &Value, right: &Value) -> Result<Value, String> {
        let symbol = Binary::Compute(self).symbol();
        match (self, left, right) {
            (Self::Add, Value::Text(left), Value::Text(right)) => {
                Ok(Value::Text(format!("{left}{right}").into()))
            }
            (Self::Divide | Self::Remainder, Value::Number(left), Value::Number(0)) => {
                Err(format!("{left} {symbol} 0: nothing can be divided by 0"))
            }
            (_, Value::Number(left), Value::Number(right)) => {
                let too_large = || format!("{left} {symbol} {right} does not fit into 64 bits");
                self.compute(*left, *right).map(Value::Number).ok_or_else(too_large)
            }
            (Self::Add, ..) => {
                Err(format!("`+` needs two numbers or two texts, and these are {left} and {right}"))
            }
            _ => Err(format!("`{symbol}` needs two numbers, and these are {left} and {right}")),
        }
    }

    fn compute(self, left: i64, right: i64) -> Option<i64> {
        let bits = || u32::try_from(right).ok();
        match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => left.checked_div(right),
            Self::Remainder => left.checked_rem(right),
            Self::BitAnd => Some(left & right),
            Self::BitOr => Some(left | right),
            Self::BitXor => Some(left ^ right),
            Self::ShiftLeft => left.checked_shl(bits()?),
            Self::ShiftRight => left.checked_shr(bits()?),
        }
    }
}

impl Comparison {
    fn apply(self, left: &Value, right: &Value) -> Result<bool, String> {
        let ordering = match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.cmp(right),
            (Value::Text(left), Value::Text(right)) => left.cmp(right),
            _ => {
                let symbol = Binary::Compare(self).symbol();
                return Err(format!(
                    "`{symbol}` compares two numbers or two texts, and these are {left} and {right}"
                ));
            }
        };
        Ok(match self {
            Self::Less => ordering == Ordering::Less,
            Self::LessOrEqual => ordering != Ordering::Greater,
            Self::Greater => ordering == Ordering::Greater,
            Self::GreaterOrEqual => ordering != Ordering::Less,
        })
    }
}

/// `"a" in "abc"`, `3 in [1, 2, 3]`, `"country" in headers`
pub(crate) fn contains(whole: &Value, part: &Value) -> Result<bool, String> {
    match (whole, part) {
        (Value::Text(text), Value::Text(part)) => Ok(text.contains(&**part)),
        (Value::List(items), part) => Ok(items.contains(part)),
        (Value::Headers(headers), Value::Text(name)) => Ok(headers.contains_key(name)),
        _ => Err(format!(
            "{part} is looked for in {whole}: only a list, a text or the headers contain something"
        )),
    }
}
