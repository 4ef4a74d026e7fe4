//! The functions of expressions that take their arguments in an order.

/// What the service does with a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
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
const FUNCTIONS: &[(&str, usize, usize, Role)] = &[
    ("concat", 2, 2, Role::Value),
    ("contains", 2, 2, Role::Condition),
    ("endswith", 2, 2, Role::Condition),
    ("indexof", 2, 2, Role::Value),
    ("length", 1, 1, Role::Value),
    ("matchesPattern", 2, 2, Role::Unoffered),
    ("startswith", 2, 2, Role::Condition),
    ("substring", 2, 3, Role::Value),
    ("tolower", 1, 1, Role::Property),
    ("toupper", 1, 1, Role::Property),
    ("trim", 1, 1, Role::Value),
    ("year", 1, 1, Role::Property),
    ("month", 1, 1, Role::Property),
    ("day", 1, 1, Role::Property),
    ("hour", 1, 1, Role::Property),
    ("minute", 1, 1, Role::Property),
    ("second", 1, 1, Role::Property),
    ("fractionalseconds", 1, 1, Role::Property),
    ("totalseconds", 1, 1, Role::Value),
    ("date", 1, 1, Role::Property),
    ("time", 1, 1, Role::Property),
    ("totaloffsetminutes", 1, 1, Role::Property),
    ("mindatetime", 0, 0, Role::Value),
    ("maxdatetime", 0, 0, Role::Value),
    ("now", 0, 0, Role::Value),
    ("round", 1, 1, Role::Value),
    ("floor", 1, 1, Role::Value),
    ("ceiling", 1, 1, Role::Value),
    ("geo.distance", 2, 2, Role::Unoffered),
    ("geo.length", 1, 1, Role::Unoffered),
    ("geo.intersects", 2, 2, Role::Unoffered),
    ("hassubset", 2, 2, Role::Unoffered),
    ("hassubsequence", 2, 2, Role::Unoffered),
    ("isdefined", 1, 1, Role::Condition),
    ("equalnull", 2, 2, Role::Condition),
    ("lessequalnull", 2, 2, Role::Condition),
    ("greaterequalnull", 2, 2, Role::Condition),
    ("expandgroup", 1, 1, Role::Unoffered),
    ("yearmonth", 1, 1, Role::Property),
];

/// What the service does with a known function, with its name in the table.
pub(crate) fn role(name: &str) -> Option<(&'static str, Role)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(name, .., role)| (*name, *role))
}

/// The functions with which filters ask for rows (`Org.OData.Capabilities.V1.FilterFunctions`): without those that
/// no property may be asked with.
pub(crate) fn for_filters() -> impl Iterator<Item = &'static str> {
    let asks = |most: usize, role: Role| match role {
        Role::Condition | Role::Property => true,
        Role::Value => most == 0,
        Role::Unoffered => false,
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
