//! Writes that are not committed, such as those of an object transaction. They are applied in a transaction that is always
//! rolled back; what is read at its end is what a request sees. See decision 57.

use std::convert::Infallible;
use std::sync::Arc;

use store::{Read, StoreError, Tx};

use crate::{Ctx, Fault};

/// Writes that are not committed. They can be applied several times.
pub type Pending = Arc<dyn Fn(&Ctx, &mut Tx<'_>) -> Result<(), Fault> + Send + Sync>;

/// How work that is rolled back ended.
enum Ended<T> {
    Done(T),
    Failed(Fault),
}

impl<T> From<StoreError> for Ended<T> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl Ctx {
    /// Runs work in a transaction, and rolls it back. On a conflict with another transaction the work runs again.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn rehearse<T: Send + 'static>(
        &self,
        work: impl Fn(&Self, &mut Tx<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        let ctx = self.clone();
        let ended: Result<Infallible, Ended<T>> = self
            .store()
            .write(move |tx| {
                Err(match work(&ctx, tx) {
                    Ok(value) => Ended::Done(value),
                    Err(fault) => Ended::Failed(fault),
                })
            })
            .await;
        match ended {
            Err(Ended::Done(value)) => Ok(value),
            Err(Ended::Failed(fault)) => Err(fault),
            Ok(never) => match never {},
        }
    }

    /// Reads the registry, with the pending writes of the context.
    ///
    /// # Errors
    /// Those of the registry; those of a pending write that can no longer be applied.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&Read<'_>) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        let Some(pending) = self.pending().map(Arc::clone) else {
            return Ok(self.store().read(work).await?);
        };
        self.rehearse(move |ctx, tx| {
            pending(ctx, tx)?;
            let read: &Read<'_> = tx;
            Ok(work(read)?)
        })
        .await
    }
}
