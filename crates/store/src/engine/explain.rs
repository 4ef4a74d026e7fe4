//! Plans of statements, for tests that compare them with the indexes.

use std::sync::{Mutex, PoisonError};

use super::{Read, Store, Tx};
use crate::StoreError;
use crate::cell::Cell;
use crate::sql::{Dialect, Sql};

/// The end of an explained transaction, which is always rolled back.
enum Rollback {
    Explained(Vec<String>),
    Failed(StoreError),
}

impl From<StoreError> for Rollback {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Store {
    /// Returns the engine's plans of the statements that `work` runs, line by line. The transaction is rolled back.
    #[doc(hidden)]
    pub async fn explain<F>(&self, work: F) -> Result<Vec<String>, StoreError>
    where
        F: Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
    {
        let explained = self.write(move |tx| {
            tx.read.plans = Some(Mutex::default());
            work(tx)?;
            let plans = tx.read.plans.take().unwrap_or_default();
            Err::<(), _>(Rollback::Explained(plans.into_inner().unwrap_or_else(PoisonError::into_inner)))
        });
        match explained.await {
            Ok(()) => Ok(Vec::new()),
            Err(Rollback::Explained(plans)) => Ok(plans),
            Err(Rollback::Failed(error)) => Err(error),
        }
    }
}

impl Read<'_> {
    /// Records the plan of a statement, if plans are recorded.
    pub(super) fn record_plan(&self, sql: &Sql) -> Result<(), StoreError> {
        let Some(plans) = &self.plans else { return Ok(()) };
        let lines = self.plan(sql)?;
        plans.lock().unwrap_or_else(PoisonError::into_inner).extend(lines);
        Ok(())
    }

    /// Returns the engine's plan of a statement, line by line.
    pub(crate) fn plan(&self, sql: &Sql) -> Result<Vec<String>, StoreError> {
        let explain = if self.dialect() == Dialect::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
        let text = format!("{explain} {}", sql.text);
        let rows = self.fetch(&Sql { text, values: sql.values.clone(), prepared: false })?;
        rows.into_iter().map(|row| Ok(row.into_iter().next_back().unwrap_or(Cell::Null).text()?)).collect()
    }
}
