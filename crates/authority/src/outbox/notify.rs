use store::{Outbox, Touched};
use tokio::sync::Notify;

/// Says when something was put into an outbox.
#[derive(Default)]
pub(crate) struct Bells {
    logouts: Notify,
    mail: Notify,
}

impl Bells {
    const fn of(&self, outbox: Outbox) -> &Notify {
        match outbox {
            Outbox::Logouts => &self.logouts,
            Outbox::Mail => &self.mail,
        }
    }

    /// Hears of what a transaction touched, once it is committed.
    pub(crate) fn ring(&self, touched: &[Touched]) {
        for outbox in Outbox::ALL {
            if touched.iter().any(|row| row.table == outbox.table()) {
                self.of(outbox).notify_one();
            }
        }
    }

    /// Waits until this program puts something into an outbox.
    pub(crate) async fn rung(&self, outbox: Outbox) {
        self.of(outbox).notified().await;
    }
}

#[cfg(test)]
mod tests {
    use model::Uuid;

    use super::*;

    #[test]
    fn a_bell_rings_for_its_own_outbox_alone() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let bells = Bells::default();
        let rung = |outbox| {
            let soon = std::time::Duration::from_millis(20);
            runtime.block_on(async { tokio::time::timeout(soon, bells.rung(outbox)).await.is_ok() })
        };
        let row = |table| Touched { table, id: Uuid::nil() };
        bells.ring(&[row("Sec_Users"), row(Outbox::Mail.table()), row(Outbox::Mail.table())]);
        assert!(rung(Outbox::Mail) && !rung(Outbox::Mail) && !rung(Outbox::Logouts));
        bells.ring(&[row(Outbox::Logouts.table())]);
        assert!(rung(Outbox::Logouts));
    }
}
