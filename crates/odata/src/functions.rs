//! The functions of filter expressions.

use crate::ast::Call;

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
    ("isof", 1, 2),
    ("cast", 1, 2),
    ("equalnull", 2, 2),
    ("lessequalnull", 2, 2),
    ("greaterequalnull", 2, 2),
];

/// Refuses a known function with the wrong number of arguments.
pub(crate) fn check_arity(call: &Call) -> Result<(), String> {
    let known = FUNCTIONS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&call.name));
    match known {
        Some((name, least, most)) if !(*least..=*most).contains(&call.args.len()) => {
            let wanted = if least == most { least.to_string() } else { format!("{least} or {most}") };
            Err(format!("'{name}' takes {wanted} arguments, {} are given", call.args.len()))
        }
        _ => Ok(()),
    }
}

/// The known function that was probably meant.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let known = FUNCTIONS.iter().map(|(known, ..)| *known);
    model::nearest(name, known).filter(|known| !known.eq_ignore_ascii_case(name))
}
