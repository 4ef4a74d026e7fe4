//! Geographic and geometric literals (OData ABNF, section 7).

use super::cursor::{Lexer, Mark};
use super::form::decimal_value;
use super::scan::Scan;
use crate::OdataError;
use crate::ast::Literal;

const SHAPE: &str = "a shape such as SRID=4326;Point(7.5 51.5)";

/// The name of a shape in the grammar, and its scanner.
type Shape = (&'static str, fn(&mut Scan<'_>) -> Option<()>);

const SHAPES: [Shape; 7] = [
    ("Collection", collection),
    ("LineString", line_string),
    ("MultiLineString", |scan| several(scan, "MultiLineString(", line)),
    ("MultiPoint", |scan| several(scan, "MultiPoint(", point_data)),
    ("MultiPolygon", |scan| several(scan, "MultiPolygon(", polygon_data)),
    ("Point", point),
    ("Polygon", polygon),
];

impl Lexer<'_> {
    /// Consumes the quoted part of a literal that began with `geography` or `geometry` at `start`.
    pub(super) fn geo_literal(&mut self, start: Mark) -> Result<Literal, OdataError> {
        let family = self.since(start).to_ascii_lowercase();
        self.expect('\'')?;
        let shape = self.shape("")?;
        self.expect('\'')?;
        Ok(Literal::Geo(family, shape))
    }

    /// Consumes a shape with its reference system: the named one, or any if the name is empty.
    pub fn shape(&mut self, name: &str) -> Result<String, OdataError> {
        let wanted = SHAPES.iter().filter(|(known, _)| name.is_empty() || *known == name);
        let found = self.scan(SHAPE, |scan| {
            scan.text("SRID")?;
            scan.byte(b'=')?;
            scan.digits(1, 5)?;
            scan.byte(b';')?;
            wanted.into_iter().any(|(_, read)| scan.optional(read)).then_some(())
        });
        found.map(str::to_owned).ok_or_else(|| self.unexpected(SHAPE))
    }
}

fn any_shape(scan: &mut Scan<'_>) -> Option<()> {
    SHAPES.iter().any(|(_, read)| scan.optional(read)).then_some(())
}

/// Maximum nesting of collections.
const MAX_COLLECTIONS: usize = 8;

fn collection(scan: &mut Scan<'_>) -> Option<()> {
    scan.deeper(MAX_COLLECTIONS, |scan| {
        scan.text("GeometryCollection(")?;
        separated(scan, any_shape)?;
        scan.byte(b')')
    })
}

fn separated(scan: &mut Scan<'_>, read: fn(&mut Scan<'_>) -> Option<()>) -> Option<()> {
    read(scan)?;
    while scan.optional(|scan| {
        scan.byte(b',')?;
        read(scan)
    }) {}
    Some(())
}

fn several(scan: &mut Scan<'_>, begin: &str, read: fn(&mut Scan<'_>) -> Option<()>) -> Option<()> {
    scan.text(begin)?;
    scan.optional(|scan| separated(scan, read));
    scan.byte(b')')
}

fn position(scan: &mut Scan<'_>) -> Option<()> {
    decimal_value(scan)?;
    scan.byte(b' ')?;
    decimal_value(scan)?;
    for _ in 0..2 {
        scan.optional(|scan| {
            scan.byte(b' ')?;
            decimal_value(scan)
        });
    }
    Some(())
}

fn line_string(scan: &mut Scan<'_>) -> Option<()> {
    scan.text("LineString")?;
    line(scan)
}

/// Scans at least two positions in parentheses (`lineStringData`).
fn line(scan: &mut Scan<'_>) -> Option<()> {
    scan.byte(b'(')?;
    position(scan)?;
    scan.byte(b',')?;
    separated(scan, position)?;
    scan.byte(b')')
}

fn point(scan: &mut Scan<'_>) -> Option<()> {
    scan.text("Point")?;
    point_data(scan)
}

fn point_data(scan: &mut Scan<'_>) -> Option<()> {
    scan.byte(b'(')?;
    position(scan)?;
    scan.byte(b')')
}

fn polygon(scan: &mut Scan<'_>) -> Option<()> {
    scan.text("Polygon")?;
    polygon_data(scan)
}

fn polygon_data(scan: &mut Scan<'_>) -> Option<()> {
    scan.byte(b'(')?;
    separated(scan, |scan| {
        scan.byte(b'(')?;
        separated(scan, position)?;
        scan.byte(b')')
    })?;
    scan.byte(b')')
}
