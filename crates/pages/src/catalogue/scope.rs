use askama::Template;
use authority::catalogue::scopes::{ChangeScope, CreateScope, change_scope, create_scope};
use authority::{Caller, Catalogue, Fault};

use super::super::forms::Form;
use super::super::views::catalogue::{ScopeForm, ScopePage};
use super::super::views::form_errors::FormErrors;
use super::super::views::shell::Shell;
use super::super::visitor::Visitor;
use super::{Entry, is_checked};

impl Entry for ScopeForm {
    const KEY: &'static str = "name";
    const FIELDS: &'static [&'static str] = &["name", "display_name", "description"];

    fn new() -> Self {
        Self { is_listed: true, is_active: true, ..Self::default() }
    }

    fn find(catalogue: &Catalogue, key: &str) -> Option<Self> {
        let scope = catalogue.scopes().iter().find(|scope| scope.name == key && !scope.is_built_in)?.clone();
        Some(Self {
            name: scope.name,
            display_name: scope.display_name,
            description: scope.description.unwrap_or_default(),
            is_default: scope.is_default,
            is_listed: scope.is_listed,
            administrators_only: scope.administrators_only,
            is_active: scope.is_active,
        })
    }

    fn sent(form: &Form, known: Option<&str>) -> Self {
        Self {
            name: known.unwrap_or_else(|| form.get("name")).to_owned(),
            display_name: form.get("display_name").to_owned(),
            description: form.get("description").to_owned(),
            is_default: is_checked(form, "is_default"),
            is_listed: is_checked(form, "is_listed"),
            administrators_only: is_checked(form, "administrators_only"),
            is_active: is_checked(form, "is_active"),
        }
    }

    async fn save(self, visitor: &Visitor, caller: &Caller, is_new: bool) -> Result<String, Fault> {
        if is_new {
            let asked = CreateScope {
                name: self.name,
                display_name: self.display_name,
                description: Some(self.description),
                is_default: self.is_default,
                is_listed: self.is_listed,
                administrators_only: self.administrators_only,
            };
            return Ok(create_scope(&visitor.ctx, caller, asked).await?.name);
        }
        let asked = ChangeScope {
            display_name: Some(self.display_name),
            description: Some(self.description),
            is_default: Some(self.is_default),
            is_listed: Some(self.is_listed),
            administrators_only: Some(self.administrators_only),
            is_active: Some(self.is_active),
        };
        Ok(change_scope(&visitor.ctx, caller, &self.name, asked).await?.name)
    }

    fn page(self, shell: Shell, is_new: bool, errors: FormErrors) -> impl Template {
        ScopePage { shell, is_new, form: self, errors }
    }
}
