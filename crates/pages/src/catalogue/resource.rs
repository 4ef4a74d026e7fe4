use askama::Template;
use authority::catalogue::resources::{ChangeResource, CreateResource, change_resource, create_resource};
use authority::{Caller, Catalogue, Fault, Scopes};
use model::entities::AccessTokenFormat;

use super::super::forms::Form;
use super::super::views::catalogue::{ResourceForm, ResourcePage};
use super::super::views::form_errors::FormErrors;
use super::super::views::shell::Shell;
use super::super::visitor::Visitor;
use super::{Entry, is_checked};

const REFERENCE: &str = "reference";
const JWT: &str = "jwt";

impl Entry for ResourceForm {
    const KEY: &'static str = "identifier";
    const FIELDS: &'static [&'static str] = &["identifier", "name", "description", "scopes", "lifetime"];

    fn new() -> Self {
        Self { is_active: true, ..Self::default() }
    }

    fn find(catalogue: &Catalogue, key: &str) -> Option<Self> {
        let resource = catalogue.resources().iter().find(|resource| resource.identifier == key)?.clone();
        let lifetime = resource.access_token_lifetime;
        let format = match resource.access_token_format {
            Some(AccessTokenFormat::Reference) => REFERENCE,
            Some(AccessTokenFormat::Jwt) => JWT,
            None => "",
        };
        Some(Self {
            identifier: resource.identifier,
            name: resource.name,
            description: resource.description.unwrap_or_default(),
            scopes: resource.scope.unwrap_or_default(),
            lifetime: lifetime.map(|seconds| seconds.to_string()).unwrap_or_default(),
            format: format.to_owned(),
            is_active: resource.is_active,
        })
    }

    fn sent(form: &Form, known: Option<&str>) -> Self {
        Self {
            identifier: known.unwrap_or_else(|| form.get("identifier")).to_owned(),
            name: form.get("name").to_owned(),
            description: form.get("description").to_owned(),
            scopes: form.get("scopes").to_owned(),
            lifetime: form.get("lifetime").to_owned(),
            format: form.get("format").to_owned(),
            is_active: is_checked(form, "is_active"),
        }
    }

    async fn save(self, visitor: &Visitor, caller: &Caller, is_new: bool) -> Result<String, Fault> {
        let scopes = Scopes::parse(&self.scopes).map_err(|fault| bad("scopes", fault.to_string()))?;
        let access_token_lifetime = lifetime(&self.lifetime)?;
        let access_token_format = match self.format.as_str() {
            REFERENCE => Some(AccessTokenFormat::Reference),
            JWT => Some(AccessTokenFormat::Jwt),
            _ => None,
        };
        if is_new {
            let asked = CreateResource {
                identifier: self.identifier,
                name: self.name,
                description: Some(self.description),
                scopes,
                access_token_lifetime: Some(access_token_lifetime),
                access_token_format,
            };
            return Ok(create_resource(&visitor.ctx, caller, asked).await?.identifier);
        }
        let asked = ChangeResource {
            name: Some(self.name),
            description: Some(self.description),
            scopes: Some(scopes),
            access_token_lifetime: Some(access_token_lifetime),
            access_token_format: Some(access_token_format),
            is_active: Some(self.is_active),
        };
        Ok(change_resource(&visitor.ctx, caller, &self.identifier, asked).await?.identifier)
    }

    fn page(self, shell: Shell, is_new: bool, errors: FormErrors) -> impl Template {
        ResourcePage { shell, is_new, form: self, errors }
    }
}

/// Returns the maximum lifetime of a token; 0 for an empty field.
fn lifetime(text: &str) -> Result<i32, Fault> {
    let seconds = if text.is_empty() { Some(0) } else { text.parse().ok().filter(|seconds| *seconds > 0) };
    seconds.ok_or_else(|| bad("lifetime", "this is a whole number of seconds above 0".to_owned()))
}

const fn bad(field: &'static str, message: String) -> Fault {
    Fault::BadField { field, message }
}
