//! Literals and values (OData ABNF, section 7).

use super::Rule;

pub(crate) const RULES: &[Rule] = &[
    Rule { name: "nullValue", texts: &["null"], mismatches: &[("Null", 0), ("nul", 0)] },
    Rule { name: "booleanValue", texts: &["true", "false"], mismatches: &[("TRUE", 0), ("tru", 0)] },
    Rule { name: "boolean", texts: &["TRUE"], mismatches: &[("1", 0)] },
    Rule {
        name: "guidValue",
        texts: &["12345678-9aBc-DEF0-1234-56789abcdef0"],
        mismatches: &[
            ("12345678-9abc-def0-1234-56789abcdef", 35),
            ("1234567g-9abc-def0-1234-56789abcdef0", 7),
        ],
    },
    Rule {
        name: "dateValue",
        texts: &["2026-08-01", "-0001-12-31", "12345-01-01", "0000-01-01"],
        mismatches: &[
            ("2026-13-01", 6),
            ("2026-00-01", 6),
            ("2026-01-32", 9),
            ("26-01-01", 2),
            ("02345-01-01", 4),
        ],
    },
    Rule {
        name: "dateTimeOffsetValue",
        texts: &["2026-08-01T10:30Z", "2026-08-01T10:30:59.123456789012+02:00", "2026-08-01t23:59:60z"],
        mismatches: &[
            ("2026-08-01T24:00Z", 12),
            ("2026-08-01T10:30", 16),
            ("2026-08-01T10:30:00.1234567890123Z", 32),
            ("2026-08-01 10:30Z", 10),
            ("2026-08-01T10%3A30Z", 13),
            ("2026-08-01T10:30%2B02:00", 16),
        ],
    },
    Rule {
        name: "dateTimeOffsetLiteral",
        texts: &["2026-08-01T10%3A30%2b02%3A00"],
        mismatches: &[("2026-08-01T10%3A60Z", 16)],
    },
    Rule { name: "enumValue", texts: &["A,B,-1"], mismatches: &[("A%2CB", 1), ("%2D1", 0)] },
    Rule {
        name: "timeOfDayValue",
        texts: &["10:30", "23:59:60", "00:00:00.1"],
        mismatches: &[("24:00", 1), ("10:60", 3), ("10:30:61", 6), ("10:30:00.", 9)],
    },
    Rule {
        name: "durationValue",
        texts: &["P1D", "PT1H2M3.5S", "-P1DT1S", "P", "PT"],
        mismatches: &[("1D", 0), ("P1H", 2), ("PT1D", 3), ("P1.5D", 2)],
    },
    Rule {
        name: "duration",
        texts: &["duration'PT1S'", "'PT1S'", "DURATION'P1D'"],
        mismatches: &[("duration'x'", 9), ("durationPT1S", 8)],
    },
    Rule {
        name: "decimalValue",
        texts: &["1", "-1.5", "+1e5", "1E-5", "NaN", "INF", "-INF"],
        mismatches: &[(".5", 0), ("1.", 2), ("1e", 2), ("nan", 0), ("--1", 1), ("inf", 0)],
    },
    Rule { name: "doubleValue", texts: &["1.5"], mismatches: &[("x", 0)] },
    Rule { name: "singleValue", texts: &["1.5"], mismatches: &[("", 0)] },
    Rule { name: "sbyteValue", texts: &["-128", "+1"], mismatches: &[("1234", 3), ("-", 1)] },
    Rule { name: "byteValue", texts: &["255"], mismatches: &[("-1", 0), ("1234", 3)] },
    Rule { name: "int16Value", texts: &["-32768"], mismatches: &[("123456", 5)] },
    Rule { name: "int32Value", texts: &["2147483647"], mismatches: &[("12345678901", 10)] },
    Rule {
        name: "int64Value",
        texts: &["-9223372036854775808"],
        mismatches: &[("12345678901234567890", 19)],
    },
    Rule {
        name: "string",
        texts: &["''", "'x''y'", "'%27%27'", "'ä'"],
        mismatches: &[("x", 0), ("'x", 2), ("'x'y'", 3)],
    },
    Rule {
        name: "enum",
        texts: &["Ns.E'A,B'", "'A'", "Ns.E'-1'"],
        mismatches: &[("E'A'", 1), ("Ns.E'A B'", 6), ("Ns.E''", 5), ("Ns.E'A,'", 7)],
    },
    Rule { name: "enumValue", texts: &["A", "1,B", "-5"], mismatches: &[("", 0), ("A,", 2)] },
    Rule {
        name: "binary",
        texts: &["binary'T0RhdGE'", "binary''", "BINARY'T0RhdGE='"],
        mismatches: &[("'T0'", 0), ("binary'+'", 7)],
    },
    Rule { name: "binaryValue", texts: &["", "T0RhdGE", "T0RhdGE=", "AA=="], mismatches: &[("+", 0)] },
    Rule {
        name: "geographyPoint",
        texts: &["geography'SRID=0;Point(142.1 64.1)'", "GEOGRAPHY'srid=1;point(1 2 3 4)'"],
        mismatches: &[
            ("geometry'SRID=0;Point(1 2)'", 0),
            ("geography'Point(1 2)'", 10),
            ("geography'SRID=0;Point(1)'", 24),
            ("geography'SRID=123456;Point(1 2)'", 20),
        ],
    },
    Rule {
        name: "geometryPolygon",
        texts: &["geometry'SRID=0;Polygon((1 1,2 2,3 3,1 1))'"],
        mismatches: &[("geometry'SRID=0;Polygon(1 1)'", 24)],
    },
    Rule {
        name: "geographyCollection",
        texts: &["geography'SRID=0;GeometryCollection(Point(1 2),LineString(1 2,3 4))'"],
        mismatches: &[("geography'SRID=0;GeometryCollection()'", 36)],
    },
    Rule {
        name: "geometryMultiPoint",
        texts: &["geometry'SRID=0;MultiPoint()'", "geometry'SRID=0;MultiPoint((1 2),(3 4))'"],
        mismatches: &[],
    },
    Rule {
        name: "geographyMultiLineString",
        texts: &["geography'SRID=0;MultiLineString((1 2,3 4))'"],
        mismatches: &[],
    },
    Rule {
        name: "geographyMultiPolygon",
        texts: &["geography'SRID=0;MultiPolygon(((1 2,3 4)))'"],
        mismatches: &[],
    },
    Rule {
        name: "fullLineStringLiteral",
        texts: &["SRID=0;LineString(1 2,3 4)"],
        mismatches: &[("SRID=0;LineString(1 2)", 21)],
    },
    Rule {
        name: "primitiveLiteral",
        texts: &["null", "1", "'x'", "true", "2026-01-01", "duration'P1D'", "Ns.E'A'", "INF"],
        mismatches: &[("x", 1), ("", 0)],
    },
    Rule { name: "nosuchrule", texts: &[], mismatches: &[("x", 0)] },
];
