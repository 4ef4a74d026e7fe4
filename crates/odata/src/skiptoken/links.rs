//! Links with page and delta tokens.

use crate::options::{OptionName, find_query_option};
use crate::url::{decode, pairs};

/// Returns the URL of the page of a token: the same query with another start.
///
/// `raw_query` is the percent-encoded query of the request. `$skip` applied to the first page and is omitted.
///
/// ```
/// use odata::skiptoken::next_link;
///
/// let link = next_link("https://example.org/", "Users", "$top=5&$skip=10", "abc");
/// assert_eq!(link, "https://example.org/Users?$top=5&$skiptoken=abc");
/// ```
pub fn next_link(root: &str, path: &str, raw_query: &str, token: &str) -> String {
    link(root, path, raw_query, &[OptionName::SkipToken, OptionName::Skip], OptionName::SkipToken, token)
}

/// Returns the URL of the changes since a mark, without `$skip` and `$count`.
///
/// ```
/// use odata::skiptoken::delta_link;
///
/// let link = delta_link("https://example.org/", "Users", "$count=true&$filter=Active", "abc");
/// assert_eq!(link, "https://example.org/Users?$filter=Active&$deltatoken=abc");
/// ```
pub fn delta_link(root: &str, path: &str, raw_query: &str, token: &str) -> String {
    let without = [OptionName::SkipToken, OptionName::DeltaToken, OptionName::Skip, OptionName::Count];
    link(root, path, raw_query, &without, OptionName::DeltaToken, token)
}

/// Returns the URL of a query without its page and delta tokens, to start again.
///
/// ```
/// use odata::skiptoken::without_delta;
///
/// let link = without_delta("https://example.org/", "Users", "$top=5&$deltatoken=abc");
/// assert_eq!(link, "https://example.org/Users?$top=5");
/// ```
pub fn without_delta(root: &str, path: &str, raw_query: &str) -> String {
    let mut url = format!("{root}{path}?");
    push_all_but(&mut url, raw_query, &[OptionName::SkipToken, OptionName::DeltaToken]);
    url.pop();
    url
}

fn link(
    root: &str,
    path: &str,
    raw_query: &str,
    without: &[OptionName],
    option: OptionName,
    token: &str,
) -> String {
    let mut link = format!("{root}{path}?");
    push_all_but(&mut link, raw_query, without);
    link.push_str(option.name());
    link.push('=');
    link.push_str(token);
    link
}

/// Appends the options of a query except for some, each followed by an ampersand.
fn push_all_but(url: &mut String, raw_query: &str, without: &[OptionName]) {
    for (name, value) in pairs(raw_query) {
        let option = decode("query", name).ok().and_then(|name| find_query_option(&name));
        if option.is_none_or(|option| !without.contains(&option)) {
            url.push_str(name);
            url.push('=');
            url.push_str(value);
            url.push('&');
        }
    }
}
