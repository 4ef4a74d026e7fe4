/// What the server knows of the certificates of clients (RFC 8705).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCertificates {
    /// Nothing.
    Unknown,
    /// What a trusted proxy says: they are compared with those that applications registered.
    Shown,
    /// The same, and there are authorities that are believed.
    Checked,
}

impl ClientCertificates {
    /// Whether any is known.
    #[must_use]
    pub const fn are_shown(self) -> bool {
        matches!(self, Self::Shown | Self::Checked)
    }
}
