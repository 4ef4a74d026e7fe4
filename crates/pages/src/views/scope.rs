/// A scope with its meaning, which users read before they grant it.
#[derive(Clone)]
pub(crate) struct Scope {
    /// The name on the wire, such as `read`.
    pub(crate) name: String,
    /// What it lets an application do, such as `Read data that you can read`.
    pub(crate) meaning: String,
}
