//! Documents, parsed, measured and validated before anything of them runs (GraphQL, section 5). `apollo-compiler`
//! parses and validates; the values of inputs are checked in [`super::input`]. What is valid for one request is valid
//! for the next, so a bounded number of documents is kept.

mod descriptions;
mod measure;
mod schema;
mod suggestion;
mod text_metrics;

use std::sync::{Arc, LazyLock};

use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Node, ast};
use async_graphql::ServerError;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

pub(super) use schema::schema;

use super::error::{PARSE_FAILED, VALIDATION_FAILED, code, invalid};
use super::input;
use super::limits::{Limit, Limits};
use super::line_index::LineIndex;

/// The longest document, in bytes.
const LENGTH: Limit = Limit::new("length", "the document's length in bytes", 64 * 1024);
/// The deepest nesting of brackets in the text.
const NESTING: Limit = Limit::new("nesting", "the nesting of brackets", 32);
/// How many validation errors are reported.
const MAX_ERRORS: usize = 20;

/// A valid document.
pub(super) struct Document {
    pub(super) lines: LineIndex,
    ast: ast::Document,
    pub(super) executable: Valid<ExecutableDocument>,
}

/// Reads a document: parses, measures and validates it.
///
/// # Errors
/// What is wrong with it: one limit, or the first syntax error, or what validation found.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Arc<Document>, Vec<ServerError>> {
    let cache = cache();
    if let Some(known) = cache.get(text) {
        check_text(text, limits)?;
        measure::measure(&known.ast, &known.lines, limits)?;
        return Ok(known);
    }
    let parsed = Parsed::read(text, limits)?;
    let document = Arc::new(parsed.validate()?);
    // A document of changes may hold a secret, and is seldom sent twice: it is not kept.
    if document.executable.operations.iter().all(|operation| operation.is_query()) {
        cache.insert(text.to_owned(), Arc::clone(&document));
    }
    Ok(document)
}

/// A document that was parsed and measured, but not validated.
struct Parsed {
    lines: LineIndex,
    ast: ast::Document,
}

impl Parsed {
    /// Parses and measures a document.
    fn read(text: &str, limits: &Limits) -> Result<Self, Vec<ServerError>> {
        let metrics = check_text(text, limits)?;
        let lines = LineIndex::new(text);
        let text = descriptions::blanked(text, &metrics.top_level_strings);
        let ast = ast::Document::parse(text, "document").map_err(|invalid| {
            errors(&invalid.errors, &lines, PARSE_FAILED).into_iter().take(1).collect::<Vec<_>>()
        })?;
        measure::measure(&ast, &lines, limits)?;
        Ok(Self { lines, ast })
    }

    /// Validates the document against the schema.
    fn validate(self) -> Result<Document, Vec<ServerError>> {
        let Self { lines, ast } = self;
        let found = |list: &DiagnosticList| errors(list, &lines, VALIDATION_FAILED);
        let built = ast.to_executable(schema()).map_err(|invalid| found(&invalid.errors))?;
        // First, because its errors about values are more precise than those of the validation.
        let wrong = input::check(schema(), &built, &lines);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let executable = built.validate(schema()).map_err(|invalid| found(&invalid.errors))?;
        Ok(Document { lines, ast, executable })
    }
}

impl Document {
    /// Finds the operation that runs.
    ///
    /// # Errors
    /// There is no such operation, or several and no name.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&Node<Operation>, ServerError> {
        let operations = &self.executable.operations;
        let found = match name {
            Some(name) => operations.named.get(name),
            None => operations.iter().next().filter(|_| operations.len() == 1),
        };
        found.ok_or_else(|| {
            let message = match name {
                Some(name) => format!("the document has no operation '{name}'"),
                None if operations.is_empty() => "the document has no operation".to_owned(),
                None => "the document has several operations; name one as 'operationName'".to_owned(),
            };
            invalid(message, None)
        })
    }
}

/// Refuses a text that is too long or too deep to parse.
fn check_text(text: &str, limits: &Limits) -> Result<text_metrics::TextMetrics, ServerError> {
    LENGTH.check(text.len() as u64, None)?;
    let metrics = text_metrics::measure(text);
    NESTING.check(metrics.deepest, None)?;
    Limit::new("tokens", "the number of tokens", limits.tokens).check(metrics.tokens, None)?;
    Ok(metrics)
}

fn errors(found: &DiagnosticList, lines: &LineIndex, word: &str) -> Vec<ServerError> {
    let one = |message: String, position| ServerError {
        extensions: Some(code(word)),
        ..ServerError::new(message, position)
    };
    found
        .iter()
        .take(MAX_ERRORS)
        .map(|diagnostic| {
            one(
                suggestion::with_suggestion(diagnostic.error.to_string()),
                lines.position(diagnostic.error.location()),
            )
        })
        .collect()
}

/// The documents that are kept, by their texts.
type Kept = Cache<String, Arc<Document>, ByLength>;

fn cache() -> &'static Kept {
    /// How many documents are expected, and how many bytes of text are kept at most.
    const EXPECTED: usize = 1000;
    const BYTES: u64 = 1024 * 1024;
    static CACHE: LazyLock<Kept> = LazyLock::new(|| Cache::with_weighter(EXPECTED, BYTES, ByLength));
    &CACHE
}

#[cfg(test)]
pub(super) fn is_kept(text: &str) -> bool {
    cache().peek(text).is_some()
}

/// Weighs a document by the length of its text.
#[derive(Clone)]
struct ByLength;

impl Weighter<String, Arc<Document>> for ByLength {
    fn weight(&self, text: &String, _: &Arc<Document>) -> u64 {
        text.len().max(1) as u64
    }
}

#[cfg(test)]
mod tests;
