//! Description of the service, independent of the CSDL notation.
//!
//! [`super::csdl_xml`] and [`super::csdl_json`] write it.

/// The schema of the service, with the vocabularies that it uses.
pub(super) struct Schema {
    /// The vocabularies: URL and namespace.
    pub(super) vocabularies: Vec<(&'static str, &'static str)>,
    /// Namespace of all definitions.
    pub(super) namespace: &'static str,
    /// The service's own terms.
    pub(super) terms: Vec<Term>,
    /// The enumerations.
    pub(super) enums: Vec<Enum>,
    /// The types of rows.
    pub(super) types: Vec<RowType>,
    /// Result types of functions.
    pub(super) values: Vec<ValueType>,
    /// The functions.
    pub(super) functions: Vec<Function>,
    /// The actions.
    pub(super) actions: Vec<Function>,
    /// The sets.
    pub(super) container: Container,
    pub(super) annotations: Vec<Annotation>,
}

/// A complex type: values without a key.
pub(super) struct ValueType {
    pub(super) name: &'static str,
    /// Whether values have members that are not declared.
    pub(super) is_open: bool,
    pub(super) properties: Vec<Property>,
}

/// A function or action, bound to one row type or of the service.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Whether it is called on a row, which is then the first parameter.
    pub(super) is_bound: bool,
    pub(super) parameters: Vec<Parameter>,
    /// The result type; `None` if there is no result.
    pub(super) return_type: Option<String>,
    pub(super) annotations: Vec<Annotation>,
}

/// A parameter of a function or action.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) type_name: String,
    pub(super) nullable: bool,
    pub(super) annotations: Vec<Annotation>,
}

/// A term of annotations.
pub(super) struct Term {
    pub(super) name: &'static str,
    pub(super) type_name: &'static str,
    pub(super) applies_to: &'static [&'static str],
    pub(super) annotations: Vec<Annotation>,
}

/// An enumeration.
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) members: Vec<Member>,
}

/// A member of an enumeration.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) value: i64,
    pub(super) annotations: Vec<Annotation>,
}

/// The type of an entity's rows.
pub(super) struct RowType {
    pub(super) name: String,
    pub(super) key: &'static str,
    pub(super) properties: Vec<Property>,
    pub(super) links: Vec<Link>,
    pub(super) annotations: Vec<Annotation>,
}

/// A structural property.
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) type_name: String,
    pub(super) nullable: bool,
    pub(super) max_length: Option<Length>,
    /// Number of fractional digits of seconds.
    pub(super) precision: Option<u8>,
    pub(super) default: Option<Constant>,
    pub(super) annotations: Vec<Annotation>,
}

/// Maximum length of text.
#[derive(Clone, Copy)]
pub(super) enum Length {
    /// A number of characters.
    Characters(u32),
    /// Without a practical limit.
    Unlimited,
}

/// A default value.
pub(super) enum Constant {
    Bool(bool),
    Int(i64),
    Text(&'static str),
}

/// A navigation property.
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) target: String,
    pub(super) many: bool,
    pub(super) nullable: bool,
    pub(super) partner: Option<&'static str>,
    pub(super) annotations: Vec<Annotation>,
}

/// The entity container.
pub(super) struct Container {
    pub(super) name: &'static str,
    pub(super) sets: Vec<Set>,
    pub(super) imports: Vec<Import>,
    pub(super) annotations: Vec<Annotation>,
}

/// An action or function of the service, callable by its name.
pub(super) struct Import {
    pub(super) name: &'static str,
    pub(super) is_action: bool,
    /// Whether the service document has it.
    pub(super) is_listed: bool,
}

impl Import {
    /// Returns the word for its kind.
    pub(super) const fn kind(&self) -> &'static str {
        if self.is_action { "Action" } else { "Function" }
    }
}

/// An entity set.
pub(super) struct Set {
    pub(super) name: String,
    pub(super) type_name: String,
    /// The navigation properties with their target sets.
    pub(super) bindings: Vec<(&'static str, String)>,
    pub(super) annotations: Vec<Annotation>,
}

/// An annotation with a vocabulary term.
pub(super) struct Annotation {
    pub(super) term: String,
    pub(super) value: Expression,
}

/// The value of an annotation.
pub(super) enum Expression {
    Bool(bool),
    Int(i64),
    Text(String),
    /// The name of a property.
    Path(&'static str),
    /// The name of a navigation property.
    Navigation(&'static str),
    /// A member of a vocabulary enumeration.
    Member {
        type_name: &'static str,
        member: &'static str,
    },
    List(Vec<Expression>),
    Record(Vec<(&'static str, Expression)>),
}

impl Expression {
    /// Creates a list of property names.
    pub(super) fn paths(names: impl Iterator<Item = &'static str>) -> Self {
        Self::List(names.map(Self::Path).collect())
    }

    /// Creates a list of names of navigation properties.
    pub(super) fn navigations(names: impl Iterator<Item = &'static str>) -> Self {
        Self::List(names.map(Self::Navigation).collect())
    }

    /// Creates a list of texts.
    pub(super) fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }
}

/// Creates an annotation with a term of `Org.OData.Core.V1`.
pub(super) fn core(term: &str, value: Expression) -> Annotation {
    Annotation { term: format!("Org.OData.Core.V1.{term}"), value }
}

pub(super) fn described(description: &str) -> Vec<Annotation> {
    let text = (!description.is_empty()).then(|| Expression::Text(description.to_owned()));
    text.map(|text| core("Description", text)).into_iter().collect()
}
