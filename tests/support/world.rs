//! The demonstration world, made once for a build of the program and copied by every test.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database::{self, Database};
use super::server::{DEMO, Engine, PROGRAM, Server};

/// What is copied of a data folder.
const FILES: [&str; 3] = ["keys", "demo.json", "grantor.db"];
/// How old a world may be: its grants expire like others.
const OLDEST: Duration = Duration::from_secs(1800);

/// A data folder and a database that wait to be copied.
pub struct World {
    folder: PathBuf,
    database: Option<String>,
    /// Held by all who copy, and alone by who makes it.
    lock: File,
}

impl World {
    /// The world on an engine. The first test that wants it makes it, while others wait.
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

    /// A copy of the database, where the world has one.
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

    /// Written when the world is whole.
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
        assert!(server.stop(), "it stops cleanly: {}", server.log());
        for name in FILES {
            let file = server.folder().join(name);
            if file.exists() {
                std::fs::copy(file, self.folder.join(name)).unwrap();
            }
        }
        std::fs::write(self.mark(), build()).unwrap();
    }
}

/// What tells one build of the program from another, and one server of databases.
fn build() -> String {
    let built = std::fs::metadata(PROGRAM).unwrap().modified().unwrap();
    format!("{built:?} {}", database::server_url())
}

/// A database for each folder of builds, so that two of them can be tested at once.
fn name_for(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{}world_{:016x}", database::PREFIX, hasher.finish())
}
