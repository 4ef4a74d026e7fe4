//! Positions in the text of a document.

use apollo_compiler::parser::SourceSpan;
use async_graphql::Pos;

/// Where in the text of a document lines and letters start, by byte offsets.
#[derive(Default)]
pub(crate) struct LineIndex {
    starts: Vec<usize>,
    /// The bytes that continue a letter: all others start one.
    continued: Vec<usize>,
}

impl LineIndex {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // GraphQL, section 2.1.2: a line ends with LF, CR, or both.
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        let continued = bytes.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 == 0x80);
        Self { starts, continued: continued.map(|(at, _)| at).collect() }
    }

    /// Returns the line and column, in characters from 1, where a span starts.
    pub(crate) fn position(&self, span: Option<SourceSpan>) -> Option<Pos> {
        span.map(|span| self.at(span.offset()))
    }

    fn at(&self, offset: usize) -> Pos {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let continued = |end: usize| self.continued.partition_point(|at| *at < end);
        let letters = (offset - start).saturating_sub(continued(offset) - continued(start));
        Pos { line, column: letters + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_graphql_says() {
        let lines = LineIndex::new("a\nb\r\né\u{1F600}c\rd");
        let found: Vec<_> = [0, 2, 5, 7, 11, 13].into_iter().map(|offset| lines.at(offset)).collect();
        let expected = [(1, 1), (2, 1), (3, 1), (3, 2), (3, 3), (4, 1)];
        assert_eq!(found, expected.map(Pos::from));
    }
}
