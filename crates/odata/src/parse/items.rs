//! The lists of `$orderby`, `$select` and `$expand`, and options in parentheses (OData ABNF, section 2).

use super::Parser;
use crate::OdataError;
use crate::ast::{ExpandItem, ExpandShape, Levels, Options, OrderItem, SelectItem};
use crate::options::{OptionName, find_option};

impl Parser<'_> {
    /// Reads the keys of an order.
    pub(super) fn order_items(&mut self) -> Result<Vec<OrderItem>, OdataError> {
        self.comma_separated(|parser| {
            let expr = parser.expression()?;
            let start = parser.lexer.mark();
            let word = if parser.lexer.skip_space() { parser.lexer.name()? } else { None };
            let descending = match word {
                Some(word) if word.eq_ignore_ascii_case("asc") => false,
                Some(word) if word.eq_ignore_ascii_case("desc") => true,
                Some(_) => {
                    parser.lexer.reset(start);
                    parser.lexer.skip_space();
                    return Err(parser.lexer.error("'asc', 'desc' or ',' is expected here".to_owned()));
                }
                None => {
                    parser.lexer.reset(start);
                    false
                }
            };
            Ok(OrderItem { expr, descending })
        })
    }

    /// Reads the items of a selection.
    pub(super) fn select_items(&mut self) -> Result<Vec<SelectItem>, OdataError> {
        self.comma_separated(|parser| {
            parser.count_node()?;
            let at = parser.lexer.at();
            let mut path = Vec::new();
            loop {
                if parser.lexer.eat('*') {
                    path.push("*".to_owned());
                    break;
                }
                path.push(parser.select_name()?);
                if !parser.lexer.eat('/') {
                    break;
                }
                parser.count_node()?;
            }
            let mut options = Options::default();
            parser.options_in_parentheses(&mut options)?;
            Ok(SelectItem { path, options, at })
        })
    }

    /// Reads a name, an annotation, or all operations of a namespace.
    fn select_name(&mut self) -> Result<String, OdataError> {
        if self.lexer.eat('@') {
            return Ok(format!("@{}", self.lexer.expect_dotted_name()?));
        }
        let name = self.lexer.expect_dotted_name()?;
        let end = self.lexer.mark();
        if self.lexer.eat('.') && self.lexer.eat('*') {
            return Ok(format!("{name}.*"));
        }
        self.lexer.reset(end);
        Ok(name.to_owned())
    }

    /// Reads the items of an expansion.
    pub(super) fn expand_items(&mut self) -> Result<Vec<ExpandItem>, OdataError> {
        self.comma_separated(|parser| {
            parser.count_node()?;
            let at = parser.lexer.at();
            let mut path = Vec::new();
            let mut shape = ExpandShape::Rows;
            loop {
                if parser.lexer.eat('$') {
                    shape = parser.expand_shape(&path)?;
                    break;
                }
                path.push(parser.expand_name()?);
                if !parser.lexer.eat('/') {
                    break;
                }
                parser.count_node()?;
            }
            let mut options = Options::default();
            parser.options_in_parentheses(&mut options)?;
            Ok(ExpandItem { path, shape, options, at })
        })
    }

    fn expand_name(&mut self) -> Result<String, OdataError> {
        if self.lexer.eat('*') {
            return Ok("*".to_owned());
        }
        if self.lexer.eat('@') {
            return Ok(format!("@{}", self.lexer.expect_dotted_name()?));
        }
        self.lexer.expect_dotted_name().map(str::to_owned)
    }

    fn expand_shape(&mut self, path: &[String]) -> Result<ExpandShape, OdataError> {
        let start = self.lexer.mark();
        let word = self.lexer.name()?;
        match word {
            Some("ref") if !path.is_empty() => Ok(ExpandShape::References),
            Some("count") if !path.is_empty() && path != ["*"] => Ok(ExpandShape::Count),
            Some("value") if path.is_empty() => Err(OdataError::NotOffered {
                what: "$expand=$value".to_owned(),
                place: Some(self.lexer.place_at(start.at)),
            }),
            _ => {
                self.lexer.reset(start);
                Err(self.lexer.error("a name, or $ref or $count behind one, is expected".to_owned()))
            }
        }
    }

    fn comma_separated<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, OdataError>,
    ) -> Result<Vec<T>, OdataError> {
        let mut items = vec![read(self)?];
        while self.lexer.eat_spaced(',') {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads options in parentheses with semicolons between them, if there are any.
    pub(super) fn options_in_parentheses(&mut self, options: &mut Options) -> Result<(), OdataError> {
        if !self.lexer.eat('(') {
            return Ok(());
        }
        self.nested(|parser| {
            let mut seen = Vec::new();
            loop {
                parser.nested_option(options, &mut seen)?;
                if !parser.lexer.eat_spaced(';') {
                    break;
                }
            }
            parser.lexer.skip_space();
            if parser.lexer.eat(')') { Ok(()) } else { Err(parser.lexer.unexpected("';' or ')'")) }
        })
    }

    fn nested_option(&mut self, options: &mut Options, seen: &mut Vec<OptionName>) -> Result<(), OdataError> {
        self.count_node()?;
        if self.lexer.eat('@') {
            return self.alias(options);
        }
        let start = self.lexer.mark();
        let dollar = self.lexer.eat('$');
        let name = self.lexer.expect_name()?;
        let found = find_option(name).filter(|option| option.stands_in_parentheses());
        let Some(option) = found else {
            self.lexer.reset(start);
            let sign = if dollar { "$" } else { "" };
            return Err(self.lexer.error(format!("there is no option '{sign}{name}' in parentheses")));
        };
        if seen.contains(&option) {
            return Err(OdataError::DuplicateOption { name: option.name().to_owned() });
        }
        seen.push(option);
        self.lexer.expect('=')?;
        self.option(option, options)
    }

    fn alias(&mut self, options: &mut Options) -> Result<(), OdataError> {
        let name = self.lexer.expect_name()?.to_owned();
        self.lexer.expect('=')?;
        let value = self.expression()?;
        if options.aliases.iter().any(|(known, _)| *known == name) {
            return Err(OdataError::DuplicateOption { name: format!("@{name}") });
        }
        options.aliases.push((name, value));
        Ok(())
    }

    /// Reads the value of an option.
    pub(super) fn option(&mut self, name: OptionName, options: &mut Options) -> Result<(), OdataError> {
        match name {
            OptionName::Filter => options.filter = Some(self.expression()?),
            OptionName::OrderBy => options.order_by = self.order_items()?,
            OptionName::Select => options.select = self.select_items()?,
            OptionName::Expand => options.expand = self.expand_items()?,
            OptionName::Top => options.top = Some(self.whole_number()?),
            OptionName::Skip => options.skip = Some(self.whole_number()?),
            OptionName::Count => options.count = Some(self.truth_value()?),
            OptionName::Levels => options.levels = Some(self.levels()?),
            other => {
                let place = Some(self.lexer.place());
                return Err(OdataError::NotOffered { what: other.name().to_owned(), place });
            }
        }
        Ok(())
    }

    fn whole_number(&mut self) -> Result<u64, OdataError> {
        let start = self.lexer.mark();
        self.lexer.digits().parse().map_err(|_| {
            self.lexer.reset(start);
            self.lexer.error("a whole number from 0 is expected".to_owned())
        })
    }

    fn truth_value(&mut self) -> Result<bool, OdataError> {
        let start = self.lexer.mark();
        match self.lexer.name()? {
            Some(word) if word.eq_ignore_ascii_case("true") => Ok(true),
            Some(word) if word.eq_ignore_ascii_case("false") => Ok(false),
            _ => {
                self.lexer.reset(start);
                Err(self.lexer.error("'true' or 'false' is expected".to_owned()))
            }
        }
    }

    fn levels(&mut self) -> Result<Levels, OdataError> {
        let start = self.lexer.mark();
        if self.lexer.name()?.is_some_and(|word| word.eq_ignore_ascii_case("max")) {
            return Ok(Levels::Max);
        }
        self.lexer.reset(start);
        match self.whole_number() {
            Ok(number) if number > 0 => Ok(Levels::Number(number)),
            _ => {
                self.lexer.reset(start);
                Err(self.lexer.error("a whole number from 1, or 'max', is expected".to_owned()))
            }
        }
    }
}
