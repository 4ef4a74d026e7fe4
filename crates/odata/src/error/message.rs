//! The messages of errors.

use model::Message;

use super::OdataError;

impl OdataError {
    /// Returns the message for the client.
    pub fn message(&self) -> Message {
        match self {
            Self::Encoding { part, at } => Message::new(
                "{0}: the percent-encoding at character {1} is not UTF-8 text",
                [part, &at.to_string()],
            ),
            Self::Syntax { place, message } | Self::Meaning { place, message } => {
                Message::new("{0}, character {1}: {2}", [&place.option, &place.at.to_string(), message])
            }
            Self::Limit { place, what, limit } => Message::new(
                "{0}: {1} exceeds the limit of {2}",
                [place.option.as_str(), *what, &limit.to_string()],
            ),
            Self::NotOffered { what, .. } => Message::new("{0} is not supported by this service", [what]),
            Self::NotYet(pending) => Message::plain(pending.text()),
            Self::Renamed { name, now } => {
                Message::new("the entity set '{0}' was renamed: it is '{1}'", [name.as_str(), *now])
            }
            Self::UnknownOption { name, suggestion } => {
                suggesting(Message::new("there is no query option '{0}'", [name]), suggestion)
            }
            Self::DuplicateOption { name } => Message::new("the query option '{0}' is given twice", [name]),
            Self::Misplaced { message, .. } => Message::plain(*message),
            Self::BadOption { name, expected } => Message::new("'{0}' takes {1}", [name, expected]),
            Self::NotFound { what, name, suggestion } => {
                suggesting(Message::new("there is no {0} '{1}'", [*what, name.as_str()]), suggestion)
            }
            Self::BadKey { set } => Message::new(
                "the key of {0} is a guid, such as {0}(12345678-9abc-def0-1234-56789abcdef0)",
                [set],
            ),
            Self::NotAcceptable { offered } => {
                Message::new("the response is available as {0}, which the request does not accept", [offered])
            }
            Self::MediaType { expected } => {
                Message::new("the request body must be of the media type {0}", [expected])
            }
            Self::BadVersion => Message::plain("OData-MaxVersion must be a version number of at least 4.0"),
            Self::BadOwnVersion => Message::plain("OData-Version must be 4.0 or 4.01"),
            Self::BadPageToken => Message::plain("the page token does not belong to this query"),
            Self::BadDeltaToken => Message::plain(
                "the delta link is invalid or has expired; read the rows again to obtain a new one",
            ),
            Self::NoIsolation => Message::plain("isolation is not supported by this service"),
            Self::Query(error) => error.message(),
        }
    }
}

fn suggesting(message: Message, suggestion: &Option<String>) -> Message {
    message.with("; did you mean '{}'?", suggestion.as_ref())
}
