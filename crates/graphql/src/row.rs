use authority::{Fault, Scopes};
use model::query::Object;
use model::{Entity, Field, Property, Record, Timestamp, Uuid};

use super::date_time::DateTime;
use crate::context::ResolverContext;
use crate::loaders::RowKey;

/// A type of the schema that represents the rows of an entity.
pub(crate) trait FromRow: async_graphql::OutputType + Sized {
    /// The entity.
    fn entity() -> &'static Entity;
    /// The properties that are read.
    const PROPERTIES: &'static [&'static str];
    /// Converts a row.
    fn from_row(row: &Row) -> Result<Self, Fault>;

    /// Finds a row, unless the caller may not see it.
    async fn find(resolver: &ResolverContext, id: Uuid) -> Result<Option<Self>, Fault> {
        Row::find::<Self>(resolver, id).await?.as_ref().map(Self::from_row).transpose()
    }

    /// Finds the row that a reference points to, if any.
    async fn find_referenced(resolver: &ResolverContext, id: Option<Uuid>) -> Result<Option<Self>, Fault> {
        match id {
            Some(id) => Self::find(resolver, id).await,
            None => Ok(None),
        }
    }
}

/// A row of the registry: one that the caller may see, or the result of a verb.
pub(crate) struct Row(Object);

impl Row {
    /// Returns the row of a record, without secret and sealed attributes.
    pub(crate) fn from_record<R: Record>(record: &R) -> Self {
        let entity = R::entity();
        let values = entity.columns().map(|(_, property)| property).zip(record.to_values());
        let is_shown = |property: &Property| match property {
            Property::Attribute(attribute) => !attribute.secret && !attribute.sealed,
            Property::Reference(_) => true,
        };
        let values = values.filter(|(property, _)| is_shown(property)).collect();
        Self(Object { entity, id: record.id(), version: 0, values, expanded: Vec::new() })
    }

    /// Returns the row of an object that was read.
    pub(crate) const fn from_object(object: Object) -> Self {
        Self(object)
    }

    /// Finds a row, unless the caller may not see it. Rows that other fields request are read in the same batch.
    async fn find<T: FromRow>(resolver: &ResolverContext, id: Uuid) -> Result<Option<Self>, Fault> {
        let key = RowKey { entity: T::entity(), properties: T::PROPERTIES, id };
        Ok(resolver.loaders.row(key).await?.map(Self))
    }

    /// The identifier.
    pub(crate) const fn id(&self) -> Uuid {
        self.0.id
    }

    /// The value of a property that was read.
    pub(super) fn get<T: Field>(&self, name: &str) -> Result<T, Fault> {
        let value = self.0.value(name).cloned();
        let value = value.ok_or_else(|| Fault::Internal(format!("'{name}' was not read")))?;
        T::from_value(value).map_err(|error| Fault::Internal(format!("'{name}': {error}")))
    }

    /// The value of a derived property: records do not have it.
    pub(super) fn derived<T: Field>(&self, name: &str) -> Result<Option<T>, Fault> {
        if self.0.value(name).is_none() { Ok(None) } else { self.get(name).map(Some) }
    }

    /// A time.
    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime>, Fault> {
        Ok(self.get::<Option<Timestamp>>(name)?.map(DateTime))
    }

    /// A text that the schema always has.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<String, Fault> {
        Ok(self.get::<Option<String>>(name)?.unwrap_or_default())
    }

    /// A list that the registry separates by commas.
    pub(super) fn list(&self, name: &str) -> Result<Vec<String>, Fault> {
        let text: Option<String> = self.get(name)?;
        let parts = text.as_deref().unwrap_or_default().split(',').map(str::trim);
        Ok(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
    }

    /// A list of scopes.
    pub(super) fn scopes(&self, name: &str) -> Result<Vec<String>, Fault> {
        let text: Option<String> = self.get(name)?;
        Ok(Scopes::stored(text.as_deref()).iter().map(str::to_owned).collect())
    }
}
