//! The lists of `$orderby` and `$compute` (OData ABNF, section 2).

use super::Parser;
use crate::OdataError;
use crate::ast::{ComputeItem, OrderItem};

impl Parser<'_> {
    /// Reads sort keys.
    pub(crate) fn order_items(&mut self) -> Result<Vec<OrderItem>, OdataError> {
        self.separated(',', Self::order_item)
    }

    /// Reads one sort key.
    pub fn order_item(&mut self) -> Result<OrderItem, OdataError> {
        let expr = self.expression()?;
        let end = self.lexer.mark();
        let word = if self.lexer.skip_space() {
            self.lexer.eat_word(&["asc", "desc"], "'asc', 'desc' or an operator")
        } else {
            None
        };
        if word.is_none() {
            self.lexer.reset(end);
        }
        Ok(OrderItem { expr, descending: word == Some(1) })
    }

    /// Reads computed properties.
    pub(crate) fn compute_items(&mut self) -> Result<Vec<ComputeItem>, OdataError> {
        self.separated(',', Self::compute_item)
    }

    /// Reads one computed property.
    pub fn compute_item(&mut self) -> Result<ComputeItem, OdataError> {
        let expr = self.expression()?;
        self.lexer.expect_space("and 'as'")?;
        if self.lexer.eat_word(&["as"], "'as' or an operator").is_none() {
            return Err(self.lexer.unexpected("'as'"));
        }
        self.lexer.expect_space("after 'as'")?;
        Ok(ComputeItem { expr, alias: self.lexer.expect_name()?.to_owned() })
    }
}
