//! Functions of expressions with positional arguments.

/// The support of the service for a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A condition on a property, if the model supports it for the property.
    Condition,
    /// A function of a value, or of a property if the model supports it for the property.
    Property,
    /// A function of constant values only: no index supports it for properties.
    Value,
    /// Parsed, but not supported.
    Unoffered,
}

/// The functions of the standard (OData ABNF, `methodCallExpr`) and of this service, with the minimum and
/// maximum number of arguments.
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

/// Returns the canonical name and the support of a known function.
pub(crate) fn role(name: &str) -> Option<(&'static str, Role)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(name, .., role)| (*name, *role))
}

/// Returns the functions for conditions on rows (`Org.OData.Capabilities.V1.FilterFunctions`), without
/// functions of constants only.
pub(crate) fn for_filters() -> impl Iterator<Item = &'static str> {
    let asks = |most: usize, role: Role| match role {
        Role::Condition | Role::Property => true,
        Role::Value => most == 0,
        Role::Unoffered => false,
    };
    let offered = FUNCTIONS.iter().filter(move |(_, _, most, role)| asks(*most, *role));
    offered.map(|(name, ..)| *name).chain(OTHERS)
}

/// Functions with grammar rules of their own.
const OTHERS: [&str; 3] = ["case", "cast", "isof"];

/// Returns the minimum and maximum number of arguments of a known function.
///
/// ```
/// use odata::syntax::arity;
///
/// assert_eq!(arity("substring"), Some((2, 3)));
/// assert_eq!(arity("Own.Function"), None);
/// ```
pub fn arity(name: &str) -> Option<(usize, usize)> {
    let known = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(_, least, most, _)| (*least, *most))
}

/// Returns the expectation for an error about the number of arguments.
pub(crate) fn expected(sign: &str, name: &str) -> String {
    match arity(name) {
        Some((1, 1)) => format!("{sign} of '{name}', which takes one argument"),
        Some((least, most)) if least == most => format!("{sign} of '{name}', which takes {least} arguments"),
        Some((least, most)) => format!("{sign} of '{name}', which takes {least} or {most} arguments"),
        None => sign.to_owned(),
    }
}

/// Returns the known function with the most similar name.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let known = FUNCTIONS.iter().map(|(known, ..)| *known).chain(OTHERS);
    model::nearest(name, known).filter(|known| !known.eq_ignore_ascii_case(name))
}
