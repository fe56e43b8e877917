//! Runs a script for one record, and counts what it uses.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::producer::custom_partitioner::PartitionRequest;

use crate::error::{Position, ScriptError};
use crate::operator::Binary;
use crate::parser::ENTRY;
use crate::syntax::{Block, Expression, Function, Iterable, Kind, Program, Statement};
use crate::value::Value;

/// Steps for one record; looking at 64 bytes is a step too.
pub const MAX_STEPS: usize = 20_000;

/// Bytes of the texts and lists that a script makes for one record.
pub const MAX_BYTES: usize = 262_144;

/// How many calls may stand in each other.
pub const MAX_CALLS: u32 = 8;

const BYTES_PER_STEP: usize = 64;

/// Why a statement or an expression does not end with a value.
enum Exit {
    Failed(ScriptError),
    Returned(Value, Position),
    Broke,
    Continued,
}

struct Evaluator<'a> {
    program: &'a Program,
    available: &'a [u32],
    steps: usize,
    bytes: usize,
    calls: u32,
}

type Places = Vec<Value>;

pub(crate) fn run(program: &Program, request: &PartitionRequest<'_>) -> Result<i32, ScriptError> {
    let mut headers = BTreeMap::new();
    for header in request.headers {
        // The last one of a name counts, as with `Headers.lastHeader`.
        headers.insert(Rc::clone(&header.key), Value::of_bytes(header.value.as_deref()));
    }
    let arguments = vec![
        Value::Text(request.topic.into()),
        Value::of_bytes(request.key),
        Value::of_bytes(request.value),
        Value::Headers(Rc::new(headers)),
        Value::Number(i64::from(request.partitions)),
    ];
    let mut evaluator =
        Evaluator { program, available: request.available, steps: MAX_STEPS, bytes: MAX_BYTES, calls: 0 };
    let entry = &program.functions[ENTRY];
    let (returned, at) = evaluator.call(entry, arguments, entry.at)?;
    let wrong = |what: String| ScriptError::new(at, format!("partition() returned {what}"));
    match returned {
        Value::Number(number) => i32::try_from(number).map_err(|_| {
            wrong(format!("{number}, which is no number of 32 bits; % partitions keeps it small"))
        }),
        Value::Nothing => {
            Err(wrong("(), no partition number; does every way through it end with a number?".into()))
        }
        other @ (Value::Boolean(_)
        | Value::Text(_)
        | Value::Bytes(_)
        | Value::List(_)
        | Value::Headers(_)) => Err(wrong(format!("{other}; it has to return the number of a partition"))),
    }
}

impl Evaluator<'_> {
    /// What a function returns, and where it says so.
    fn call(
        &mut self,
        function: &Function,
        arguments: Places,
        at: Position,
    ) -> Result<(Value, Position), ScriptError> {
        if self.calls == MAX_CALLS {
            let message = format!("more than {MAX_CALLS} calls stand in each other: does this one ever end?");
            return Err(ScriptError::new(at, message));
        }
        self.calls += 1;
        let mut places = arguments;
        places.resize(function.places, Value::Nothing);
        let end = function.body.value.as_ref().map_or(function.at, |value| value.at);
        let returned = match self.block(&function.body, &mut places) {
            Ok(value) => (value, end),
            Err(Exit::Returned(value, at)) => (value, at),
            Err(Exit::Failed(error)) => return Err(error),
            Err(Exit::Broke | Exit::Continued) => unreachable!("the parser lets these stand in loops alone"),
        };
        self.calls -= 1;
        Ok(returned)
    }

    fn block(&mut self, block: &Block, places: &mut Places) -> Result<Value, Exit> {
        for statement in &block.statements {
            self.statement(statement, places)?;
        }
        match &block.value {
            Some(value) => self.evaluate(value, places),
            None => Ok(Value::Nothing),
        }
    }

    fn statement(&mut self, statement: &Statement, places: &mut Places) -> Result<(), Exit> {
        match statement {
            Statement::Let { place, value } => places[*place] = self.evaluate(value, places)?,
            Statement::Assign { place, operator: None, value, .. } => {
                places[*place] = self.evaluate(value, places)?;
            }
            Statement::Assign { place, operator: Some(operator), value, at } => {
                let value = self.evaluate(value, places)?;
                places[*place] = self.binary(*operator, &places[*place], &value, *at)?;
            }
            Statement::While { condition, body } => {
                while self.condition(condition, places)? {
                    if self.turn(body, places)? {
                        break;
                    }
                }
            }
            Statement::For { place, over, body } => self.for_each(*place, over, body, places)?,
            Statement::Return { value, at } => {
                let (value, at) = match value {
                    Some(value) => (self.evaluate(value, places)?, value.at),
                    None => (Value::Nothing, *at),
                };
                return Err(Exit::Returned(value, at));
            }
            Statement::Break => return Err(Exit::Broke),
            Statement::Continue => return Err(Exit::Continued),
            Statement::Expression(expression) => {
                self.evaluate(expression, places)?;
            }
        }
        Ok(())
    }

    fn for_each(
        &mut self,
        place: usize,
        over: &Iterable,
        body: &Block,
        places: &mut Places,
    ) -> Result<(), Exit> {
        match over {
            Iterable::Range { from, to, inclusive } => {
                let first = self.number(from, places)?;
                let last = self.number(to, places)?;
                let mut next = Some(first);
                while let Some(number) = next.filter(|n| if *inclusive { *n <= last } else { *n < last }) {
                    self.spend(1, from.at)?;
                    places[place] = Value::Number(number);
                    if self.turn(body, places)? {
                        break;
                    }
                    next = number.checked_add(1);
                }
            }
            Iterable::List(list) => {
                let Value::List(items) = self.evaluate(list, places)? else {
                    return fail(
                        list.at,
                        "`for` goes through a list, or from one number to another: 0..partitions",
                    );
                };
                for item in items.iter() {
                    self.spend(1, list.at)?;
                    places[place] = item.clone();
                    if self.turn(body, places)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// One turn of a loop; true when it was the last one.
    fn turn(&mut self, body: &Block, places: &mut Places) -> Result<bool, Exit> {
        match self.block(body, places) {
            Ok(_) | Err(Exit::Continued) => Ok(false),
            Err(Exit::Broke) => Ok(true),
            Err(exit @ (Exit::Failed(_) | Exit::Returned(..))) => Err(exit),
        }
    }

    fn evaluate(&mut self, expression: &Expression, places: &mut Places) -> Result<Value, Exit> {
        let at = expression.at;
        self.spend(1, at)?;
        match &expression.kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Variable(place) => Ok(places[*place].clone()),
            Kind::List(items) => self.list(items, places, at),
            Kind::Unary(operator, operand) => {
                let operand = self.evaluate(operand, places)?;
                operator.apply(&operand).or_else(|message| fail(at, message))
            }
            Kind::Binary(operator, left, right) => {
                let left = self.evaluate(left, places)?;
                let right = self.evaluate(right, places)?;
                self.binary(*operator, &left, &right, at)
            }
            Kind::And(left, right) => {
                Ok(Value::Boolean(self.condition(left, places)? && self.condition(right, places)?))
            }
            Kind::Or(left, right) => {
                Ok(Value::Boolean(self.condition(left, places)? || self.condition(right, places)?))
            }
            Kind::Index(whole, index) => {
                let whole = self.evaluate(whole, places)?;
                let index = self.evaluate(index, places)?;
                self.spend(whole.size() / BYTES_PER_STEP, at)?;
                let found = item(&whole, &index).or_else(|message| fail(at, message))?;
                self.make(found, at)
            }
            Kind::Property(whole, name) => {
                let whole = self.evaluate(whole, places)?;
                let Value::Headers(headers) = whole else {
                    return fail(at, format!("only headers have names behind a point, and this is {whole}"));
                };
                Ok(headers.get(name).cloned().unwrap_or(Value::Nothing))
            }
            Kind::Builtin(builtin, arguments) => {
                let arguments = self.all(arguments, places)?;
                let size: usize = arguments.iter().map(Value::size).sum();
                self.spend(size / BYTES_PER_STEP, at)?;
                let answer = builtin.call(&arguments, self.available).or_else(|message| fail(at, message))?;
                self.make(answer, at)
            }
            Kind::Call(name, arguments) => {
                let arguments = self.all(arguments, places)?;
                let program = self.program;
                let returned = self.call(&program.functions[name], arguments, at);
                returned.map(|(value, _)| value).map_err(Exit::Failed)
            }
            Kind::If { condition, then, otherwise } => {
                if self.condition(condition, places)? {
                    return self.block(then, places);
                }
                otherwise.as_ref().map_or(Ok(Value::Nothing), |otherwise| self.evaluate(otherwise, places))
            }
            Kind::Switch { subject, arms, otherwise } => {
                let subject = self.evaluate(subject, places)?;
                for arm in arms {
                    self.spend(1 + arm.values.len(), at)?;
                    if arm.values.contains(&subject) {
                        return self.evaluate(&arm.result, places);
                    }
                }
                otherwise.as_ref().map_or(Ok(Value::Nothing), |otherwise| self.evaluate(otherwise, places))
            }
            Kind::Block(block) => self.block(block, places),
        }
    }

    fn all(&mut self, expressions: &[Expression], places: &mut Places) -> Result<Vec<Value>, Exit> {
        expressions.iter().map(|expression| self.evaluate(expression, places)).collect()
    }

    fn list(&mut self, items: &[Expression], places: &mut Places, at: Position) -> Result<Value, Exit> {
        let items = self.all(items, places)?;
        if items.iter().any(|item| matches!(item, Value::List(_) | Value::Headers(_))) {
            return fail(at, "a list holds numbers, texts, true, false and (), and no lists or headers");
        }
        self.make(Value::List(items.into()), at)
    }

    fn binary(&mut self, operator: Binary, left: &Value, right: &Value, at: Position) -> Result<Value, Exit> {
        self.spend((left.size() + right.size()) / BYTES_PER_STEP, at)?;
        let value = operator.apply(left, right).or_else(|message| fail(at, message))?;
        self.make(value, at)
    }

    fn condition(&mut self, expression: &Expression, places: &mut Places) -> Result<bool, Exit> {
        let value = self.evaluate(expression, places)?;
        let Value::Boolean(value) = value else {
            return fail(expression.at, format!("true or false is needed here, and this is {value}"));
        };
        Ok(value)
    }

    fn number(&mut self, expression: &Expression, places: &mut Places) -> Result<i64, Exit> {
        let value = self.evaluate(expression, places)?;
        let Value::Number(number) = value else {
            return fail(expression.at, format!("a number is needed here, and this is {value}"));
        };
        Ok(number)
    }

    fn spend(&mut self, steps: usize, at: Position) -> Result<(), Exit> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => fail(
                at,
                format!("partition() has taken {MAX_STEPS} steps for one record: does a loop never end?"),
            ),
        }
    }

    /// Counts what a value keeps in memory.
    fn make(&mut self, value: Value, at: Position) -> Result<Value, Exit> {
        match self.bytes.checked_sub(value.size()) {
            Some(left) => {
                self.bytes = left;
                Ok(value)
            }
            None => fail(at, format!("partition() has made more than {MAX_BYTES} bytes of texts and lists")),
        }
    }
}

fn fail<T>(at: Position, message: impl Into<String>) -> Result<T, Exit> {
    Err(Exit::Failed(ScriptError::new(at, message)))
}

/// `list[2]`, `text[0]`, `headers["country"]`
fn item(whole: &Value, index: &Value) -> Result<Value, String> {
    match (whole, index) {
        (Value::Headers(headers), Value::Text(name)) => {
            Ok(headers.get(name).cloned().unwrap_or(Value::Nothing))
        }
        (Value::List(items), Value::Number(number)) => {
            let found = usize::try_from(*number).ok().and_then(|number| items.get(number));
            found.cloned().ok_or_else(|| format!("there is no item {number} in a list of {}", items.len()))
        }
        (Value::Text(text), Value::Number(number)) => {
            let found = usize::try_from(*number).ok().and_then(|number| text.chars().nth(number));
            let missing = || format!("there is no character {number} in {whole}");
            found.map(|c| Value::Text(c.to_string().into())).ok_or_else(missing)
        }
        _ => Err(format!("{whole} has no item {index}: lists and texts have numbers, headers have names")),
    }
}
