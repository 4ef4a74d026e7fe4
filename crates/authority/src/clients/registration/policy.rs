/// Who may register clients (RFC 7591).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DynamicRegistration {
    /// Only administrators, with GraphQL, the pages or the command line.
    #[default]
    Off,
    /// Holders of an initial access token, or of a token of an administrator with the scope `sec`.
    Token,
    /// Everyone.
    Open,
}
