//! The path of a URL: the parser does not panic, the parsed value prints as a path that parses to the same
//! value, and error positions are within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use odata::{OdataError, Resource, parse};

fuzz_target!(|text: &str| {
    let _ = Resource::parse(text);
    if let Err(mismatch) = odata_grammar::check("odataRelativeUri", text) {
        assert!(mismatch.at <= text.chars().count(), "{mismatch:?}");
    }
    match parse::target(text) {
        Ok(target) => {
            let printed = target.to_string();
            match parse::target(&printed) {
                Err(OdataError::Limit { .. }) => {}
                again => assert_eq!(again, Ok(target), "{text:?} is printed as {printed:?}"),
            }
        }
        Err(error) => assert!(error.position().is_none_or(|at| at <= text.chars().count()), "{error}"),
    }
});
