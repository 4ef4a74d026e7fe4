//! Context URLs.

use super::*;

/// OData 4.01 part 1, section 10.9: the context lists expanded properties, in 4.01 always.
#[test]
fn the_context_lists_expanded_properties() {
    let list = |query: &str, version| {
        select_list(AccessToken::entity(), &QueryOptions::parse(query).unwrap().query, version)
    };
    for (query, old, new) in [
        ("$expand=User", "", "(User())"),
        ("$expand=User($select=Login)", "(User(Login))", "(User(Login))"),
        ("$select=Actor,User&$expand=User", "(Actor,User)", "(Actor,User())"),
        ("$expand=User($expand=X)", "", "(User())"),
        ("$expand=Parent($expand=User)", "", "(Parent(User()))"),
        ("$expand=Parent($levels=3)", "", "(Parent+())"),
        ("$expand=Parent($levels=max;$select=Id)", "(Parent+(Id))", "(Parent+(Id))"),
    ] {
        assert_eq!(list(query, Version::V4_0), old, "{query}");
        assert_eq!(list(query, Version::V4_01), new, "{query}");
    }
}

#[test]
fn the_context_lists_selected_properties() {
    let list = |query| bound(User::entity(), query).1;
    assert_eq!(list(""), "");
    assert_eq!(list("$select=*"), "(*)");
    assert!(list("$select=default,Id").starts_with("(AccessFailedCount,Active,"));
    assert!(list("$select=default,Id").ends_with(",UserType,Id)"));
    assert!(!list("$select=default").contains("Password"));
}
