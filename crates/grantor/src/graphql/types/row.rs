use authority::actions::query;
use authority::{Fault, Scopes};
use model::query::{Object, Query};
use model::{Field, Property, Record, Timestamp, Uuid};

use super::DateTime;
use crate::graphql::caller::Asking;

/// A row of the registry: one that the caller may see, or one that a verb gave them.
pub(in crate::graphql) struct Row(Object);

impl Row {
    /// The row that a verb gave, without what is encrypted or never leaves the server.
    pub(in crate::graphql) fn of<R: Record>(record: &R) -> Self {
        let entity = R::entity();
        let values = entity.columns().map(|(_, property)| property).zip(record.to_values());
        let is_shown = |property: &Property| match property {
            Property::Attribute(attribute) => !attribute.secret && !attribute.sealed,
            Property::Reference(_) => true,
        };
        let values = values.filter(|(property, _)| is_shown(property)).collect();
        Self(Object { entity, id: record.id(), version: 0, values, expanded: Vec::new() })
    }

    /// Finds a row with some of its properties, unless the caller may not see it.
    pub(in crate::graphql) async fn find<R: Record>(
        asking: &Asking,
        id: Uuid,
        properties: &[&str],
    ) -> Result<Option<Self>, Fault> {
        let select = properties.iter().map(|name| (*name).to_owned()).collect();
        let query = Query { select, ..Query::default() };
        let found = query::find(&asking.ctx, &asking.caller, R::entity(), id, &query).await?;
        Ok(found.map(Self))
    }

    /// The identifier.
    pub(super) const fn id(&self) -> Uuid {
        self.0.id
    }

    /// The value of a property that was read.
    pub(super) fn get<T: Field>(&self, name: &str) -> Result<T, Fault> {
        let value = self.0.value(name).cloned();
        let value = value.ok_or_else(|| Fault::Internal(format!("'{name}' was not read")))?;
        T::from_value(value).map_err(|error| Fault::Internal(format!("'{name}': {error}")))
    }

    /// A moment.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime>, Fault> {
        Ok(self.get::<Option<Timestamp>>(name)?.map(DateTime))
    }

    /// A text that the schema always has.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<String, Fault> {
        Ok(self.get::<Option<String>>(name)?.unwrap_or_default())
    }

    /// A list of permissions.
    pub(super) fn scopes(&self, name: &str) -> Result<Vec<String>, Fault> {
        let text: Option<String> = self.get(name)?;
        Ok(Scopes::stored(text.as_deref()).iter().map(str::to_owned).collect())
    }
}
