//! Supervision of the background tasks: a task that ends or panics is restarted with backoff; repeated failure ends the
//! program.

#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use web::tasks::{Task, TaskStates};

/// The restart policy of a task.
#[derive(Clone, Copy, Debug)]
struct Policy {
    /// The pause before the first restart. It doubles with each further restart within `period`.
    pause: Duration,
    /// The number of times that a task can end within `period`; the last one ends the program.
    most: usize,
    period: Duration,
}

const POLICY: Policy =
    Policy { pause: Duration::from_millis(500), most: 5, period: Duration::from_secs(300) };

/// The times at which a task ended within the period.
#[derive(Default)]
struct Ends(Vec<Instant>);

impl Ends {
    /// Records an end. Returns the pause before the restart, or `None` if the task ended too often.
    fn note(&mut self, now: Instant, policy: Policy) -> Option<Duration> {
        self.0.retain(|end| now.duration_since(*end) < policy.period);
        let pause = policy.pause * 2_u32.saturating_pow(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(now);
        (self.0.len() < policy.most).then_some(pause)
    }
}

/// A task that ended too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskFailed(Task);

impl fmt::Display for TaskFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Policy { most, period, .. } = POLICY;
        write!(
            f,
            "the background task '{}' ended {most} times within {} seconds",
            self.0.name(),
            period.as_secs()
        )
    }
}

impl std::error::Error for TaskFailed {}

/// Starts tasks and restarts those that end before the program stops.
pub(crate) struct Supervisor {
    policy: Policy,
    tasks: JoinSet<()>,
    states: Arc<TaskStates>,
    stopping: watch::Receiver<bool>,
    failed: watch::Sender<Option<TaskFailed>>,
}

impl Supervisor {
    /// Creates a supervisor whose tasks end once `stopping` is true.
    pub(crate) fn new(stopping: watch::Receiver<bool>) -> Self {
        Self {
            policy: POLICY,
            tasks: JoinSet::new(),
            states: Arc::default(),
            stopping,
            failed: watch::Sender::new(None),
        }
    }

    /// Returns the states of the tasks.
    pub(crate) fn states(&self) -> Arc<TaskStates> {
        Arc::clone(&self.states)
    }

    /// Starts a task, which ends once its argument becomes true. `run` is called again for each restart.
    pub(crate) fn start<F>(
        &mut self,
        task: Task,
        run: impl Fn(watch::Receiver<bool>) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (policy, states) = (self.policy, self.states());
        let (mut stopping, failed) = (self.stopping.clone(), self.failed.clone());
        self.tasks.spawn(async move {
            let mut ends = Ends::default();
            loop {
                let once = async {
                    if !is_made_to_end(task) {
                        run(stopping.clone()).await;
                    }
                };
                let ended = AssertUnwindSafe(once).catch_unwind().await;
                if *stopping.borrow() {
                    return;
                }
                states.note_end(task);
                let Some(pause) = ends.note(Instant::now(), policy) else {
                    failed.send_replace(Some(TaskFailed(task)));
                    return;
                };
                let (task_name, panicked) = (task.name(), ended.is_err());
                tracing::error!(task = task_name, panicked, ?pause, "a background task ended; will restart");
                tokio::select! {
                    () = tokio::time::sleep(pause) => states.note_restart(task),
                    _ = stopping.changed() => return,
                }
            }
        });
    }

    /// Returns a future that is ready once a task ended too often.
    pub(crate) fn failure(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut failed = self.failed.subscribe();
        async move {
            // The sender lives at least as long as the program serves.
            let _ = failed.wait_for(Option::is_some).await;
        }
    }

    /// Waits for the tasks to end after the program was stopped.
    ///
    /// # Errors
    /// [`TaskFailed`] if a task ended too often.
    pub(crate) async fn finish(mut self) -> Result<(), TaskFailed> {
        while self.tasks.join_next().await.is_some() {}
        let failed = *self.failed.borrow();
        failed.map_or(Ok(()), Err)
    }
}

/// Returns whether a test of the program makes this task end whenever it is started. Always false in a release build.
fn is_made_to_end(task: Task) -> bool {
    cfg!(debug_assertions) && std::env::var("GRANTOR_TEST_ENDING_TASK").is_ok_and(|name| name == task.name())
}
