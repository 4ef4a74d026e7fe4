use std::fmt;

use crate::Invalid;

/// An e-mail address to which mail can be sent: a dot-atom and a host name, in ASCII (RFC 5321, section 4.1.2). Quoted
/// names, comments and address literals are refused: they are not in use, and can disguise other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

/// RFC 5321, section 4.5.3.1.1.
const MAX_NAME: usize = 64;
/// RFC 5321, section 4.5.3.1.3, as errata 1690 counts it.
const MAX_ADDRESS: usize = 254;
/// RFC 1035, section 2.3.4.
const MAX_LABEL: usize = 63;

impl EmailAddress {
    /// Reads an address; the host is written in lower case from here on.
    ///
    /// # Errors
    /// [`Invalid::Field`] for anything else, above all for what would be more than one address or line.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refused =
            || Invalid::Field { field: "email", message: "this is not an e-mail address".to_owned() };
        let (name, host) = text.rsplit_once('@').ok_or_else(refused)?;
        if text.len() > MAX_ADDRESS || !is_dot_atom(name) || !is_host(host) {
            return Err(refused());
        }
        Ok(Self(format!("{name}@{}", host.to_ascii_lowercase())))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which two addresses are the same mailbox: no mail server of today tells the case of a name apart.
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 5322, section 3.2.3.
fn is_dot_atom(name: &str) -> bool {
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    name.len() <= MAX_NAME && name.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let inside = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let bare = !label.starts_with('-') && !label.ends_with('-');
        (1..=MAX_LABEL).contains(&label.len()) && inside && bare
    };
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, read) in [
            ("ada@example.org", "ada@example.org"),
            ("Ada.Winter+grants@Mail.EXAMPLE.org", "Ada.Winter+grants@mail.example.org"),
            ("root@localhost", "root@localhost"),
            ("o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example"),
        ] {
            assert_eq!(EmailAddress::parse(text).unwrap().as_str(), read);
        }
    }

    #[test]
    fn what_is_no_single_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example.org\r\nBcc: eve@evil.example",
            "ada@example.org\n",
            "ada@example.org, eve@evil.example",
            "ada@example.org eve@evil.example",
            "ada@evil.example@example.org",
            "<ada@example.org>",
            "Ada <ada@example.org>",
            "\"ada eve\"@example.org",
            "ada(comment)@example.org",
            "ada@[192.0.2.1]",
            "ada@-example.org",
            "ada@example..org",
            ".ada@example.org",
            "ada..winter@example.org",
            "ada@exämple.org",
            "ada\0@example.org",
            &long,
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
    }
}
