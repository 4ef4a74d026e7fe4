//! What a form says about a refusal.

use authority::Fault;
use axum::http::StatusCode;

use super::views::form_errors::FormErrors;
use super::words::sentence;

/// What a form with these fields says about a refusal, where its sender can do something about it; nothing for any
/// other fault.
pub(super) fn refusal(fault: &Fault, fields: &[&'static str]) -> Option<(StatusCode, FormErrors)> {
    let of_form = || FormErrors::of_form(sentence(&fault.to_string()));
    Some(match fault {
        Fault::BadField { field, message } => {
            let errors = match find(field, fields) {
                Some(own) => FormErrors::of_field(own, sentence(message)),
                None => FormErrors::of_form(sentence(message)),
            };
            (StatusCode::BAD_REQUEST, errors)
        }
        Fault::Conflict(_) => (StatusCode::CONFLICT, of_form()),
        Fault::TooManyAttempts(_) => (StatusCode::TOO_MANY_REQUESTS, of_form()),
        _ => return None,
    })
}

/// The field of a form that a fault means: rows name their attributes (`DisplayName`), requests their members
/// (`displayName`), forms their fields (`display_name`).
fn find(named: &str, fields: &[&'static str]) -> Option<&'static str> {
    let bare = |name: &str| name.replace('_', "").to_ascii_lowercase();
    fields.iter().copied().find(|own| bare(own) == bare(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_each_of_its_names() {
        for named in ["DisplayName", "displayName", "display_name"] {
            assert_eq!(find(named, &["name", "display_name"]), Some("display_name"), "{named}");
        }
        assert_eq!(find("login", &["name"]), None);
    }

    #[test]
    fn only_what_its_sender_can_change_is_told_by_the_form() {
        let status = |fault: Fault| refusal(&fault, &["email"]).map(|(status, _)| status.as_u16());
        assert_eq!(status(Fault::BadField { field: "Email", message: String::new() }), Some(400));
        assert_eq!(status(Fault::Conflict(String::new())), Some(409));
        assert_eq!(status(Fault::TooManyAttempts(3)), Some(429));
        assert_eq!(status(Fault::Forbidden(String::new())), None);
        assert_eq!(status(Fault::Internal(String::new())), None);
    }
}
