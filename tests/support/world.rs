//! The demonstration data, created once per build of the program and copied by every test.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database::{self, Database};
use super::server::{DEMO, Engine, PROGRAM, Server};

/// The copied files of a data folder.
const FILES: [&str; 3] = ["keys", "demo.json", "grantor.db"];
/// Maximum age of the demonstration data, because its grants expire.
const OLDEST: Duration = Duration::from_secs(1800);

/// A data folder and a database to copy.
pub struct World {
    folder: PathBuf,
    database: Option<String>,
    /// Shared by tests that copy, exclusive for the one that creates.
    lock: File,
}

impl World {
    /// Returns the data for an engine. The first test creates it, while others wait.
    pub fn on(engine: Engine) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("world-{engine:?}"));
        std::fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        let database = (engine == Engine::Postgres).then(|| name_for(&folder));
        let world = Self { folder, database, lock };
        world.lock.lock_shared().unwrap();
        while !world.is_ready() {
            world.lock.unlock().unwrap();
            world.lock.lock().unwrap();
            if !world.is_ready() {
                world.make();
            }
            world.lock.unlock().unwrap();
            world.lock.lock_shared().unwrap();
        }
        world
    }

    /// Returns a copy of the database, if there is one.
    pub fn database(&self) -> Option<Database> {
        self.database.as_deref().map(Database::copy_of)
    }

    /// Copies the data folder.
    pub fn copy_to(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for name in FILES {
            let file = self.folder.join(name);
            if file.exists() {
                std::fs::copy(file, folder.join(name)).unwrap();
            }
        }
    }

    /// The file that marks complete data.
    fn mark(&self) -> PathBuf {
        self.folder.join("made_by")
    }

    fn is_ready(&self) -> bool {
        let made_by = std::fs::read_to_string(self.mark()).unwrap_or_default();
        let age = std::fs::metadata(self.mark()).and_then(|mark| mark.modified()).map(|made| made.elapsed());
        made_by == build() && age.is_ok_and(|age| age.is_ok_and(|age| age < OLDEST))
    }

    fn make(&self) {
        let _ = std::fs::remove_file(self.mark());
        let database = self.database.as_deref().map(Database::kept);
        let mut server = Server::stopped(database, &[DEMO]);
        server.run();
        assert!(server.stop(), "shutdown is not clean: {}", server.log());
        for name in FILES {
            let file = server.folder().join(name);
            if file.exists() {
                std::fs::copy(file, self.folder.join(name)).unwrap();
            }
        }
        std::fs::write(self.mark(), build()).unwrap();
    }
}

/// Returns a value that identifies the build of the program and the database server.
fn build() -> String {
    let built = std::fs::metadata(PROGRAM).unwrap().modified().unwrap();
    format!("{built:?} {}", database::server_url())
}

/// Returns a database name for a build folder, so that two builds can be tested at once.
fn name_for(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{}world_{:016x}", database::PREFIX, hasher.finish())
}
