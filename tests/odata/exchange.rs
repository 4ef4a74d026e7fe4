//! One request and its response as text.

use std::fmt::Write as _;

use reqwest::Method;
use reqwest::blocking::Response;

use crate::support::Server;

/// The response headers that concern OData.
const SHOWN: [&str; 9] = [
    "allow",
    "cache-control",
    "content-encoding",
    "content-type",
    "etag",
    "odata-version",
    "preference-applied",
    "vary",
    "www-authenticate",
];

impl Server {
    /// Sends a request with headers to the OData service; `query` is the part after the service root.
    pub fn ask(
        &self,
        method: &Method,
        query: &str,
        headers: &[(&str, &str)],
        token: Option<&str>,
    ) -> Response {
        let mut request = self.http.request(method.clone(), format!("{}/api/domain/odata/{query}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().unwrap()
    }

    /// Returns the whole response as text: status, headers, body, with normalized identifiers, times and page
    /// tokens.
    pub fn exchange(&self, query: &str, headers: &[(&str, &str)], token: Option<&str>) -> String {
        self.exchange_by(&Method::GET, query, headers, token)
    }

    pub fn exchange_by(
        &self,
        method: &Method,
        query: &str,
        headers: &[(&str, &str)],
        token: Option<&str>,
    ) -> String {
        let response = self.ask(method, query, headers, token);
        let mut text = format!("{}\n", response.status());
        for name in SHOWN {
            let all = response.headers().get_all(name).iter();
            let values: Vec<_> = all.map(|value| value.to_str().unwrap().to_owned()).collect();
            if !values.is_empty() {
                writeln!(text, "{name}: {}", values.join(", ")).unwrap();
            }
        }
        let body = response.text().unwrap();
        if !body.is_empty() {
            write!(text, "\n{}", pretty(&body)).unwrap();
        }
        self.same(&text)
    }

    /// Normalizes the values in a text that differ between runs.
    pub fn same(&self, text: &str) -> String {
        let text = text.replace(&self.url, "http://server");
        let text = replaced(&text, "<id>", |rest| matches(rest, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"));
        let text = replaced(&text, "<time>", |rest| {
            let length = matches(rest, "dddd-dd-ddTdd:dd:dd")?;
            rest[length..].find('Z').map(|end| length + end + 1)
        });
        replaced(&text, "$skiptoken=<token>", |rest| {
            let token = rest.strip_prefix("$skiptoken=")?;
            Some(
                rest.len()
                    - token.trim_start_matches(|c: char| c.is_alphanumeric() || "-_".contains(c)).len(),
            )
        })
    }
}

/// Formats JSON on several lines in its original order; other text is unchanged.
fn pretty(body: &str) -> String {
    if !body.starts_with(['{', '[']) {
        return body.to_owned();
    }
    // One member per line shows differences; values keep their format.
    body.replace(",\"", ",\n\"").replace("[{", "[\n{").replace("},{", "},\n{")
}

/// Replaces every text for which `length` returns a length by `word`.
fn replaced(text: &str, word: &str, length: impl Fn(&str) -> Option<usize>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match length(rest) {
            Some(found) => {
                result.push_str(word);
                rest = &rest[found..];
            }
            None => {
                result.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    result
}

/// Returns the length of a pattern at the start of a text: `x` is a hexadecimal digit, `d` a decimal one.
fn matches(text: &str, pattern: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let fits = |(index, wanted): (usize, u8)| {
        bytes.get(index).is_some_and(|byte| match wanted {
            b'x' => byte.is_ascii_hexdigit(),
            b'd' => byte.is_ascii_digit(),
            other => *byte == other,
        })
    };
    pattern.bytes().enumerate().all(fits).then_some(pattern.len())
}
