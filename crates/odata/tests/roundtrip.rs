//! Random trees and random texts: what is printed parses to the same tree, and nothing panics.

use model::Uuid;
use odata::ast::{
    Arg, Binary, Call, ExpandItem, ExpandShape, Expr, Kind, Lambda, Levels, Literal, NotFinite, Options,
    OrderItem, Path, Root, SelectItem, Step, Unary,
};
use odata::{QueryOptions, Resource, parse};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn expr(kind: Kind) -> Expr {
    Expr::new(kind, 0)
}

/// A name that is neither a value nor an operator before its operand.
fn name() -> impl Strategy<Value = String> {
    "[A-Z_ä][A-Za-z0-9_é]{0,8}".prop_filter("a value", |name| {
        !["true", "false", "not", "any", "all", "inf", "nan"].contains(&name.to_lowercase().as_str())
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(Literal::Int),
        "[+-]?[0-9]{1,5}\\.[0-9]{1,5}(e[+-]?[0-9]{1,2})?".prop_map(Literal::Decimal),
        prop_oneof![Just(NotFinite::NaN), Just(NotFinite::Infinity), Just(NotFinite::NegativeInfinity)]
            .prop_map(Literal::NotFinite),
        any::<u128>().prop_map(|bits| Literal::Guid(Uuid::from_u128(bits))),
        "-?(0[0-9]{3}|[1-9][0-9]{3,5})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])".prop_map(Literal::Date),
        "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,12})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
            .prop_map(Literal::DateTimeOffset),
        "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,12})?)?".prop_map(Literal::TimeOfDay),
        "-?P([0-9]{1,3}D|[0-9]{1,3}DT[0-9]{1,2}H|T[0-9]{1,2}M[0-9]{1,2}\\.[0-9]{1,3}S)".prop_map(Literal::Duration),
        "\\PC{0,12}".prop_map(Literal::Text),
        ("[A-Z][a-z]{0,4}\\.[A-Z][a-z]{0,4}", "[A-Z][a-z]{0,4}(,-?[0-9]{1,3})?")
            .prop_map(|(name, members)| Literal::Enum(name, members)),
        vec(any::<u8>(), 0..8).prop_map(Literal::Binary),
    ]
}

fn args(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Vec<Arg>> {
    vec((option::of(name()), inner).prop_map(|(name, value)| Arg { name, value }), 0..3)
}

fn step(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Step> {
    let lambda = (name(), inner.clone())
        .prop_map(|(variable, body)| Lambda { variable, body: Box::new(body) })
        .boxed();
    let filtered = inner.clone().prop_map(|filter| Options { filter: Some(filter), ..Options::default() });
    prop_oneof![
        4 => name().prop_map(Step::Name),
        1 => (name(), name()).prop_map(|(space, name)| Step::Name(format!("{space}.{name}"))),
        1 => (name(), name()).prop_map(|(space, name)| Step::Annotation(format!("{space}.{name}"))),
        1 => (name(), args(inner.clone())).prop_map(|(name, args)| Step::Call(Call { name, args })),
        1 => option::of(lambda.clone()).prop_map(Step::Any),
        1 => lambda.prop_map(Step::All),
        1 => option::of(filtered).prop_map(|options| Step::Count(Box::new(options.unwrap_or_default()))),
        1 => inner.prop_map(|inner| Step::Filter(Box::new(inner))),
    ]
}

fn path(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Kind> {
    let rooted = (
        prop_oneof![Just(Root::It), Just(Root::This), name().prop_map(Root::Alias)],
        vec(step(inner.clone()), 0..3),
    );
    let service = (name(), vec(step(inner.clone()), 0..2)).prop_map(|(first, mut steps)| {
        steps.insert(0, Step::Name(first));
        (Root::Service, steps)
    });
    let plain = (name(), vec(step(inner), 0..3)).prop_map(|(first, mut steps)| {
        steps.insert(0, Step::Name(first));
        (Root::Row, steps)
    });
    prop_oneof![1 => rooted, 1 => service, 4 => plain]
        .prop_map(|(root, steps)| Kind::Path(Path { root, steps }))
}

fn tree() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        literal().prop_map(|literal| expr(Kind::Literal(literal))),
        name().prop_map(|name| expr(Kind::Path(Path { root: Root::Row, steps: vec![Step::Name(name)] }))),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let values = vec(literal().prop_map(|literal| expr(Kind::Literal(literal))), 0..4);
        let plain: Vec<_> = Binary::ALL
            .into_iter()
            .filter(|operator| !matches!(operator, Binary::In | Binary::Has))
            .collect();
        let colour = expr(Kind::Literal(Literal::Enum("Ns.Colour".into(), "Red".into())));
        prop_oneof![
            (proptest::sample::select(plain), boxed.clone(), boxed.clone())
                .prop_map(|(operator, left, right)| Kind::Binary(operator, left, right)),
            (boxed.clone(), values).prop_map(|(left, values)| {
                Kind::Binary(Binary::In, left, Box::new(expr(Kind::List(values))))
            }),
            (boxed.clone(), boxed.clone()).prop_map(|(left, right)| Kind::Binary(Binary::In, left, right)),
            boxed.clone().prop_map(move |left| Kind::Binary(Binary::Has, left, Box::new(colour.clone()))),
            (prop_oneof![Just(Unary::Not), Just(Unary::Negate)], boxed)
                .prop_map(|(operator, inner)| Kind::Unary(operator, inner)),
            vec(inner.clone(), 2..5).prop_map(Kind::And),
            vec(inner.clone(), 2..5).prop_map(Kind::Or),
            vec(inner.clone(), 0..4).prop_map(Kind::Array),
            ("x[a-z]{1,6}", args(inner.clone())).prop_map(|(name, args)| Kind::Call(Call { name, args })),
            path(inner),
        ]
        .prop_map(expr)
    })
}

fn options() -> impl Strategy<Value = Options> {
    let order =
        || vec((tree(), any::<bool>()).prop_map(|(expr, descending)| OrderItem { expr, descending }), 0..3);
    let select =
        vec(vec(name(), 1..3).prop_map(|path| SelectItem { path, options: Options::default(), at: 0 }), 0..3);
    let levels = prop_oneof![(1..9u64).prop_map(Levels::Number), Just(Levels::Max)];
    let flat = (
        option::of(tree()),
        order(),
        select,
        option::of(any::<u64>()),
        option::of(any::<u64>()),
        option::of(any::<bool>()),
        option::of(levels),
        option::of((name(), tree())),
    );
    let flat = flat.prop_map(|(filter, order_by, select, top, skip, count, levels, alias)| Options {
        filter,
        order_by,
        select,
        expand: Vec::new(),
        top,
        skip,
        count,
        levels,
        aliases: alias.into_iter().collect(),
    });
    flat.prop_recursive(2, 6, 3, |inner| {
        let shape =
            prop_oneof![Just(ExpandShape::Rows), Just(ExpandShape::References), Just(ExpandShape::Count)];
        let item = (vec(name(), 1..3), shape, inner.clone()).prop_map(|(path, shape, options)| ExpandItem {
            path,
            shape,
            options,
            at: 0,
        });
        (inner, vec(item, 1..3)).prop_map(|(options, expand)| Options { expand, ..options })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_expression_parses_to_the_same_tree(tree in tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parse::filter(&text).map_err(|error| format!("{error}: {text}")), Ok(tree));
    }

    #[test]
    fn printed_options_parse_to_the_same_options(options in options()) {
        prop_assume!(options != Options::default());
        let item = ExpandItem { path: vec!["X".into()], shape: ExpandShape::Rows, options, at: 0 };
        let text = item.to_string();
        prop_assert_eq!(parse::expand(&text).map_err(|error| format!("{error}: {text}")), Ok(vec![item]));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        read_everything(&text);
    }

    #[test]
    fn no_text_of_tokens_panics(words in vec(proptest::sample::select(WORDS), 0..30)) {
        read_everything(&words.concat());
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..60)) {
        read_everything(&String::from_utf8_lossy(&bytes));
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        read_everything(&encoded);
    }
}

const WORDS: &[&str] = &[
    " ",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "/",
    "'",
    "\"",
    "\\",
    "@",
    "$",
    "%",
    "%2",
    "%27",
    "=",
    "&",
    "-",
    "+",
    ".",
    "and",
    " eq ",
    " in (",
    "not ",
    "any(",
    "$count",
    "$filter",
    "$expand=",
    "$it",
    "2026-08-01",
    "T10:30",
    "Z",
    "12345678-1234-1234-1234-123456789012",
    "duration'",
    "binary'",
    "Ns.T'",
    "null",
    "-INF",
    "1e",
    "ä",
    "\u{301}",
    "Systems_Security_Users",
    "Id",
    "$metadata",
];

/// Reads a text in every way and checks that an error lies within it.
fn read_everything(text: &str) {
    let errors = [
        parse::filter(text).err(),
        parse::order_by(text).err(),
        parse::select(text).err(),
        parse::expand(text).err(),
        parse::literal(text).err(),
    ];
    for error in errors.into_iter().flatten() {
        assert!(error.position().is_none_or(|at| at <= text.chars().count()), "{error}: {text}");
        let _ = error.body();
    }
    if let Ok(options) = QueryOptions::parse(text) {
        for entity in model::entities() {
            let _ = odata::bind(entity, &options.query);
        }
    }
    let _ = QueryOptions::parse(&format!("$filter={text}"));
    let _ = Resource::parse(text);
    let _ = Resource::parse(&format!("Systems_Security_Users({text})"));
}
