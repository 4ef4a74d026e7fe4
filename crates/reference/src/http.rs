//! The HTTP endpoints of the program, as they are declared beside their handlers.

use std::borrow::Cow;

/// One method of one path.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path as a route: parameters are in braces, and one that contains slashes begins with `*`.
    pub path: &'static str,
    /// The group to which it belongs.
    pub tag: Tag,
    /// The identifier for generated clients (`operationId`).
    pub id: &'static str,
    /// The purpose, in a few words.
    pub summary: &'static str,
    /// Further information: the specification, conditions.
    pub description: &'static str,
    /// The credentials of the caller.
    pub access: Access,
    /// The parameters in path, query and headers.
    pub parameters: &'static [Parameter],
    /// The body of the request.
    pub body: Option<Body>,
    /// The responses.
    pub answers: &'static [Answer],
}

/// The method of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET, and HEAD with it.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
    /// Every method; described as GET.
    Any,
}

/// A group of endpoints. The reference has one page per group, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Endpoints to which clients send browsers, and what belongs to a sign-in.
    SignIn,
    /// Issuing, introspection and revocation of tokens.
    Tokens,
    /// Registration of clients.
    Registration,
    /// Metadata.
    Discovery,
    /// Health checks and metrics.
    Health,
    /// The registry as OData.
    OData,
    /// The description of the model.
    Model,
    /// The registry as GraphQL.
    GraphQl,
    /// Forward auth and reports of leaked secrets.
    ForwardAuth,
    /// The reference itself.
    Descriptions,
}

/// The credentials of the caller of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// None.
    Public,
    /// Client authentication.
    Client,
    /// An access token.
    Token,
    /// An access token, which is optional.
    OptionalToken,
    /// The session of a user who is signed in to the pages.
    Session,
}

/// The location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A parameter of an endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The location.
    pub place: Place,
    /// The name, type and description.
    pub field: Field,
}

/// A named value.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
    /// Whether it is always present.
    pub required: bool,
    /// The description.
    pub description: &'static str,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// A URI.
    Uri,
    /// An identifier of 128 bits.
    Uuid,
    /// A whole number.
    Integer,
    /// A truth value.
    Boolean,
    /// A list of texts.
    Texts,
    /// A list of objects with at least these fields.
    Objects(&'static [Field]),
    /// An object with at least these fields.
    Object(&'static [Field]),
    /// Any JSON value.
    Any,
}

/// The body of a request or response.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// The media type.
    pub media: &'static str,
    /// The content.
    pub kind: Kind,
}

/// A response.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The meaning.
    pub description: &'static str,
    /// The body, if there is one.
    pub body: Option<Body>,
}

impl Endpoint {
    /// Returns a public endpoint without parameters, body and responses.
    pub const fn new(
        method: Method,
        path: &'static str,
        tag: Tag,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            tag,
            id,
            summary,
            description: "",
            access: Access::Public,
            parameters: &[],
            body: None,
            answers: &[],
        }
    }

    /// Returns the path as OpenAPI has it, where a parameter can contain slashes without saying so.
    pub fn described_path(&self) -> Cow<'static, str> {
        if self.path.contains("{*") { self.path.replace("{*", "{").into() } else { self.path.into() }
    }
}

impl Method {
    /// Returns the method as a key of OpenAPI: in lower case.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Get | Self::Any => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }
}

impl Tag {
    /// Returns the name of the group.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in",
            Self::Tokens => "Tokens",
            Self::Registration => "Registration",
            Self::Discovery => "Discovery",
            Self::Health => "Health",
            Self::OData => "OData",
            Self::Model => "Model",
            Self::GraphQl => "GraphQL",
            Self::ForwardAuth => "Forward auth and leak reports",
            Self::Descriptions => "Descriptions",
        }
    }
}

impl Field {
    /// Returns a value that can be absent.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name, kind, required: false, description }
    }

    /// Returns a value that is always present.
    pub const fn required(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name, kind, required: true, description }
    }

    /// Returns the value as a query parameter.
    pub const fn in_query(self) -> Parameter {
        Parameter { place: Place::Query, field: self }
    }

    /// Returns the value as a path parameter, which is always present.
    pub const fn in_path(self) -> Parameter {
        Parameter { place: Place::Path, field: Self { required: true, ..self } }
    }

    /// Returns the value as a header.
    pub const fn in_header(self) -> Parameter {
        Parameter { place: Place::Header, field: self }
    }
}

impl Body {
    /// Returns a form.
    pub const fn form(fields: &'static [Field]) -> Self {
        Self { media: "application/x-www-form-urlencoded", kind: Kind::Object(fields) }
    }

    /// Returns a JSON object.
    pub const fn json(fields: &'static [Field]) -> Self {
        Self { media: "application/json", kind: Kind::Object(fields) }
    }

    /// Returns a text of another media type.
    pub const fn text(media: &'static str) -> Self {
        Self { media, kind: Kind::Text }
    }
}

impl Answer {
    /// Returns a response with a body.
    pub const fn new(status: u16, description: &'static str, body: Body) -> Self {
        Self { status, description, body: Some(body) }
    }

    /// Returns a response without a body.
    pub const fn empty(status: u16, description: &'static str) -> Self {
        Self { status, description, body: None }
    }
}

/// Returns fields as query parameters.
pub const fn query<const N: usize>(fields: &[Field; N]) -> [Parameter; N] {
    let mut parameters = [Field::new("", Kind::Any, "").in_query(); N];
    let mut index = 0;
    while index < N {
        parameters[index] = fields[index].in_query();
        index += 1;
    }
    parameters
}
