//! Random options and transformations.

use odata::ast::apply::{FromClause, Grouping, Hierarchy, Nested, Ranking};
use odata::ast::{
    Aggregate, Aggregated, Call, ComputeItem, ExpandItem, ExpandShape, Kind, Levels, Options, OrderItem,
    Path, Root, Search, SelectItem, Step, Transformation,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::expressions::{expr, name, tree};

pub(crate) fn search() -> impl Strategy<Value = Search> {
    let term = prop_oneof!["[a-z*?@!=$]{1,6}", "[a-z ]{1,8}", "AND|OR|NOT|'x", "[^\"\\x00-\\x1f]{1,6}",];
    let leaf = term.prop_map(Search::Term);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Search::Not(Box::new(inner))),
            vec(inner.clone(), 2..4).prop_map(Search::And),
            vec(inner, 2..4).prop_map(Search::Or),
        ]
    })
}

fn order() -> impl Strategy<Value = Vec<OrderItem>> {
    vec((tree(), any::<bool>()).prop_map(|(expr, descending)| OrderItem { expr, descending }), 1..3)
}

fn compute() -> impl Strategy<Value = Vec<ComputeItem>> {
    vec((tree(), name()).prop_map(|(expr, alias)| ComputeItem { expr, alias }), 1..3)
}

fn names() -> impl Strategy<Value = Vec<String>> {
    vec(name(), 1..3)
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    let former = (vec(names(), 1..3), name())
        .prop_map(|(by, method)| FromClause { by, method: Some(format!("Own.{method}")) });
    let formers = vec(former, 0..2).boxed();
    let count = (formers.clone(), name()).prop_map(|(from, alias)| Aggregate {
        of: Aggregated::Count,
        method: None,
        from,
        alias: Some(alias),
    });
    let value = (tree(), formers, name()).prop_map(|(value, from, alias)| Aggregate {
        of: Aggregated::Expr(value),
        method: Some("sum".to_owned()),
        from,
        alias: Some(alias),
    });
    let custom = name().prop_map(|custom| Aggregate {
        of: Aggregated::Expr(super::expressions::path_of(&[&custom])),
        method: None,
        from: Vec::new(),
        alias: None,
    });
    let of_type = (name(), name(), any::<bool>()).prop_map(|(of, alias, count)| Aggregate {
        of: Aggregated::Type(format!("Ns.{of}"), count),
        method: (!count).then(|| "countdistinct".to_owned()),
        from: Vec::new(),
        alias: Some(alias),
    });
    prop_oneof![count, value, custom, of_type]
}

fn hierarchy() -> impl Strategy<Value = Hierarchy> {
    (name(), name(), names()).prop_map(|(set, qualifier, path)| {
        let steps = vec![Step::Name(set)];
        let nodes = expr(Kind::Path(Path { root: Root::Service, steps }));
        Hierarchy { nodes, qualifier, path }
    })
}

/// Transformations that return a subset of their input.
fn preserving() -> impl Strategy<Value = Transformation> {
    prop_oneof![
        tree().prop_map(Transformation::Filter),
        Just(Transformation::Identity),
        order().prop_map(Transformation::OrderBy),
        search().prop_map(Transformation::Search),
        any::<u64>().prop_map(Transformation::Skip),
        any::<u64>().prop_map(Transformation::Top),
        (proptest::sample::select(Ranking::ALL.to_vec()), tree(), tree())
            .prop_map(|(ranking, limit, by)| Transformation::Ranked { ranking, limit, by }),
        name().prop_map(|name| {
            Transformation::Function(Call { name: format!("Ns.{name}"), args: Vec::new() })
        }),
    ]
}

fn of_hierarchy() -> impl Strategy<Value = Transformation> {
    let some = || vec(preserving(), 1..3);
    prop_oneof![
        (any::<bool>(), hierarchy(), some(), option::of(any::<u64>()), any::<bool>()).prop_map(
            |(ancestors, hierarchy, of, distance, keep_start)| Transformation::Relatives {
                ancestors,
                hierarchy,
                of,
                distance,
                keep_start
            }
        ),
        (any::<bool>(), hierarchy(), vec(preserving(), 0..2), option::of(order())).prop_map(
            |(preorder, hierarchy, first, order)| Transformation::Traverse {
                hierarchy,
                preorder,
                first,
                order: order.unwrap_or_default()
            }
        ),
    ]
}

pub(crate) fn transformations() -> impl Strategy<Value = Vec<Transformation>> {
    let leaf = prop_oneof![
        4 => preserving(),
        2 => vec(aggregate(), 1..3).prop_map(Transformation::Aggregate),
        1 => compute().prop_map(Transformation::Compute),
        1 => of_hierarchy(),
    ];
    let tree = leaf.prop_recursive(3, 12, 3, |inner| {
        let steps = || vec(inner.clone(), 1..3);
        let grouping = prop_oneof![
            names().prop_map(Grouping::Path),
            vec(names(), 2..4).prop_map(Grouping::Rollup),
            name().prop_map(Grouping::NamedRollup),
            (hierarchy(), vec(preserving(), 0..2)).prop_map(|(of, steps)| Grouping::Recursive(of, steps)),
        ];
        let nested = || vec((steps(), name()).prop_map(|(steps, alias)| Nested { steps, alias }), 1..3);
        prop_oneof![
            vec(steps(), 2..4).prop_map(Transformation::Concat),
            (vec(grouping, 1..3), vec(inner.clone(), 0..3))
                .prop_map(|(by, then)| Transformation::GroupBy { by, then }),
            (any::<bool>(), name(), name(), vec(inner.clone(), 0..2)).prop_map(
                |(outer, path, alias, then)| Transformation::Join { outer, path: vec![path], alias, then }
            ),
            nested().prop_map(Transformation::Nest),
            (names(), nested()).prop_map(|(path, nested)| Transformation::AddNested { path, nested }),
        ]
    });
    vec(tree, 1..3)
}

/// Options that are allowed after `$ref`.
fn plain() -> impl Strategy<Value = Options> {
    (
        option::of(tree()),
        option::of(order()),
        option::of(search()),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
        option::of(any::<bool>()),
    )
        .prop_map(|(filter, order_by, search, top, skip, count)| Options {
            filter,
            order_by: order_by.unwrap_or_default(),
            search,
            top,
            skip,
            count,
            ..Options::default()
        })
}

fn select() -> impl Strategy<Value = Vec<SelectItem>> {
    let with_options = (name(), plain()).prop_map(|(name, options)| (vec![name], Vec::new(), options));
    let with_parameters = (name(), vec(name(), 0..3))
        .prop_map(|(name, parameters)| (vec![name], parameters, Options::default()));
    let path = prop_oneof![
        names(),
        (name(), name()).prop_map(|(space, _)| vec![format!("{space}.*")]),
        (name(), name()).prop_map(|(of, cast)| vec![of, format!("Ns.{cast}")]),
        Just(vec!["*".to_owned()]),
    ]
    .prop_map(|path| (path, Vec::new(), Options::default()));
    let item = prop_oneof![with_options, with_parameters, path]
        .prop_map(|(path, parameters, options)| SelectItem { path, parameters, options, at: 0 });
    vec(item, 0..3)
}

pub(crate) fn options() -> impl Strategy<Value = Options> {
    let levels = prop_oneof![(1..9u64).prop_map(Levels::Number), Just(Levels::Max)];
    let leaf = (
        plain(),
        select(),
        option::of(levels),
        option::of((name(), tree())),
        option::of(compute()),
        option::of(transformations()),
    )
        .prop_map(|(plain, select, levels, alias, compute, apply)| Options {
            select,
            levels,
            aliases: alias.into_iter().collect(),
            compute: compute.unwrap_or_default(),
            apply: apply.unwrap_or_default(),
            ..plain
        });
    leaf.prop_recursive(2, 6, 3, |inner| {
        let rows = inner.clone().prop_map(|options| (ExpandShape::Rows, options));
        let references = plain().prop_map(|options| (ExpandShape::References, options));
        let count = option::of(tree())
            .prop_map(|filter| (ExpandShape::Count, Options { filter, ..Options::default() }));
        let item = (names(), prop_oneof![rows, references, count])
            .prop_map(|(path, (shape, options))| ExpandItem { path, shape, options, at: 0 });
        (inner, vec(item, 1..3)).prop_map(|(options, expand)| Options { expand, ..options })
    })
}
