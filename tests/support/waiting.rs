//! Waiting for a condition, and moving stored times, so that no test waits for a fixed time.

use std::time::{Duration, Instant};

use super::{Browser, Server, sha256};

/// The longest wait for a condition; a healthy program needs a fraction of it.
const PATIENCE: Duration = Duration::from_secs(40);

/// Waits until a condition holds.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Server {
    /// Waits until no mail waits to be sent.
    pub fn wait_for_mail(&self) {
        wait_until("no mail waits", || self.metric("grantor_mail_waiting") == 0);
    }

    /// Waits until this many applications wait for the notification of a sign-out.
    pub fn wait_for_sign_outs(&self, waiting: u64) {
        wait_until("the applications are notified", || self.metric("grantor_sign_outs_waiting") == waiting);
    }

    /// Waits until the log of the program contains a text.
    pub fn wait_for_log(&self, text: &str) {
        wait_until(text, || self.log().contains(text));
    }

    /// Changes rows while the program is stopped, and lets browsers follow its new address.
    pub fn change_stopped(&mut self, statement: &str, browsers: &mut [&mut Browser]) {
        assert!(self.stop(), "shutdown is not clean: {}", self.log());
        self.change(statement);
        self.run();
        browsers.iter_mut().for_each(|browser| browser.moved_to(self));
    }

    /// Moves the sign-ins of all sessions one day into the past.
    pub fn age_sign_ins(&mut self, browsers: &mut [&mut Browser]) {
        let statement = "UPDATE grantor_sessions SET authenticated_at = authenticated_at - 86400000000";
        self.change_stopped(statement, browsers);
    }

    /// Ends the lifetime of a grant.
    pub fn expire(&mut self, secret: &str, browsers: &mut [&mut Browser]) {
        let key = sha256(secret);
        let statement = format!(
            "UPDATE \"Sec_Access_Tokens\" SET expire_timestamp = creation_timestamp WHERE access_token_key = '{key}'"
        );
        self.change_stopped(&statement, browsers);
    }
}
