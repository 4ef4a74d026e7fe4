use std::hint::black_box;

use zeroize::Zeroizing;

/// A secret that a request carries: a token, password, code, client secret or proof.
///
/// The text is overwritten when the value is dropped. The type has neither `Debug` nor `Serialize`, so that no log or answer
/// can contain it by accident:
///
/// ```compile_fail
/// println!("{:?}", input::Secret::from("grt_pat_…".to_owned()));
/// ```
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the text. Callers hash or compare it, and keep no copy.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

/// Compares in a time that depends on the lengths alone.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (own, other) = (self.0.as_bytes(), other.0.as_bytes());
        let differ = own.iter().zip(other).fold(0, |all, (left, right)| black_box(all | (left ^ right)));
        own.len() == other.len() && differ == 0
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_equal_if_their_texts_are() {
        for (left, right, equal) in
            [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("", "a", false)]
        {
            assert_eq!(Secret::from(left) == Secret::from(right), equal, "{left} {right}");
        }
        assert_eq!(Secret::from("text".to_owned()).expose(), "text");
    }
}
