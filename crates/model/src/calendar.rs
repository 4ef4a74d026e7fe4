//! The proleptic Gregorian calendar of ISO 8601, for any year.

/// Days in an era of 400 years, the period of the calendar.
const ERA: i128 = 146_097;
/// Days from 0000-03-01, the start of an era, to 1970-01-01.
const TO_EPOCH: i128 = 719_468;

/// Returns the first day of `year`, in days since 1970-01-01.
///
/// ```
/// assert_eq!(model::calendar::first_day(1970), 0);
/// assert_eq!(model::calendar::first_day(1971), 365);
/// ```
pub fn first_day(year: i128) -> i128 {
    day_number(year, 1, 1)
}

/// Converts a date to days since 1970-01-01.
///
/// ```
/// assert_eq!(model::calendar::day_number(2000, 2, 29), 11_016);
/// ```
pub fn day_number(year: i128, month: i128, day: i128) -> i128 {
    // Years start in March here, so that the leap day is the last day of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_EPOCH
}

/// Converts days since 1970-01-01 to year, month and day.
///
/// ```
/// assert_eq!(model::calendar::date_of(11_016), (2000, 2, 29));
/// ```
pub fn date_of(days: i128) -> (i128, i128, i128) {
    let days = days + TO_EPOCH;
    let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + later, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_belong_together() {
        let mut expected = ::time::Date::from_calendar_date(-9999, ::time::Month::January, 1).unwrap();
        let mut days = day_number(-9999, 1, 1);
        assert_eq!(day_number(1970, 1, 1), 0);
        while let Some(next) = expected.next_day() {
            let date = (
                i128::from(expected.year()),
                i128::from(u8::from(expected.month())),
                i128::from(expected.day()),
            );
            assert_eq!(date_of(days), date);
            assert_eq!(day_number(date.0, date.1, date.2), days);
            (expected, days) = (next, days + 1);
        }
        assert_eq!(date_of(first_day(1_000_000)), (1_000_000, 1, 1));
    }
}
