//! The endpoints of the program over HTTP, as it declares them.

/// A path and what can be done there.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// What it is part of.
    pub tag: &'static str,
    /// What can be done, a method each.
    pub operations: &'static [Operation],
}

/// One method of an endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The method, in small letters.
    pub method: &'static str,
    /// The name that programs give to it.
    pub id: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What there is to know besides.
    pub description: &'static str,
    /// What the caller shows.
    pub access: Access,
    /// What stands in the path, the query and the headers.
    pub parameters: &'static [Parameter],
    /// What stands in the body.
    pub body: Option<Body>,
    /// What is answered.
    pub answers: &'static [Answer],
}

/// What the caller of an operation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Anybody,
    /// That it is the application that it says it is.
    Application,
    /// An access token.
    Token,
    /// A token if it likes.
    TokenOrNothing,
    /// The session of somebody who is signed in to the pages.
    Session,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub field: Field,
}

/// A named value.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is always there.
    pub required: bool,
    /// What it is.
    pub description: &'static str,
}

/// What a value holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// An address.
    Uri,
    /// An identifier of 128 bits.
    Uuid,
    /// A whole number.
    Integer,
    /// A truth value.
    Boolean,
    /// Several texts.
    Texts,
    /// Several objects with these fields, and perhaps more.
    Objects(&'static [Field]),
    /// An object with these fields, and perhaps more.
    Object(&'static [Field]),
    /// Anything.
    Any,
}

/// What a body holds.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// The media type.
    pub media: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// An answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// What it means.
    pub description: &'static str,
    /// What the body holds, where there is one.
    pub body: Option<Body>,
}

impl Operation {
    /// An operation without parameters, body and answers, for anybody.
    pub const fn new(method: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self {
            method,
            id,
            summary,
            description: "",
            access: Access::Anybody,
            parameters: &[],
            body: None,
            answers: &[],
        }
    }
}

impl Field {
    /// A value that may be missing.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name, kind, required: false, description }
    }

    /// A value that is always there.
    pub const fn required(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name, kind, required: true, description }
    }

    /// The value as a parameter of the query.
    pub const fn in_query(self) -> Parameter {
        Parameter { place: Place::Query, field: self }
    }

    /// The value as a part of the path, which is never missing.
    pub const fn in_path(self) -> Parameter {
        Parameter { place: Place::Path, field: Self { required: true, ..self } }
    }

    /// The value as a header.
    pub const fn in_header(self) -> Parameter {
        Parameter { place: Place::Header, field: self }
    }
}

impl Body {
    /// A form.
    pub const fn form(fields: &'static [Field]) -> Self {
        Self { media: "application/x-www-form-urlencoded", kind: Kind::Object(fields) }
    }

    /// A JSON object.
    pub const fn json(fields: &'static [Field]) -> Self {
        Self { media: "application/json", kind: Kind::Object(fields) }
    }

    /// A text of another type.
    pub const fn text(media: &'static str) -> Self {
        Self { media, kind: Kind::Text }
    }
}

impl Answer {
    /// An answer with a body.
    pub const fn new(status: u16, description: &'static str, body: Body) -> Self {
        Self { status, description, body: Some(body) }
    }

    /// An answer without one.
    pub const fn empty(status: u16, description: &'static str) -> Self {
        Self { status, description, body: None }
    }
}
