//! Supported and unsupported uses of `$apply`.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use model::Record;
use model::entities::AccessToken;
use odata::{QueryOptions, bind_apply};

fn bound(query: &str) -> Result<odata::GroupedQuery, String> {
    let options = QueryOptions::parse(query).map_err(|error| error.to_string())?;
    bind_apply(AccessToken::entity(), &options.query, model::Timestamp::from_seconds(0))
        .map_err(|error| error.to_string())
}

#[test]
fn sequences_have_a_query_and_steps() {
    let grouped = bound(
        "$apply=filter(User/Active eq false)/compute(yearmonth(CreationTimestamp) as Month)\
         /groupby((Month,TrustedApplication/Name),aggregate($count as N,LastUsedTimestamp with max as Last))\
         /filter(N gt 1)/orderby(N desc)&$top=3&$count=true",
    );
    let grouped = grouped.unwrap();
    assert_eq!(grouped.columns(), ["Month", "TrustedApplication/Name", "N", "Last"]);
    assert!(grouped.count);
    let [sequence] = grouped.sequences.as_slice() else { panic!("{grouped:?}") };
    insta::assert_debug_snapshot!(sequence.after, @r#"
    [
        Having(
            Compare(
                "N",
                Gt,
                Int(
                    1,
                ),
            ),
        ),
        OrderBy(
            [
                (
                    "N",
                    true,
                ),
            ],
        ),
    ]
    "#);
    assert!(sequence.grouping.filter.is_some());
    assert!(grouped.after.is_empty(), "{grouped:?}");
}

#[test]
fn filters_on_columns_apply_to_groups() {
    let on_groups =
        bound("$apply=groupby((Kind),aggregate($count as N))&$filter=N gt 5 and Kind eq 'DeviceCode'")
            .unwrap();
    assert_eq!(on_groups.after.len(), 1);
    assert!(on_groups.sequences[0].grouping.filter.is_none());
    let on_rows =
        bound("$apply=groupby((Kind),aggregate($count as N))&$filter=User/Active eq false").unwrap();
    assert!(on_rows.after.is_empty());
    assert!(on_rows.sequences[0].grouping.filter.is_some());
}

#[test]
fn concat_produces_sequences_in_order() {
    let grouped = bound(
        "$apply=filter(Client eq 'a')/concat(groupby((Kind),aggregate($count as N)),aggregate($count as N))",
    );
    let grouped = grouped.unwrap();
    assert_eq!(grouped.sequences.len(), 2);
    assert!(grouped.sequences.iter().all(|sequence| sequence.grouping.filter.is_some()));
    assert_eq!(grouped.columns(), ["Kind", "N"]);
}

#[test]
fn a_ranking_is_an_order_and_a_number() {
    let grouped = bound("$apply=groupby((Kind),aggregate($count as N))/topcount(2,N)").unwrap();
    assert_eq!(grouped.sequences[0].after.len(), 1);
}

fn columns(query: &str) -> Vec<Vec<String>> {
    bound(query).unwrap().sequences.iter().map(odata::Sequence::columns).collect()
}

#[test]
fn rollup_produces_several_groupings() {
    assert_eq!(
        columns("$apply=groupby((rollup(Kind,Client),User),aggregate($count as N))"),
        [vec!["Kind", "Client", "User", "N"], vec!["Kind", "User", "N"]]
    );
    assert_eq!(columns("$apply=groupby((rollup(Kind,Client),rollup(User,User/Active)))").len(), 4);
    let many = bound("$apply=groupby((rollup(Kind,Client,User,Actor),rollup(User,User/Active,Session)))");
    assert_eq!(many.unwrap_err(), "$apply: the number of sequences exceeds the limit of 10");
}

#[test]
fn groups_can_be_grouped() {
    let counted = "groupby((Kind,User),aggregate($count as N))";
    assert_eq!(
        columns(&format!("$apply={counted}/groupby((User),aggregate(N with max as M))")),
        [["User", "M"]]
    );
    assert_eq!(
        columns(&format!("$apply={counted}/aggregate(N with average as M,$count as C)")),
        [["M", "C"]]
    );
    let from = "$apply=groupby((Kind),aggregate($count from User,Client with max from Actor with sum as M))";
    let grouped = bound(from).unwrap();
    let [sequence] = grouped.sequences.as_slice() else { panic!("{grouped:?}") };
    let keys: Vec<_> = sequence.grouping.by.iter().map(|key| key.path.join("/")).collect();
    assert_eq!(keys, ["Kind", "Actor", "User", "Client"]);
    let by: Vec<_> = sequence
        .after
        .iter()
        .map(|after| match after {
            odata::GroupStep::Group { by, .. } => by.join(","),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(by, ["Kind,Actor", "Kind"]);
    assert_eq!(columns(from), [["Kind", "M"]]);
    for (query, expected) in [
        (
            format!("$apply={counted}/aggregate(X with max as M)"),
            "have no column 'X'; their columns are Kind, User, N",
        ),
        (format!("$apply={counted}/aggregate(N as M)"), "'with' and a method are required"),
        (format!("$apply={counted}/aggregate(N with max)"), "character"),
        (format!("$apply={counted}/topcount(1.5,N)"), "expected a number of groups"),
        (format!("$apply={counted}/topsum(N,N)"), "expected a number"),
    ] {
        let error = bound(&query).unwrap_err();
        assert!(error.contains(expected), "{query}: {error}");
    }
}

#[test]
fn apply_without_groups_is_equivalent_to_other_options() {
    let asked = |query: &str| {
        let options = QueryOptions::parse(query).unwrap().query;
        assert!(!options.makes_groups());
        odata::bind(AccessToken::entity(), &options, model::Timestamp::from_seconds(0)).unwrap()
    };
    for (grouped, plain) in [
        ("$apply=identity", ""),
        ("$apply=filter(Client eq 'a')", "$filter=Client eq 'a'"),
        (
            "$apply=filter(Client eq 'a')/filter(Actor eq 'b')&$filter=Session eq 'c'",
            "$filter=Actor eq 'b' and (Client eq 'a' and Session eq 'c')",
        ),
        ("$apply=search(x)/identity&$search=y", "$search=x AND y"),
        ("$apply=orderby(CreationTimestamp desc)", "$orderby=CreationTimestamp desc"),
        ("$apply=orderby(Id)&$orderby=CreationTimestamp", "$orderby=CreationTimestamp"),
    ] {
        assert_eq!(asked(grouped), asked(plain), "{grouped}");
    }
    assert_eq!(asked("$apply=compute(year(CreationTimestamp) as Y)&$filter=Y eq 2026").compute.len(), 1);
}

#[test]
fn unsupported_transformations_are_named() {
    for (query, expected) in [
        ("$apply=concat(filter(Client eq 'a'),aggregate($count as N))", "rows and groups in one $apply"),
        ("$apply=groupby((rollup(Hierarchy)))", "rollup of a named hierarchy"),
        ("$apply=topcount(2,N)/groupby((Kind))", "topcount before groupby"),
        ("$apply=top(2)", "top before groupby"),
        ("$apply=groupby((Kind))/search(x)", "search after groupby"),
        ("$apply=groupby((Kind))/compute(1 as X)", "compute after groupby"),
        ("$apply=compute(Client as C)/groupby((C))", "grouping by a computed value other than year"),
        ("$apply=groupby((Kind),aggregate(User with Erp.median as M))", "the method 'Erp.median'"),
        ("$apply=groupby((Kind))&$expand=User", "$expand with groups"),
        ("$apply=groupby((Kind))&$compute=1 as X", "$compute with groups"),
        (
            "$apply=groupby((Kind),aggregate($count as N,$count from Client with max as M))",
            "and other values",
        ),
        ("$apply=join(GrantedScopes as S)", "the transformation 'join'"),
        ("$apply=nest(groupby((Kind)) as S)", "the transformation 'nest'"),
    ] {
        let error = bound(query).unwrap_err();
        assert!(error.contains(expected) && error.contains("not supported"), "{query}: {error}");
    }
}

#[test]
fn metadata_lists_supported_transformations() {
    let csdl = String::from_utf8(odata::metadata::metadata_json(odata::negotiate::Version::V4_01)).unwrap();
    let csdl: serde_json::Value = serde_json::from_str(&csdl).unwrap();
    let set = &csdl["Erp"]["Container"]["Systems_Security_AccessTokens"];
    let apply = &set["@Org.OData.Aggregation.V1.ApplySupported"];
    let listed: Vec<&str> =
        apply["Transformations"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let counted = "groupby((Kind),aggregate($count as N))";
    for (name, text) in [
        ("aggregate", "aggregate($count as N)".to_owned()),
        ("bottomcount", format!("{counted}/bottomcount(1,N)")),
        ("bottompercent", format!("{counted}/bottompercent(1,N)")),
        ("bottomsum", format!("{counted}/bottomsum(1,N)")),
        ("compute", format!("compute(year(CreationTimestamp) as Y)/{counted}")),
        ("concat", format!("concat({counted},aggregate($count as N))")),
        ("filter", format!("filter(Client eq 'x')/{counted}")),
        ("groupby", counted.to_owned()),
        ("identity", format!("identity/{counted}")),
        ("orderby", format!("{counted}/orderby(N)")),
        ("search", format!("search(x)/{counted}")),
        ("skip", format!("{counted}/skip(1)")),
        ("top", format!("{counted}/top(1)")),
        ("topcount", format!("{counted}/topcount(1,N)")),
        ("toppercent", format!("{counted}/toppercent(1,N)")),
        ("topsum", format!("{counted}/topsum(1,N)")),
        ("join", format!("join(GrantedScopes as S)/{counted}")),
        ("outerjoin", format!("outerjoin(GrantedScopes as S)/{counted}")),
        ("nest", format!("nest({counted} as S)")),
        ("addnested", format!("addnested(GrantedScopes,{counted} as S)")),
        ("ancestors", format!("ancestors($root/X,Q,Id,identity)/{counted}")),
        ("descendants", format!("descendants($root/X,Q,Id,identity)/{counted}")),
        ("traverse", format!("traverse($root/X,Q,Id,preorder)/{counted}")),
    ] {
        let answer = bound(&format!("$apply={text}"));
        assert_eq!(answer.is_ok(), listed.contains(&name), "{name}: {answer:?}");
    }
    let groupable = apply["GroupableProperties"].to_string();
    for name in ["Kind", "Description", "CreationTimestamp", "User"] {
        let by = bound(&format!("$apply=groupby(({name}))")).unwrap().sequences.remove(0).grouping;
        let offered = by.bind(AccessToken::entity(), model::query::Actor::SYSTEM).is_ok();
        assert_eq!(offered, groupable.contains(&format!("\"{name}\"")), "{name}: {groupable}");
    }
}
