//! How strongly somebody proved who they are (OpenID Connect Core, section 2, `acr` and `amr`).

/// One means was shown, such as a password.
pub const ONE_FACTOR: &str = "urn:grantor:acr:1";
/// Two means of different kinds were shown.
pub const TWO_FACTORS: &str = "urn:grantor:acr:2";
/// A means was shown that a false page cannot pass on, such as a passkey (OpenID EAP ACR Values 1.0).
pub const PHISHING_RESISTANT: &str = "phr";

/// Every level, the weakest first.
pub const LEVELS: [&str; 3] = [ONE_FACTOR, TWO_FACTORS, PHISHING_RESISTANT];

/// The level that means of authentication reach; they are names of RFC 8176, separated by spaces.
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

/// The level that somebody could reach with a password and what they have besides.
pub const fn reachable(factors: &store::Factors) -> &'static str {
    if factors.passkeys > 0 {
        PHISHING_RESISTANT
    } else if factors.totp {
        TWO_FACTORS
    } else {
        ONE_FACTOR
    }
}

/// Whether somebody could show more than they did, and would satisfy then what is asked for. What an application would only
/// like to have is not asked of those who have no more (OpenID Connect Core, section 5.5.1.1).
pub(crate) fn is_within_reach(methods: &str, factors: &store::Factors, asked: &[String]) -> bool {
    !satisfies(reached(methods), asked) && satisfies(reachable(factors), asked)
}

/// Whether a level satisfies one of those that are asked for; unknown ones are not satisfied.
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
