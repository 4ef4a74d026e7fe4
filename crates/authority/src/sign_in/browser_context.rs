use crate::Caller;

/// The browser in which a user signs in.
#[derive(Clone, Copy)]
pub struct BrowserContext<'a> {
    /// The caller of the session that the browser has already.
    pub before: Option<&'a Caller>,
    /// The `User-Agent` of the browser.
    pub browser: &'a str,
    /// The secret of the browser's cookie. A sign-in is completed only in the browser in which it was begun.
    pub cookie: &'a str,
    /// The value of the cookie that names the users who signed in there before.
    pub known: Option<&'a str>,
}
