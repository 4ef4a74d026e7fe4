//! The query of a URL: the parser does not panic, the parsed value prints as a text that parses to the same
//! value, and error positions are within the text.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use odata::{OdataError, QueryOptions, parse};

fuzz_target!(|text: &str| {
    let _ = QueryOptions::parse(text);
    if let Err(mismatch) = odata_grammar::check("queryOptions", text) {
        assert!(mismatch.at <= text.chars().count(), "{mismatch:?}");
    }
    same(text, parse::filter, |expr| expr.to_string());
    same(text, parse::order_by, |items| joined(items, ","));
    same(text, parse::select, |items| joined(items, ","));
    same(text, parse::expand, |items| joined(items, ","));
    same(text, parse::compute, |items| joined(items, ","));
    same(text, parse::apply, |steps| joined(steps, "/"));
    same(text, parse::search, |search| search.to_string());
});

fn joined<T: ToString>(items: &[T], separator: &str) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(separator)
}

fn same<T: PartialEq + Debug>(
    text: &str,
    read: impl Fn(&str) -> Result<T, OdataError>,
    print: impl Fn(&T) -> String,
) {
    match read(text) {
        Ok(tree) => {
            let printed = print(&tree);
            match read(&printed) {
                // The canonical text can be longer than the limit allows.
                Err(OdataError::Limit { .. }) => {}
                again => assert_eq!(again, Ok(tree), "{text:?} is printed as {printed:?}"),
            }
        }
        Err(error) => {
            assert!(error.position().is_none_or(|at| at <= text.chars().count()), "{error}");
        }
    }
}
