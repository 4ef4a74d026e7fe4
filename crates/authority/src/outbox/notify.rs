use store::{ChangedRow, Outbox};
use tokio::sync::Notify;

/// Notifies of new rows of an outbox.
#[derive(Default)]
pub(crate) struct OutboxNotify {
    logouts: Notify,
    mail: Notify,
}

impl OutboxNotify {
    const fn channel(&self, outbox: Outbox) -> &Notify {
        match outbox {
            Outbox::Logouts => &self.logouts,
            Outbox::Mail => &self.mail,
        }
    }

    /// Called with the rows that a committed transaction changed.
    pub(crate) fn notify(&self, touched: &[ChangedRow]) {
        for outbox in Outbox::ALL {
            if touched.iter().any(|row| row.table == outbox.table()) {
                self.channel(outbox).notify_one();
            }
        }
    }

    /// Waits until this program inserts a row into an outbox.
    pub(crate) async fn notified(&self, outbox: Outbox) {
        self.channel(outbox).notified().await;
    }
}

#[cfg(test)]
mod tests {
    use model::Uuid;

    use super::*;

    #[test]
    fn a_bell_rings_for_its_own_outbox_alone() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let outbox_notify = OutboxNotify::default();
        let notified = |outbox| {
            let soon = std::time::Duration::from_millis(20);
            runtime
                .block_on(async { tokio::time::timeout(soon, outbox_notify.notified(outbox)).await.is_ok() })
        };
        let row = |table| ChangedRow { table, id: Uuid::nil() };
        outbox_notify.notify(&[row("Sec_Users"), row(Outbox::Mail.table()), row(Outbox::Mail.table())]);
        assert!(notified(Outbox::Mail) && !notified(Outbox::Mail) && !notified(Outbox::Logouts));
        outbox_notify.notify(&[row(Outbox::Logouts.table())]);
        assert!(notified(Outbox::Logouts));
    }
}
