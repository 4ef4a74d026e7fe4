//! Groups in the documented form, compared with an evaluation of the rows in Rust.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::Server;

const TOKENS: &str = "Systems_Security_AccessTokens";

/// Returns the groups of a query.
fn groups(server: &Server, steps: &str, token: &str) -> Vec<Value> {
    server.rows(&format!("{TOKENS}?$apply={steps}"), token)
}

/// Counts the rows by a part of a text.
fn counted<'a>(
    rows: &'a [Value],
    name: &str,
    part: impl Fn(&'a str) -> &'a str,
) -> BTreeMap<Option<&'a str>, u64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row[name].as_str().map(&part)).or_default() += 1;
    }
    counts
}

/// Returns the groups as a key with a number.
fn numbers<'a>(groups: &'a [Value], key: &str) -> BTreeMap<Option<&'a str>, u64> {
    groups.iter().map(|group| (group[key].as_str(), group["N"].as_u64().unwrap())).collect()
}

on_both_engines! {
    /// A year, a month and a date are texts, and order as such; a month of the year is a number.
    fn intervals_are_texts(server: &mut Server) {
        let world = server.world();
        let token = &world.admin.pat;
        let rows = server.rows(&format!("{TOKENS}?$select=CreationTimestamp,LastUsedTimestamp&$top=1000"), token);
        assert!(rows.len() > 2);
        for (function, length) in [("year", 4), ("yearmonth", 7), ("date", 10)] {
            for property in ["CreationTimestamp", "LastUsedTimestamp"] {
                let steps = format!("compute({function}({property}) as Part)/groupby((Part),aggregate($count as N))");
                let found = groups(server, &steps, token);
                assert_eq!(numbers(&found, "Part"), counted(&rows, property, |time| &time[..length]), "{steps}");
            }
        }
        let steps = "compute(month(CreationTimestamp) as M)/groupby((M),aggregate($count as N))";
        assert!(groups(server, steps, token)[0]["M"].is_u64());
        let steps = "compute(yearmonth(CreationTimestamp) as M)/groupby((M),aggregate($count as N))&$filter=M gt '1970-01'&$orderby=M";
        let total: u64 = groups(server, steps, token).iter().map(|group| group["N"].as_u64().unwrap()).sum();
        assert_eq!(total, rows.len() as u64);
    }

    /// A text is grouped by some of its characters.
    fn texts_are_grouped_by_a_part(server: &mut Server) {
        let world = server.world();
        let token = &world.admin.pat;
        let name = json!({ "Name": "Éva Ünal" });
        let users = server.rows("Systems_Security_Users?$filter=Login eq 'ben'", token);
        let address = format!("Systems_Security_Users({})", users[0]["Id"].as_str().unwrap());
        assert_eq!(server.write(&reqwest::Method::PATCH, &address, &[], &name, token).status, 204);
        let rows = server.rows("Systems_Security_Users?$select=Name,Login&$top=1000", token);
        for (part, start, length) in [("Name,0,1", 0, 1), ("Name,1,3", 1, 3), ("Login,1", 1, 99), ("Login,90", 90, 1)] {
            let property = part.split(',').next().unwrap();
            let steps = format!("compute(substring({part}) as Part)/groupby((Part),aggregate($count as N))");
            let found = server.rows(&format!("Systems_Security_Users?$apply={steps}"), token);
            let expected = counted(&rows, property, |text| {
                let at = |count| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
                &text[at(start)..at(start + length)]
            });
            assert_eq!(numbers(&found, "Part"), expected, "{steps}");
        }
        for wrong in ["substring(Name,-1,1)", "substring(Name,0,'x')", "substring(CreationTimeUtc,0,4)", "substring(Name)", "concat(Name,'x')"] {
            let steps = format!("compute({wrong} as P)/groupby((P))");
            let status = server.odata(&format!("Systems_Security_Users?$apply={steps}"), token).status();
            assert!(status == 400 || status == 501, "{wrong}: {status}");
        }
    }

    /// A key that is a reference has the address and the identifier, or what `expandgroup` selects of the row.
    fn keys_are_expanded(server: &mut Server) {
        let world = server.world();
        let token = &world.admin.pat;
        let by = "groupby((User,TrustedApplication),aggregate($count as N))";
        for group in groups(server, by, token) {
            for key in ["User", "TrustedApplication"].into_iter().filter(|key| !group[*key].is_null()) {
                let id = group[key]["Id"].as_str().unwrap();
                assert!(group[key]["@odata.id"].as_str().unwrap().ends_with(&format!("({id})")), "{group}");
                assert_eq!(group[key].as_object().unwrap().len(), 2, "{group}");
            }
        }
        let expand = "expandgroup=User($select=Login,Active),TrustedApplication($select=Name;$expand=SystemUser($select=Login))";
        let found = groups(server, &format!("{by}&{expand}"), token);
        let ben = found.iter().find(|group| group["User"]["Login"] == "ben").unwrap();
        let names: Vec<_> = ben["User"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["@odata.id", "Active", "Login"]);
        assert!(ben["TrustedApplication"]["Name"].is_string() && ben["TrustedApplication"].get("Id").is_none(), "{ben}");
        let nested = "groupby((TrustedApplication/SystemUser),aggregate($count as N))&expandgroup=TrustedApplication/SystemUser($select=Login)";
        let found = groups(server, nested, token);
        assert!(found.iter().any(|group| group["TrustedApplication"]["SystemUser"]["Login"].is_string()), "{found:?}");
        let whole = groups(server, "groupby((User))&expandgroup=User", token);
        assert!(whole.iter().all(|group| group["User"].is_null() || group["User"]["CreationTimeUtc"].is_string()));
    }

    /// An option that says nothing here is refused, not ignored.
    fn misplaced_options_are_refused(server: &mut Server) {
        let world = server.world();
        let by = "$apply=groupby((User,Kind))";
        for (query, status) in [
            ("expandgroup=User", 400),
            ("$apply=filter(Client eq 'x')&expandgroup=User", 400),
            (&format!("{by}&expandgroup=Kind"), 400),
            (&format!("{by}&expandgroup=TrustedApplication"), 400),
            (&format!("{by}&expandgroup=User,User"), 400),
            (&format!("{by}&expandgroup=User&expandgroup=User"), 400),
            (&format!("{by}&expandgroup="), 400),
            (&format!("{by}&expandgroup=User($select=Foo)"), 400),
            (&format!("{by}&expandgroup=User($select=Login"), 400),
            (&format!("{by}&expandgroup=User($filter=Active)"), 501),
            (&format!("{by}&expandgroup=User/$count"), 501),
        ] {
            let response = server.odata(&format!("{TOKENS}?{query}"), &world.admin.pat);
            assert_eq!(response.status(), status, "{query}");
        }
    }
}
