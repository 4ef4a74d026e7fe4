//! Groups of rows (`$apply`).

use std::collections::HashMap;

use authority::Caller;
use authority::registry::query;
use axum::response::Response;
use model::query::Query;
use model::{Entity, Property, Reference, Uuid, Value};
use odata::groups::Groups;
use odata::negotiate::Offer;
use odata::{QueryOptions, bind_apply};

use super::answer::Refusal;
use super::read::{Reading, json_form};

impl Reading<'_> {
    /// Answers a request with `$apply`.
    pub(super) async fn groups(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        options: &QueryOptions,
    ) -> Result<Response, Refusal> {
        let form = self.form(Offer::Data, options)?;
        let asked = bind_apply(entity, &options.query, self.ctx.now)?;
        let mut all = Groups::default();
        for sequence in &asked.sequences {
            let (bound, groups) = query::groups(self.ctx, caller, entity, &sequence.grouping).await?;
            let mut groups = Groups::new(&bound, groups);
            sequence.after.iter().for_each(|after| groups.apply(after));
            all.extend(groups);
        }
        self.meter.add(all.len() as u64, clock::now());
        // The number of groups is that before a page of them is taken (OData 4.01, part 1, 11.2.6.5).
        let mut count = all.len();
        for after in &asked.after {
            all.apply(after);
            if matches!(after, odata::GroupStep::Having(_)) {
                count = all.len();
            }
        }
        let texts = if options.expand_groups { self.texts(caller, &all).await? } else { HashMap::new() };
        let context = format!("{}$metadata#{}({})", self.root, entity.set_name(), asked.columns().join(","));
        let count = asked.count.then_some(count);
        let text = |id| texts.get(&id).cloned();
        let skip_nulls = options.skip_nulls;
        Ok(self.found(form, all.body((self.version, json_form(form)), &context, count, skip_nulls, &text)))
    }

    /// The display texts of the rows by which is grouped, as far as the caller may see them.
    async fn texts(&self, caller: &Caller, groups: &Groups) -> Result<HashMap<Uuid, String>, Refusal> {
        let mut texts = HashMap::new();
        for reference in groups.references() {
            for ids in groups.referenced(reference).chunks(TEXTS_AT_ONCE) {
                self.texts_of(caller, reference, ids, &mut texts).await?;
            }
        }
        Ok(texts)
    }

    async fn texts_of(
        &self,
        caller: &Caller,
        reference: &'static Reference,
        ids: &[Uuid],
        texts: &mut HashMap<Uuid, String>,
    ) -> Result<(), Refusal> {
        let target = reference.target();
        let select = Query { select: vec!["DisplayText".to_owned()], ..Query::default() };
        let bound = query::bind(self.ctx, caller, target, &select)?;
        let values = ids.iter().copied().map(Value::Guid).collect();
        let page =
            query::fetch(self.ctx, &bound.limited_to(Property::Attribute(target.id()), values)).await?;
        texts.extend(page.objects.iter().map(|object| (object.id, object.display_text())));
        Ok(())
    }
}

/// How many display texts are read at once.
const TEXTS_AT_ONCE: usize = 500;
