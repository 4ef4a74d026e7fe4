//! Forms that may be sent once: reloading the page that shows a secret must not make another token.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use token::TokenHash;
use token::random_id::RandomId;

/// How many forms are remembered; older ones are forgotten first.
const MOST: usize = 10_000;

/// The forms that were sent lately. Kept in memory: after a restart a form can be sent again, which makes
/// one more token, and no token that another user knows.
#[derive(Default)]
pub struct SentForms(Mutex<VecDeque<TokenHash>>);

impl SentForms {
    /// Notes that a form was sent; false where it was sent before. `once` is the form's own number; a form
    /// without one may be sent again.
    pub fn begin(&self, once: &str) -> bool {
        let Ok(number) = RandomId::parse(once) else { return true };
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.contains(&number.hash()) {
            return false;
        }
        if sent.len() == MOST {
            sent.pop_front();
        }
        sent.push_back(number.hash());
        true
    }

    /// Forgets a form that led to nothing: it is corrected and sent again.
    pub fn take_back(&self, once: &str) {
        let Ok(number) = RandomId::parse(once) else { return };
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.retain(|known| *known != number.hash());
    }
}

#[cfg(test)]
mod tests {
    use token::SystemRandom;

    use super::*;

    #[test]
    fn a_form_is_sent_once_unless_it_led_to_nothing() {
        let forms = SentForms::default();
        let [first, second] = [(); 2].map(|()| RandomId::generate(&SystemRandom).unwrap());
        assert!(forms.begin(first.expose()) && forms.begin(second.expose()));
        assert!(!forms.begin(first.expose()));
        forms.take_back(first.expose());
        assert!(forms.begin(first.expose()) && !forms.begin(second.expose()));
        assert!(forms.begin("nonsense") && forms.begin("nonsense"));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let forms = SentForms::default();
        let first = RandomId::generate(&SystemRandom).unwrap();
        assert!(forms.begin(first.expose()));
        for _ in 0..MOST {
            assert!(forms.begin(RandomId::generate(&SystemRandom).unwrap().expose()));
        }
        assert!(forms.begin(first.expose()));
    }
}
