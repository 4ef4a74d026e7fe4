//! Lists of scopes, as arguments and as OAuth parameters.

/// Returns the scopes of arguments, each of which can have several, without duplicates.
pub(crate) fn split(arguments: &[String]) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in arguments.iter().flat_map(|argument| argument.split_whitespace()) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_may_be_given_together_or_apart() {
        let arguments = ["read  update".to_owned(), "sec".to_owned(), "read".to_owned()];
        assert_eq!(split(&arguments), ["read", "update", "sec"]);
        assert!(split(&[String::new()]).is_empty());
    }
}
