//! Names of the enumeration types. A name that two entities use for different enumerations is scoped by the entity.

use std::sync::OnceLock;

use model::{DataType, Entity, EnumType};

/// An enumeration with its name in CSDL, without the namespace.
type Named = (&'static EnumType, String);

/// Returns the enumerations that are types of attributes, in the order of their first use.
///
/// ```
/// let kinds = odata::metadata::enum_types();
/// assert!(kinds.iter().any(|kind| kind.name == "GrantKind"));
/// ```
pub fn enum_types() -> Vec<&'static EnumType> {
    names().iter().map(|(kind, _)| *kind).collect()
}

/// Returns the name of an enumeration in CSDL, without the namespace.
///
/// ```
/// assert_eq!(odata::metadata::enum_name(model::entities::GrantKind::TYPE), "GrantKind");
/// ```
pub fn enum_name(kind: &'static EnumType) -> &'static str {
    let named = names().iter().find(|(known, _)| is_same(known, kind));
    named.map_or(kind.name, |(_, name)| name.as_str())
}

fn names() -> &'static [Named] {
    static NAMES: OnceLock<Vec<Named>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let attributes = model::entities().flat_map(|entity: &'static Entity| {
            entity.attributes().map(move |attribute| (entity, attribute))
        });
        scoped(attributes.filter_map(|(entity, attribute)| match attribute.data_type {
            DataType::Enum(kind) => Some((entity.type_name(), kind)),
            _ => None,
        }))
    })
}

/// Names the enumerations of entity types.
fn scoped(uses: impl Iterator<Item = (String, &'static EnumType)>) -> Vec<Named> {
    let mut named: Vec<(String, &'static EnumType)> = Vec::new();
    for (entity, kind) in uses {
        if !named.iter().any(|(_, known)| is_same(known, kind)) {
            named.push((entity, kind));
        }
    }
    let is_shared = |kind: &EnumType| named.iter().filter(|(_, other)| other.name == kind.name).count() > 1;
    let name = |(entity, kind): &(String, &'static EnumType)| {
        let name = if is_shared(kind) { format!("{entity}_{}", kind.name) } else { kind.name.to_owned() };
        (*kind, name)
    };
    named.iter().map(name).collect()
}

fn is_same(left: &EnumType, right: &EnumType) -> bool {
    let members = |kind: &EnumType| kind.members.iter().map(|member| member.name).collect::<Vec<_>>();
    left.name == right.name && members(left) == members(right)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::{Code, Member};

    use super::*;

    const LOW: Member = Member { name: "Low", code: Code::Int(0), description: "" };
    const LATE: Member = Member { name: "Late", code: Code::Int(0), description: "" };
    static FIRST: EnumType = EnumType { name: "Priority", description: "", members: &[LOW] };
    static SECOND: EnumType = EnumType { name: "Priority", description: "", members: &[LATE] };
    static OTHER: EnumType = EnumType { name: "Level", description: "", members: &[LOW] };

    #[test]
    fn a_name_of_two_enumerations_is_scoped() {
        let uses = [("A", &FIRST), ("A", &OTHER), ("B", &SECOND), ("C", &FIRST), ("C", &OTHER)];
        let named = scoped(uses.into_iter().map(|(entity, kind)| (entity.to_owned(), kind)));
        let names: Vec<_> = named.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["A_Priority", "Level", "B_Priority"]);
    }

    #[test]
    fn the_names_of_the_model_are_distinct() {
        let distinct: BTreeSet<_> = names().iter().map(|(_, name)| name).collect();
        assert_eq!(distinct.len(), names().len());
    }
}
