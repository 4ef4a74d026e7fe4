/// Who may register an application.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DynamicRegistration {
    /// Nobody but administrators, in their own ways.
    #[default]
    Off,
    /// Whoever shows a token that an administrator made for it, or one of an administrator with the scope `sec`.
    Token,
    /// Everybody.
    Open,
}
