//! Permissions: what a grant may be used for.

use crate::Invalid;

/// Read data.
pub const READ: &str = "read";
/// Create, change and delete.
pub const UPDATE: &str = "update";
/// The security namespace: for administrators, the whole registry.
pub const SECURITY: &str = "sec";

/// Make tokens that do not depend on the token that makes them. It is granted to those alone who ask for it by name.
pub const TOKENS: &str = "tokens";

/// Ask for refresh tokens (OpenID Connect Core, section 11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// Sign in by OpenID Connect.
pub const OPENID: &str = "openid";
/// The claims about the user, except addresses.
pub const PROFILE: &str = "profile";
/// The claims about the e-mail address of the user.
pub const EMAIL: &str = "email";

/// Looks after the registration of an application; none can ask for it, and no catalogue has it.
pub const REGISTRATION: &str = "client_registration";

/// What concerns the sign-in itself, and not what a service does.
pub const OF_SIGN_IN: [&str; 4] = [OPENID, PROFILE, EMAIL, OFFLINE_ACCESS];

/// The description of an unknown scope.
pub const UNKNOWN: &str = "A permission that the application defines";

/// A permission that is part of the product: its words and what holds of it are fixed.
pub struct BuiltIn {
    /// What it is called on the wire.
    pub name: &'static str,
    /// The display name.
    pub display_name: &'static str,
    /// The description on the consent page.
    pub description: &'static str,
    /// Whether clients that register themselves may have it.
    pub is_default: bool,
    /// Whether it is for the command line alone.
    pub is_reserved: bool,
    /// Whether it is for administrators alone.
    pub administrators_only: bool,
}

impl BuiltIn {
    const fn new(name: &'static str, display_name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            display_name,
            description,
            is_default: true,
            is_reserved: false,
            administrators_only: false,
        }
    }
}

/// The permissions that are part of the product.
pub const BUILT_IN: [BuiltIn; 8] = [
    BuiltIn::new(READ, "Read", "Read data that you can read"),
    BuiltIn {
        is_default: false,
        ..BuiltIn::new(UPDATE, "Change", "Create, change and delete data that you can change")
    },
    BuiltIn::new(OFFLINE_ACCESS, "Stay connected", "Stay connected while you are not there"),
    BuiltIn::new(OPENID, "Sign in", "Know who you are"),
    BuiltIn::new(PROFILE, "Profile", "See your name and profile"),
    BuiltIn::new(EMAIL, "E-mail address", "See your e-mail address"),
    BuiltIn {
        is_default: false,
        is_reserved: true,
        administrators_only: true,
        ..BuiltIn::new(SECURITY, "Administration", "Administer users, applications and tokens")
    },
    BuiltIn {
        is_default: false,
        is_reserved: true,
        ..BuiltIn::new(TOKENS, "Create tokens", "Create tokens that stay valid when this access ends")
    },
];

/// A set of permissions, in the order in which they were given, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

/// The longest name of one permission, in characters.
pub const MAX_SCOPE: usize = 64;
/// The longest list of permissions of one grant, in characters.
const MAX_SCOPES: usize = 256;

impl Scopes {
    /// Reads a list separated by spaces (RFC 6749, section 3.3).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_names(text.split(' ').filter(|word| !word.is_empty()))
    }

    /// Takes names one by one; each is whole.
    pub fn from_names<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Self, Invalid> {
        let mut scopes = Self::default();
        for name in names {
            let name = name.as_ref();
            if name.len() > MAX_SCOPE || !is_scope_token(name) {
                return Err(Invalid::Scope(format!(
                    "a scope has 1 to {MAX_SCOPE} visible ASCII characters, without quotes and backslashes"
                )));
            }
            scopes.add(name);
        }
        Ok(scopes)
    }

    /// Reads what the registry keeps; it was checked when it was stored.
    pub fn stored(text: Option<&str>) -> Self {
        Self::known(text.unwrap_or_default().split_whitespace())
    }

    /// Takes names that the registry keeps.
    pub fn known<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut scopes = Self::default();
        names.into_iter().for_each(|name| scopes.add(name));
        scopes
    }

    fn add(&mut self, scope: &str) {
        if !self.contains(scope) {
            self.0.push(scope.to_owned());
        }
    }

    /// Whether a permission is among them.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own == scope)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The permissions, one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// They and others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        others.iter().for_each(|scope| self.add(scope));
        self
    }

    /// Those of them that others contain too.
    #[must_use]
    pub fn shared_with(&self, others: &Self) -> Self {
        self.filtered(|scope| others.contains(scope))
    }

    /// Those of them that are kept.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.iter().filter(|scope| keep(scope)).map(str::to_owned).collect())
    }

    /// All but one.
    #[must_use]
    pub fn without(self, scope: &str) -> Self {
        Self(self.0.into_iter().filter(|own| own != scope).collect())
    }

    /// What is granted of these to one who asks: what they ask for if it is all here. Who asks for nothing gets everything
    /// but what is granted by name alone.
    ///
    /// # Errors
    /// As [`narrowed`](Self::narrowed).
    pub fn grant(&self, asked: &Self) -> Result<Self, Invalid> {
        if asked.is_empty() { self.clone().without(TOKENS).narrowed(asked) } else { self.narrowed(asked) }
    }

    /// What is left of these, which were granted before, for one who asks: what they ask for if it is all here, everything
    /// if they ask for nothing.
    ///
    /// # Errors
    /// [`Invalid::Scope`] where something is asked for that is not here, where there is nothing to grant, or
    /// where it is too much for one grant.
    pub fn narrowed(&self, asked: &Self) -> Result<Self, Invalid> {
        if let Some(missing) = asked.iter().find(|scope| !self.contains(scope)) {
            return Err(Invalid::Scope(format!("the application may not be granted '{missing}'")));
        }
        let granted = if asked.is_empty() { self } else { asked };
        if granted.is_empty() {
            return Err(Invalid::Scope("the application has no scope that could be granted".to_owned()));
        }
        if granted.to_string().len() > MAX_SCOPES {
            return Err(Invalid::Scope(format!(
                "the scopes of one grant have at most {MAX_SCOPES} characters"
            )));
        }
        Ok(granted.clone())
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// Whether a text is the name of one scope (RFC 6749, section 3.3).
pub fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_scope_byte)
}

/// `%x21 / %x23-5B / %x5D-7E` (RFC 6749, section 3.3).
const fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).unwrap()
    }

    #[test]
    fn grants_what_is_asked_or_all() {
        let own = scopes("read update read");
        assert_eq!(own.to_string(), "read update");
        assert_eq!(own.grant(&scopes("update")).unwrap().to_string(), "update");
        assert_eq!(own.grant(&Scopes::default()).unwrap(), own);
        assert!(matches!(own.grant(&scopes("sec")), Err(Invalid::Scope(_))));
        assert!(matches!(Scopes::default().grant(&Scopes::default()), Err(Invalid::Scope(_))));
        let with_tokens = scopes("read tokens");
        assert_eq!(with_tokens.grant(&Scopes::default()).unwrap().to_string(), "read", "by name alone");
        assert_eq!(with_tokens.grant(&scopes("tokens")).unwrap().to_string(), "tokens");
        assert_eq!(with_tokens.narrowed(&Scopes::default()).unwrap(), with_tokens);
        assert!(scopes("tokens").grant(&Scopes::default()).is_err());
        assert!(Scopes::parse("a\"b").is_err());
        assert_eq!(Scopes::from_names(["read", "update", "read"]).unwrap(), own);
        assert!(Scopes::from_names(["read update"]).is_err() && Scopes::from_names([""]).is_err());
        assert!(Scopes::parse(&"x".repeat(65)).is_err());
    }
}
