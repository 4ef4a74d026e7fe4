//! The functions of expressions that take their arguments in an order.

/// What the service does with a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is a condition on a property, where the model lets the property be asked so.
    Condition,
    /// It is made of a property, where the model lets the property be asked so, or of a value.
    Property,
    /// It is made of values alone: of a property, no index serves it.
    Value,
    /// It is read and refused.
    Unoffered,
}

/// The functions of the standard (OData ABNF, `methodCallExpr`) and of this service, with the least and the
/// greatest number of arguments.
const FUNCTIONS: &[(&str, usize, usize, Use)] = &[
    ("concat", 2, 2, Use::Value),
    ("contains", 2, 2, Use::Condition),
    ("endswith", 2, 2, Use::Condition),
    ("indexof", 2, 2, Use::Value),
    ("length", 1, 1, Use::Value),
    ("matchesPattern", 2, 2, Use::Unoffered),
    ("startswith", 2, 2, Use::Condition),
    ("substring", 2, 3, Use::Value),
    ("tolower", 1, 1, Use::Property),
    ("toupper", 1, 1, Use::Property),
    ("trim", 1, 1, Use::Value),
    ("year", 1, 1, Use::Property),
    ("month", 1, 1, Use::Property),
    ("day", 1, 1, Use::Property),
    ("hour", 1, 1, Use::Property),
    ("minute", 1, 1, Use::Property),
    ("second", 1, 1, Use::Property),
    ("fractionalseconds", 1, 1, Use::Property),
    ("totalseconds", 1, 1, Use::Value),
    ("date", 1, 1, Use::Property),
    ("time", 1, 1, Use::Property),
    ("totaloffsetminutes", 1, 1, Use::Property),
    ("mindatetime", 0, 0, Use::Value),
    ("maxdatetime", 0, 0, Use::Value),
    ("now", 0, 0, Use::Value),
    ("round", 1, 1, Use::Value),
    ("floor", 1, 1, Use::Value),
    ("ceiling", 1, 1, Use::Value),
    ("geo.distance", 2, 2, Use::Unoffered),
    ("geo.length", 1, 1, Use::Unoffered),
    ("geo.intersects", 2, 2, Use::Unoffered),
    ("hassubset", 2, 2, Use::Unoffered),
    ("hassubsequence", 2, 2, Use::Unoffered),
    ("isdefined", 1, 1, Use::Condition),
    ("equalnull", 2, 2, Use::Condition),
    ("lessequalnull", 2, 2, Use::Condition),
    ("greaterequalnull", 2, 2, Use::Condition),
    ("expandgroup", 1, 1, Use::Unoffered),
    ("yearmonth", 1, 1, Use::Property),
];

/// What the service does with a known function, with its name in the table.
pub(crate) fn role(name: &str) -> Option<(&'static str, Use)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(name, .., role)| (*name, *role))
}

/// The functions with which filters ask for rows (`Org.OData.Capabilities.V1.FilterFunctions`): without those that
/// no property may be asked with.
pub(crate) fn of_filters() -> impl Iterator<Item = &'static str> {
    let asks = |most: usize, role: Use| match role {
        Use::Condition | Use::Property => true,
        Use::Value => most == 0,
        Use::Unoffered => false,
    };
    let offered = FUNCTIONS.iter().filter(move |(_, _, most, role)| asks(*most, *role));
    offered.map(|(name, ..)| *name).chain(OTHERS)
}

/// Functions that are read by rules of their own.
const OTHERS: [&str; 3] = ["case", "cast", "isof"];

/// The least and the greatest number of arguments of a known function.
pub fn arity(name: &str) -> Option<(usize, usize)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(_, least, most, _)| (*least, *most))
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
