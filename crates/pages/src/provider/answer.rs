//! The redirect from a provider.

use authority::Fault;
use web::http::form_pairs;

/// The longest query of a redirect from a provider, in bytes.
const MAX_QUERY: usize = 16 * 1024;

/// The response of a provider (OpenID Connect Core 1.0, section 3.1.2.5).
#[derive(Default)]
pub(super) struct Answer {
    pub(super) state: Option<String>,
    pub(super) code: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) error: Option<String>,
}

impl Answer {
    /// Reads the query; each parameter appears once.
    pub(super) fn read(query: &str) -> Result<Self, Fault> {
        let bad = |message: &str| Fault::InvalidRequest(message.to_owned());
        if query.len() > MAX_QUERY {
            return Err(bad("the response of the provider is too long"));
        }
        let mut answer = Self::default();
        for (name, value) in form_pairs(query.as_bytes())? {
            let place = match name.as_str() {
                "state" => &mut answer.state,
                "code" => &mut answer.code,
                "iss" => &mut answer.iss,
                "error" => &mut answer.error,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(bad("the response of the provider repeats a parameter"));
            }
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_everything_once() {
        assert_eq!(
            Answer::read("state=a&code=b&session_state=c&session_state=d").unwrap().code.as_deref(),
            Some("b")
        );
        for query in ["state=a&state=b", "code=a&code=a", "iss=a&iss=b", "code=%zz"] {
            assert!(Answer::read(query).is_err(), "{query}");
        }
    }
}
