//! Character sets, URIs and headers (OData ABNF, sections 8, 9, and A to C).

use super::Rule;

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "header",
        texts: &[
            "Prefer: odata.maxpagesize=7 , return=minimal",
            "prefer:wait=0,respond-async",
            "odata-version: 4.01",
            "OData-MaxVersion:4.0",
            "asyncresult:\t404",
            "Content-ID: a~1",
            "isolation: SNAPSHOT",
            "odata-entityid: urn:x:\u{e4}",
            "OData-Error: {\"code\":7}",
        ],
        mismatches: &[
            ("", 0),
            ("Accept: */*", 0),
            ("Odata-Version: 3.0", 15),
            ("Prefer: wait=0,", 15),
            ("Prefer: return=all", 15),
            ("AsyncResult: 20", 15),
        ],
    },
    Rule {
        name: "preference",
        texts: &[
            "callback;url=\"http://example.org:80/a?b#c\"",
            "odata.callback ; url = \"x:y\"",
            "include-annotations=\"*,-a.b.c#q,a.*\"",
            "omit-values=nulls",
            "odata.continue-on-error=FALSE",
            "track-changes",
            "allow-entityreferences",
        ],
        mismatches: &[
            ("maxpagesize=0", 12),
            ("include-annotations=\"a\"", 22),
            ("include-annotations=\"a.\"", 23),
            ("return=Minimal", 7),
            ("callback;url=\"x\"", 15),
        ],
    },
    Rule {
        name: "URI",
        texts: &[
            "http://[::1]/",
            "https://u:p@[2001:db8::7:1]:443",
            "x://[1::192.0.2.1]/",
            "x://[vF.a:b]",
            "x:/",
            "x:a/b",
            "x://1.2.3.4.example/",
        ],
        mismatches: &[("1x:", 0), ("x:", 2), ("http://[::12345]/", 14), ("x://[1:2]/", 8)],
    },
    Rule { name: "dec-octet", texts: &["0", "99", "199", "249", "255"], mismatches: &[("256", 2), ("x", 0)] },
    Rule { name: "RWS", texts: &[" ", " %20\t%09"], mismatches: &[("", 0), ("%21", 0)] },
    Rule { name: "charInJSON", texts: &["a", "\\n", "%5Cu00e4", "{"], mismatches: &[("\\x", 1), ("\"", 0)] },
    Rule { name: "base64b16", texts: &["T0c", "T0c="], mismatches: &[("T0d", 2)] },
    Rule { name: "SQUOTE-in-string", texts: &["''", "%27'"], mismatches: &[("'", 1)] },
    Rule { name: "pct-encoded-no-DQUOTE", texts: &["%20", "%2f"], mismatches: &[("%22", 2)] },
];
