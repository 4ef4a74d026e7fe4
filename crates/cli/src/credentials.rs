//! Sign-ins, stored in a file that only its owner can read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::clock;
use super::problem::Problem;
use super::server_url::ServerUrl;

/// A secret: it is sent and stored, never shown.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// Parses a secret that a header can contain.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self(text.to_owned()))
    }

    /// Returns the text of the secret.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A sign-in at a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// The access token.
    pub(crate) token: Secret,
    /// The refresh token, if the server issued one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<Secret>,
    /// The expiry of the access token; `None` for never.
    #[serde(with = "moment", default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<OffsetDateTime>,
    /// The login of the user.
    pub(crate) login: String,
    /// The scopes of the token.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
}

/// The time before its expiry at which an access token is renewed, as a command takes a moment.
const LEEWAY: time::Duration = time::Duration::seconds(60);

impl SignIn {
    /// Returns the expiry of the access token if it is before `now`.
    pub(crate) fn expired(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.expires_at.filter(|expiry| *expiry <= now)
    }

    /// Returns the refresh token if the access token is about to expire.
    pub(crate) fn renewable(&self, now: OffsetDateTime) -> Option<&Secret> {
        let is_due = self.expires_at.is_some_and(|expiry| expiry - LEEWAY <= now);
        self.refresh_token.as_ref().filter(|_| is_due)
    }
}

/// The sign-ins at all servers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The server of the last sign-in, which is the default.
    pub(crate) current: Option<ServerUrl>,
    /// The sign-in at each server.
    pub(crate) servers: BTreeMap<ServerUrl, SignIn>,
}

impl Credentials {
    /// Stores a sign-in, and makes its server the current one. Returns the sign-in that it replaces.
    pub(crate) fn keep(&mut self, url: ServerUrl, sign_in: SignIn) -> Option<SignIn> {
        self.current = Some(url.clone());
        self.servers.insert(url, sign_in)
    }

    /// Removes the sign-in at a server. If that was the current one, the only other server takes its place.
    pub(crate) fn forget(&mut self, url: &ServerUrl) {
        self.servers.remove(url);
        if self.current.as_ref() == Some(url) {
            self.current = (self.servers.len() == 1).then(|| self.servers.keys().next().cloned()).flatten();
        }
    }
}

/// The file with the sign-ins.
#[derive(Clone, Debug)]
pub(crate) struct CredentialFile {
    folder: PathBuf,
}

impl CredentialFile {
    /// Returns the file in `folder`, which need not exist.
    pub(crate) fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Returns the file in the user's configuration folder; `variable` returns a variable of the environment:
    /// `GRANTOR_CONFIG_HOME`, else `grantor` in `XDG_CONFIG_HOME` (an absolute path, as the XDG Base Directory
    /// Specification requires), `APPDATA` or `~/.config`.
    pub(crate) fn find(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folder) = set("GRANTOR_CONFIG_HOME") {
            return Ok(Self::in_folder(folder));
        }
        let xdg = set("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        let parent = xdg.or_else(|| set("APPDATA")).or_else(|| set("HOME").map(|home| home.join(".config")));
        let parent = parent.ok_or_else(|| {
            Problem::new("there is no folder for the sign-ins")
                .hint("set HOME, or name a folder in GRANTOR_CONFIG_HOME")
        })?;
        Ok(Self::in_folder(parent.join("grantor")))
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("credentials.json")
    }

    /// Reads the sign-ins; a file that does not exist has none.
    pub(crate) fn read(&self) -> anyhow::Result<Credentials> {
        let path = self.path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Credentials::default()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        // The parser's message could quote a secret.
        serde_json::from_slice(&bytes).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            Problem::new(format!("{} is damaged ({place})", path.display()))
                .hint("remove it and sign in again with `grantor login`")
                .into()
        })
    }

    /// Changes the sign-ins. Concurrent commands change them one after the other;
    /// after an error, the file is unchanged.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Credentials) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let _lock = self.lock().with_context(|| format!("cannot lock {}", self.path().display()))?;
        let mut credentials = self.read()?;
        let changed = change(&mut credentials)?;
        self.write(&credentials)?;
        Ok(changed)
    }

    /// Waits for the lock of the file, which ends with the returned value.
    fn lock(&self) -> io::Result<File> {
        private_folder(&self.folder)?;
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // The lock is another file, as each change replaces the file with the sign-ins.
        let file = options.open(self.folder.join("credentials.lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// Writes the sign-ins. A concurrent reader sees the old ones or the new ones.
    fn write(&self, credentials: &Credentials) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec_pretty(credentials)?;
        text.push(b'\n');
        self.replace(&text).with_context(|| format!("cannot write {}", self.path().display()))
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        private_folder(&self.folder)?;
        let draft = self.folder.join(format!("credentials.json.{}", std::process::id()));
        let written = private_file(&draft).and_then(|mut file| {
            file.write_all(text)?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| fs::rename(&draft, self.path()));
        if replaced.is_err() {
            let _ = fs::remove_file(&draft);
        }
        replaced
    }
}

/// Creates a folder and its parents, with access for the owner only.
fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a file with access for the owner only.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // A draft of an interrupted command with the same process id.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }
}

/// An optional time as RFC 3339 text.
mod moment {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

    use super::{OffsetDateTime, clock};

    #[allow(clippy::ref_option, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(time: &Option<OffsetDateTime>, to: S) -> Result<S::Ok, S::Error> {
        time.map(clock::rfc3339).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| clock::parse(&text).ok_or_else(|| D::Error::custom("not a time"))).transpose()
    }
}

#[cfg(test)]
mod tests;
