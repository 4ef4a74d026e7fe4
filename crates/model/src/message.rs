//! Messages as a format and its parameters, so that a client can translate them.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// A message for people: a format such as `there is no {0} '{1}'`, and the texts for its placeholders.
///
/// ```
/// use model::Message;
///
/// let message = Message::new("there is no {0} '{1}'", ["row", "{0}"]);
/// assert_eq!(message.to_string(), "there is no row '{0}'");
/// assert_eq!(Message::plain("no {0} here").to_string(), "no {0} here");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The format.
    pub format: Cow<'static, str>,
    /// The parameters.
    pub parameters: Vec<String>,
}

impl Message {
    /// Creates a message from a format and its parameters.
    pub fn new<T: ToString>(format: &'static str, parameters: impl IntoIterator<Item = T>) -> Self {
        let parameters = parameters.into_iter().map(|parameter| parameter.to_string()).collect();
        Self { format: Cow::Borrowed(format), parameters }
    }

    /// Creates a message without parameters.
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self { format: text.into(), parameters: Vec::new() }
    }

    /// Appends a part to the format, whose placeholders continue the numbers, if there is a parameter for it.
    #[must_use]
    pub fn with(mut self, part: &str, parameter: Option<impl ToString>) -> Self {
        if let Some(parameter) = parameter {
            let number = format!("{{{}}}", self.parameters.len());
            self.format.to_mut().push_str(&part.replace("{}", &number));
            self.parameters.push(parameter.to_string());
        }
        self
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.format.as_ref();
        while let Some((before, after)) = rest.split_once('{') {
            f.write_str(before)?;
            let placeholder = after.split_once('}');
            let parameter =
                placeholder.and_then(|(number, _)| self.parameters.get(number.parse::<usize>().ok()?));
            rest = match (placeholder, parameter) {
                (Some((_, after)), Some(parameter)) => {
                    f.write_str(parameter)?;
                    after
                }
                _ => {
                    f.write_str("{")?;
                    after
                }
            };
        }
        f.write_str(rest)
    }
}
