//! The layer between SQLite and its files: a VFS (<https://sqlite.org/vfs.html>) that passes each call to the one below, and
//! records it.
//!
//! A file of the layer is a file of the VFS below with a [`Tail`] behind it in the same memory, and a method table in which
//! five methods are replaced.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_FCNTL_PRAGMA, SQLITE_IOERR, SQLITE_OK, sqlite3_file, sqlite3_io_methods,
    sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use crate::Files;
use crate::files::Change;

/// Whether the connections to a recorded folder flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flushing {
    /// As the program sets `PRAGMA synchronous`.
    AsSet,
    /// Never: where the program sets `PRAGMA synchronous`, the value is replaced by `OFF`.
    Off,
}

type Before = Box<dyn FnMut(&Files) + Send>;

struct Recording {
    folder: PathBuf,
    flushing: Flushing,
    files: Mutex<(Files, Before)>,
}

impl Recording {
    /// Calls the observer, and then records a change.
    fn note(&self, note: impl FnOnce(&mut Files)) {
        let mut guard = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let (files, before) = &mut *guard;
        before(files);
        note(files);
    }
}

static RECORDINGS: Mutex<Vec<Arc<Recording>>> = Mutex::new(Vec::new());

/// The VFS that was the default one before.
static BELOW: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());

/// Records the changes that SQLite makes from now on to files in `folder`, which must exist. `before` runs before each write, truncation, flush
/// and deletion, on the thread that asked for it; it must not panic, nor use SQLite for files in the folder.
///
/// # Errors
/// Where the folder cannot be resolved.
pub fn record(
    folder: &Path,
    flushing: Flushing,
    before: impl FnMut(&Files) + Send + 'static,
) -> std::io::Result<()> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(install);
    let files = Mutex::new((Files::default(), Box::new(before) as Before));
    let recording = Arc::new(Recording { folder: folder.canonicalize()?, flushing, files });
    RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner).push(recording);
    Ok(())
}

fn install() {
    // SAFETY: a null name asks for the default VFS, which SQLite never frees. The new one is leaked, so it lives as long.
    unsafe {
        let below = sqlite3_vfs_find(ptr::null());
        let layer = sqlite3_vfs {
            szOsFile: c_int::try_from(tail_offset(below) + size_of::<Tail>()).unwrap_or(c_int::MAX),
            pNext: ptr::null_mut(),
            zName: c"power-loss".as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..*below
        };
        BELOW.store(below, Ordering::Release);
        sqlite3_vfs_register(Box::leak(Box::new(layer)), 1);
    }
}

/// State of a recorded file, behind the file of the VFS below.
struct Tail {
    methods: sqlite3_io_methods,
    below: *const sqlite3_io_methods,
    path: PathBuf,
    recording: Arc<Recording>,
}

/// Returns where the tail of a file begins, in bytes.
///
/// # Safety
/// `below` is a VFS.
unsafe fn tail_offset(below: *const sqlite3_vfs) -> usize {
    // SAFETY: the caller's.
    let size = unsafe { (*below).szOsFile };
    usize::try_from(size).unwrap_or(0).next_multiple_of(align_of::<Tail>())
}

/// Returns the tail of a file.
///
/// # Safety
/// `file` was opened by [`open`] with a tail and is not closed.
unsafe fn tail(file: *mut sqlite3_file) -> *mut Tail {
    // SAFETY: the layer's `szOsFile` covers the tail, and SQLite aligns files to eight bytes.
    unsafe { file.byte_add(tail_offset(BELOW.load(Ordering::Acquire))).cast() }
}

fn recording_of(path: &Path) -> Option<Arc<Recording>> {
    let recordings = RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    recordings.iter().find(|recording| path.starts_with(&recording.folder)).cloned()
}

/// Returns the path that SQLite names, if it names one.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's.
    let name = unsafe { CStr::from_ptr(name) };
    Some(OsStr::from_bytes(name.to_bytes()).into())
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let below = BELOW.load(Ordering::Acquire);
    // SAFETY: SQLite passes memory of the layer's `szOsFile` bytes, so both the file of the VFS below and the tail fit.
    unsafe {
        let Some(open) = (*below).xOpen else { return SQLITE_CANTOPEN };
        let recorded = path_of(name).and_then(|path| Some((recording_of(&path)?, path)));
        let there = recorded.as_ref().and_then(|(_, path)| std::fs::read(path).ok());
        let result = open(below, name, file, flags, out);
        if let (SQLITE_OK, Some((recording, path))) = (result, recorded) {
            recording.files.lock().unwrap_or_else(PoisonError::into_inner).0.open(&path, there);
            let below = (*file).pMethods;
            let methods = sqlite3_io_methods {
                xClose: Some(close),
                xWrite: Some(write),
                xTruncate: Some(truncate),
                xSync: Some(sync),
                xFileControl: Some(control),
                ..*below
            };
            let tail = tail(file);
            tail.write(Tail { methods, below, path, recording });
            (*file).pMethods = &raw const (*tail).methods;
        }
        result
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let below = BELOW.load(Ordering::Acquire);
    // SAFETY: SQLite passes a C string, and the VFS below is called as SQLite would call it.
    unsafe {
        let Some(delete) = (*below).xDelete else { return SQLITE_IOERR };
        if let Some(path) = path_of(name)
            && let Some(recording) = recording_of(&path)
        {
            recording.note(|files| files.delete(&path));
        }
        delete(below, name, sync)
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: only files with a tail have this method; SQLite calls no other method after it.
    unsafe {
        let tail = tail(file).read();
        (*file).pMethods = tail.below;
        (*tail.below).xClose.map_or(SQLITE_IOERR, |close| close(file))
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: only files with a tail have this method; SQLite passes `count` bytes.
    unsafe {
        let tail = &*tail(file);
        let written = std::slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(count).unwrap_or(0));
        let change = Change::Write { offset: usize::try_from(offset).unwrap_or(0), bytes: written.to_vec() };
        tail.recording.note(|files| files.change(&tail.path, change));
        (*tail.below).xWrite.map_or(SQLITE_IOERR, |write| write(file, bytes, count, offset))
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    // SAFETY: only files with a tail have this method.
    unsafe {
        let tail = &*tail(file);
        let change = Change::Truncate { size: usize::try_from(size).unwrap_or(0) };
        tail.recording.note(|files| files.change(&tail.path, change));
        (*tail.below).xTruncate.map_or(SQLITE_IOERR, |truncate| truncate(file, size))
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: only files with a tail have this method.
    unsafe {
        let tail = &*tail(file);
        let result = (*tail.below).xSync.map_or(SQLITE_IOERR, |sync| sync(file, flags));
        if result == SQLITE_OK {
            tail.recording.note(|files| files.flush(&tail.path));
        }
        result
    }
}

unsafe extern "C" fn control(file: *mut sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: only files with a tail have this method. For a pragma, the argument is an array of the answer, the name and the
    // value or null (SQLITE_FCNTL_PRAGMA).
    unsafe {
        let tail = &*tail(file);
        if operation == SQLITE_FCNTL_PRAGMA && tail.recording.flushing == Flushing::Off {
            let [_, name, value] = *argument.cast::<[*mut c_char; 3]>();
            if CStr::from_ptr(name) == c"synchronous" {
                replace_by_off(value);
            }
        }
        (*tail.below).xFileControl.map_or(SQLITE_IOERR, |control| control(file, operation, argument))
    }
}

/// Writes `OFF` over the value of a pragma, which SQLite reads afterwards from the same memory.
///
/// # Safety
/// `value` is null or a C string that may be written to.
unsafe fn replace_by_off(value: *mut c_char) {
    const OFF: &CStr = c"OFF";
    // SAFETY: the caller's; what is written is not longer than what is there.
    unsafe {
        if !value.is_null() && CStr::from_ptr(value).count_bytes() >= OFF.count_bytes() {
            value.copy_from_nonoverlapping(OFF.as_ptr(), OFF.count_bytes() + 1);
        }
    }
}
