//! A list of breached passwords in a file: sorted SHA-1 hashes in hexadecimal, one per line, whole or truncated, with or
//! without a count after a colon, such as that of "Have I Been Pwned", ordered by hash.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use authority::BreachList;
use data_encoding::HEXUPPER;

/// The minimum number of digits of a truncated hash.
const FEWEST: usize = 10;
/// The maximum length of a line, in bytes.
const LINE: usize = 128;

struct BreachFile {
    file: File,
    length: u64,
}

/// Opens a list.
///
/// # Errors
/// If the file cannot be read, or does not begin with a hash.
pub(crate) fn open(path: &Path) -> anyhow::Result<Box<dyn BreachList>> {
    let opened = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok::<_, io::Error>(BreachFile { file, length })
    };
    let list = opened().with_context(|| format!("opening password_breach_file {}", path.display()))?;
    let (first, _) = list.line(0)?;
    let hash = hash_of(&first);
    if hash.len() < FEWEST || hash.len() > 40 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!(
            "password_breach_file {} does not begin with a SHA-1 hash of {FEWEST} to 40 hexadecimal digits",
            path.display()
        );
    }
    Ok(Box::new(list))
}

/// Returns the hash of a line, in upper case.
fn hash_of(line: &str) -> String {
    line.split(':').next().unwrap_or_default().trim().to_ascii_uppercase()
}

impl BreachFile {
    /// Returns the line at an offset, and the offset of the next line.
    fn line(&self, at: u64) -> io::Result<(String, u64)> {
        let mut bytes = [0; LINE];
        let read = self.file.read_at(&mut bytes, at)?;
        let bytes = &bytes[..read];
        let length = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(read);
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        Ok((text, at + length as u64 + 1))
    }

    /// Returns the offset of the first line at or after `at`.
    fn beginning(&self, at: u64) -> io::Result<u64> {
        if at == 0 { Ok(0) } else { Ok(self.line(at - 1)?.1) }
    }
}

impl BreachList for BreachFile {
    fn contains(&self, sha1: &[u8; 20]) -> io::Result<bool> {
        let wanted = HEXUPPER.encode(sha1);
        // The last line that is not greater than the hash begins before `high`; no line before `low` is greater.
        let (mut low, mut high) = (0, self.length);
        let mut last = String::new();
        while low < high {
            let middle = self.beginning(low + (high - low) / 2)?;
            let start = if middle < high { middle } else { low };
            let (line, next) = self.line(start)?;
            let hash = hash_of(&line);
            if hash <= wanted {
                (last, low) = (hash, next);
            } else {
                high = start;
            }
        }
        Ok(last.len() >= FEWEST && wanted.starts_with(&last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> anyhow::Result<Box<dyn BreachList>> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("grantor-breach-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        let list = open(&path);
        std::fs::remove_file(&path).unwrap();
        list
    }

    #[test]
    fn only_listed_hashes_are_found() {
        let hash = |number: u32| token::digest::sha1(&number.to_be_bytes());
        for (digits, count) in [(40, ":17"), (40, ""), (12, "")] {
            let mut lines: Vec<String> = (0..500)
                .map(|number| format!("{}{count}", &HEXUPPER.encode(&hash(number))[..digits]))
                .collect();
            lines.sort_unstable();
            for end in ["\n", "\r\n"] {
                let list = list(&lines.join(end)).unwrap();
                assert!((0..500).all(|number| list.contains(&hash(number)).unwrap()), "{digits} {count}");
                assert!(!(500..1000).any(|number| list.contains(&hash(number)).unwrap()));
            }
        }
    }

    #[test]
    fn a_file_without_hashes_is_refused() {
        for text in ["", "password1\n", "5BAA6\n", "# SHA-1 hashes\n"] {
            assert!(list(text).is_err(), "{text}");
        }
    }
}
