//! Levels of authentication (OpenID Connect Core, section 2, `acr` and `amr`).

/// One factor, such as a password.
pub const ONE_FACTOR: &str = "urn:grantor:acr:1";
/// Two factors of different kinds.
pub const TWO_FACTORS: &str = "urn:grantor:acr:2";
/// A phishing-resistant credential, such as a passkey (OpenID EAP ACR Values 1.0).
pub const PHISHING_RESISTANT: &str = "phr";

/// All levels, the weakest first.
pub const LEVELS: [&str; 3] = [ONE_FACTOR, TWO_FACTORS, PHISHING_RESISTANT];

/// Returns the level that authentication methods reach: names of RFC 8176, separated by spaces.
pub fn reached(methods: &str) -> &'static str {
    let has = |method: &str| methods.split(' ').any(|own| own == method);
    if has("hwk") || has("swk") {
        PHISHING_RESISTANT
    } else if has("mfa") {
        TWO_FACTORS
    } else {
        ONE_FACTOR
    }
}

/// Returns the level that a user can reach with a password and further factors.
pub const fn reachable(factors: &store::Factors) -> &'static str {
    if factors.passkeys > 0 {
        PHISHING_RESISTANT
    } else if factors.totp {
        TWO_FACTORS
    } else {
        ONE_FACTOR
    }
}

/// Returns whether a user does not satisfy a request, but could with another factor. A voluntary `acr` is not demanded of
/// users without such a factor (OpenID Connect Core, section 5.5.1.1).
pub fn is_within_reach(methods: &str, factors: &store::Factors, asked: &[String]) -> bool {
    !satisfies(reached(methods), asked) && satisfies(reachable(factors), asked)
}

/// Returns whether a level satisfies one of the requested levels. Unknown levels are never satisfied.
pub fn satisfies(level: &str, asked: &[String]) -> bool {
    let rank = |name: &str| LEVELS.iter().position(|level| *level == name);
    asked.is_empty() || asked.iter().any(|asked| rank(asked).is_some_and(|asked| rank(level) >= Some(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_level_satisfies_a_weaker_one() {
        assert_eq!(reached("pwd"), ONE_FACTOR);
        assert_eq!(reached("pwd otp mfa"), TWO_FACTORS);
        assert_eq!(reached("hwk user"), PHISHING_RESISTANT);
        let asked = [TWO_FACTORS.to_owned()];
        assert!(satisfies(PHISHING_RESISTANT, &asked) && satisfies(TWO_FACTORS, &asked));
        assert!(!satisfies(ONE_FACTOR, &asked) && satisfies(ONE_FACTOR, &[]));
        assert!(!satisfies(PHISHING_RESISTANT, &["loa4".to_owned()]));
    }
}
