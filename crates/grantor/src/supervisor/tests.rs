//! Restarts of tasks, without waiting for the clock.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const AT_ONCE: Policy = Policy { pause: Duration::ZERO, ..POLICY };

fn supervisor() -> (watch::Sender<bool>, Supervisor) {
    let (stop, stopping) = watch::channel(false);
    (stop, Supervisor { policy: AT_ONCE, ..Supervisor::new(stopping) })
}

#[test]
fn pauses_double_and_the_fifth_end_within_the_period_is_the_last() {
    let (mut ends, start) = (Ends::default(), Instant::now());
    let mut after = |seconds| ends.note(start + Duration::from_secs(seconds), POLICY);
    let pauses: Vec<_> = (0..5).map(&mut after).collect();
    let millis = |millis| Some(Duration::from_millis(millis));
    assert_eq!(pauses, [millis(500), millis(1000), millis(2000), millis(4000), None]);
    // The first two are outside the period.
    assert_eq!(after(301), millis(4000));
    assert_eq!(after(302), millis(4000));
    assert_eq!(after(1000), millis(500));
}

#[tokio::test]
async fn a_task_that_panics_or_ends_is_restarted() {
    let (stop, mut supervisor) = supervisor();
    let (states, runs) = (supervisor.states(), Arc::new(AtomicUsize::new(0)));
    let (third_run, mut third) = watch::channel(false);
    supervisor.start(Task::Purge, move |mut stopping| {
        let (run, third_run) = (runs.fetch_add(1, Ordering::SeqCst), third_run.clone());
        async move {
            match run {
                0 => panic!("on purpose"),
                1 => {}
                _ => {
                    third_run.send_replace(true);
                    let _ = stopping.changed().await;
                }
            }
        }
    });
    third.wait_for(|third| *third).await.unwrap();
    assert_eq!((states.restarts(Task::Purge), states.is_down(Task::Purge)), (2, false));
    assert_eq!((states.restarts(Task::Mail), states.is_down(Task::Mail)), (0, false));
    stop.send_replace(true);
    assert_eq!(supervisor.finish().await, Ok(()));
}

#[tokio::test]
async fn a_task_that_panics_whenever_it_is_started_ends_the_program() {
    let (stop, mut supervisor) = supervisor();
    let states = supervisor.states();
    supervisor.start(Task::Mail, |_| async { panic!("on purpose") });
    supervisor.start(Task::Purge, |_| std::future::pending());
    supervisor.failure().await;
    assert_eq!((states.restarts(Task::Mail), states.is_down(Task::Mail)), (4, true));
    assert!(!states.is_down(Task::Purge));
    stop.send_replace(true);
    supervisor.tasks.abort_all();
    let failed = supervisor.finish().await.unwrap_err();
    assert_eq!(failed.to_string(), "the background task 'mail' ended 5 times within 300 seconds");
}

#[tokio::test]
async fn a_pause_ends_when_the_program_stops() {
    let (stop, stopping) = watch::channel(false);
    let pause = Duration::from_secs(3600);
    let mut supervisor = Supervisor { policy: Policy { pause, ..POLICY }, ..Supervisor::new(stopping) };
    let states = supervisor.states();
    supervisor.start(Task::Mail, |_| std::future::ready(()));
    while !states.is_down(Task::Mail) {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    assert_eq!(supervisor.finish().await, Ok(()));
}
