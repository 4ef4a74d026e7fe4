use serde::Deserialize;

/// The content of `demo.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Demo {
    pub base_url: String,
    pub admin: Person,
    pub user: Person,
    pub applications: Applications,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub login: String,
    pub password: String,
    pub pat: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Applications {
    pub service: Application,
    pub web: Application,
    pub native: Application,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Application {
    pub client_id: String,
    pub client_secret: Option<String>,
    pub redirect_uri: String,
}
