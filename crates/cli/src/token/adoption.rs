//! What `grantor token show` says of a rotation.

use model::Timestamp;
use model::adoption::Adoption;
use time::OffsetDateTime;

use crate::json::Json;

/// The related rows that [`adoption`] compares.
pub(super) const EXPAND: &str = "UsedAddresses($select=Address,LastUsedTimestamp),\
                                 Successor($select=Id;$expand=UsedAddresses($select=Address,LastUsedTimestamp))";
/// The properties of the row that hold them.
const EXPANDED: [&str; 2] = ["UsedAddresses", "Successor"];

/// Returns how far the callers of a token use its successor, if it was rotated.
pub(super) fn adoption(row: &Json, now: OffsetDateTime) -> Option<Adoption> {
    let successor = row.get("Successor").filter(|successor| **successor != Json::Null)?;
    let now = Timestamp::from_seconds(now.unix_timestamp());
    let of_successor: Vec<_> = addresses(successor).collect();
    Some(Adoption::new(addresses(row), of_successor.into_iter().map(|(address, _)| address), now))
}

/// Describes an adoption: `3 of 4 callers moved to the successor; not yet: 10.0.0.4`.
pub(super) fn described(adoption: &Adoption) -> String {
    let moved = format!("{} of {} callers moved to the successor", adoption.moved(), adoption.callers);
    match adoption.waiting.as_slice() {
        [] => format!("{moved}."),
        waiting => format!("{moved}; not yet: {}.", waiting.join(", ")),
    }
}

/// Returns the row without the related rows.
pub(super) fn without_expanded(row: &Json) -> Json {
    let keeps = |(name, _): &&(String, Json)| !EXPANDED.contains(&name.as_str());
    Json::Object(row.members().iter().filter(keeps).cloned().collect())
}

fn addresses(row: &Json) -> impl Iterator<Item = (&str, Timestamp)> {
    let rows = match row.get("UsedAddresses") {
        Some(Json::Array(rows)) => rows.as_slice(),
        _ => &[],
    };
    let read = |row| Some((Json::text(row, "Address")?, Json::text(row, "LastUsedTimestamp")?));
    rows.iter().filter_map(read).filter_map(|(address, used)| Some((address, Timestamp::parse(used).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-08-01T00:00:00Z";

    fn row(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn adoption_is_of_rotated_tokens() {
        let now = crate::clock::parse(NOW).unwrap();
        assert_eq!(adoption(&row(r#"{"Successor":null,"UsedAddresses":[]}"#), now), None);
        let one =
            |address: &str, time: &str| format!(r#"{{"Address":"{address}","LastUsedTimestamp":"{time}"}}"#);
        let (here, there) =
            (one("10.0.0.1", "2026-07-30T00:00:00Z"), one("10.0.0.2", "2026-07-30T00:00:00Z"));
        let text = format!(
            r#"{{"Id":"1","UsedAddresses":[{here},{there}],"Successor":{{"Id":"2","UsedAddresses":[{here}]}}}}"#
        );
        let found = adoption(&row(&text), now).unwrap();
        assert_eq!(described(&found), "1 of 2 callers moved to the successor; not yet: 10.0.0.2.");
        assert_eq!(without_expanded(&row(&text)), row(r#"{"Id":"1"}"#));
    }
}
