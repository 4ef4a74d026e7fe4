//! Random expressions.

use model::Uuid;
use odata::ast::{
    Aggregate, Aggregated, Arg, Binary, Call, Expr, Key, Kind, Lambda, Literal, NotFinite, Options, Path,
    Root, Search, Step, Typed, Unary,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub(crate) fn expr(kind: Kind) -> Expr {
    Expr::new(kind, 0)
}

/// A name that is neither a literal nor a prefix operator.
pub(crate) fn name() -> impl Strategy<Value = String> {
    "[A-Z_ä][A-Za-z0-9_é]{0,8}".prop_filter("a value", |name| {
        !["true", "false", "not", "any", "all", "inf", "nan", "case", "cast", "isof", "now", "time", "date"]
            .contains(&name.to_lowercase().as_str())
    })
}

pub(crate) fn literal() -> impl Strategy<Value = Literal> {
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
        ("geography|geometry", "SRID=[0-9]{1,5};Point\\(-?[0-9]{1,3}\\.[0-9]{1,3} [0-9]{1,2}\\)")
            .prop_map(|(family, shape)| Literal::Geo(family, shape)),
    ]
}

pub(crate) fn path_of(names: &[&str]) -> Expr {
    let steps = names.iter().map(|name| Step::Name((*name).to_owned())).collect();
    expr(Kind::Path(Path { root: Root::Row, steps }))
}

fn call(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Call> {
    let args = vec((name(), inner).prop_map(|(name, value)| Arg { name: Some(name), value }), 0..3);
    ("x[a-z]{1,6}", args).prop_map(|(name, args)| Call { name, args })
}

/// A standard function with positional arguments.
fn standard_call(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Call> {
    let one = (prop_oneof![Just("length"), Just("tolower"), Just("yearmonth")], vec(inner.clone(), 1));
    let two = (prop_oneof![Just("contains"), Just("substring"), Just("geo.distance")], vec(inner.clone(), 2));
    let three = (Just("substring"), vec(inner, 3));
    prop_oneof![one, two, three].prop_map(|(name, values)| Call {
        name: name.to_owned(),
        args: values.into_iter().map(|value| Arg { name: None, value }).collect(),
    })
}

fn key_literal() -> impl Strategy<Value = Literal> {
    literal().prop_filter("no key", |literal| !matches!(literal.kind(), "Null" | "Binary" | "Geo"))
}

pub(crate) fn key() -> impl Strategy<Value = Key> {
    prop_oneof![key_literal().prop_map(Key::Literal), name().prop_map(Key::Alias)]
}

/// A simple or composite key, after a condition.
fn any_key() -> impl Strategy<Value = Step> {
    let value = prop_oneof![
        key_literal().prop_map(Kind::Literal),
        name().prop_map(|name| Kind::Path(Path { root: Root::Alias(name), steps: Vec::new() })),
    ];
    let named = (name(), value).prop_map(|(name, kind)| Arg { name: Some(name), value: expr(kind) });
    prop_oneof![key().prop_map(Step::Key), vec(named, 1..3).prop_map(Step::NamedKey)]
}

/// Steps between the first and the last one of a path.
fn middle(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Vec<Step>> {
    let keyed = (name(), key(), name())
        .prop_map(|(set, key, next)| vec![Step::Name(set), Step::Key(key), Step::Name(next)]);
    let filtered = (inner.clone(), option::of((any_key(), name()))).prop_map(|(filter, key)| {
        let mut steps = vec![Step::Filter(Box::new(filter))];
        steps.extend(key.into_iter().flat_map(|(key, next)| [key, Step::Name(next)]));
        steps
    });
    prop_oneof![
        4 => name().prop_map(|name| vec![Step::Name(name)]),
        1 => (name(), name()).prop_map(|(space, name)| vec![Step::Name(format!("{space}.{name}"))]),
        1 => (name(), name()).prop_map(|(space, name)| vec![Step::Annotation(format!("{space}.{name}"))]),
        1 => (name(), name(), name())
            .prop_map(|(space, name, of)| vec![Step::Annotation(format!("{space}.{name}#{of}"))]),
        1 => call(inner).prop_map(|call| vec![Step::Call(call)]),
        1 => "[0-9][0-9a-z]{0,4}".prop_map(|text| vec![Step::KeySegment(text)]),
        1 => keyed,
        1 => filtered,
    ]
}

/// Last steps of a path to a collection.
fn last(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Step> {
    let lambda = (name(), inner.clone())
        .prop_map(|(variable, body)| Lambda { variable, body: Box::new(body) })
        .boxed();
    let counted = (option::of(inner.clone()), option::of("[a-z]{1,5}")).prop_map(|(filter, word)| {
        let search = word.map(Search::Term);
        Step::Count(Box::new(Options { filter, search, ..Options::default() }))
    });
    let aggregated = inner.prop_map(|value| {
        let (of, method) = (Aggregated::Expr(value), Some("sum".to_owned()));
        Step::Aggregate(Box::new(Aggregate { of, method, from: Vec::new(), alias: None }))
    });
    prop_oneof![
        option::of(lambda.clone()).prop_map(Step::Any),
        lambda.prop_map(Step::All),
        counted,
        aggregated
    ]
}

fn path(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Kind> {
    let middles = || vec(middle(inner.clone()), 0..3);
    let after_name =
        (name(), middles(), option::of(last(inner.clone()))).prop_map(|(first, middles, last)| {
            let steps: Vec<Step> =
                std::iter::once(Step::Name(first)).chain(middles.into_iter().flatten()).collect();
            // Only members of the row may follow a key.
            steps.into_iter().chain(last).collect::<Vec<_>>()
        });
    let root = prop_oneof![
        4 => Just(Root::Row),
        1 => Just(Root::It),
        1 => Just(Root::This),
        1 => Just(Root::Service),
        1 => name().prop_map(Root::Alias),
    ];
    let these =
        last(inner.clone()).prop_map(|last| Kind::Path(Path { root: Root::These, steps: vec![last] }));
    let bare = prop_oneof![Just(Root::It), Just(Root::This), name().prop_map(Root::Alias)]
        .prop_map(|root| Kind::Path(Path { root, steps: Vec::new() }));
    prop_oneof![
        6 => (root, after_name).prop_map(|(root, steps)| Kind::Path(Path { root, steps })),
        1 => these,
        1 => bare,
    ]
}

pub(crate) fn tree() -> impl Strategy<Value = Expr> + Clone {
    let leaf = prop_oneof![
        literal().prop_map(|literal| expr(Kind::Literal(literal))),
        name().prop_map(|name| path_of(&[&name])),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let values = vec(literal().prop_map(|literal| expr(Kind::Literal(literal))), 0..4);
        let plain: Vec<_> = Binary::ALL
            .into_iter()
            .filter(|operator| !matches!(operator, Binary::In | Binary::Has))
            .collect();
        let colour = expr(Kind::Literal(Literal::Enum("Ns.Colour".into(), "Red".into())));
        let typed = (any::<bool>(), option::of(boxed.clone()), name(), name(), any::<bool>()).prop_map(
            |(is_of, value, space, name, collection)| {
                Kind::Typed(Typed { is_of, value, name: format!("{space}.{name}"), collection })
            },
        );
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
            vec(("\\PC{0,6}", inner.clone()), 0..3).prop_map(Kind::Object),
            vec((inner.clone(), inner.clone()), 1..3).prop_map(Kind::Case),
            typed,
            call(inner.clone()).prop_map(Kind::Call),
            standard_call(inner.clone()).prop_map(Kind::Call),
            path(inner),
        ]
        .prop_map(expr)
    })
}
