/// What was wrong with a form.
#[derive(Default)]
pub(crate) struct FormErrors {
    /// What no single field is to blame for.
    pub(crate) form: Option<String>,
    /// The fields to blame, by their ids, in the order in which they are told.
    fields: Vec<(&'static str, String)>,
}

impl FormErrors {
    /// No single field is to blame.
    pub(crate) fn of_form(message: String) -> Self {
        Self { form: Some(message), fields: Vec::new() }
    }

    /// A field is to blame.
    pub(crate) fn of_field(field: &'static str, message: String) -> Self {
        Self { form: None, fields: vec![(field, message)] }
    }

    /// Adds what others say.
    pub(crate) fn join(&mut self, others: Self) {
        self.form = self.form.take().or(others.form);
        self.fields.extend(others.fields);
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.form.is_none() && self.fields.is_empty()
    }

    /// Every field to blame, with what is wrong with it.
    pub(super) fn by_field(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|(field, error)| (*field, error.as_str()))
    }

    /// What is wrong with a field.
    pub(super) fn of(&self, field: &str) -> Option<&str> {
        self.by_field().find(|(own, _)| *own == field).map(|(_, error)| error)
    }
}
