//! Messages as sentences.

use authority::endings::{Occasion, Thing};

/// Returns a message as a sentence, with a capital letter and a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut rest = message.trim().chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(rest).collect();
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// Returns what ends on an occasion, as the rest of a sentence.
pub(crate) fn describe_endings(occasion: Occasion) -> String {
    let phrase = |thing: &Thing| match thing {
        Thing::Sessions if occasion.keeps_own_session() => "all other browsers are signed out",
        Thing::Sessions => "all browsers are signed out",
        Thing::Approvals => "requests that were approved and not yet used end",
        Thing::Applications => "applications and devices have to sign in again",
        Thing::Links => "links to set a password stop working",
        Thing::Browsers => "other browsers count as new ones",
        Thing::Consents => "what was agreed to is taken back",
        Thing::PersonalTokens => "personal tokens end",
    };
    let mut phrases: Vec<_> = occasion.ends().iter().map(phrase).collect();
    let last = phrases.pop().unwrap_or("nothing ends");
    let text =
        if phrases.is_empty() { last.to_owned() } else { format!("{} and {last}", phrases.join(", ")) };
    let tokens =
        if occasion.ends().contains(&Thing::PersonalTokens) { "" } else { " Personal tokens go on." };
    format!("{text}.{tokens}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_completes_a_sentence() {
        assert_eq!(
            describe_endings(Occasion::FactorRemoved),
            "all other browsers are signed out and requests that were approved and not yet used end. Personal tokens go on."
        );
        assert!(
            describe_endings(Occasion::PasswordChanged)
                .contains("applications and devices have to sign in again")
        );
    }

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
