//! Values that expressions name by their path from the service root (`$root/…`).

use authority::Caller;
use authority::registry::query;
use model::query::Query;
use odata::ast::Literal;
use odata::{QueryOptions, RootTarget, attribute_literal, root_paths};

use super::answer::Refusal;
use super::read::Reading;

impl Reading<'_> {
    /// Looks up what the options name by paths from the service root. Of a row that is not there, or that the caller
    /// may not see, every value is null (OData 4.01 part 2, section 5.1.1.14).
    pub(super) async fn look_up_roots(
        &self,
        caller: &Caller,
        options: &mut QueryOptions,
    ) -> Result<(), Refusal> {
        for rooted in root_paths(&options.query)? {
            let value = self.value_of(caller, rooted.target).await?;
            rooted.resolve(value, &mut options.query);
        }
        Ok(())
    }

    async fn value_of(&self, caller: &Caller, wanted: RootTarget) -> Result<Literal, Refusal> {
        match wanted {
            RootTarget::Property(row, attribute) => {
                let object = self.find_with(caller, row, attribute.name).await?;
                Ok(object.map_or(Literal::Null, |object| attribute_literal(&object, attribute)))
            }
            RootTarget::Count(entity) => {
                let all = query::bind(self.ctx, caller, entity, &Query::default())?;
                let count = query::count(self.ctx, &all).await?;
                Ok(Literal::Int(i64::try_from(count).unwrap_or(i64::MAX)))
            }
        }
    }
}
