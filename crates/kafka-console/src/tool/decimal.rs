//! Quotients as Java's `%.Nf` prints them, without a floating-point number.

/// `numerator / denominator` with `digits` behind the point, rounded half up. What cannot be divided is NaN or Infinity.
pub(super) fn quotient(numerator: u128, denominator: u128, digits: u32) -> String {
    if denominator == 0 {
        return if numerator == 0 { "NaN".to_owned() } else { "Infinity".to_owned() };
    }
    let scale = 10_u128.pow(digits);
    let scaled = (numerator * scale * 2 + denominator) / (denominator * 2);
    let width = digits as usize;
    if digits == 0 { scaled.to_string() } else { format!("{}.{:0width$}", scaled / scale, scaled % scale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_half_up() {
        let rows = [
            ((1, 2, 0), "1"),
            ((1, 8, 2), "0.13"),
            ((2, 3, 6), "0.666667"),
            ((10_000, 1, 1), "10000.0"),
            ((0, 5, 2), "0.00"),
            ((0, 0, 2), "NaN"),
            ((3, 0, 2), "Infinity"),
        ];
        for ((numerator, denominator, digits), text) in rows {
            assert_eq!(quotient(numerator, denominator, digits), text);
        }
    }
}
