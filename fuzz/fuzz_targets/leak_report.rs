//! Reports of leaked secrets: the parser does not panic, and the error message contains no part of the
//! report.

#![no_main]

use input::leak_report::Found;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    match Found::list(body) {
        Ok(found) => assert!(found.len() <= 100),
        Err(fault) => assert!(fault.to_string().len() < 200, "{fault}"),
    }
});
