//! Walking through files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest file that is read, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;
/// The number of leading bytes in which a zero byte makes a file binary, as in git.
const HEAD: usize = 8000;

/// The reason why a file was skipped.
pub(super) enum Skipped {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is longer than [`LONGEST`].
    TooLarge,
}

/// The files below the given paths, in the order of their names. Links and the folder of git are skipped;
/// `git log -p` shows the history.
pub(super) struct Files {
    named: Vec<PathBuf>,
    and_binary: bool,
    /// The number of files that were read.
    pub(super) read: usize,
    /// The number of binary files that were skipped.
    pub(super) binary: usize,
}

impl Files {
    pub(super) fn new(named: &[PathBuf], and_binary: bool) -> Self {
        Self { named: named.to_vec(), and_binary, read: 0, binary: 0 }
    }

    /// Returns each file's path and contents, or the reason why it was skipped.
    pub(super) fn each(&mut self, mut look: impl FnMut(&str, Result<&[u8], Skipped>)) {
        // A path that was given is always read; only files below it can be skipped.
        let mut waiting: Vec<(PathBuf, bool)> = self.named.drain(..).rev().map(|path| (path, true)).collect();
        while let Some((path, named)) = waiting.pop() {
            let name = path.display().to_string();
            if named && path.as_os_str() == "-" {
                self.contents(&name, &mut io::stdin().lock(), &mut look);
                continue;
            }
            match below(&path, named) {
                Ok(Below::Folder(children)) => {
                    waiting.extend(children.into_iter().rev().map(|child| (child, false)));
                }
                Ok(Below::File) => match File::open(&path) {
                    Ok(mut file) => self.contents(&name, &mut file, &mut look),
                    Err(error) => look(&name, Err(Skipped::Unreadable(error))),
                },
                Ok(Below::Nothing) => {}
                Err(error) => look(&name, Err(Skipped::Unreadable(error))),
            }
        }
    }

    fn contents(
        &mut self,
        name: &str,
        file: &mut dyn Read,
        look: &mut impl FnMut(&str, Result<&[u8], Skipped>),
    ) {
        let mut text = Vec::new();
        match file.take(LONGEST + 1).read_to_end(&mut text) {
            Err(error) => return look(name, Err(Skipped::Unreadable(error))),
            Ok(length) if length as u64 > LONGEST => return look(name, Err(Skipped::TooLarge)),
            Ok(_) => {}
        }
        if !self.and_binary && text.iter().take(HEAD).any(|byte| *byte == 0) {
            self.binary += 1;
            return;
        }
        self.read += 1;
        look(name, Ok(&text));
    }
}

enum Below {
    Folder(Vec<PathBuf>),
    File,
    Nothing,
}

fn below(path: &Path, named: bool) -> io::Result<Below> {
    let kind = if named { fs::metadata(path)? } else { fs::symlink_metadata(path)? }.file_type();
    if kind.is_dir() {
        if !named && path.file_name().is_some_and(|name| name == ".git") {
            return Ok(Below::Nothing);
        }
        let mut children =
            fs::read_dir(path)?.map(|child| Ok(child?.path())).collect::<io::Result<Vec<_>>>()?;
        children.sort();
        return Ok(Below::Folder(children));
    }
    Ok(if kind.is_file() || named { Below::File } else { Below::Nothing })
}
