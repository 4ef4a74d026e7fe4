//! Opening the data folder, its lock, its keys and the registry.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use authority::{Authority, AuthorityOptions, Fault, Settings};
use store::Location;
use token::SystemRandom;
use token::seal::Keyring;

use crate::breach_file;
use crate::config::Config;

/// The authority, and the lock of its folder.
pub(crate) struct Instance {
    pub(crate) authority: Arc<Authority>,
    _lock: File,
}

impl Instance {
    /// Opens the instance. The first start creates its files.
    pub(crate) async fn open(config: &Config, settings: Settings) -> anyhow::Result<Self> {
        let lock = lock(&config.program.data)?;
        let earlier_keys = own_key_file(config).filter(|file| file.exists());
        let keyring = load_keys(config)?;
        let opening = AuthorityOptions {
            location: config.program.location(),
            keyring,
            earlier_keys,
            prefix: config.program.prefix()?,
            random: Arc::new(SystemRandom),
            clock: clock::now,
            settings,
            client_authorities: config.network.client_authorities()?,
            breach_list: config.sign_in.password_breach_file.as_deref().map(breach_file::open).transpose()?,
        };
        private_database(&opening.location)?;
        let authority =
            Authority::open(opening, clock::now()).await.map_err(|fault| explain(config, fault.into()))?;
        Ok(Self { authority, _lock: lock })
    }
}

/// Adds the location of the registry to an error of the start, and the reason to a fault that clients see as an internal error.
pub(crate) fn explain(config: &Config, error: anyhow::Error) -> anyhow::Error {
    let error = match error.downcast::<Fault>() {
        Ok(Fault::Internal(reason)) => anyhow::anyhow!(reason),
        Ok(Fault::Unavailable(reason)) => anyhow::anyhow!("the registry is not available: {reason}"),
        Ok(fault) => fault.into(),
        Err(error) => error,
    };
    error.context(format!("opening {:?}", config.program.location()))
}

/// Creates the folder and locks it, so that only one program uses it.
fn lock(data: &Path) -> anyhow::Result<File> {
    let mut builder = std::fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(data)
        .with_context(|| format!("creating the folder {}", data.display()))?;
    let path = data.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
    let file = file.with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another grantor uses {}; stop it first, or set another folder with --data", data.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// Creates the file of a new SQLite registry with access for the owner only.
fn private_database(location: &Location) -> anyhow::Result<()> {
    let Location::Sqlite(path) = location else { return Ok(()) };
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    made.map(drop).with_context(|| format!("opening {}", path.display()))
}

/// Returns the file with the keys if it is in the data folder.
pub(crate) fn own_key_file(config: &Config) -> Option<PathBuf> {
    (config.program.keys.is_none() && config.program.key_file.is_none())
        .then(|| config.program.data.join("keys"))
}

/// Loads the keys for encryption at rest from the environment, from `key_file`, or from the data folder.
fn load_keys(config: &Config) -> anyhow::Result<Keyring> {
    if let Some(text) = &config.program.keys {
        return Keyring::parse(text).context("GRANTOR_KEYS");
    }
    let path = config.program.key_file.clone().unwrap_or_else(|| config.program.data.join("keys"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Keyring::parse(&text).with_context(|| format!("reading {}", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound && config.program.key_file.is_none() => {
            first_keys(config, &path)
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

fn first_keys(config: &Config, path: &Path) -> anyhow::Result<Keyring> {
    if let Location::Sqlite(database) = config.program.location()
        && database.exists()
    {
        bail!(
            "{} exists, but its keys in {} do not: restore them from a backup",
            database.display(),
            path.display()
        );
    }
    let keyring = Keyring::generate(&SystemRandom)?;
    write_keys(path, &keyring)?;
    Ok(keyring)
}

/// Writes the keys atomically, with access for the owner only.
pub(crate) fn write_keys(path: &Path, keyring: &Keyring) -> anyhow::Result<()> {
    write_private(path, keyring.to_text().as_bytes())
}

/// Writes a file atomically, with access for the owner only.
pub(crate) fn write_private(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let write = || {
        let mut file =
            OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
        file.write_all(contents)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().with_context(|| format!("writing {}", path.display()))
}
