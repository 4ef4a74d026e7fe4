//! Paths of data aggregation: names and types separated by slashes (Aggregation ABNF, `groupingProperty`).

use super::Parser;
use crate::OdataError;
use crate::ast::apply::Hierarchy;
use crate::ast::{Kind, Path, Root};

/// Whether a path may end with a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeLast {
    /// A type is allowed only before a name.
    No,
    /// A type is also allowed at the end, after a name.
    Yes,
}

impl Parser<'_> {
    /// Reads a path of properties, with types between them.
    pub fn property_path(&mut self, type_last: TypeLast) -> Result<Vec<String>, OdataError> {
        let mut path: Vec<String> = Vec::new();
        loop {
            self.count_node()?;
            let name = self.lexer.expect_dotted_name()?;
            let is_type = name.contains('.');
            let after_type = path.last().is_some_and(|before| before.contains('.'));
            if is_type && after_type {
                return Err(self.lexer.unexpected("the name of a property"));
            }
            let first = path.is_empty();
            path.push(name.to_owned());
            if self.lexer.eat('/') {
                continue;
            }
            if is_type && (first || type_last == TypeLast::No) {
                return Err(self.lexer.unexpected("'/' after the name of a type"));
            }
            return Ok(path);
        }
    }

    /// Reads comma-separated grouping properties.
    pub(super) fn grouping_paths(&mut self) -> Result<Vec<Vec<String>>, OdataError> {
        self.spaced(|parser| parser.property_path(TypeLast::No))
    }

    /// Reads the path of a joined collection: a property or an annotation.
    pub(super) fn join_path(&mut self) -> Result<Vec<String>, OdataError> {
        if self.lexer.eat('@') {
            return Ok(vec![format!("@{}", self.lexer.annotation()?)]);
        }
        let mut path = vec![self.lexer.expect_name()?.to_owned()];
        if self.lexer.eat('/') {
            path.push(self.lexer.expect_dotted_name()?.to_owned());
        }
        Ok(path)
    }

    /// Reads `$root/Nodes,Qualifier,Path`.
    pub(super) fn hierarchy(&mut self) -> Result<Hierarchy, OdataError> {
        let at = self.lexer.at();
        const ROOT: &str = "$root";
        if !self.lexer.is_next("$root/") {
            return Err(self.lexer.unexpected("'$root/'"));
        }
        self.lexer.take(ROOT.len());
        let nodes = self.path_from_root(Root::Service, at)?;
        debug_assert!(matches!(&nodes.kind, Kind::Path(Path { root: Root::Service, .. })));
        self.comma()?;
        let qualifier = self.lexer.expect_name()?.to_owned();
        self.comma()?;
        let path = self.property_path(TypeLast::No)?;
        Ok(Hierarchy { nodes, qualifier, path })
    }

    /// Consumes a comma with the space around it, which must be next.
    pub(super) fn comma(&mut self) -> Result<(), OdataError> {
        if self.lexer.eat_spaced(',') {
            return Ok(());
        }
        self.lexer.skip_space();
        Err(self.lexer.unexpected("','"))
    }

    /// Reads `as` and a name (`asAlias`).
    pub(super) fn as_alias(&mut self) -> Result<String, OdataError> {
        self.lexer.expect_space("and 'as'")?;
        self.lexer.expect_word("as")?;
        self.lexer.expect_space("after 'as'")?;
        self.lexer.expect_name().map(str::to_owned)
    }
}
