use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::Chance;

/// Size of the unit that a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// The files of a folder: their durable contents, and the changes since.
#[derive(Debug, Default)]
pub struct Files {
    files: BTreeMap<PathBuf, File>,
    flushes: u64,
}

#[derive(Debug, Default)]
struct File {
    /// The contents at the last flush; none before the first.
    flushed: Option<Vec<u8>>,
    /// The changes since, in order.
    pending: Vec<Change>,
}

#[derive(Debug)]
pub(crate) enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { size: usize },
}

impl Change {
    fn apply(&self, contents: &mut Vec<u8>) {
        match self {
            Self::Truncate { size } => contents.resize(*size, 0),
            Self::Write { offset, bytes } => write(contents, *offset, bytes),
        }
    }

    /// Applies the sectors that reach the disk by chance.
    fn apply_some(&self, contents: &mut Vec<u8>, chance: &mut Chance) {
        match self {
            Self::Truncate { .. } if chance.one_in(2) => self.apply(contents),
            Self::Truncate { .. } => {}
            Self::Write { offset, bytes } => {
                let (mut at, mut rest) = (*offset, bytes.as_slice());
                while !rest.is_empty() {
                    let (sector, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                    if chance.one_in(2) {
                        write(contents, at, sector);
                    }
                    (at, rest) = (at + sector.len(), after);
                }
            }
        }
    }
}

fn write(contents: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if contents.len() < end {
        contents.resize(end, 0);
    }
    if let Some(place) = contents.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

impl Files {
    /// Returns the files as they may be after a loss of power at this moment, by name.
    pub fn after_power_loss(&self, chance: &mut Chance) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for (path, file) in &self.files {
            let (Some(flushed), Some(name)) = (&file.flushed, path.file_name()) else { continue };
            let mut contents = flushed.clone();
            file.pending.iter().for_each(|change| change.apply_some(&mut contents, chance));
            found.insert(PathBuf::from(name), contents);
        }
        found
    }

    /// Returns how often a file was flushed.
    pub fn flushes(&self) -> u64 {
        self.flushes
    }

    /// Notes that a file was opened; one that is not known yet has `contents` on disk, if it was there before.
    pub(crate) fn open(&mut self, path: &Path, contents: Option<Vec<u8>>) {
        let new = || File { flushed: contents, pending: Vec::new() };
        self.files.entry(path.to_owned()).or_insert_with(new);
    }

    pub(crate) fn change(&mut self, path: &Path, change: Change) {
        self.files.entry(path.to_owned()).or_default().pending.push(change);
    }

    pub(crate) fn flush(&mut self, path: &Path) {
        let file = self.files.entry(path.to_owned()).or_default();
        let contents = file.flushed.get_or_insert_default();
        file.pending.drain(..).for_each(|change| change.apply(contents));
        self.flushes += 1;
    }

    pub(crate) fn delete(&mut self, path: &Path) {
        self.files.remove(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(offset: usize, bytes: &[u8]) -> Change {
        Change::Write { offset, bytes: bytes.to_vec() }
    }

    #[test]
    fn what_was_flushed_is_there_and_what_was_not_may_be() {
        let path = Path::new("/folder/file");
        let mut files = Files::default();
        files.open(path, None);
        files.change(path, written(0, &[1; 2 * SECTOR]));
        assert!(files.after_power_loss(&mut Chance::new(1)).is_empty(), "never flushed");
        files.flush(path);
        files.change(path, written(SECTOR, &[2; SECTOR]));
        files.change(path, written(2 * SECTOR, &[3; SECTOR]));
        let mut chance = Chance::new(2);
        let mut seen: Vec<Vec<u8>> = (0..100)
            .map(|_| {
                let found = files.after_power_loss(&mut chance).remove(Path::new("file")).unwrap();
                assert_eq!(found[..SECTOR], [1; SECTOR]);
                found.into_iter().step_by(SECTOR).collect()
            })
            .collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen, [vec![1, 1], vec![1, 1, 3], vec![1, 2], vec![1, 2, 3]], "each combination");
        files.change(path, Change::Truncate { size: 1 });
        files.flush(path);
        assert_eq!(files.after_power_loss(&mut chance)[Path::new("file")], [1]);
        files.delete(path);
        assert!(files.after_power_loss(&mut chance).is_empty());
        assert_eq!(files.flushes(), 2);
    }
}
