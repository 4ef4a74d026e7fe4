/// The errors of a form.
#[derive(Default)]
pub(crate) struct FormErrors {
    /// The error of the form as a whole.
    pub(crate) form: Option<String>,
    /// The errors of single fields, by their ids, in the order of display.
    fields: Vec<(&'static str, String)>,
}

impl FormErrors {
    /// Returns an error of the form as a whole.
    pub(crate) fn for_form(message: String) -> Self {
        Self { form: Some(message), fields: Vec::new() }
    }

    /// Returns an error of one field.
    pub(crate) fn for_field(field: &'static str, message: String) -> Self {
        Self { form: None, fields: vec![(field, message)] }
    }

    /// Adds other errors.
    pub(crate) fn join(&mut self, others: Self) {
        self.form = self.form.take().or(others.form);
        self.fields.extend(others.fields);
    }

    /// Whether there are no errors.
    pub(crate) fn is_empty(&self) -> bool {
        self.form.is_none() && self.fields.is_empty()
    }

    /// Returns each field that has an error, with the error.
    pub(super) fn by_field(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|(field, error)| (*field, error.as_str()))
    }

    /// Returns the error of a field.
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.by_field().find(|(own, _)| *own == field).map(|(_, error)| error)
    }
}
