//! The query language beyond comparisons: each result is compared with an evaluation of all rows in the test.

use serde_json::Value;

use crate::support::Server;

const SET: &str = "Systems_Security_AccessTokens";

/// Returns all grants, with the properties that the queries use.
fn all(server: &Server, pat: &str) -> Vec<Value> {
    let query = "$top=1000&$select=Id,Kind,Actor,Client,CreationTimestamp&$expand=User($select=Login,Active),GrantedScopes($select=Scope)";
    server.rows(&format!("{SET}?{query}"), pat)
}

fn ids(rows: &[Value]) -> Vec<String> {
    let mut ids: Vec<_> = rows.iter().map(|row| row["Id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

fn has_scope(row: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    row["GrantedScopes"].as_array().unwrap().iter().any(|scope| wanted(scope["Scope"].as_str().unwrap()))
}

on_both_engines! {
    fn filters_give_the_rows_that_one_would_choose_by_hand(server: &mut Server) {
        let pat = server.world().admin.pat;
        let rows = all(server, &pat);
        let kind = |row: &Value, kind: &str| row["Kind"] == kind;
        type Judge<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
        let cases: Vec<(&str, Judge<'_>)> = vec![
            ("Kind has Erp.GrantKind'PersonalAccessToken'", Box::new(|row| kind(row, "PersonalAccessToken"))),
            ("isof(User,Erp.Systems_Security_User)", Box::new(|row| !row["User"].is_null())),
            ("isof(Erp.Systems_Security_User) or isof(Actor,Edm.Int32)", Box::new(|_| false)),
            ("'update' in GrantedScopes/Scope", Box::new(|row| has_scope(row, |scope| scope == "update"))),
            (
                "(Kind eq 'PersonalAccessToken') eq (User/Active eq true)",
                Box::new(|row| kind(row, "PersonalAccessToken") == (row["User"]["Active"] == true)),
            ),
            (
                "case(Kind eq 'PersonalAccessToken':Actor,Kind eq 'ServiceAccessToken':Client) ne null",
                Box::new(|row| {
                    let value = match row["Kind"].as_str() {
                        Some("PersonalAccessToken") => &row["Actor"],
                        Some("ServiceAccessToken") => &row["Client"],
                        _ => &Value::Null,
                    };
                    !value.is_null()
                }),
            ),
            (
                "GrantedScopes/any(s:s/Scope eq 'update' and $it/Kind eq 'PersonalAccessToken' or s/Scope eq 'sec')",
                Box::new(|row| {
                    let personal = kind(row, "PersonalAccessToken");
                    has_scope(row, |scope| scope == "update" && personal || scope == "sec")
                }),
            ),
            (
                "GrantedScopes/all(s:s/Scope eq 'read' or User/Active eq false)",
                Box::new(|row| {
                    let inactive = row["User"]["Active"] == false;
                    !has_scope(row, |scope| scope != "read" && !inactive)
                }),
            ),
            (
                "GrantedScopes/$count($search=update) eq 1 and not (Kind eq 'UserConsent')",
                Box::new(|row| has_scope(row, |scope| scope == "update") && !kind(row, "UserConsent")),
            ),
            (
                "yearmonth(CreationTimestamp) ge 197001 and cast(CreationTimestamp,Edm.Date) gt 1970-01-01",
                Box::new(|_| true),
            ),
        ];
        let mut chosen = 0;
        for (filter, judge) in cases {
            let wanted: Vec<Value> = rows.iter().filter(|row| judge(row)).cloned().collect();
            let found = server.rows(&format!("{SET}?$top=1000&$select=Id&$filter={filter}"), &pat);
            assert_eq!(ids(&found), ids(&wanted), "{filter}");
            chosen += usize::from(!wanted.is_empty() && wanted.len() < rows.len());
        }
        assert!(chosen >= 6, "too few filters select some rows but not all: {chosen}");
    }

    fn computed_values(server: &mut Server) {
        let pat = server.world().admin.pat;
        let query = "Systems_Security_Users?$compute=concat(Login,'!') as Loud,length(Login) as Length,\
                     year(CreationTimeUtc) as Year&$select=Login,Loud,Length&$filter=Year gt 1970&$orderby=Login";
        let rows = server.rows(query, &pat);
        assert!(!rows.is_empty());
        for row in &rows {
            let login = row["Login"].as_str().unwrap();
            assert_eq!(row["Loud"], format!("{login}!"));
            assert_eq!(row["Length"], login.chars().count());
            assert!(row.get("Year").is_none(), "unselected properties are missing");
        }
        let expanded = server.rows(
            &format!("{SET}?$top=3&$filter=User ne null&$expand=User($compute=toupper(Login) as Big;$select=Big,Login)"),
            &pat,
        );
        for row in &expanded {
            assert_eq!(row["User"]["Big"], row["User"]["Login"].as_str().unwrap().to_uppercase());
        }
        let full = server.ask(
            &reqwest::Method::GET,
            "Systems_Security_Users?$top=1&$compute=CreationTimeUtc as Made,1.5 as Half&$select=Made,Half",
            &[("Accept", "application/json;odata.metadata=full;IEEE754Compatible=true")],
            Some(&pat),
        );
        let full: Value = serde_json::from_str(&full.text().unwrap()).unwrap();
        let row = &full["value"][0];
        assert_eq!((&row["Made@odata.type"], &row["Half"]), (&"#DateTimeOffset".into(), &"1.5".into()));
        for (refused, status) in [
            ("Systems_Security_Users?$compute=length(Login) as L&$filter=L gt 3", 400),
            ("Systems_Security_Users?$compute=length(Login) as Name", 400),
            ("Systems_Security_Users?$compute=Password as P", 400),
            ("Systems_Security_AccessTokens?$compute=User/Login as L", 501),
        ] {
            assert_eq!(server.odata(refused, &pat).status(), status, "{refused}");
        }
    }

    fn groups_of_groups(server: &mut Server) {
        let pat = server.world().admin.pat;
        let rows = all(server, &pat);
        let apply = |steps: &str| server.rows(&format!("{SET}?$apply={steps}"), &pat);
        let counted = "groupby((Kind,Client),aggregate($count as N))";
        let pairs = apply(counted);
        let greatest = pairs.iter().map(|row| row["N"].as_i64().unwrap()).max().unwrap();
        assert_eq!(apply(&format!("{counted}/aggregate(N with max as M,N with sum as S)")), [serde_json::json!({"M": greatest, "S": rows.len()})]);
        assert_eq!(
            apply("groupby((Kind),aggregate($count from Client with sum as N))"),
            apply("groupby((Kind),aggregate($count as N))")
        );
        let rolled = apply("groupby((rollup(Kind,Client)),aggregate($count as N))");
        assert_eq!(rolled.len(), pairs.len() + apply("groupby((Kind))").len());
        let most = apply(&format!("{counted}/toppercent(100,N)"));
        assert_eq!(most.len(), pairs.len());
        assert_eq!(ids(&server.rows(&format!("{SET}?$apply=filter(Kind eq 'PersonalAccessToken')&$top=1000&$select=Id"), &pat)),
            ids(&server.rows(&format!("{SET}?$filter=Kind eq 'PersonalAccessToken'&$top=1000&$select=Id"), &pat)));
        let texts = server.ask(
            &reqwest::Method::GET,
            &format!("{SET}?$apply=aggregate($count as N)&$count=true"),
            &[("Accept", "application/json;odata.metadata=none;IEEE754Compatible=true")],
            Some(&pat),
        );
        let body: Value = serde_json::from_str(&texts.text().unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({"@odata.count": "1", "value": [{"N": rows.len().to_string()}]}));
    }

    /// `now()` has the same value on all pages: rows that were old enough on the first page are so on the
    /// next.
    fn now_is_the_same_on_every_page(server: &mut Server) {
        let pat = server.world().admin.pat;
        let older = "$filter=CreationTimestamp lt now() sub duration'PT1S'&$compute=now() as Now&$select=Id,Now&$top=1";
        let mut seen = Vec::new();
        let mut link = format!("{}/api/domain/odata/{SET}?{older}", server.url);
        for _ in 0..3 {
            let response = server.http.get(&link).bearer_auth(&pat).send().unwrap();
            let body: Value = serde_json::from_str(&response.text().unwrap()).unwrap();
            seen.push(body["value"][0]["Now"].as_str().unwrap().to_owned());
            link = body["@odata.nextLink"].as_str().unwrap().to_owned();
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(seen.iter().all(|now| *now == seen[0]), "{seen:?}");
    }

    /// A value from another row (`$root/…`) is limited to what the caller can see.
    fn values_from_elsewhere(server: &mut Server) {
        let world = server.world();
        let (admin, user) = (&world.admin.pat, &world.user.pat);
        let found = server.rows(&format!("Systems_Security_Users?$filter=Login eq '{}'&$select=Id", world.admin.login), admin);
        let ada = format!("$root/Systems_Security_Users({})", found[0]["Id"].as_str().unwrap());
        let grants = |filter: &str| ids(&server.rows(&format!("{SET}?$top=1000&$select=Id&$filter={filter}"), admin));
        let direct = grants(&format!("User/Login eq '{}'", world.admin.login));
        assert!(!direct.is_empty());
        assert_eq!(grants(&format!("User/Login eq {ada}/Login")), direct);
        assert_eq!(grants(&format!("User/Login eq @who&@who={ada}/Login")), direct);
        assert_eq!(grants(&format!("{ada}/IsAdmin and Actor ne null or not ({ada}/CreationTimeUtc lt now())")), grants("Actor ne null"));
        let values = format!("Systems_Security_Users?$top=1&$select=Who,Many&$compute={ada}/Login as Who,$root/Systems_Security_Users/$count as Many");
        for (reader, who, many) in [
            (admin, Value::from(world.admin.login.as_str()), server.count("Systems_Security_Users", admin)),
            (user, Value::Null, 1),
        ] {
            let row = server.rows(&values, reader).remove(0);
            assert_eq!((&row["Who"], &row["Many"]), (&who, &Value::from(many)));
        }
        let many = (0..11).map(|number| format!("$root/Systems_Security_Users({number:08}-0000-0000-0000-000000000000)/Login eq 'x'"));
        let many = many.collect::<Vec<_>>().join(" or ");
        for (filter, status) in [
            (format!("{ada} eq null"), 501),
            (format!("{ada}/Password eq 'x'"), 404),
            ("$root/Nothing/$count gt 0".to_owned(), 404),
            (many, 400),
        ] {
            assert_eq!(server.odata(&format!("{SET}?$filter={filter}"), admin).status(), status, "{filter}");
        }
    }
}
