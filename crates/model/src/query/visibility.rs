use super::{Actor, Comparison, Expr};
use crate::{Collection, Entity, Ownership, Property, Value};

/// Returns the filter for the rows of an entity that a caller may see.
///
/// ```
/// use model::query::{Actor, Expr, visibility};
/// use model::{Record as _, Uuid, entities::Scope};
///
/// assert!(matches!(visibility(Scope::entity(), Actor::SYSTEM), Expr::Const(true)));
/// assert!(matches!(visibility(Scope::entity(), Actor::user(Uuid::from_u128(1))), Expr::Const(false)));
/// ```
pub fn visibility(entity: &'static Entity, actor: Actor) -> Expr {
    if actor.sees_all {
        return Expr::Const(true);
    }
    let Some(user) = actor.user else { return Expr::Const(false) };
    let points_to_user = |name: &&str| {
        let reference = entity.reference(name)?;
        Some(Expr::Compare(Property::Reference(reference), Comparison::Eq, Value::Guid(user)))
    };
    match &entity.ownership {
        Ownership::Unowned => Expr::Const(false),
        Ownership::Caller => {
            Expr::Compare(Property::Attribute(entity.id()), Comparison::Eq, Value::Guid(user))
        }
        Ownership::References(names) => any_of(names.iter().filter_map(points_to_user).collect()),
        Ownership::Through(name) => entity.reference(name).map_or(Expr::Const(false), |reference| {
            Expr::Through(reference, Box::new(visibility(reference.target(), actor)))
        }),
        Ownership::ReferencesOrUsedBy(names, collection) => {
            let used = Expr::Any(collection, Box::new(visibility(collection.target(), actor)));
            any_of(names.iter().filter_map(points_to_user).chain([used]).collect())
        }
    }
}

/// Returns the filter for the rows of a collection that a caller may see, given that the caller sees the
/// row that they belong to.
pub(super) fn visibility_of_children(collection: &'static Collection, actor: Actor) -> Expr {
    match collection.target().ownership {
        Ownership::Through(name) if name == collection.via => Expr::Const(true),
        _ => visibility(collection.target(), actor),
    }
}

fn any_of(mut expressions: Vec<Expr>) -> Expr {
    match expressions.len() {
        0 => Expr::Const(false),
        1 => expressions.remove(0),
        _ => Expr::Or(expressions),
    }
}
