//! Literals of ASCII characters (OData ABNF, section 7).

use super::scan::Scan;

/// `guid`
pub fn guid_form(scan: &mut Scan<'_>) -> Option<()> {
    for (index, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if index > 0 {
            scan.byte(b'-')?;
        }
        scan.many(length, length, |byte| byte.is_ascii_hexdigit())?;
    }
    Some(())
}

/// `date`
pub fn date(scan: &mut Scan<'_>) -> Option<()> {
    scan.optional(|scan| scan.byte(b'-'));
    match scan.one(|byte| byte.is_ascii_digit())? {
        b'0' => scan.digits(3, 3)?,
        _ => scan.digits(3, usize::MAX)?,
    };
    scan.byte(b'-')?;
    match scan.one(|byte| matches!(byte, b'0' | b'1'))? {
        b'0' => scan.one(|byte| matches!(byte, b'1'..=b'9'))?,
        _ => scan.one(|byte| matches!(byte, b'0'..=b'2'))?,
    };
    scan.byte(b'-')?;
    match scan.one(|byte| matches!(byte, b'0'..=b'3'))? {
        b'0' => scan.one(|byte| matches!(byte, b'1'..=b'9'))?,
        b'3' => scan.one(|byte| matches!(byte, b'0' | b'1'))?,
        _ => scan.one(|byte| byte.is_ascii_digit())?,
    };
    Some(())
}

/// A date with a zone, as clients of the documented system send it: the first instant of the day.
pub(super) fn date_in_utc(scan: &mut Scan<'_>) -> Option<()> {
    date(scan)?;
    scan.byte(b'Z')
}

/// `hour ":" minute`
pub(super) fn hour_and_minute(scan: &mut Scan<'_>) -> Option<()> {
    match scan.one(|byte| matches!(byte, b'0'..=b'2'))? {
        b'2' => scan.one(|byte| matches!(byte, b'0'..=b'3'))?,
        _ => scan.one(|byte| byte.is_ascii_digit())?,
    };
    scan.byte(b':')?;
    sixty(scan)
}

fn sixty(scan: &mut Scan<'_>) -> Option<()> {
    scan.one(|byte| matches!(byte, b'0'..=b'5'))?;
    scan.digits(1, 1).map(drop)
}

/// `timeOfDayValue`
pub fn time_of_day(scan: &mut Scan<'_>) -> Option<()> {
    hour_and_minute(scan)?;
    scan.optional(|scan| {
        scan.byte(b':')?;
        scan.first_of(&[sixty, |scan| scan.text("60")])?;
        scan.optional(|scan| {
            scan.byte(b'.')?;
            scan.digits(1, 12).map(drop)
        });
        Some(())
    });
    Some(())
}

/// `dateTimeOffsetValue`
pub fn moment(scan: &mut Scan<'_>) -> Option<()> {
    date(scan)?;
    scan.byte(b'T')?;
    time_of_day(scan)?;
    scan.first_of(&[
        |scan| scan.byte(b'Z'),
        |scan| {
            scan.one(|byte| matches!(byte, b'+' | b'-'))?;
            hour_and_minute(scan)
        },
    ])
}

/// `decimalValue`, without `NaN` and the infinities
pub(crate) fn decimal(scan: &mut Scan<'_>) -> Option<()> {
    scan.sign();
    scan.digits(1, usize::MAX)?;
    scan.optional(|scan| {
        scan.byte(b'.')?;
        scan.digits(1, usize::MAX).map(drop)
    });
    scan.optional(|scan| {
        scan.byte(b'e')?;
        scan.sign();
        scan.digits(1, usize::MAX).map(drop)
    });
    Some(())
}

/// `decimalValue`
pub fn decimal_value(scan: &mut Scan<'_>) -> Option<()> {
    scan.first_of(&[decimal, not_finite])
}

/// `nanInfinity`
pub fn not_finite(scan: &mut Scan<'_>) -> Option<()> {
    scan.first_of(&[|scan| scan.exact_text("NaN"), minus_infinity, |scan| scan.exact_text("INF")])
}

/// `-INF`
pub(super) fn minus_infinity(scan: &mut Scan<'_>) -> Option<()> {
    scan.exact_text("-INF")
}

/// `int64Value`
pub(crate) fn int64(scan: &mut Scan<'_>) -> Option<()> {
    scan.sign();
    scan.digits(1, 19).map(drop)
}

/// `durationValue`
pub fn duration(scan: &mut Scan<'_>) -> Option<()> {
    scan.optional(|scan| scan.byte(b'-'));
    scan.byte(b'P')?;
    scan.optional(|scan| part(scan, b'D'));
    scan.optional(|scan| {
        scan.byte(b'T')?;
        scan.optional(|scan| part(scan, b'H'));
        scan.optional(|scan| part(scan, b'M'));
        scan.optional(|scan| {
            scan.digits(1, usize::MAX)?;
            scan.optional(|scan| {
                scan.byte(b'.')?;
                scan.digits(1, usize::MAX).map(drop)
            });
            scan.byte(b'S')
        });
        Some(())
    });
    Some(())
}

fn part(scan: &mut Scan<'_>, unit: u8) -> Option<()> {
    scan.digits(1, usize::MAX)?;
    scan.byte(unit)
}

/// `binaryValue`: groups of four characters, of which the last may be shorter, with or without padding.
pub(super) fn base64(scan: &mut Scan<'_>) -> Option<()> {
    scan.many(0, usize::MAX, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))?;
    match scan.taken() % 4 {
        2 => scan.optional(|scan| scan.text("==")),
        3 => scan.optional(|scan| scan.byte(b'=')),
        _ => false,
    };
    Some(())
}
