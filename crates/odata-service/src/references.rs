//! References of rows: the row that one points to, and identifiers.

use authority::Caller;
use axum::response::Response;
use model::Reference;
use odata::RowKey;
use odata::negotiate::Offer;

use super::answer::Refusal;
use super::read::Reading;

impl Reading<'_> {
    pub(super) async fn reference(
        &self,
        caller: &Caller,
        row: RowKey,
        reference: &'static Reference,
        only_id: bool,
    ) -> Result<Response, Refusal> {
        let Some(row) = self.referenced(caller, row, reference).await? else { return Ok(self.nothing()) };
        if only_id { self.reference_to(row) } else { self.row(caller, row, self.options()?).await }
    }

    /// Returns the row that a reference points to, if it does.
    pub(super) async fn referenced(
        &self,
        caller: &Caller,
        row: RowKey,
        reference: &'static Reference,
    ) -> Result<Option<RowKey>, Refusal> {
        let object = self.with_property(caller, row, reference.name).await?;
        Ok(object.guid(reference.name).map(|id| RowKey { entity: reference.target(), id }))
    }

    /// The identifier of a row that the caller may see.
    pub(super) async fn identifier(&self, caller: &Caller, row: RowKey) -> Result<Response, Refusal> {
        self.with_property(caller, row, row.entity.id().name).await?;
        self.reference_to(row)
    }

    fn reference_to(&self, row: RowKey) -> Result<Response, Refusal> {
        let options = self.options()?;
        let form = self.form(Offer::Data, &options)?;
        Ok(self.found(form, self.style(form, &options).reference(row.entity, row.id)))
    }
}
