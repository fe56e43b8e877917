//! `base64`.

use std::rc::Rc;

use super::{Flow, Line, Plan, Spec, Work};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What it holds, in bytes.
const MAX_BYTES: usize = 4 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Base64 {
    decodes: bool,
    /// How long lines are; 0 for one line.
    width: usize,
    bytes: Vec<u8>,
}

pub(super) fn plan(arguments: &[Rc<str>]) -> Result<Plan, String> {
    let spec = Spec { flags: "diD", values: "w", long: &[("decode", 'd'), ("wrap", 'w')] };
    let arguments = spec.parse(arguments)?;
    let width = arguments.value('w').unwrap_or("76");
    let width = width.parse().map_err(|_| format!("invalid wrap size: '{width}'"))?;
    let decodes = arguments.has('d') || arguments.has('D');
    Ok(Plan::new(Work::Base64(Base64 { decodes, width, bytes: Vec::new() }), arguments))
}

impl Base64 {
    pub(super) fn line(&mut self, line: Line<'_>, output: &mut Vec<u8>) -> Result<Flow, String> {
        if self.decodes {
            self.bytes.extend_from_slice(line.text);
            let whole = self.bytes.len() / 4 * 4;
            let rest = self.bytes.split_off(whole);
            decode(&self.bytes, output)?;
            self.bytes = rest;
        } else {
            line.copy(&mut self.bytes);
        }
        if self.bytes.len() > MAX_BYTES {
            return Err(format!("it holds at most {MAX_BYTES} bytes here"));
        }
        Ok(Flow::More)
    }

    pub(super) fn end(&mut self, output: &mut Vec<u8>) -> Result<(), String> {
        if self.decodes {
            return decode(&self.bytes, output);
        }
        let mut text = Vec::new();
        for group in self.bytes.chunks(3) {
            let bits =
                (0..3).fold(0_u32, |bits, place| bits << 8 | u32::from(*group.get(place).unwrap_or(&0)));
            for place in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
                text.push(if place <= group.len() { letter } else { b'=' });
            }
        }
        if self.width == 0 {
            output.extend(text);
            return Ok(());
        }
        for line in text.chunks(self.width) {
            output.extend_from_slice(line);
            output.push(b'\n');
        }
        Ok(())
    }
}

fn decode(text: &[u8], output: &mut Vec<u8>) -> Result<(), String> {
    let invalid = || "invalid input".to_owned();
    for group in text.chunks(4) {
        let letters = group.iter().take_while(|byte| **byte != b'=').count();
        if letters < 2 || group.len() < 4 {
            return Err(invalid());
        }
        let mut bits = 0_u32;
        for place in 0..4 {
            let letter = group.get(place).filter(|_| place < letters);
            let value =
                letter.map(|byte| LETTERS.iter().position(|letter| letter == byte).ok_or_else(invalid));
            bits = bits << 6 | value.transpose()?.unwrap_or(0) as u32;
        }
        output.extend(&bits.to_be_bytes()[1..letters]);
    }
    Ok(())
}
