//! Points, boxes, the curves between them, and how wide text will be.

use yew::AttrValue;

/// A length as SVG attributes want it.
pub(super) fn px(length: f64) -> AttrValue {
    format!("{length:.1}").into()
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(super) fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }

    pub(super) fn at(&self) -> String {
        format!("translate({:.1} {:.1})", self.x, self.y)
    }

    pub(super) fn port(&self, side: Side) -> Port {
        let x = match side {
            Side::Left => self.x,
            Side::Right => self.right(),
        };
        Port { at: Point { x, y: self.middle() }, side }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

/// A point on a box's edge where curves leave at a right angle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Port {
    pub(super) at: Point,
    pub(super) side: Side,
}

/// How something gets from one place to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Way {
    Curve(Curve),
    Rail(Rail),
    /// Straight from one point to another.
    Line(Point, Point),
}

impl Way {
    pub(super) fn path(&self) -> String {
        match self {
            Self::Curve(curve) => curve.path(),
            Self::Rail(rail) => rail.path(),
            Self::Line(from, to) => format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y),
        }
    }

    /// The point at this share of the way, 0 to 1, starting and ending gently.
    pub(super) fn point(&self, share: f64) -> Point {
        let eased = share * share * (3.0 - 2.0 * share);
        match self {
            Self::Curve(curve) => curve.point(eased),
            Self::Rail(rail) => Point { x: rail.x, y: rail.from.y + (rail.to.y - rail.from.y) * eased },
            Self::Line(from, to) => {
                Point { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased }
            }
        }
    }
}

/// A line straight up or down beside the boxes, with a stub to each of its two ends. What moves keeps to the straight
/// part, where it covers nothing.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rail {
    pub(super) from: Point,
    pub(super) to: Point,
    pub(super) x: f64,
}

impl Rail {
    fn path(&self) -> String {
        let Self { from, to, x } = self;
        let bend = 9.0_f64.min((to.y - from.y).abs() / 2.0);
        let down = bend.copysign(to.y - from.y);
        let (out, back) = (bend.copysign(x - from.x), bend.copysign(x - to.x));
        format!(
            "M{:.1} {:.1}H{:.1}q{out:.1} 0 {out:.1} {down:.1}V{:.1}q0 {down:.1} {:.1} {down:.1}H{:.1}",
            from.x,
            from.y,
            x - out,
            to.y - down,
            -back,
            to.x
        )
    }
}

/// A cubic Bézier curve from port to port.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Curve([Point; 4]);

impl Curve {
    pub(super) fn between(from: Port, to: Port) -> Self {
        let across = (to.at.x - from.at.x).abs();
        let reach = if from.side == to.side { 30.0 } else { (across * 0.5).max(18.0) };
        let control = |port: Port| Point {
            x: port.at.x + if port.side == Side::Left { -reach } else { reach },
            y: port.at.y,
        };
        Self([from.at, control(from), control(to), to.at])
    }

    fn path(&self) -> String {
        let [a, b, c, d] = self.0;
        format!("M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y)
    }

    fn point(&self, t: f64) -> Point {
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mut point = Point::default();
        for (Point { x, y }, weight) in self.0.iter().zip(weights) {
            point.x += x * weight;
            point.y += y * weight;
        }
        point
    }
}

/// About how wide a text is; SVG asks nobody before drawing. As wide as in the widest of the usual faces, so that
/// labels have room in all of them.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| advance(c) * size).sum()
}

/// The same for semibold text.
pub(super) fn strong_width(text: &str, size: f64) -> f64 {
    text_width(text, size) * 1.1
}

/// A name, cut so that the number at its end stays: `console-cons… #12`.
pub(super) fn fitted_name(name: &str, size: f64, width: f64) -> String {
    match name.rsplit_once(" #") {
        Some((stem, number)) if strong_width(name, size) > width => {
            let number = format!(" #{number}");
            fitted(stem, size * 1.1, width - strong_width(&number, size)) + &number
        }
        Some(_) | None => fitted(name, size * 1.1, width),
    }
}

/// The text, cut with an ellipsis to what fits.
pub(super) fn fitted(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut left = width - size;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            left -= advance(*c) * size;
            left >= 0.0
        })
        .collect();
    cut.push('…');
    cut
}

fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | 'I' | '·' => 0.32,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.96,
        'A'..='Z' => 0.7,
        '=' | '+' | '<' | '>' | '→' => 0.83,
        '\u{1100}'..='\u{ffdc}' => 1.0,
        _ => 0.62,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_begins_and_ends_at_its_ports() {
        let from = Rect::new(0.0, 0.0, 10.0, 10.0).port(Side::Right);
        let to = Rect::new(100.0, 50.0, 10.0, 10.0).port(Side::Left);
        let way = Way::Curve(Curve::between(from, to));
        assert_eq!(way.point(0.0), from.at);
        assert_eq!(way.point(1.0), to.at);
        assert!(way.path().starts_with("M10.0 5.0C"));
    }

    #[test]
    fn what_moves_on_a_rail_keeps_to_its_straight_part() {
        let (from, to) = (Point { x: 100.0, y: 20.0 }, Point { x: 80.0, y: 220.0 });
        let way = Way::Rail(Rail { from, to, x: 130.0 });
        assert_eq!(way.point(0.0), Point { x: 130.0, y: 20.0 });
        assert_eq!(way.point(1.0), Point { x: 130.0, y: 220.0 });
        assert_eq!(way.path(), "M100.0 20.0H121.0q9.0 0 9.0 9.0V211.0q0 9.0 -9.0 9.0H80.0");
    }

    #[test]
    fn a_cut_name_keeps_its_number() {
        assert_eq!(fitted_name("console-consumer #2", 12.5, 300.0), "console-consumer #2");
        let cut = fitted_name("console-consumer #12", 12.5, 110.0);
        assert!(cut.starts_with("console") && cut.ends_with("… #12"), "{cut}");
        assert!(strong_width(&cut, 12.5) <= 112.0, "{cut}");
    }

    #[test]
    fn text_is_cut_to_its_width() {
        assert_eq!(fitted("consumer-1", 12.0, 200.0), "consumer-1");
        let cut = fitted("리밸런싱 중인 컨슈머", 12.0, 60.0);
        assert!(cut.ends_with('…') && text_width(&cut, 12.0) <= 60.0, "{cut}");
    }
}
