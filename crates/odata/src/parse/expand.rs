//! `$expand` (OData ABNF, `expandItem`).

use super::Parser;
use super::options::AllowedOptions;
use crate::OdataError;
use crate::ast::{ExpandItem, ExpandShape, Options};

impl Parser<'_> {
    /// Reads the items of an expansion.
    pub(crate) fn expand_items(&mut self) -> Result<Vec<ExpandItem>, OdataError> {
        self.separated(',', Self::expand_item)
    }

    /// Reads one item of an expansion.
    pub fn expand_item(&mut self) -> Result<ExpandItem, OdataError> {
        let at = self.lexer.at();
        let (path, shape) = self.expand_path()?;
        let mut options = Options::default();
        let allowed = match shape {
            ExpandShape::References if path.last().is_some_and(|name| name == "*") => None,
            ExpandShape::Rows if path.last().is_some_and(|name| name == "*") => Some(AllowedOptions::LEVELS),
            ExpandShape::Rows => Some(AllowedOptions::EXPAND),
            ExpandShape::References => Some(AllowedOptions::REFERENCES),
            ExpandShape::Count => Some(AllowedOptions::COUNT),
            ExpandShape::Value => None,
        };
        if let Some(allowed) = allowed {
            self.options_in_parentheses(allowed, &mut options)?;
        }
        Ok(ExpandItem { path, shape, options, at })
    }

    fn expand_path(&mut self) -> Result<(Vec<String>, ExpandShape), OdataError> {
        if self.lexer.peek() == Some('$') {
            self.lexer.expect_word("$value")?;
            return Ok((Vec::new(), ExpandShape::Value));
        }
        let mut path: Vec<String> = Vec::new();
        loop {
            self.count_node()?;
            if self.lexer.eat('*') {
                path.push("*".to_owned());
                if self.lexer.peek() != Some('/') {
                    return Ok((path, ExpandShape::Rows));
                }
                self.lexer.expect_text("/$ref")?;
                return Ok((path, ExpandShape::References));
            }
            path.push(self.expand_name()?);
            let complete = names_a_property(&path);
            if !self.lexer.eat('/') {
                return match complete {
                    true => Ok((path, ExpandShape::Rows)),
                    false => Err(self.lexer.unexpected("'/' after the name of a type")),
                };
            }
            if complete && self.lexer.peek() == Some('$') {
                return match self.lexer.eat_exact_word(&["$ref", "$count"], "$ref or $count") {
                    Some(0) => Ok((path, ExpandShape::References)),
                    Some(_) => Ok((path, ExpandShape::Count)),
                    None => Err(self.lexer.unexpected("$ref or $count")),
                };
            }
        }
    }

    fn expand_name(&mut self) -> Result<String, OdataError> {
        if self.lexer.eat('@') {
            return Ok(format!("@{}", self.lexer.annotation()?));
        }
        self.lexer.expect_dotted_name().map(str::to_owned)
    }
}

/// Returns whether a path ends with a property, or with a type cast of one.
fn names_a_property(path: &[String]) -> bool {
    let is_type = |name: &String| name.contains('.') && !name.starts_with('@');
    match path {
        [.., before, last] => !is_type(last) || !is_type(before),
        [last] => !is_type(last),
        [] => false,
    }
}
