//! Data in the shape of a plan.

use async_graphql::parser::types::{BaseType, Type};
use async_graphql::{Name, PathSegment, ServerError, Value};

use super::plan::{Member, Plan, TYPE};

/// Gives data the shape of its plan: members in the order of the request, objects without members as `{}`, and null
/// where a value failed, or as near to it as the schema allows a null (GraphQL, section 6.4.4). A failure that no
/// error explains gets one.
pub(crate) fn complete(plan: &Plan, mut data: Value, errors: &mut Vec<ServerError>) -> Value {
    if data == Value::Null {
        // The executor gives null for an object of which every field failed.
        data = Value::Object(Default::default());
    }
    let mut completion = Completion { errors, path: Vec::new() };
    match completion.object(plan, &mut data) {
        Ok(()) => data,
        Err(NoNull) => Value::Null,
    }
}

/// There is no value where there can be no null.
struct NoNull;

/// Where in the data something is.
#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a Name),
    Item(usize),
}

struct Completion<'a> {
    errors: &'a mut Vec<ServerError>,
    path: Vec<Step<'a>>,
}

impl<'a> Completion<'a> {
    fn object(&mut self, plan: &'a Plan, value: &mut Value) -> Result<(), NoNull> {
        let Value::Object(found) = value else { return Ok(()) };
        let members = match plan {
            Plan::Object(members) => members,
            Plan::Abstract(plans) => {
                let of = found.swap_remove(TYPE);
                let plan =
                    plans.iter().find(|(name, _)| matches!(&of, Some(Value::String(of)) if *name == of));
                plan.map(|(_, members)| members).ok_or(NoNull)?
            }
        };
        let is_in_order =
            found.len() == members.len() && found.keys().zip(members).all(|(key, member)| *key == member.key);
        if !is_in_order {
            let mut unordered = std::mem::take(found);
            found.reserve(members.len());
            for member in members {
                let value = unordered.swap_remove(&member.key).unwrap_or_else(|| {
                    self.place(member);
                    Value::Null
                });
                found.insert(member.key.clone(), value);
            }
        }
        let depth = self.path.len();
        for (member, value) in members.iter().zip(found.values_mut()) {
            self.path.push(Step::Member(&member.key));
            self.value(member, member.of, value)?;
            self.path.truncate(depth);
        }
        Ok(())
    }

    fn value(&mut self, member: &'a Member, of: &Type, value: &mut Value) -> Result<(), NoNull> {
        if *value == Value::Null {
            if of.nullable {
                return Ok(());
            }
            self.explain(member);
            return Err(NoNull);
        }
        let completed = match (&of.base, &member.inner) {
            (_, None) => Ok(()),
            (BaseType::List(of), Some(_)) => self.list(member, of, value),
            (BaseType::Named(_), Some(plan)) => self.object(plan, value),
        };
        if completed.is_err() && of.nullable {
            *value = Value::Null;
            return Ok(());
        }
        completed
    }

    fn list(&mut self, member: &'a Member, of: &Type, value: &mut Value) -> Result<(), NoNull> {
        let Value::List(items) = value else { return Ok(()) };
        let depth = self.path.len();
        for (index, item) in items.iter_mut().enumerate() {
            self.path.push(Step::Item(index));
            self.value(member, of, item)?;
            self.path.truncate(depth);
        }
        Ok(())
    }

    /// Sets the path of an error without one, for a member without a value: the executor sets none for a wrong argument.
    fn place(&mut self, member: &'a Member) {
        self.path.push(Step::Member(&member.key));
        if !self.errors.iter().any(|error| starts_with(&error.path, &self.path)) {
            let path = segments(&self.path);
            if let Some(error) = self.errors.iter_mut().find(|error| error.path.is_empty()) {
                error.path = path;
            }
        }
        self.path.pop();
    }

    /// Adds an error for a missing value, unless there is one.
    fn explain(&mut self, member: &Member) {
        if self.errors.iter().any(|error| starts_with(&error.path, &self.path)) {
            return;
        }
        let message =
            format!("Cannot return null for non-nullable field {}.{}.", member.parent, member.field);
        let path = segments(&self.path);
        self.errors.push(ServerError { path, ..ServerError::new(message, Some(member.pos)) });
    }
}

fn starts_with(path: &[PathSegment], steps: &[Step<'_>]) -> bool {
    let is_same = |(segment, step): (&PathSegment, &Step<'_>)| match (segment, step) {
        (PathSegment::Field(field), Step::Member(name)) => field == name.as_str(),
        (PathSegment::Index(index), Step::Item(item)) => index == item,
        _ => false,
    };
    path.len() >= steps.len() && path.iter().zip(steps).all(is_same)
}

fn segments(steps: &[Step<'_>]) -> Vec<PathSegment> {
    let segment = |step: &Step<'_>| match step {
        Step::Member(name) => PathSegment::Field(name.to_string()),
        Step::Item(index) => PathSegment::Index(*index),
    };
    steps.iter().map(segment).collect()
}
