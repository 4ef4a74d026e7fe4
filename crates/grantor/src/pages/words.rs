//! How messages read on a page.

use super::forms::Form;
use super::views::FormErrors;

/// A message as a sentence: with a capital letter where it begins and a full stop where it ends.
pub(super) fn sentence(message: &str) -> String {
    let mut rest = message.trim().chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(rest).collect();
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// What a form says whose two new passwords differ.
pub(super) fn typed_twice(form: &Form) -> Option<FormErrors> {
    let differ = form.get("password") != form.get("password_again");
    differ.then(|| FormErrors::of_field("password_again", "The passwords differ.".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_a_sentence() {
        for (message, read) in [
            ("this code is not known, or has expired", "This code is not known, or has expired."),
            ("Choose at least one scope.", "Choose at least one scope."),
            ("ärgerlich?", "Ärgerlich?"),
            ("'x' is no address", "'x' is no address."),
            ("", ""),
        ] {
            assert_eq!(sentence(message), read);
        }
    }
}
