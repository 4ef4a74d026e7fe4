//! The functions of expressions that take their arguments in an order.

/// The functions of the standard (OData ABNF, `methodCallExpr`) and of this service, with the least and the
/// greatest number of arguments.
const FUNCTIONS: &[(&str, usize, usize)] = &[
    ("concat", 2, 2),
    ("contains", 2, 2),
    ("endswith", 2, 2),
    ("indexof", 2, 2),
    ("length", 1, 1),
    ("matchesPattern", 2, 2),
    ("startswith", 2, 2),
    ("substring", 2, 3),
    ("tolower", 1, 1),
    ("toupper", 1, 1),
    ("trim", 1, 1),
    ("year", 1, 1),
    ("month", 1, 1),
    ("day", 1, 1),
    ("hour", 1, 1),
    ("minute", 1, 1),
    ("second", 1, 1),
    ("fractionalseconds", 1, 1),
    ("totalseconds", 1, 1),
    ("date", 1, 1),
    ("time", 1, 1),
    ("totaloffsetminutes", 1, 1),
    ("mindatetime", 0, 0),
    ("maxdatetime", 0, 0),
    ("now", 0, 0),
    ("round", 1, 1),
    ("floor", 1, 1),
    ("ceiling", 1, 1),
    ("geo.distance", 2, 2),
    ("geo.length", 1, 1),
    ("geo.intersects", 2, 2),
    ("hassubset", 2, 2),
    ("hassubsequence", 2, 2),
    ("isdefined", 1, 1),
    ("equalnull", 2, 2),
    ("lessequalnull", 2, 2),
    ("greaterequalnull", 2, 2),
    ("expandgroup", 1, 1),
    ("yearmonth", 1, 1),
];

/// Functions that are read by rules of their own.
const OTHERS: [&str; 3] = ["case", "cast", "isof"];

/// The least and the greatest number of arguments of a known function.
pub(crate) fn arity(name: &str) -> Option<(usize, usize)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(_, least, most)| (*least, *most))
}

/// What is expected where a function gets another number of arguments than it takes.
pub(crate) fn expected(sign: &str, name: &str) -> String {
    match arity(name) {
        Some((1, 1)) => format!("{sign} of '{name}', which takes one argument,"),
        Some((least, most)) if least == most => format!("{sign} of '{name}', which takes {least} arguments,"),
        Some((least, most)) => format!("{sign} of '{name}', which takes {least} or {most} arguments,"),
        None => sign.to_owned(),
    }
}

/// The known function that was probably meant.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let known = FUNCTIONS.iter().map(|(known, ..)| *known).chain(OTHERS);
    model::nearest(name, known).filter(|known| !known.eq_ignore_ascii_case(name))
}
