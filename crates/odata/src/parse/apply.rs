//! `$apply` (Aggregation ABNF, `applyExpr`).

use super::Parser;
use super::apply_paths::TypeLast;
use crate::OdataError;
use crate::ast::apply::{Grouping, Nested, Ranking};
use crate::ast::{Call, ComputeItem, Transformation};
use crate::functions;
use crate::transformations::{FIRST_PRESERVING, NAMES};

const EXPECTED: &str = "a transformation";

impl Parser<'_> {
    /// Reads transformations separated by slashes.
    pub fn transformations(&mut self) -> Result<Vec<Transformation>, OdataError> {
        self.sequence(&NAMES)
    }

    fn preserving(&mut self) -> Result<Vec<Transformation>, OdataError> {
        self.sequence(&NAMES[FIRST_PRESERVING..])
    }

    fn sequence(&mut self, names: &[&'static str]) -> Result<Vec<Transformation>, OdataError> {
        let mut steps = Vec::new();
        loop {
            self.count_node()?;
            steps.push(self.transformation(names)?);
            if !self.lexer.eat('/') {
                return Ok(steps);
            }
        }
    }

    /// Reads any transformation.
    pub fn any_transformation(&mut self) -> Result<Transformation, OdataError> {
        self.transformation(&NAMES)
    }

    fn transformation(&mut self, names: &[&'static str]) -> Result<Transformation, OdataError> {
        self.nested(|parser| parser.named_transformation(names))
    }

    fn named_transformation(&mut self, names: &[&'static str]) -> Result<Transformation, OdataError> {
        let start = self.lexer.mark();
        let name = self.lexer.dotted_name()?.unwrap_or_default();
        if name.contains('.') {
            let args = self.named_parameters()?;
            return Ok(Transformation::Function(Call { name: name.to_owned(), args }));
        }
        self.lexer.note_expected(0, EXPECTED);
        self.lexer.reset(start);
        let name = self.lexer.eat_exact_word(names, EXPECTED).and_then(|index| names.get(index));
        let Some(name) = name else {
            return Err(self.lexer.unexpected(EXPECTED));
        };
        if *name == "identity" {
            return Ok(Transformation::Identity);
        }
        self.lexer.expect('(')?;
        if *name != "orderby" {
            self.lexer.skip_space();
        }
        let result = self.inside(name)?;
        if *name == "orderby" {
            self.lexer.expect(')')?;
        } else {
            self.lexer.close("')'")?;
        }
        Ok(result)
    }

    /// Reads the content of a transformation's parentheses.
    fn inside(&mut self, name: &str) -> Result<Transformation, OdataError> {
        if let Some(ranking) = Ranking::ALL.into_iter().find(|ranking| ranking.name() == name) {
            let limit = self.expression()?;
            self.comma()?;
            return Ok(Transformation::Ranked { ranking, limit, by: self.expression()? });
        }
        Ok(match name {
            "aggregate" => Transformation::Aggregate(self.spaced(Self::aggregate)?),
            "compute" => Transformation::Compute(self.spaced(|parser| {
                let expr = parser.expression()?;
                Ok(ComputeItem { expr, alias: parser.as_alias()? })
            })?),
            "concat" => {
                let mut all = vec![self.transformations()?];
                self.comma()?;
                all.extend(self.spaced(Self::transformations)?);
                Transformation::Concat(all)
            }
            "groupby" => self.group_by()?,
            "join" | "outerjoin" => {
                let path = self.join_path()?;
                let (alias, then) = (self.as_alias()?, self.then()?);
                Transformation::Join { outer: name == "outerjoin", path, alias, then }
            }
            "nest" => Transformation::Nest(self.spaced(Self::nested_sequence)?),
            "addnested" => {
                let path = self.property_path(TypeLast::Yes)?;
                self.comma()?;
                Transformation::AddNested { path, nested: self.spaced(Self::nested_sequence)? }
            }
            "filter" => Transformation::Filter(self.expression()?),
            "orderby" => Transformation::OrderBy(self.spaced(Self::order_item)?),
            "search" => Transformation::Search(self.search()?),
            "skip" => Transformation::Skip(self.whole_number()?),
            "top" => Transformation::Top(self.whole_number()?),
            "ancestors" | "descendants" => self.relatives(name == "ancestors")?,
            _ => self.traverse()?,
        })
    }

    /// Reads a comma and the transformations after it, if present.
    fn then(&mut self) -> Result<Vec<Transformation>, OdataError> {
        if self.lexer.eat_spaced(',') { self.transformations() } else { Ok(Vec::new()) }
    }

    fn nested_sequence(&mut self) -> Result<Nested, OdataError> {
        Ok(Nested { steps: self.transformations()?, alias: self.as_alias()? })
    }

    fn group_by(&mut self) -> Result<Transformation, OdataError> {
        self.lexer.open()?;
        let by = self.spaced(Self::grouping)?;
        self.lexer.close("',' or ')'")?;
        Ok(Transformation::GroupBy { by, then: self.then()? })
    }

    fn grouping(&mut self) -> Result<Grouping, OdataError> {
        self.count_node()?;
        if self.eat_call("rolluprecursive")? {
            let hierarchy = self.hierarchy()?;
            let steps = if self.lexer.eat_spaced(',') { self.preserving()? } else { Vec::new() };
            self.lexer.close("')'")?;
            return Ok(Grouping::Recursive(hierarchy, steps));
        }
        if !self.eat_call("rollup")? {
            return self.property_path(TypeLast::No).map(Grouping::Path);
        }
        let mut paths = self.grouping_paths()?;
        if let [path] = paths.as_mut_slice()
            && let [name] = path.as_mut_slice()
        {
            let name = std::mem::take(name);
            self.lexer.close("',' or ')'")?;
            return Ok(Grouping::NamedRollup(name));
        }
        if paths.len() == 1 {
            self.comma()?;
        }
        self.lexer.close("',' or ')'")?;
        Ok(Grouping::Rollup(paths))
    }

    /// Consumes a word and the parenthesis after it, if they are next.
    fn eat_call(&mut self, word: &'static str) -> Result<bool, OdataError> {
        let start = self.lexer.mark();
        let found = self.lexer.eat_exact_word(&[word], word).is_some() && self.lexer.peek() == Some('(');
        if found {
            self.lexer.open()?;
        } else {
            self.lexer.reset(start);
        }
        Ok(found)
    }

    fn relatives(&mut self, ancestors: bool) -> Result<Transformation, OdataError> {
        const KEEP: &str = "keep start";
        let hierarchy = self.hierarchy()?;
        self.comma()?;
        let of = self.preserving()?;
        let (mut distance, mut keep_start) = (None, false);
        if self.lexer.eat_spaced(',') {
            if self.lexer.peek().is_some_and(|c| c.is_ascii_digit()) {
                distance = Some(self.whole_number()?);
                keep_start = self.lexer.eat_spaced(',');
            } else {
                keep_start = true;
            }
        }
        if keep_start {
            self.lexer.expect_text(KEEP)?;
        }
        Ok(Transformation::Relatives { ancestors, hierarchy, of, distance, keep_start })
    }

    fn traverse(&mut self) -> Result<Transformation, OdataError> {
        const ORDERS: &str = "'preorder' or 'postorder'";
        let hierarchy = self.hierarchy()?;
        self.comma()?;
        let Some(which) = self.lexer.eat_exact_word(&["preorder", "postorder"], ORDERS) else {
            return Err(self.lexer.unexpected(ORDERS));
        };
        let (mut first, mut order) = (Vec::new(), Vec::new());
        let mut more = self.lexer.eat_spaced(',');
        if more && self.transformation_follows()? {
            first = self.preserving()?;
            more = self.lexer.eat_spaced(',');
        }
        if more {
            order = self.spaced(Self::order_item)?;
        }
        Ok(Transformation::Traverse { hierarchy, preorder: which == 0, first, order })
    }

    /// Returns whether a transformation follows, not a sort key.
    fn transformation_follows(&mut self) -> Result<bool, OdataError> {
        let start = self.lexer.mark();
        let name = self.lexer.dotted_name()?.unwrap_or_default();
        let next = self.lexer.peek();
        self.lexer.reset(start);
        let is_function = name.contains('.') && functions::arity(name).is_none();
        let known = NAMES[FIRST_PRESERVING..].contains(&name) || is_function;
        Ok(known && next == Some('(') || name == "identity")
    }
}
