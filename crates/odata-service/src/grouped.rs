//! Groups of rows (`$apply`).

use authority::Caller;
use authority::registry::query;
use axum::response::Response;
use model::query::Query;
use model::{Entity, Property, Value};
use odata::groups::{Ends, Groups, KeyRows};
use odata::negotiate::Offer;
use odata::payload::Style;
use odata::skiptoken::Position;
use odata::{ExpandedKey, GroupStep, QueryOptions, bind_apply};

use super::answer::Refusal;
use super::prefer::Preferences;
use super::read::Reading;
use super::stream::{End, Question};

impl Reading<'_> {
    /// Answers a request with `$apply`.
    pub(super) async fn groups(
        &self,
        caller: &Caller,
        entity: &'static Entity,
        options: &QueryOptions,
        question: &Question,
    ) -> Result<Response, Refusal> {
        let (form, preferences) = (self.form(Offer::Data, options)?, self.preferences());
        let position = options.skip_token.as_ref().map(|token| question.position(token)).transpose()?;
        // What `now()` is stays the same from page to page.
        let now = position.as_ref().map_or(self.ctx.now, |position| position.asked);
        let asked = bind_apply(entity, &options.query, now)?;
        let mut all = Groups::default();
        for sequence in &asked.sequences {
            let (bound, groups) = query::groups(self.ctx, caller, entity, &sequence.grouping).await?;
            let mut groups = Groups::new(&bound, groups);
            sequence.after.iter().for_each(|after| groups.apply(after));
            all.extend(groups);
        }
        self.meter.add(all.len() as u64, clock::now());
        asked.after.iter().for_each(|after| all.apply(after));
        // The number of groups is that before a page of them is taken (OData 4.01, part 1, 11.2.6.5).
        let count = asked.count.then_some(all.len());
        let next = self.take_page(&mut all, options, &preferences, position.as_ref());
        let links =
            next.map(|(after, left)| question.links(Some(after), End { asked: now, left, mark: None }));
        let style = self.style(form, options);
        let rows = self.key_rows(caller, options, &asked.expanded, &all, style).await?;
        let context = format!("{}$metadata#{}({})", self.root, entity.set_name(), asked.columns().join(","));
        let ends = Ends { count, links: links.unwrap_or_default() };
        let response = self.found(form, all.body(style, &context, &ends, &rows));
        Ok(preferences.applied_to_page(response, false))
    }

    /// Keeps the groups of the requested page. Returns the position of the next page, and the number of groups that may
    /// follow. Without `$top` and a preferred page size, all groups are one page.
    fn take_page(
        &self,
        all: &mut Groups,
        options: &QueryOptions,
        preferences: &Preferences,
        position: Option<&Position>,
    ) -> Option<(Vec<Value>, Option<u64>)> {
        let offset = match position.map(|position| position.after.as_slice()) {
            Some([Value::Int(offset)]) => u64::try_from(*offset).unwrap_or(u64::MAX),
            _ => options.query.skip.unwrap_or(0),
        };
        all.apply(&GroupStep::Skip(offset));
        if options.query.top.is_none() && preferences.max_page_size.is_none() {
            return None;
        }
        let extent = self.extent(options.query.top, preferences, position);
        let there = all.len() as u64;
        all.apply(&GroupStep::Top(extent.size));
        if there <= extent.size || extent.size == 0 {
            return None;
        }
        let next = i64::try_from(offset.saturating_add(extent.size)).unwrap_or(i64::MAX);
        Some((vec![Value::Int(next)], extent.left.map(|left| left - extent.size)))
    }

    /// Reads the rows of keys that are references, as far as the caller may see them: those that `expandgroup` names with the
    /// properties that it selects, and with `options=expandgroup` the display texts of all others.
    async fn key_rows(
        &self,
        caller: &Caller,
        options: &QueryOptions,
        expanded: &[ExpandedKey],
        groups: &Groups,
        style: Style<'_>,
    ) -> Result<KeyRows, Refusal> {
        let mut rows = KeyRows::default();
        for (column, reference) in groups.references() {
            let target = reference.target();
            let expanded = expanded.iter().find(|key| key.column == column);
            let texts = || Query { select: vec!["DisplayText".to_owned()], ..Query::default() };
            let Some(query) =
                expanded.map(|key| key.query.clone()).or_else(|| options.expand_groups.then(texts))
            else {
                continue;
            };
            let bound = query::bind(self.ctx, caller, target, &query)?;
            query::disclose(self.ctx, caller, &bound).await?;
            for ids in groups.referenced(&column).chunks(ROWS_AT_ONCE) {
                let ids = ids.iter().copied().map(Value::Guid).collect();
                let page = bound.clone().limited_to(Property::Attribute(target.id()), ids);
                let page = query::fetch(self.ctx, &page).await?;
                match expanded {
                    Some(_) => rows.add(&column, style, &bound, &page.objects),
                    None => rows.add_texts(&column, &page.objects),
                }
            }
        }
        self.meter.add(rows.len() as u64, clock::now());
        Ok(rows)
    }
}

/// How many rows of keys are read at once.
const ROWS_AT_ONCE: usize = 500;
