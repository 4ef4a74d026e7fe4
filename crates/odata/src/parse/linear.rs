//! Tests that parsing takes linear time, measured in bytes inspected.

use super::Parser;
use crate::lexer::{Lexer, Strictness};

type Read = fn(&mut Parser<'_>) -> bool;

const READS: [Read; 6] = [
    |parser| parser.expression().is_ok(),
    |parser| parser.order_items().is_ok(),
    |parser| parser.select_items().is_ok(),
    |parser| parser.expand_items().is_ok(),
    |parser| parser.search().is_ok(),
    |parser| parser.transformations().is_ok(),
];

fn steps(read: Read, text: &str) -> usize {
    let mut parser = Parser::new(Lexer::new("text", text, Strictness::Tolerant));
    let _ = read(&mut parser);
    parser.lexer.steps()
}

/// Prefix, repeated part and suffix of texts that could be read repeatedly.
const SHAPES: [(&str, &str, &str); 26] = [
    ("", "a", ""),
    ("", "1", ""),
    ("", " ", "x"),
    ("'", "''", "'"),
    ("a", ".a", ""),
    ("a", "/a", ""),
    ("a", " add 1", ""),
    ("a eq 1", " and a eq 1", ""),
    ("", "-", "1"),
    ("", "not ", "a"),
    ("a in (1", ",1", ")"),
    ("a in ('x", "x", "'"),
    ("a in (a in (a in ('x", "x", "'"),
    ("[1", ",\"x\"", "]"),
    ("{\"a\":1", ",\"b\":[2]", "}"),
    ("case(a:1", ",10:20", ")"),
    ("cast(cast(cast(a", "a", ",T),T),T)"),
    ("contains(contains(contains('", "x", "',b),c),d)"),
    ("f(p=f(p=f(p='", "x", "')))"),
    ("a(", "1", ")/b"),
    ("a", " b", ""),
    ("a", " AND b OR NOT c", ""),
    ("(((a", "  ", ")))"),
    ("filter(a)", "/filter(a)", ""),
    ("groupby((a", ",rollup(a,b)", "))"),
    ("geography'SRID=0;LineString(1 2", ",1 2", ")'"),
];

#[test]
fn parsing_takes_linear_time() {
    for (begin, part, end) in SHAPES {
        for (index, read) in READS.into_iter().enumerate() {
            let of = |count: usize| {
                let text = format!("{begin}{}{end}", part.repeat(count));
                (text.len(), steps(read, &text))
            };
            let ((small, few), (large, many)) = (of(50), of(400));
            // Constant work per byte, with an allowance for fixed costs.
            let most = (few + 100) * large.div_ceil(small) * 2;
            assert!(many <= most, "{index} {begin}{part}…{end}: {few} steps for {small}, {many} for {large}");
            assert!(many <= 30 * large + 100, "{index} {begin}{part}…{end}: {many} steps for {large} bytes");
        }
    }
}

#[test]
fn nesting_is_read_a_constant_number_of_times() {
    for (open, close) in
        [("(", ")"), ("a in (", ")"), ("length(", ")"), ("f(p=", ")"), ("cast(", ",T)"), ("[", "]")]
    {
        for (index, read) in READS.into_iter().enumerate() {
            let text = |depth: usize| format!("{}{}{}", open.repeat(depth), "'x'", close.repeat(depth));
            let (few, many) = (steps(read, &text(15)), steps(read, &text(60)));
            assert!(many <= (few + 60) * 5, "{index} {open}: {few} steps at depth 15, {many} at depth 60");
        }
    }
}
