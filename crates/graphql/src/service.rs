//! The state of the GraphQL handlers.

use super::documents::Documents;
use super::limits::Limits;
use super::schema::Schema;
use super::subscription_slots::SubscriptionSlots;

/// The schema, its limits, the trusted documents and the open subscriptions.
pub struct Service {
    pub(super) schema: Schema,
    pub(super) limits: Limits,
    pub(super) documents: Documents,
    pub(super) slots: SubscriptionSlots,
}

impl Default for Service {
    fn default() -> Self {
        Self::new(Limits::default(), Documents::default())
    }
}

impl Service {
    /// Returns a service with these limits. A request may name one of the documents by its hash.
    pub fn new(limits: Limits, documents: Documents) -> Self {
        Self { schema: Schema::default(), limits, documents, slots: SubscriptionSlots::default() }
    }

    /// Returns the number of open subscriptions.
    pub fn streams(&self) -> u64 {
        self.slots.count()
    }
}
