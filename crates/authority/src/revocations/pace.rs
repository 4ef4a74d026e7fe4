use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::Tx;

use crate::{Ctx, Fault};

/// The time that a step may keep the writer.
const LONGEST: Duration = Duration::from_millis(5);
/// The part of the time that steps may keep the writer: one of so many.
const SHARE: u32 = 4;
/// The number of rows that the first step changes.
const FIRST: usize = 25;
/// Maximum number of rows that one step changes.
const MOST: usize = 500;

/// The pace of long work: short steps, with pauses in which other writers work.
pub(super) struct Pace {
    size: usize,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self { size: FIRST }
    }

    /// Returns the number of rows that the next step changes.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// Runs a step in a transaction, and pauses. The next step is larger or smaller, by the time that this one took.
    ///
    /// # Errors
    /// Those of the work.
    pub(super) async fn step(
        &mut self,
        ctx: &Ctx,
        work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        let spent = Arc::new(AtomicU64::new(0));
        let noted = Arc::clone(&spent);
        ctx.transaction(move |ctx, tx| {
            let begun = Instant::now();
            work(ctx, tx)?;
            noted.store(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
            Ok(())
        })
        .await?;
        let spent = Duration::from_micros(spent.load(Ordering::Relaxed));
        self.size = next_size(self.size, spent);
        tokio::time::sleep(spent * (SHARE - 1)).await;
        Ok(())
    }
}

/// Returns the size of the next step.
fn next_size(size: usize, spent: Duration) -> usize {
    if spent > LONGEST {
        (size / 2).max(1)
    } else if spent < LONGEST / 3 {
        (size * 2).min(MOST)
    } else {
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_takes_at_most_five_milliseconds() {
        let of = Duration::from_micros;
        assert_eq!(next_size(100, of(5_001)), 50);
        assert_eq!(next_size(1, of(90_000)), 1);
        assert_eq!(next_size(100, of(3_000)), 100);
        assert_eq!(next_size(100, of(1_000)), 200);
        assert_eq!(next_size(MOST, of(0)), MOST);
        // Each row takes 40 µs: the size settles at steps of 1.6 to 5 ms.
        let settled = (0..20).fold(FIRST, |size, _| next_size(size, of(40 * size as u64)));
        assert!((1_600..=5_000).contains(&(settled * 40)), "{settled}");
    }
}
