//! What `$apply` asks for, and what it may not.

use odata::{QueryOptions, bind_apply};

fn bound(query: &str) -> Result<odata::Applied, String> {
    let options = QueryOptions::parse(query).map_err(|error| error.to_string())?;
    bind_apply(&options.query, model::Timestamp::from_seconds(0)).map_err(|error| error.to_string())
}

#[test]
fn a_sequence_is_a_question_and_what_is_done_with_the_groups() {
    let applied = bound(
        "$apply=filter(User/Active eq false)/compute(yearmonth(CreationTimestamp) as Month)\
         /groupby((Month,TrustedApplication/Name),aggregate($count as N,LastUsedTimestamp with max as Last))\
         /filter(N gt 1)/orderby(N desc)&$top=3&$count=true",
    );
    let applied = applied.unwrap();
    assert_eq!(applied.columns(), ["Month", "TrustedApplication/Name", "N", "Last"]);
    assert!(applied.count);
    let [sequence] = applied.sequences.as_slice() else { panic!("{applied:?}") };
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
    insta::assert_debug_snapshot!(applied.after, @r"
    [
        Top(
            3,
        ),
    ]
    ");
}

#[test]
fn a_filter_on_what_is_shown_is_one_on_the_groups() {
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
fn concat_gives_one_sequence_after_the_other() {
    let applied = bound(
        "$apply=filter(Client eq 'a')/concat(groupby((Kind),aggregate($count as N)),aggregate($count as N))",
    );
    let applied = applied.unwrap();
    assert_eq!(applied.sequences.len(), 2);
    assert!(applied.sequences.iter().all(|sequence| sequence.grouping.filter.is_some()));
    assert_eq!(applied.columns(), ["Kind", "N"]);
}

#[test]
fn a_ranking_is_an_order_and_a_number() {
    let applied = bound("$apply=groupby((Kind),aggregate($count as N))/topcount(2,N)").unwrap();
    assert_eq!(applied.sequences[0].after.len(), 2);
}

#[test]
fn what_is_not_offered_is_named() {
    for (query, expected) in [
        ("$apply=filter(Client eq 'a')", "$apply without groupby or aggregate"),
        ("$apply=groupby((rollup(Kind,Client)))", "rollup"),
        ("$apply=topcount(2,N)/groupby((Kind))", "before groupby"),
        ("$apply=compute(Client as C)/groupby((C))", "compute with anything but year"),
        ("$apply=groupby((Kind),aggregate(User with Erp.median as M))", "the method 'Erp.median'"),
        ("$apply=groupby((Kind))&$expand=User", "$expand with $apply"),
    ] {
        let error = bound(query).unwrap_err();
        assert!(error.contains(expected) && error.contains("not offered"), "{query}: {error}");
    }
}
