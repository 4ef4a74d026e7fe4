//! Paths of URLs (OData ABNF, section 1). Names are not resolved here, so nearly any segment after the name
//! of a possible set is a key; the tree contains its most likely kind.

use super::{Parser, read_all};
use crate::OdataError;
use crate::ast::path::{RelativeUri, Segment, SegmentKind, Target};
use crate::lexer::Strictness;
use crate::url::{decode, encoded_bytes, encoded_index};

/// Parses the path after the service root, still percent-encoded. Error positions refer to that text.
///
/// ```
/// use odata::ast::path::{SegmentKind, Target};
///
/// let Target::Resource(segments) = odata::parse::target("Users(1)/Name/$value")? else { panic!("a resource") };
/// assert_eq!(segments.len(), 4);
/// assert_eq!(segments[3].kind, SegmentKind::Value);
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn target(raw: &str) -> Result<Target, OdataError> {
    let text = decode(PATH, raw)?;
    let slashes = encoded_bytes(raw, "%2F");
    read_all(PATH, &text, Strictness::Exact, |parser| PathReader { parser, slashes: &slashes }.target())
        .map_err(|error| error.moved(|at| encoded_index(raw, at)))
}

/// Parses the URL after the service root, still percent-encoded, and splits off its query and context.
///
/// ```
/// let uri = odata::parse::relative_uri("Users?$top=1")?;
/// assert_eq!((uri.target.to_string(), uri.query.as_deref()), ("Users".to_owned(), Some("$top=1")));
/// # Ok::<(), odata::OdataError>(())
/// ```
pub fn relative_uri(raw: &str) -> Result<RelativeUri, OdataError> {
    let (before, context) = match raw.split_once('#') {
        Some((before, context)) => (before, Some(context)),
        None => (raw, None),
    };
    let (path, query) = match before.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (before, None),
    };
    let (query, context) = (query.map(str::to_owned), context.map(str::to_owned));
    Ok(RelativeUri { target: target(path)?, query, context })
}

const PATH: &str = "path";

/// The segments that may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Any segment: the current one may be a collection, and the next one its key.
    Anything,
    /// The segments of a single row.
    Single,
    /// None.
    Nothing,
}

/// Reads a path with known positions of encoded slashes, which do not separate segments.
struct PathReader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    slashes: &'p [usize],
}

impl PathReader<'_, '_> {
    fn target(&mut self) -> Result<Target, OdataError> {
        const WORDS: [&str; 5] = ["$metadata", "$batch", "$entity", "$all", "$crossjoin"];
        const EXPECTED: &str = "$metadata, $batch, $entity, $all or $crossjoin";
        let lexer = &mut self.parser.lexer;
        if lexer.is_done() {
            return Ok(Target::Service);
        }
        if lexer.peek() != Some('$') {
            return self.segments().map(Target::Resource);
        }
        match lexer.eat_exact_word(&WORDS, EXPECTED) {
            Some(0) => Ok(Target::Metadata),
            Some(1) => Ok(Target::Batch),
            Some(2) => self.type_behind().map(Target::Entity),
            Some(3) => self.type_behind().map(Target::All),
            Some(_) => self.cross_join(),
            None => Err(lexer.unexpected(EXPECTED)),
        }
    }

    fn type_behind(&mut self) -> Result<Option<String>, OdataError> {
        if !self.eat_slash() {
            return Ok(None);
        }
        self.parser.lexer.expect_dotted_name().map(|name| Some(name.to_owned()))
    }

    fn cross_join(&mut self) -> Result<Target, OdataError> {
        self.parser.lexer.expect('(')?;
        let sets = self.parser.separated(',', |parser| {
            parser.count_node()?;
            parser.lexer.expect_name().map(str::to_owned)
        })?;
        self.parser.lexer.expect(')')?;
        let query = self.parser.lexer.peek() == Some('/');
        if query {
            self.parser.lexer.expect_text("/$query")?;
        }
        Ok(Target::CrossJoin { sets, query })
    }

    fn segments(&mut self) -> Result<Vec<Segment>, OdataError> {
        let mut segments = Vec::new();
        let at = self.parser.lexer.at();
        let name = self.parser.lexer.expect_name()?.to_owned();
        segments.push(Segment { kind: SegmentKind::Name(name), at });
        let mut next = self.parentheses(Next::Single, &mut segments)?;
        while next != Next::Nothing && self.eat_slash() {
            self.parser.count_node()?;
            next = match next {
                Next::Anything => self.any_segment(&mut segments)?,
                _ => self.single_segment(&mut segments)?,
            };
        }
        Ok(segments)
    }

    /// Consumes a slash that was not percent-encoded.
    fn eat_slash(&mut self) -> bool {
        let divides = self.slashes.binary_search(&self.parser.lexer.mark().byte()).is_err();
        divides && self.parser.lexer.eat('/')
    }

    /// Reads parentheses after a name, if present. `after_key` may follow a key.
    fn parentheses(&mut self, after_key: Next, segments: &mut Vec<Segment>) -> Result<Next, OdataError> {
        if self.parser.lexer.peek() != Some('(') {
            return Ok(Next::Anything);
        }
        let at = self.parser.lexer.at();
        let mut kind = self.within_segment(|reader| reader.parser.path_parens())?;
        if matches!(kind, SegmentKind::Named(_)) && self.parser.lexer.peek() == Some('(') {
            segments.push(Segment { kind, at });
            kind = self.within_segment(|reader| {
                reader.parser.lexer.expect('(')?;
                let key = reader.parser.key_value()?;
                reader.parser.lexer.expect(')')?;
                Ok(SegmentKind::Key(key))
            })?;
        }
        let is_key = matches!(kind, SegmentKind::Key(_));
        segments.push(Segment { kind, at });
        Ok(if is_key { after_key } else { Next::Anything })
    }

    /// Reads within one segment: an unencoded slash ends it.
    fn within_segment<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, OdataError>,
    ) -> Result<T, OdataError> {
        let lexer = &mut self.parser.lexer;
        let (start, slashes) = (lexer.mark().byte(), self.slashes);
        let divides = |byte: &usize| slashes.binary_search(&(start + byte)).is_err();
        let length = lexer.rest().match_indices('/').map(|(byte, _)| byte).find(divides);
        let whole = length.map(|length| lexer.truncate(length));
        let result = read(self);
        if let Some(whole) = whole {
            self.parser.lexer.restore(whole);
        }
        result
    }

    /// Reads a segment where any text is valid, as its most likely kind. A segment that begins with `$` is a
    /// keyword, never a key.
    fn any_segment(&mut self, segments: &mut Vec<Segment>) -> Result<Next, OdataError> {
        let (start, count) = (self.parser.lexer.mark(), segments.len());
        let is_word = self.parser.lexer.peek() == Some('$');
        match self.known_segment(segments) {
            Err(error) if is_word => return Err(error),
            Err(error @ OdataError::Limit { .. }) => return Err(error),
            Ok(()) if is_word => return Ok(after_keyword(segments)),
            Ok(()) if self.is_at_end() => return Ok(Next::Anything),
            _ => {}
        }
        segments.truncate(count);
        self.parser.lexer.reset(start);
        let slashes = self.slashes;
        let mut byte = start.byte();
        let text = self.parser.lexer.take_while(|c| {
            let goes_on = c != '/' || slashes.binary_search(&byte).is_ok();
            byte += c.len_utf8();
            goes_on
        });
        segments.push(Segment { kind: SegmentKind::Text(text.to_owned()), at: start.at });
        Ok(Next::Anything)
    }

    fn is_at_end(&self) -> bool {
        let lexer = &self.parser.lexer;
        let divides = self.slashes.binary_search(&lexer.mark().byte()).is_err();
        lexer.is_done() || lexer.peek() == Some('/') && divides
    }

    fn known_segment(&mut self, segments: &mut Vec<Segment>) -> Result<(), OdataError> {
        let at = self.parser.lexer.at();
        if self.parser.lexer.peek() != Some('$') {
            let name = self.parser.lexer.expect_dotted_name()?.to_owned();
            segments.push(Segment { kind: SegmentKind::Name(name), at });
            return self.parentheses(Next::Nothing, segments).map(drop);
        }
        const WORDS: [&str; 6] = ["$count", "$ref", "$value", "$each", "$query", "$filter"];
        let kind = match self.parser.lexer.eat_exact_word(&WORDS, "$count, $ref, $filter(…)") {
            Some(0) => SegmentKind::Count,
            Some(1) => SegmentKind::Ref,
            Some(2) => SegmentKind::Value,
            Some(3) => SegmentKind::Each,
            Some(4) => SegmentKind::Query,
            Some(_) => {
                let filter = self.parser.nested(|parser| {
                    parser.lexer.expect('(')?;
                    let filter = parser.expression()?;
                    parser.lexer.expect(')')?;
                    Ok(filter)
                })?;
                SegmentKind::Filter(Box::new(filter))
            }
            None => return Err(self.parser.lexer.unexpected("a segment")),
        };
        let filtered = matches!(kind, SegmentKind::Filter(_));
        segments.push(Segment { kind, at });
        if filtered && self.parser.lexer.peek() == Some('(') {
            return self.parentheses(Next::Nothing, segments).map(drop);
        }
        Ok(())
    }

    /// Reads a segment after a single row (`singleNavigation`).
    fn single_segment(&mut self, segments: &mut Vec<Segment>) -> Result<Next, OdataError> {
        const EXPECTED: &str = "$ref, $value or $query";
        let at = self.parser.lexer.at();
        if self.parser.lexer.peek() == Some('$') {
            let found = self.parser.lexer.eat_exact_word(&["$ref", "$value", "$query"], EXPECTED);
            let kinds = [SegmentKind::Ref, SegmentKind::Value, SegmentKind::Query];
            let Some(kind) = found.and_then(|index| kinds.into_iter().nth(index)) else {
                return Err(self.parser.lexer.unexpected(EXPECTED));
            };
            segments.push(Segment { kind, at });
            return Ok(Next::Nothing);
        }
        let name = self.parser.lexer.expect_dotted_name()?.to_owned();
        let qualified = name.contains('.');
        segments.push(Segment { kind: SegmentKind::Name(name), at });
        if qualified && self.parser.lexer.peek() != Some('(') {
            return Ok(Next::Single);
        }
        let next = self.parentheses(Next::Single, segments)?;
        let keyed = matches!(segments.last().map(|segment| &segment.kind), Some(SegmentKind::Key(_)));
        let only_name = segments.iter().rev().nth(1).is_some_and(|before| before.at == at);
        if qualified && keyed && only_name {
            return Err(self.parser.lexer.error("expected named parameters of a function".to_owned()));
        }
        Ok(next)
    }
}

/// Returns the segments that may follow a keyword.
fn after_keyword(segments: &[Segment]) -> Next {
    match segments.last().map(|segment| &segment.kind) {
        Some(SegmentKind::Count | SegmentKind::Ref | SegmentKind::Value | SegmentKind::Query) => {
            Next::Nothing
        }
        _ => Next::Anything,
    }
}
