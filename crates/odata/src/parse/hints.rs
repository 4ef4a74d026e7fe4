//! Hints for operators and quotes of other languages.

use crate::OdataError;
use crate::options::OptionName;

/// Beginnings of texts that other languages allow after an operand, with the equivalent here. Longer ones come first.
const OPERATORS: [(&str, &str); 13] = [
    ("==", "write 'eq'"),
    ("=", "write 'eq'"),
    ("!=", "write 'ne'"),
    ("<>", "write 'ne'"),
    ("<=", "write 'le'"),
    ("<", "write 'lt'"),
    (">=", "write 'ge'"),
    (">", "write 'gt'"),
    ("&&", "write 'and'"),
    ("||", "write 'or'"),
    ("like ", "write contains(…), startswith(…) or endswith(…)"),
    ("is ", "write 'eq' or 'ne'"),
    ("\"", "a text is written in single quotes"),
];

/// The options with expressions.
const EXPRESSIONS: [OptionName; 4] =
    [OptionName::Filter, OptionName::OrderBy, OptionName::Compute, OptionName::Apply];

/// Adds a hint to a syntax error in an expression, if the text at its position is an operator of another language.
pub(super) fn with_hint(error: OdataError, text: &str) -> OdataError {
    match error {
        OdataError::Syntax { place, message }
            if EXPRESSIONS.iter().any(|option| option.name() == place.option) =>
        {
            let rest: String =
                text.chars().skip(place.at).take(LONGEST).collect::<String>().to_ascii_lowercase();
            let hint = OPERATORS.iter().find(|(beginning, _)| rest.starts_with(beginning));
            let message = hint.map_or_else(|| message.clone(), |(_, hint)| format!("{message}; {hint}"));
            OdataError::Syntax { place, message }
        }
        other => other,
    }
}

/// Length of the longest beginning.
const LONGEST: usize = 5;
