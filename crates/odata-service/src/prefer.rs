//! The header `Prefer` (RFC 7240; OData 4.01 part 1, section 8.2.8).

use std::fmt::Write as _;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

const PREFER: HeaderName = HeaderName::from_static("prefer");
pub(super) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The part of a written row that a client prefers in the response (RFC 7240, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Return {
    /// The row.
    Representation,
    /// Nothing.
    Minimal,
}

impl Return {
    fn named(value: &str) -> Option<Self> {
        match value {
            value if value.eq_ignore_ascii_case("minimal") => Some(Self::Minimal),
            value if value.eq_ignore_ascii_case("representation") => Some(Self::Representation),
            _ => None,
        }
    }

    /// Returns the preference as the header `Preference-Applied` names it.
    pub(super) const fn applied(self) -> &'static str {
        match self {
            Self::Representation => "return=representation",
            Self::Minimal => "return=minimal",
        }
    }
}

/// The preferences of a client. Unknown preferences are ignored (RFC 7240, section 2).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    /// How many rows a page has at the most, with the name by which the client calls it.
    pub(super) max_page_size: Option<(&'static str, u64)>,
    /// Whether properties without a value are left out.
    pub(super) omit_nulls: bool,
    /// Whether a link to later changes is wanted, with the name by which the client calls it.
    pub(super) track_changes: Option<&'static str>,
    /// The part of a written row that the response has.
    pub(super) returned: Option<Return>,
    /// Whether the requests of a batch after a failed one are processed (OData 4.01 part 1, section 8.2.8.3).
    pub(super) continue_on_error: Option<bool>,
}

impl Preferences {
    /// Reads the header; of a preference that is given twice the first readable one counts (RFC 7240, section 2).
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut result = Self::default();
        let lines = headers.get_all(PREFER).iter().filter_map(|line| line.to_str().ok());
        for preference in lines.flat_map(|line| line.split(',')) {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            result.add(name.trim(), value.trim().trim_matches('"'));
        }
        result
    }

    fn add(&mut self, name: &str, value: &str) {
        const PAGE_SIZE: [&str; 2] = ["odata.maxpagesize", "maxpagesize"];
        const CONTINUE_ON_ERROR: [&str; 2] = ["odata.continue-on-error", "continue-on-error"];
        const TRACK_CHANGES: [&str; 2] = ["odata.track-changes", "track-changes"];
        let among =
            |names: [&'static str; 2]| names.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        if let Some(known) = among(PAGE_SIZE) {
            // A page without rows would never end.
            let size = value.parse().ok().filter(|size| *size > 0).map(|size| (known, size));
            self.max_page_size = self.max_page_size.or(size);
        } else if name.eq_ignore_ascii_case("omit-values") {
            self.omit_nulls |= value.eq_ignore_ascii_case("nulls");
        } else if name.eq_ignore_ascii_case("return") {
            self.returned = self.returned.or_else(|| Return::named(value));
        } else if among(CONTINUE_ON_ERROR).is_some() {
            let is_wanted = value.is_empty() || value.eq_ignore_ascii_case("true");
            self.continue_on_error = self.continue_on_error.or(Some(is_wanted));
        } else {
            self.track_changes = self.track_changes.or_else(|| among(TRACK_CHANGES));
        }
    }

    /// How many rows a page has: what is asked for, but no more than the client and the service want.
    pub(super) fn page_size(&self, asked: Option<u64>, usual: u64, greatest: u64) -> u64 {
        let preferred = self.max_page_size.map_or(greatest, |(_, size)| size.min(greatest));
        asked.unwrap_or(if self.max_page_size.is_some() { preferred } else { usual }).min(preferred)
    }

    /// Says in an answer with a page which preferences were heeded; `tracks` where it leads to later changes.
    pub(super) fn applied_to_page(&self, mut response: Response, tracks: bool) -> Response {
        let mut applied = self.track_changes.filter(|_| tracks).unwrap_or_default().to_owned();
        if let Some((name, size)) = self.max_page_size {
            // Writing to a String cannot fail.
            let _ = write!(applied, "{}{name}={size}", if applied.is_empty() { "" } else { ", " });
        }
        self.say(applied, &mut response);
        response
    }

    /// Says in an answer with one row which preferences were heeded.
    pub(super) fn applied(&self, mut response: Response) -> Response {
        self.say(String::new(), &mut response);
        response
    }

    fn say(&self, mut applied: String, response: &mut Response) {
        if self.omit_nulls {
            applied.push_str(if applied.is_empty() { "" } else { ", " });
            applied.push_str("omit-values=nulls");
        }
        if let Some(value) = HeaderValue::from_str(&applied).ok().filter(|value| !value.is_empty()) {
            response.headers_mut().insert(PREFERENCE_APPLIED, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&'static str]) -> Preferences {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(PREFER, HeaderValue::from_static(line));
        }
        Preferences::read(&headers)
    }

    #[test]
    fn known_preferences_are_found_among_others() {
        let found = read(&[
            "return=minimal, ODATA.MaxPageSize=\"7\"; x=y, Track-Changes",
            "omit-values=nulls, maxpagesize=9",
        ]);
        let all = Preferences {
            max_page_size: Some(("odata.maxpagesize", 7)),
            omit_nulls: true,
            track_changes: Some("track-changes"),
            returned: Some(Return::Minimal),
            continue_on_error: None,
        };
        assert_eq!(found, all);
        assert_eq!(
            read(&["respond-async, wait=3, maxpagesize=0, omit-values=defaults"]),
            Preferences::default()
        );
        assert_eq!(read(&["maxpagesize=-1, maxpagesize=3"]).max_page_size, Some(("maxpagesize", 3)));
        assert_eq!(read(&["return=other, Return=Representation"]).returned, Some(Return::Representation));
        assert_eq!(read(&["odata.continue-on-error"]).continue_on_error, Some(true));
        assert_eq!(read(&["continue-on-error=false, continue-on-error"]).continue_on_error, Some(false));
        assert_eq!(read(&[]), Preferences::default());
    }

    #[test]
    fn the_smallest_wish_counts() {
        let preferring =
            |size| Preferences { max_page_size: Some(("maxpagesize", size)), ..Preferences::default() };
        let none = Preferences::default();
        for (preferences, asked, size) in [
            (&none, None, 100),
            (&none, Some(5), 5),
            (&none, Some(5000), 1000),
            (&preferring(7), None, 7),
            (&preferring(7), Some(5), 5),
            (&preferring(7), Some(50), 7),
            (&preferring(500), None, 500),
            (&preferring(5000), None, 1000),
        ] {
            assert_eq!(preferences.page_size(asked, 100, 1000), size, "{preferences:?} {asked:?}");
        }
    }
}
