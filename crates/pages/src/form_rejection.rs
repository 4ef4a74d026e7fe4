//! Errors of a form.

use authority::Fault;
use axum::http::StatusCode;

use super::forms::Form;
use super::sentences::sentence;
use super::views::form_errors::FormErrors;

/// Returns the status and the errors for a form with these fields if the user can correct the fault; nothing for other faults.
pub(super) fn form_rejection(fault: &Fault, fields: &[&'static str]) -> Option<(StatusCode, FormErrors)> {
    let of_form = || FormErrors::for_form(sentence(&fault.to_string()));
    Some(match fault {
        Fault::BadField { field, message } => {
            let errors = match find(field, fields) {
                Some(own) => FormErrors::for_field(own, sentence(message)),
                None => FormErrors::for_form(sentence(message)),
            };
            (StatusCode::BAD_REQUEST, errors)
        }
        Fault::Conflict(_) => (StatusCode::CONFLICT, of_form()),
        Fault::TooManyAttempts(_) => (StatusCode::TOO_MANY_REQUESTS, of_form()),
        _ => return None,
    })
}

/// Returns the error of a form whose two new passwords differ.
pub(super) fn check_repeated_password(form: &Form) -> Option<FormErrors> {
    let differ = form.get("password") != form.get("password_again");
    differ.then(|| FormErrors::for_field("password_again", "The passwords differ.".to_owned()))
}

/// Finds the field to which a fault refers: rows name their attributes (`DisplayName`), requests their members
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
    fn only_correctable_faults_are_errors_of_the_form() {
        let status = |fault: Fault| form_rejection(&fault, &["email"]).map(|(status, _)| status.as_u16());
        assert_eq!(status(Fault::BadField { field: "Email", message: String::new() }), Some(400));
        assert_eq!(status(Fault::Conflict(String::new())), Some(409));
        assert_eq!(status(Fault::TooManyAttempts(3)), Some(429));
        assert_eq!(status(Fault::Forbidden(String::new())), None);
        assert_eq!(status(Fault::Internal(String::new())), None);
    }
}
