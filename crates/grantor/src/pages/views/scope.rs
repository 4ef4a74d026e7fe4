/// A permission with what it means, as people read it before they grant it.
#[derive(Clone)]
pub(crate) struct Scope {
    /// The name on the wire, such as `read`.
    pub(crate) name: String,
    /// What it lets an application do, as half a sentence with a capital letter.
    pub(crate) meaning: String,
}

impl Scope {
    /// The scope of that name with the meaning that Grantor knows; a scope that it does not know says so.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        let meaning = meaning(&name).to_owned();
        Self { name, meaning }
    }
}

fn meaning(name: &str) -> &'static str {
    match name {
        "read" => "Read data that you may read",
        "update" => "Create, change and delete data in your name",
        "sec" => "See the registry of users, applications and grants, as far as you may",
        "openid" => "Know who you are: a stable identifier of your account",
        "profile" => "See your name and login",
        "email" => "See your email address",
        "offline_access" => "Stay signed in when you are not there, until you revoke it",
        _ => "A permission of the application’s own; Grantor does not know what it allows",
    }
}
