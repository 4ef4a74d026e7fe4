//! Options other than `$filter`.

use model::query::{ExpandShape, Query};
use odata::ErrorKind;

use crate::{question, short};

#[test]
fn the_other_options() {
    let query = question(
        "$select=Actor,default,*&$orderby=CreationTimestamp desc,Id&$top=5&$skip=2&$count=true\
         &$expand=User($select=Name),GrantedScopes($filter=Scope eq @p;@p='y';$orderby=Id)&@p='x'",
    )
    .unwrap();
    assert_eq!((query.top, query.skip, query.count), (Some(5), 2, true));
    assert_eq!(query.select, ["Actor", "default", "*"]);
    let order: Vec<_> = query.order_by.iter().map(|key| (key.name.as_str(), key.descending)).collect();
    assert_eq!(order, [("CreationTimestamp", true), ("Id", false)]);
    assert_eq!(query.expand[0].query.select, ["Name"]);
    let nested = short(&format!("{:?}", query.expand[1].query.filter));
    assert_eq!(nested, "Some(Compare([Scope], Eq, Text(y)))");

    let all = question("$expand=User($select=Name),*").unwrap();
    let names: Vec<_> = all.expand.iter().map(|expand| expand.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "User",
            "CreatedBy",
            "Parent",
            "Predecessor",
            "Successor",
            "TrustedApplication",
            "GrantedScopes",
            "UsedAddresses"
        ]
    );
    assert_eq!(all.expand[0].query.select, ["Name"]);
    let all = question("$expand=*,User($select=Name)").unwrap();
    let of_user = all.expand.iter().find(|expand| expand.name == "User").unwrap();
    assert_eq!((all.expand.len(), of_user.query.select.len()), (8, 1));
}

#[test]
fn casts_to_the_own_type_are_accepted() {
    let (token, user) = ("Erp.Systems_Security_AccessToken", "Erp.Systems_Security_User");
    let same = |casts: String, plain: &str| assert_eq!(question(&casts), question(plain), "{casts}");
    same(format!("$select={token}/Actor"), "$select=Actor");
    same(format!("$expand={token}/User"), "$expand=User");
    same(format!("$expand={token}/User/{user}($select={user}/Name)"), "$expand=User($select=Name)");
    same(format!("$expand={token}/*/$ref"), "$expand=*/$ref");
    same(format!("$expand=User,{token}/*"), "$expand=User,*");
    same(format!("$expand=GrantedScopes/$count,User/{user}/$ref"), "$expand=GrantedScopes/$count,User/$ref");
    for (query, message) in [
        (format!("$select={user}/Name"), format!("the rows here have the type {token}, not {user}")),
        (format!("$expand=User/{token}"), format!("the rows here have the type {user}, not {token}")),
        (format!("$expand={user}/User"), format!("the rows here have the type {token}, not {user}")),
        (format!("$expand=User,User/{user}"), "'User' is expanded twice".to_owned()),
        (
            "$expand=A.B/User".to_owned(),
            format!("there is no type 'A.B'; the rows here have the type {token}"),
        ),
    ] {
        let error = question(&query).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest, "{query}");
        assert!(error.to_string().ends_with(&message), "{query}: {error}");
    }
}

#[test]
fn unsupported_options_are_rejected_by_name() {
    for (text, kind, message) in [
        ("$expand=User,User", ErrorKind::BadRequest, "$expand, character 5: 'User' is expanded twice"),
        (
            "$expand=Usr",
            ErrorKind::BadRequest,
            "Systems_Security_AccessTokens has no property 'Usr'; did you mean 'User'?",
        ),
        (
            "$expand=User/$count",
            ErrorKind::BadRequest,
            "'User' is a reference, a collection is expected there",
        ),
        (
            "$expand=Parent/User",
            ErrorKind::BadRequest,
            "$expand, character 0: a path through references is not allowed here; write Parent($expand=User)",
        ),
        (
            "$expand=Parent($levels=6)",
            ErrorKind::BadRequest,
            "$expand: the depth of expansion exceeds the limit of 5",
        ),
        (
            "$expand=User($levels=2)",
            ErrorKind::BadRequest,
            "$expand, character 0: $levels: Systems_Security_Users has no 'User' to expand",
        ),
        (
            "$expand=Parent($filter=$it/Actor eq 'x')",
            ErrorKind::NotImplemented,
            "$it and other rows in one condition is not supported by this service",
        ),
        (
            "$orderby=User/Name",
            ErrorKind::BadRequest,
            "results may not be ordered by 'User/Name'; they may be ordered by ",
        ),
        (
            "$orderby=length(Actor) desc",
            ErrorKind::BadRequest,
            "results may not be ordered by 'length(Actor)'; they may be ordered by ",
        ),
        (
            "$select=User/Name",
            ErrorKind::BadRequest,
            "$select, character 0: 'User' is not expanded; write $expand=User($select=Name)",
        ),
        ("$select=Actor/Name", ErrorKind::BadRequest, "$select, character 0: 'Actor' has no properties"),
    ] {
        let error = question(text).unwrap_err();
        assert_eq!(error.kind(), kind, "{text}");
        assert!(error.to_string().starts_with(message), "{text}: {error}");
    }
}

#[test]
fn expansions_have_a_shape_and_levels() {
    let query = question("$expand=User/$ref,GrantedScopes/$count,Parent($levels=3;$select=Actor)").unwrap();
    let shapes: Vec<_> = query.expand.iter().map(|expand| expand.shape).collect();
    assert_eq!(shapes, [ExpandShape::References, ExpandShape::Count, ExpandShape::Rows]);
    let depth = |query: &Query| {
        let mut depth = 0;
        let mut expand = query.expand.iter().find(|expand| expand.name == "Parent");
        while let Some(parent) = expand {
            depth += 1;
            assert_eq!(parent.query.select, ["Actor"]);
            expand = parent.query.expand.first();
        }
        depth
    };
    assert_eq!(depth(&query), 3);
    assert_eq!(depth(&question("$expand=Parent($levels=max;$select=Actor)").unwrap()), 5);
    assert_eq!(depth(&question("$expand=Parent($levels=1;$select=Actor)").unwrap()), 1);
    let all = question("$expand=*/$ref").unwrap();
    assert!(all.expand.len() == 8 && all.expand.iter().all(|expand| expand.shape == ExpandShape::References));
}

#[test]
fn selections_apply_to_expanded_rows() {
    let query = question(
        "$expand=User,GrantedScopes&$select=Actor,User/Name,User/Login,GrantedScopes($select=Scope)",
    );
    let query = query.unwrap();
    assert_eq!(query.select, ["Actor", "User", "GrantedScopes"]);
    assert_eq!(query.expand[0].query.select, ["Name", "Login"]);
    assert_eq!(query.expand[1].query.select, ["Scope"]);
}

#[test]
fn a_search_is_bound() {
    let query = question("$search=ada NOT \"b c\" OR d&$expand=User($search=x)").unwrap();
    assert_eq!(
        short(&format!("{:?}", query.search)),
        "Some(Or([And([Term(ada), Not(Term(b c))]), Term(d)]))"
    );
    assert_eq!(short(&format!("{:?}", query.expand[0].query.search)), "Some(Term(x))");
}

#[test]
fn options_without_support_are_rejected_by_name() {
    for (query, what) in [
        ("$apply=aggregate($count as N)", "$apply with groups here"),
        ("$index=2", "$index"),
        ("$filter=$root/Sets(1)/X eq 'x'", "$root here"),
    ] {
        let error = question(query).map_err(|error| (error.kind(), error.to_string()));
        let wanted = (ErrorKind::NotImplemented, format!("{what} is not supported by this service"));
        assert_eq!(error.err(), Some(wanted), "{query}");
    }
}
