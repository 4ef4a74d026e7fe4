//! Sending mails to the mail server (RFC 5321).

use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use authority::mail::{Delivery, Letter};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::Url;

use super::text;
use crate::config::Mail;

/// The timeout of one mail.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The client of the mail server.
pub(crate) struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The public address of this server, and its host.
    site: String,
    host: String,
}

/// The encryption of the connection.
#[derive(Debug, PartialEq, Eq)]
enum Encryption {
    /// From the first byte (RFC 8314).
    FromTheStart,
    /// After STARTTLS, which is required (RFC 3207).
    Starttls,
    /// None: on this computer, or if the operator allows it.
    None,
}

/// The address of the mail server.
#[derive(Debug)]
struct ServerAddress {
    host: String,
    port: u16,
    encryption: Encryption,
    is_local: bool,
}

impl ServerAddress {
    /// Parses `smtp_url`.
    fn parse(text: &str) -> anyhow::Result<Self> {
        let url = Url::parse(text).with_context(|| format!("smtp_url '{text}'"))?;
        if !url.username().is_empty() || url.password().is_some() {
            bail!("smtp_url must not have a user name and password: set smtp_user and smtp_password");
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            bail!("smtp_url '{text}' has no host; write it as smtp://mail.example.org:587")
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            bail!("smtp_url '{text}' must not have a path or fragment");
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_local =
            host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let (port, encryption) = match (url.scheme(), url.query()) {
            ("smtps", None) => (465, Encryption::FromTheStart),
            ("smtp", Some("tls=none")) => (25, Encryption::None),
            ("smtp", None) if is_local => (25, Encryption::None),
            ("smtp", None) => (587, Encryption::Starttls),
            _ => {
                bail!(
                    "smtp_url '{text}' must begin with smtp:// or smtps://; the only parameter is ?tls=none, for smtp://"
                )
            }
        };
        Ok(Self { host: bare.to_owned(), port: url.port().unwrap_or(port), encryption, is_local })
    }
}

impl MailServer {
    /// Creates the client of the mail server, if one is set.
    ///
    /// # Errors
    /// Names the invalid setting.
    pub(crate) fn new(config: &Mail, public_url: &str) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let server = ServerAddress::parse(url)?;
        let Some(from) = &config.mail_from else {
            bail!("smtp_url needs mail_from, the sender of the mails")
        };
        let from: Mailbox =
            from.parse().with_context(|| format!("mail_from '{from}' is not a mail address"))?;
        let host = Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        let tls = |parameters: fn(TlsParameters) -> Tls| {
            TlsParameters::new(server.host.clone()).map(parameters).context("preparing TLS for smtp_url")
        };
        let tls = match server.encryption {
            Encryption::FromTheStart => tls(Tls::Wrapper)?,
            Encryption::Starttls => tls(Tls::Required)?,
            Encryption::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .hello_name(hello(&host));
        if let Some((user, password)) = credentials(config)? {
            if server.encryption == Encryption::None && !server.is_local {
                bail!("smtp_password is not sent over a connection that is not encrypted");
            }
            transport = transport.credentials(Credentials::new(user, password));
        }
        Ok(Some(Self { transport: transport.build(), from, site: public_url.to_owned(), host }))
    }

    /// Sends a mail.
    pub(super) async fn send(&self, letter: &Letter) -> Delivery {
        let message = match self.compose(letter) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(mail = %letter.id, %error, "a mail could not be composed");
                return Delivery::Rejected;
            }
        };
        match tokio::time::timeout(TIMEOUT, self.transport.send(message)).await {
            Ok(Ok(_)) => Delivery::Sent,
            Ok(Err(error)) => {
                // A response of the server can quote the address, but nothing of the mail.
                tracing::warn!(mail = %letter.id, %error, "the mail server did not accept a mail");
                let code = error.status().map(u16::from);
                if code.is_some_and(is_about_the_recipient) { Delivery::Rejected } else { Delivery::Failed }
            }
            Err(_) => {
                tracing::warn!(mail = %letter.id, "the mail server timed out");
                Delivery::Failed
            }
        }
    }

    fn compose(&self, letter: &Letter) -> anyhow::Result<Message> {
        let text = text::write(letter, &self.site)?;
        let to: Address = letter.to.as_str().parse()?;
        let micros = u64::try_from(letter.at.micros()).unwrap_or(0);
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(text.subject)
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            // The same at every attempt, so that a mail that arrives twice can be recognized.
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(text.body)?;
        Ok(message)
    }
}

/// Returns whether a retry would get the same response: the mailbox does not exist or refuses the mail (RFC 5321,
/// section 4.2.3). The operator can correct other causes, such as a refused password.
const fn is_about_the_recipient(code: u16) -> bool {
    matches!(code, 550..=554)
}

/// Returns the name of this program in EHLO (RFC 5321, section 4.1.1.1).
fn hello(host: &str) -> ClientId {
    match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

fn credentials(config: &Mail) -> anyhow::Result<Option<(String, String)>> {
    let password = match (&config.smtp_password, &config.smtp_password_file) {
        (Some(_), Some(_)) => bail!("smtp_password and smtp_password_file are both set: set one of them"),
        (Some(password), None) => Some(password.clone()),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file);
            let text = text.with_context(|| format!("reading smtp_password_file {}", file.display()))?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => None,
    };
    match (config.smtp_user.clone(), password) {
        (Some(user), Some(password)) => Ok(Some((user, password))),
        (None, None) => Ok(None),
        _ => bail!("smtp_user and the password must be set together"),
    }
}

/// Marks the mail as automatic, so that it gets no automatic reply (RFC 3834, section 5).
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_encrypted_unless_the_server_is_local() {
        for (url, host, port, encryption) in [
            ("smtps://mail.example.org", "mail.example.org", 465, Encryption::FromTheStart),
            ("smtp://mail.example.org", "mail.example.org", 587, Encryption::Starttls),
            ("smtp://mail.example.org:2525/", "mail.example.org", 2525, Encryption::Starttls),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::None),
            ("smtp://[::1]", "::1", 25, Encryption::None),
            ("smtp://localhost", "localhost", 25, Encryption::None),
            ("smtp://relay.internal?tls=none", "relay.internal", 25, Encryption::None),
        ] {
            let server = ServerAddress::parse(url).unwrap();
            assert_eq!(
                (server.host.as_str(), server.port, server.encryption),
                (host, port, encryption),
                "{url}"
            );
        }
        for bad in [
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://ada:secret@mail.example.org",
            "smtp://mail.example.org/x",
            "smtp://mail.example.org?tls=off",
        ] {
            assert!(ServerAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
