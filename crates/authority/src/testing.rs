//! An authority for tests inside this crate, with a clock that they move.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::Timestamp;
use token::password::PasswordParams;

use crate::{Authority, AuthorityOptions, Ctx, Settings};

/// When the world of a test begins.
const BEGINNING: &str = "2026-08-01T00:00:00Z";

/// An authority on a new SQLite registry, which goes with it.
pub(crate) struct World {
    folder: PathBuf,
    settings: Settings,
}

/// An open [`World`].
pub(crate) struct Opened {
    authority: Arc<Authority>,
    beginning: Timestamp,
}

impl World {
    /// A world with changed settings.
    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("grantor-authority-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut settings =
            Settings { password_params: PasswordParams::CHEAP, ..Settings::new("http://127.0.0.1:8080") };
        change(&mut settings);
        Self { folder, settings }
    }

    /// Opens the authority and runs a test on it.
    pub(crate) fn run(self, test: impl AsyncFnOnce(&Opened)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let random = Arc::new(token::SystemRandom);
            let opening = AuthorityOptions {
                location: store::Location::Sqlite(self.folder.join("grantor.db")),
                keyring: token::seal::Keyring::generate(random.as_ref()).unwrap(),
                prefix: token::Prefix::parse("grt").unwrap(),
                earlier_keys: None,
                random,
                // A test says itself what the moment is.
                clock: || Timestamp::from_seconds(0),
                settings: self.settings.clone(),
                breach_list: None,
                client_authorities: None,
            };
            let beginning = Timestamp::parse(BEGINNING).unwrap();
            let authority = Authority::open(opening, beginning).await.unwrap();
            let opened = Opened { authority, beginning };
            test(&opened).await;
            opened.authority.close().await;
        });
    }
}

impl Opened {
    /// The context of a request `seconds` after the beginning.
    pub(crate) fn at(&self, seconds: i64) -> Ctx {
        let now = self.beginning.plus_seconds(seconds);
        Ctx::new(Arc::clone(&self.authority), now, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
