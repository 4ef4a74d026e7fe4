//! Context URLs.

use super::*;

/// Returns the select list of an access token query, with the default properties written as `…`.
fn list(query: &str) -> String {
    let entity = AccessToken::entity();
    let defaults = |entity: &'static Entity| {
        entity.default_properties().map(Property::name).collect::<Vec<_>>().join(",")
    };
    let list = select_list(entity, &parse_options(query));
    list.replace(&defaults(entity), "…").replace(&defaults(User::entity()), "user…")
}

/// OData 4.01 part 1, section 11.2.5.1: the default properties include the key, and the context lists them where they
/// are not all.
#[test]
fn the_context_lists_the_default_properties() {
    assert!(select_list(User::entity(), &parse_options("")).starts_with("(Id,AccessFailedCount,Active,"));
    for (query, expected) in [
        ("", "(…)"),
        ("$select=Actor", "(Actor)"),
        ("$select=Actor,Actor", "(Actor)"),
        ("$select=*", "(*)"),
        ("$select=", "(Id)"),
        ("$select=$key,Actor", "(Id,Actor)"),
        ("$select=default,DisplayText", "(…,DisplayText)"),
        ("$compute=length(Actor) as Length", "(…,Length)"),
        ("$compute=length(Actor) as Length&$select=Length", "(Length)"),
        ("$compute=length(Actor) as Length&$select=Actor", "(Actor)"),
    ] {
        assert_eq!(list(query), expected, "{query}");
    }
}

/// OData 4.01 part 1, section 10.9: the context lists expanded properties with their own lists.
#[test]
fn the_context_lists_expanded_properties() {
    for (query, expected) in [
        ("$expand=User($select=Login)&$select=Actor", "(Actor,User(Login))"),
        ("$select=Actor,User&$expand=User", "(Actor,User(user…))"),
        ("$select=Id&$expand=Parent($select=Id;$expand=User)", "(Id,Parent(Id,User(user…)))"),
        ("$select=Id&$expand=Parent($levels=3)", "(Id,Parent+(…))"),
        ("$select=Id&$expand=Parent($levels=max;$select=Id)", "(Id,Parent+(Id))"),
        ("$select=Id&$expand=GrantedScopes/$ref,User/$ref", "(Id)"),
        ("$select=&$expand=User($select=)", "(Id,User(Id))"),
    ] {
        assert_eq!(list(query), expected, "{query}");
    }
    let all = list("$select=Id&$expand=*");
    assert!(
        all.starts_with("(Id,CreatedBy(user…),Parent(…),") && all.contains(",GrantedScopes(Id,"),
        "{all}"
    );
}

fn parse_options(query: &str) -> odata::ast::Options {
    let Ok(options) = QueryOptions::parse(query) else { unreachable!("{query}") };
    options.query
}

/// The key is in every metadata level; with `$select`, a row has what was selected.
#[test]
fn rows_have_their_key() {
    let id = r#""Id":"00000000-0000-0000-0000-000000000abc""#;
    for level in [MetadataLevel::None, MetadataLevel::Minimal, MetadataLevel::Full] {
        for (query, has_key) in [
            ("", true),
            ("$select=default", true),
            ("$select=", true),
            ("$select=$key", true),
            ("$select=Actor", false),
        ] {
            let (query, select) = bound(AccessToken::entity(), query);
            let page = style(level).rows(&query, &select, None);
            let written = paged(page, &[token(&query)], None);
            assert_eq!(written.contains(id), has_key, "{level:?}: {written}");
        }
    }
}
