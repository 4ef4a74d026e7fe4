//! System query options, in a query and in parentheses (OData ABNF, section 2).

use super::Parser;
use crate::OdataError;
use crate::ast::{Levels, Options};
use crate::options::OptionName;

/// The options that are allowed in parentheses.
#[derive(Clone, Copy, Debug)]
pub struct AllowedOptions {
    names: &'static [OptionName],
    /// Whether parameter aliases are allowed too.
    aliases: bool,
}

impl AllowedOptions {
    /// After `$count` (`expandCountOption`).
    pub const COUNT: Self = Self { names: &[OptionName::Filter, OptionName::Search], aliases: false };

    /// After `$ref` (`expandRefOption`).
    pub const REFERENCES: Self = Self {
        names: &[
            OptionName::Filter,
            OptionName::Search,
            OptionName::OrderBy,
            OptionName::Skip,
            OptionName::Top,
            OptionName::Count,
        ],
        aliases: false,
    };

    /// After an expanded path (`expandOption`).
    pub const EXPAND: Self = Self {
        names: &[
            OptionName::Filter,
            OptionName::Search,
            OptionName::OrderBy,
            OptionName::Skip,
            OptionName::Top,
            OptionName::Count,
            OptionName::Select,
            OptionName::Expand,
            OptionName::Compute,
            OptionName::Levels,
            OptionName::Apply,
        ],
        aliases: true,
    };

    /// After `*` in `$expand`.
    pub(super) const LEVELS: Self = Self { names: &[OptionName::Levels], aliases: false };

    /// After a selected path (`selectOption`).
    pub const SELECT: Self = Self {
        names: &[
            OptionName::Filter,
            OptionName::Search,
            OptionName::Count,
            OptionName::OrderBy,
            OptionName::Skip,
            OptionName::Top,
            OptionName::Compute,
            OptionName::Select,
        ],
        aliases: true,
    };
}

impl Parser<'_> {
    /// Reads options in parentheses, separated by semicolons, if present.
    pub(super) fn options_in_parentheses(
        &mut self,
        allowed: AllowedOptions,
        options: &mut Options,
    ) -> Result<(), OdataError> {
        if !self.lexer.eat('(') {
            return Ok(());
        }
        self.nested(|parser| {
            parser.lexer.skip_stray_space();
            let mut seen = Vec::new();
            parser.separated(';', |parser| parser.nested_option(allowed, options, &mut seen))?;
            parser.lexer.skip_stray_space();
            if parser.lexer.eat(')') { Ok(()) } else { Err(parser.lexer.unexpected("';' or ')'")) }
        })
    }

    /// Reads one option in parentheses into `options`; `seen` collects the names for the check of duplicates.
    pub fn nested_option(
        &mut self,
        allowed: AllowedOptions,
        options: &mut Options,
        seen: &mut Vec<OptionName>,
    ) -> Result<(), OdataError> {
        self.count_node()?;
        if allowed.aliases && self.lexer.eat('@') {
            return self.alias(options);
        }
        let start = self.lexer.mark();
        let words: Vec<&str> =
            allowed.names.iter().flat_map(|option| [option.name(), option.word()]).collect();
        let found = self.lexer.eat_word(&words, "an option that is allowed here");
        let Some(option) = found.and_then(|index| allowed.names.get(index / 2)) else {
            self.lexer.eat('$');
            let name = self.lexer.name()?;
            let written = self.lexer.since(start).to_owned();
            return Err(match name {
                Some(_) => {
                    self.lexer.reset(start);
                    let message = format!("the option '{written}' is not allowed in these parentheses");
                    self.lexer.error_at_furthest(message)
                }
                None => {
                    self.lexer.reset(start);
                    self.lexer.unexpected("an option")
                }
            });
        };
        self.note_duplicate(seen.contains(option), option.name().to_owned());
        seen.push(*option);
        self.lexer.expect('=')?;
        self.option(*option, options)
    }

    fn note_duplicate(&mut self, is_duplicate: bool, name: String) {
        if is_duplicate && self.duplicate.is_none() {
            self.duplicate = Some(OdataError::DuplicateOption { name });
        }
    }

    fn alias(&mut self, options: &mut Options) -> Result<(), OdataError> {
        let name = self.lexer.expect_name()?.to_owned();
        self.lexer.expect('=')?;
        let value = self.expression()?;
        self.note_duplicate(options.aliases.iter().any(|(known, _)| *known == name), format!("@{name}"));
        options.aliases.push((name, value));
        Ok(())
    }

    /// Reads the value of an option.
    pub(crate) fn option(&mut self, name: OptionName, options: &mut Options) -> Result<(), OdataError> {
        match name {
            OptionName::Filter => options.filter = Some(self.expression()?),
            OptionName::OrderBy => options.order_by = self.order_items()?,
            OptionName::Select => options.select = self.select_items()?,
            OptionName::Expand => options.expand = self.expand_items()?,
            OptionName::Top => options.top = Some(self.whole_number()?),
            OptionName::Skip => options.skip = Some(self.whole_number()?),
            OptionName::Count => options.count = Some(self.truth_value()?),
            OptionName::Levels => options.levels = Some(self.levels()?),
            OptionName::Search => options.search = Some(self.search()?),
            OptionName::Compute => options.compute = self.compute_items()?,
            OptionName::Apply => options.apply = self.transformations()?,
            OptionName::Index => {
                self.lexer.eat('-');
                self.whole_number()?;
            }
            OptionName::SchemaVersion => self.schema_version()?,
            OptionName::Format => self.format()?,
            OptionName::SkipToken | OptionName::DeltaToken | OptionName::Id => self.any_text()?,
        }
        Ok(())
    }

    /// Reads a non-negative integer; one beyond 64 bits saturates.
    pub(crate) fn whole_number(&mut self) -> Result<u64, OdataError> {
        match self.lexer.take_while(|c| c.is_ascii_digit()) {
            "" => Err(self.lexer.unexpected("a non-negative integer")),
            digits => Ok(digits.parse().unwrap_or(u64::MAX)),
        }
    }

    /// Reads `true` or `false`, case-insensitive.
    pub fn truth_value(&mut self) -> Result<bool, OdataError> {
        match self.lexer.eat_word(&["true", "false"], "'true' or 'false'") {
            Some(index) => Ok(index == 0),
            None => Err(self.lexer.unexpected("'true' or 'false'")),
        }
    }

    pub(crate) fn levels(&mut self) -> Result<Levels, OdataError> {
        const EXPECTED: &str = "a positive integer or 'max'";
        match self.lexer.peek() {
            Some('1'..='9') => self.whole_number().map(Levels::Number),
            _ if self.lexer.eat_word(&["max"], EXPECTED).is_some() => Ok(Levels::Max),
            _ => Err(self.lexer.unexpected(EXPECTED)),
        }
    }

    fn schema_version(&mut self) -> Result<(), OdataError> {
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        if self.lexer.eat('*') || !self.lexer.take_while(unreserved).is_empty() {
            Ok(())
        } else {
            Err(self.lexer.unexpected("'*' or a version"))
        }
    }

    /// Reads `atom`, `json`, `xml` or a media type.
    fn format(&mut self) -> Result<(), OdataError> {
        const EXPECTED: &str = "'json', 'xml' or a media type";
        let start = self.lexer.mark();
        let word = self.lexer.take_while(|c| c != '/').to_ascii_lowercase();
        if self.lexer.is_done() && matches!(word.as_str(), "atom" | "json" | "xml") {
            return Ok(());
        }
        if word.is_empty() || !self.lexer.eat('/') {
            let at_end = self.lexer.is_done() && !word.is_empty();
            if !at_end {
                self.lexer.reset(start);
            }
            return Err(self.lexer.unexpected(EXPECTED));
        }
        match self.lexer.take_while(|c| !matches!(c, '/' | '?')) {
            "" => Err(self.lexer.unexpected(EXPECTED)),
            _ => Ok(()),
        }
    }

    fn any_text(&mut self) -> Result<(), OdataError> {
        match self.lexer.take_while(|_| true) {
            "" => Err(self.lexer.unexpected("a value")),
            _ => Ok(()),
        }
    }
}
