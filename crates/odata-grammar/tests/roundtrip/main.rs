//! Random trees and texts: printed trees parse to the same tree, and nothing panics.

mod expressions;
mod options;

use odata::ast::{ExpandItem, ExpandShape, Options};
use odata::{QueryOptions, Resource, parse};
use odata_grammar::check;
use proptest::collection::vec;
use proptest::prelude::*;

fn joined<T: ToString>(items: &[T], separator: &str) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(separator)
}

/// Returns whether a random input exceeded a limit.
fn too_large<T>(result: &Result<T, odata::OdataError>) -> bool {
    matches!(result, Err(odata::OdataError::Limit { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_expression_parses_to_the_same_tree(tree in expressions::tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parse::filter(&text).map_err(|error| format!("{error}: {text}")), Ok(tree));
        let encoded = text.replace('%', "%25").replace('#', "%23");
        prop_assert_eq!(check("commonExpr", &encoded), Ok(()), "{}", text);
    }

    #[test]
    fn a_printed_search_parses_to_the_same_tree(tree in options::search()) {
        let text = tree.to_string();
        prop_assert_eq!(parse::search(&text).map_err(|error| format!("{error}: {text}")), Ok(tree));
    }

    #[test]
    fn printed_transformations_parse_to_the_same_trees(steps in options::transformations()) {
        let text = joined(&steps, "/");
        let parsed = parse::apply(&text);
        prop_assume!(!too_large(&parsed));
        prop_assert_eq!(parsed.map_err(|error| format!("{error}: {text}")), Ok(steps));
    }

    #[test]
    fn printed_options_parse_to_the_same_options(options in options::options()) {
        prop_assume!(options != Options::default());
        let item = ExpandItem { path: vec!["X".into()], shape: ExpandShape::Rows, options, at: 0 };
        let text = item.to_string();
        let parsed = parse::expand(&text);
        prop_assume!(!too_large(&parsed));
        prop_assert_eq!(parsed.map_err(|error| format!("{error}: {text}")), Ok(vec![item]));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        read_everything(&text);
    }

    #[test]
    fn no_text_of_tokens_panics(words in vec(proptest::sample::select(WORDS), 0..30)) {
        read_everything(&words.concat());
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..60)) {
        read_everything(&String::from_utf8_lossy(&bytes));
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        read_everything(&encoded);
    }
}

const WORDS: &[&str] = &[
    " ",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "/",
    "'",
    "\"",
    "\\",
    "@",
    "$",
    "%",
    "%2",
    "%27",
    "=",
    "&",
    "-",
    "+",
    ".",
    "and",
    " eq ",
    " in (",
    "not ",
    "any(",
    "$count",
    "$filter",
    "$expand=",
    "$it",
    "2026-08-01",
    "T10:30",
    "Z",
    "12345678-1234-1234-1234-123456789012",
    "duration'",
    "binary'",
    "Ns.T'",
    "null",
    "-INF",
    "1e",
    "ä",
    "\u{301}",
    "Systems_Security_Users",
    "Id",
    "$metadata",
    "/",
    "Ns.F(p=",
    "case(",
    "cast(",
    "{",
    "}",
    "NOT ",
    "groupby((",
    "aggregate(",
    " with sum as ",
    "$root/",
    "%2F",
    "geometry'SRID=0;Point(",
];

/// Parses a text by every entry point. Errors must lie within it, and trees must round-trip.
fn read_everything(text: &str) {
    let errors = [
        same(text, parse::filter, |expr| expr.to_string()),
        same(text, parse::order_by, |items| joined(items, ",")),
        same(text, parse::select, |items| joined(items, ",")),
        same(text, parse::expand, |items| joined(items, ",")),
        same(text, parse::compute, |items| joined(items, ",")),
        same(text, parse::apply, |steps| joined(steps, "/")),
        same(text, parse::search, |search| search.to_string()),
        same(text, parse::literal, |literal| literal.to_string()),
        same(text, parse::target, |target| target.to_string()),
    ];
    for error in errors.into_iter().flatten() {
        assert!(error.position().is_none_or(|at| at <= text.chars().count()), "{error}: {text}");
        let _ = error.body();
    }
    for rule in ["queryOptions", "odataRelativeUri", "contextFragment", "geographyPolygon", "primitiveValue"]
    {
        if let Err(mismatch) = check(rule, text) {
            assert!(mismatch.at <= text.chars().count(), "{rule} {mismatch:?}: {text}");
        }
    }
    if let Ok(options) = QueryOptions::parse(text) {
        for entity in model::entities() {
            let _ = odata::bind(entity, &options.query, model::Timestamp::from_seconds(0));
        }
    }
    let _ = QueryOptions::parse(&format!("$filter={text}"));
    let _ = Resource::parse(text);
    let _ = Resource::parse(&format!("Systems_Security_Users({text})"));
}

/// Returns the parse error of a text. Without one, its tree must round-trip.
fn same<T: PartialEq + std::fmt::Debug>(
    text: &str,
    read: impl Fn(&str) -> Result<T, odata::OdataError>,
    print: impl Fn(&T) -> String,
) -> Option<odata::OdataError> {
    match read(text) {
        Ok(tree) => {
            let printed = print(&tree);
            assert_eq!(read(&printed), Ok(tree), "{text:?} is printed as {printed:?}");
            None
        }
        Err(error) => Some(error),
    }
}
