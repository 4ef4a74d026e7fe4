//! `aggregate(…)` (Aggregation ABNF, `aggregateExpr` and `aggregateFunctionExpr`).

use super::Parser;
use crate::OdataError;
use crate::ast::apply::FromClause;
use crate::ast::{Aggregate, Aggregated, Kind, Path, Root, Step};

impl Parser<'_> {
    /// Reads one aggregate expression of the transformation.
    pub fn aggregate(&mut self) -> Result<Aggregate, OdataError> {
        let mut aggregate = self.aggregate_without_alias()?;
        let is_custom = aggregate.method.is_none() && !counts(&aggregate.of);
        if !is_custom || !aggregate.from.is_empty() || self.word_follows("as") {
            aggregate.alias = Some(self.as_alias()?);
        }
        Ok(aggregate)
    }

    /// Reads `(…)` after `aggregate` in a path.
    pub(super) fn aggregate_in_path(&mut self) -> Result<Aggregate, OdataError> {
        self.lexer.open()?;
        let aggregate = self.aggregate_without_alias()?;
        self.lexer.close("')'")?;
        Ok(aggregate)
    }

    fn aggregate_without_alias(&mut self) -> Result<Aggregate, OdataError> {
        self.count_node()?;
        let of = self.aggregated()?;
        let may_lack_method = counts(&of) || is_custom(&of);
        let method = match &of {
            Aggregated::Count | Aggregated::Type(_, true) => None,
            _ if may_lack_method && !self.word_follows("with") => None,
            _ => Some(self.method()?),
        };
        let custom = method.is_none() && is_custom(&of);
        let mut from = Vec::new();
        while self.word_follows("from") {
            self.count_node()?;
            self.lexer.skip_space();
            self.lexer.expect_word("from")?;
            self.lexer.expect_space("after 'from'")?;
            let by = self.grouping_paths()?;
            let method = if custom && !self.word_follows("with") { None } else { Some(self.method()?) };
            from.push(FromClause { by, method });
        }
        Ok(Aggregate { of, method, from, alias: None })
    }

    fn aggregated(&mut self) -> Result<Aggregated, OdataError> {
        let start = self.lexer.mark();
        if self.lexer.is_next("$count") {
            self.lexer.expect_text("$count")?;
            return Ok(Aggregated::Count);
        }
        if let Some(name) = self.lexer.dotted_name()?
            && name.contains('.')
        {
            let name = name.to_owned();
            if self.lexer.is_next("/$count") {
                self.lexer.expect_text("/$count")?;
                return Ok(Aggregated::Type(name, true));
            }
            if self.word_follows("with") {
                return Ok(Aggregated::Type(name, false));
            }
        }
        self.lexer.reset(start);
        self.expression().map(Aggregated::Expr)
    }

    /// Reads `with` and the name of a method.
    fn method(&mut self) -> Result<String, OdataError> {
        const METHODS: [&str; 5] = ["sum", "min", "max", "average", "countdistinct"];
        self.lexer.expect_space("and 'with'")?;
        self.lexer.expect_word("with")?;
        self.lexer.expect_space("after 'with'")?;
        let start = self.lexer.mark();
        let name = self.lexer.expect_dotted_name()?.to_owned();
        if name.contains('.') {
            return Ok(name);
        }
        if METHODS.contains(&name.as_str()) {
            return Ok(name);
        }
        // The name might continue as a qualified one.
        let expected = format!("one of {} or a qualified name", METHODS.join(", "));
        let error = self.lexer.unexpected(&expected);
        self.lexer.reset(start);
        Err(error)
    }

    /// Returns whether a word follows after space, without consuming it.
    fn word_follows(&mut self, word: &'static str) -> bool {
        let start = self.lexer.mark();
        let found = self.lexer.skip_space() && self.lexer.eat_exact_word(&[word], word).is_some();
        self.lexer.reset(start);
        found
    }
}

/// Returns whether instances are counted, which needs no method.
fn counts(of: &Aggregated) -> bool {
    match of {
        Aggregated::Count | Aggregated::Type(_, true) => true,
        Aggregated::Type(_, false) => false,
        Aggregated::Expr(expr) => match &expr.kind {
            Kind::Path(Path { root: Root::Row, steps }) => {
                matches!(steps.last(), Some(Step::Count(options)) if **options == Default::default())
                    && steps.iter().rev().skip(1).all(|step| matches!(step, Step::Name(_)))
            }
            _ => false,
        },
    }
}

/// Returns whether an expression may be the path of a custom aggregate.
fn is_custom(of: &Aggregated) -> bool {
    match of {
        Aggregated::Expr(expr) => match &expr.kind {
            Kind::Path(Path { root: Root::Row, steps }) => {
                let names = steps.iter().all(|step| matches!(step, Step::Name(_)));
                names && matches!(steps.last(), Some(Step::Name(last)) if !last.contains('.'))
            }
            _ => false,
        },
        _ => false,
    }
}
