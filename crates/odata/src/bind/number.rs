//! Numbers of constant expressions and their arithmetic (OData 4.01 part 2, section 5.1.1.2).

use std::cmp::Ordering;
use std::fmt;

use crate::ast::{Binary, NotFinite};

/// Decimal digits that a quotient has beyond those of its operands.
const QUOTIENT_DIGITS: u32 = 12;

/// An integer, a decimal or a floating-point number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// `Edm.Int64`
    Whole(i64),
    /// `Edm.Decimal`: `mantissa` divided by the `scale`th power of ten.
    Decimal { mantissa: i128, scale: u32 },
    /// `Edm.Double`
    Double(f64),
}

impl Number {
    /// Parses a number as in an expression.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse() {
            return Some(Self::Whole(whole));
        }
        let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
        let mantissa = format!("{integer}{fraction}").parse();
        match (mantissa, u32::try_from(fraction.len())) {
            // Greater powers of ten do not fit beside a mantissa.
            (Ok(mantissa), Ok(scale)) if scale <= 28 => Some(Self::Decimal { mantissa, scale }),
            _ => text.parse().ok().map(Self::Double),
        }
    }

    pub(super) const fn not_finite(value: NotFinite) -> Self {
        Self::Double(match value {
            NotFinite::NaN => f64::NAN,
            NotFinite::Infinity => f64::INFINITY,
            NotFinite::NegativeInfinity => f64::NEG_INFINITY,
        })
    }

    /// Applies an operator. Returns `None` if there is no representable result.
    pub(super) fn apply(self, operator: Binary, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) if operator != Binary::DivBy => {
                whole(operator, left, right).map(Self::Whole)
            }
            (Self::Double(_), _) | (_, Self::Double(_)) => {
                double(operator, self.as_f64(), other.as_f64()).map(Self::Double)
            }
            _ => {
                let is_zero = other.compare(Self::Whole(0)) == Some(Ordering::Equal);
                if is_zero && matches!(operator, Binary::Div | Binary::DivBy | Binary::Mod) {
                    return None;
                }
                let exact = decimal(operator, self.parts()?, other.parts()?);
                exact.or_else(|| double(operator, self.as_f64(), other.as_f64()).map(Self::Double))
            }
        }
    }

    /// Negates the number.
    pub(super) fn negated(self) -> Option<Self> {
        Self::Whole(0).apply(Binary::Sub, self)
    }

    /// Orders two numbers. Returns `None` if one is NaN.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let exact = || {
            let (left, right, _) = aligned(self.parts()?, other.parts()?)?;
            Some(left.cmp(&right))
        };
        exact().or_else(|| self.as_f64().partial_cmp(&other.as_f64()))
    }

    /// Returns the number as an integer, if it is one.
    pub(super) fn whole(self) -> Option<i64> {
        let floor = self.floor()?;
        (self.compare(Self::Whole(floor)) == Some(Ordering::Equal)).then_some(floor)
    }

    /// Rounds down, and saturates at the limits of `i64`. Returns `None` for NaN.
    #[allow(clippy::cast_possible_truncation, reason = "conversion to the nearest number is intended")]
    pub(super) fn floor(self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(number),
            Self::Decimal { mantissa, scale } => {
                let floor = mantissa.div_euclid(power(scale)?);
                Some(i64::try_from(floor).unwrap_or(if floor < 0 { i64::MIN } else { i64::MAX }))
            }
            Self::Double(number) if number.is_nan() => None,
            Self::Double(number) => Some(number.floor() as i64),
        }
    }

    /// Rounds up.
    pub(super) fn ceiling(self) -> Option<i64> {
        self.negated()?.floor()?.checked_neg()
    }

    /// Rounds to the nearest integer, half away from zero.
    pub(super) fn rounded(self) -> Option<i64> {
        let half = Self::Decimal { mantissa: 5, scale: 1 };
        if self.compare(Self::Whole(0)) == Some(Ordering::Less) {
            self.negated()?.rounded()?.checked_neg()
        } else {
            self.apply(Binary::Add, half)?.floor()
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "floating-point numbers are inexact")]
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Decimal { mantissa, scale } => {
                mantissa as f64 / power(scale).map_or(f64::NAN, |power| power as f64)
            }
            Self::Double(number) => number,
        }
    }

    fn parts(self) -> Option<(i128, u32)> {
        match self {
            Self::Whole(number) => Some((number.into(), 0)),
            Self::Decimal { mantissa, scale } => Some((mantissa, scale)),
            Self::Double(_) => None,
        }
    }
}

fn whole(operator: Binary, left: i64, right: i64) -> Option<i64> {
    match operator {
        Binary::Add => left.checked_add(right),
        Binary::Sub => left.checked_sub(right),
        Binary::Mul => left.checked_mul(right),
        Binary::Div => left.checked_div(right),
        Binary::Mod => left.checked_rem(right),
        _ => None,
    }
}

fn double(operator: Binary, left: f64, right: f64) -> Option<f64> {
    Some(match operator {
        Binary::Add => left + right,
        Binary::Sub => left - right,
        Binary::Mul => left * right,
        Binary::Div | Binary::DivBy => left / right,
        Binary::Mod => left % right,
        _ => return None,
    })
}

fn decimal(operator: Binary, left: (i128, u32), right: (i128, u32)) -> Option<Number> {
    let (mantissa, scale) = match operator {
        Binary::Mul => (left.0.checked_mul(right.0)?, left.1 + right.1),
        _ => {
            let (left, right, scale) = aligned(left, right)?;
            match operator {
                Binary::Add => (left.checked_add(right)?, scale),
                Binary::Sub => (left.checked_sub(right)?, scale),
                Binary::Mod => (left.checked_rem(right)?, scale),
                Binary::Div | Binary::DivBy => {
                    let digits = scale + QUOTIENT_DIGITS;
                    (left.checked_mul(power(digits)?)?.checked_div(right)?, digits)
                }
                _ => return None,
            }
        }
    };
    Some(reduced(mantissa, scale))
}

/// Scales two decimals to the same number of fraction digits.
fn aligned(left: (i128, u32), right: (i128, u32)) -> Option<(i128, i128, u32)> {
    let scale = left.1.max(right.1);
    let widened = |(mantissa, own): (i128, u32)| mantissa.checked_mul(power(scale - own)?);
    Some((widened(left)?, widened(right)?, scale))
}

/// Removes trailing zeros, so that long calculations do not run out of digits.
fn reduced(mut mantissa: i128, mut scale: u32) -> Number {
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Number::Decimal { mantissa, scale }
}

fn power(scale: u32) -> Option<i128> {
    10_i128.checked_pow(scale)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => write!(f, "{number}"),
            Self::Decimal { mantissa, scale: 0 } => write!(f, "{mantissa}"),
            Self::Decimal { mantissa, scale } => {
                let digits = mantissa.unsigned_abs();
                let scale = usize::try_from(*scale).unwrap_or(0);
                let digits = format!("{digits:0>width$}", width = scale + 1);
                let (integer, fraction) = digits.split_at(digits.len() - scale);
                write!(f, "{}{integer}.{fraction}", if *mantissa < 0 { "-" } else { "" })
            }
            Self::Double(number) if number.is_nan() => f.write_str("NaN"),
            Self::Double(number) if number.is_infinite() => {
                f.write_str(if *number > 0.0 { "INF" } else { "-INF" })
            }
            Self::Double(number) => write!(f, "{number}"),
        }
    }
}
