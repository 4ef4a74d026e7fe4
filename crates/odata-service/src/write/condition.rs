//! The conditions of a request that writes (RFC 9110, section 13).

use axum::http::{HeaderMap, HeaderName, header};
use odata::body::version;
use writing::Condition;

/// Returns what the headers ask of the row. A header that cannot be read names no version, so it is never met.
pub(super) fn of(headers: &HeaderMap) -> Condition {
    let mut condition = Condition::default();
    if let Some(tags) = tags(headers, &header::IF_MATCH).filter(|tags| !tags.any) {
        condition.one_of.push(tags.versions);
    }
    if let Some(tags) = tags(headers, &header::IF_NONE_MATCH) {
        condition.absent = tags.any;
        condition.none_of = tags.versions;
    }
    condition
}

/// The entity tags of a header.
#[derive(Default)]
struct Tags {
    /// Whether any version is meant (`*`).
    any: bool,
    versions: Vec<i64>,
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
    if !headers.contains_key(name) {
        return None;
    }
    let mut tags = Tags::default();
    for line in headers.get_all(name).iter().filter_map(|line| line.to_str().ok()) {
        for tag in line.split(',').map(str::trim) {
            if tag == "*" {
                tags.any = true;
            }
            tags.versions.extend(version(tag));
        }
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn headers_name_versions() {
        let condition = |name: HeaderName, value: &'static str| {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
            of(&headers)
        };
        assert!(of(&HeaderMap::new()).one_of.is_empty());
        assert_eq!(condition(header::IF_MATCH, "W/\"3\", \"4\"").one_of, [vec![3, 4]]);
        assert_eq!(condition(header::IF_MATCH, "3").one_of, [Vec::<i64>::new()]);
        assert!(condition(header::IF_MATCH, "*").one_of.is_empty());
        assert!(condition(header::IF_NONE_MATCH, "*").absent);
        assert_eq!(condition(header::IF_NONE_MATCH, "W/\"3\"").none_of, [3]);
    }
}
