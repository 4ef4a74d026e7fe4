//! Everything that `$metadata` declares is requested: what it permits succeeds, what it forbids is refused.

use serde_json::{Map, Value};

use crate::support::Server;

const CAPABILITIES: &str = "@Org.OData.Capabilities.V1";

/// `$metadata` as JSON.
pub(super) struct Description(Map<String, Value>);

/// A property of an entity type.
pub(super) struct Property<'a> {
    pub(super) name: &'a str,
    pub(super) facts: &'a Value,
}

impl Property<'_> {
    pub(super) fn is_navigation(&self) -> bool {
        self.facts["$Kind"] == "NavigationProperty"
    }

    pub(super) fn has(&self, term: &str) -> bool {
        self.facts[format!("@Org.OData.Core.V1.{term}")] == true
    }

    fn supports(&self, filter: &str) -> bool {
        let filters = self.facts["@Erp.SupportedFilters"].as_str().unwrap_or_default();
        filters.split(", ").any(|own| own == filter)
    }

    /// Returns literals of the type.
    fn literals(&self, all: &Description) -> Vec<String> {
        let name = self.facts["$Type"].as_str().unwrap_or("Edm.String");
        let one = match name {
            "Edm.String" => "'x'",
            "Edm.Boolean" => "true",
            "Edm.Int32" => "1",
            "Edm.Guid" => "12345678-9abc-def0-1234-56789abcdef0",
            "Edm.DateTimeOffset" => "2026-01-01T00:00:00Z",
            other => {
                return all.members(other).into_iter().map(|member| format!("{other}'{member}'")).collect();
            }
        };
        vec![one.to_owned()]
    }
}

impl Description {
    pub(super) fn read(server: &Server) -> Self {
        let text =
            server.get("/api/domain/odata/$metadata?$format=json", None).send().unwrap().text().unwrap();
        let mut document: Value = serde_json::from_str(&text).unwrap();
        let Value::Object(schema) = document["Erp"].take() else { panic!("{text}") };
        Self(schema)
    }

    /// Returns the entity sets with their annotations.
    pub(super) fn sets(&self) -> Vec<(&str, &Value)> {
        let container = self.0["Container"].as_object().unwrap();
        let sets = container.iter().filter(|(_, entry)| entry["$Collection"] == true);
        sets.map(|(name, entry)| (name.as_str(), entry)).collect()
    }

    /// Returns the imports of a kind: `$Action` or `$Function`.
    fn imports(&self, kind: &str) -> Vec<&str> {
        let container = self.0["Container"].as_object().unwrap();
        container.iter().filter(|(_, entry)| entry[kind].is_string()).map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn properties(&self, set: &Value) -> Vec<Property<'_>> {
        let name = set["$Type"].as_str().unwrap().strip_prefix("Erp.").unwrap();
        let members = self.0[name].as_object().unwrap();
        let is_property = |name: &str| !name.starts_with(['$', '@']);
        members
            .iter()
            .filter(|(name, _)| is_property(name))
            .map(|(name, facts)| Property { name, facts })
            .collect()
    }

    fn members(&self, qualified: &str) -> Vec<String> {
        let kind = self.0[qualified.strip_prefix("Erp.").unwrap()].as_object().unwrap();
        kind.keys().filter(|name| !name.starts_with('$') && !name.contains('@')).cloned().collect()
    }

    /// Returns the operations that are bound to the rows of a set, with their kind and parameters.
    fn bound(&self, set: &Value) -> Vec<(&str, &Value)> {
        let mut found = Vec::new();
        for (name, overloads) in &self.0 {
            for operation in overloads.as_array().into_iter().flatten() {
                if operation["$IsBound"] == true && operation["$Parameter"][0]["$Type"] == set["$Type"] {
                    found.push((name.as_str(), operation));
                }
            }
        }
        found
    }
}

pub(super) fn lists(set: &Value, restriction: &str, list: &str, name: &str) -> bool {
    let names = set[format!("{CAPABILITIES}.{restriction}")][list].as_array();
    names.into_iter().flatten().any(|own| own == name)
}

/// Asks what is declared, and collects what is answered otherwise.
struct Asker<'a> {
    server: &'a Server,
    token: &'a str,
    all: &'a Description,
    wrong: Vec<String>,
}

impl Asker<'_> {
    /// Asks a question that is permitted, or refused with 400.
    fn ask(&mut self, query: &str, permitted: bool) {
        self.expect(query, if permitted { &[200] } else { &[400] });
    }

    fn expect(&mut self, query: &str, expected: &[u16]) {
        let response = self.server.odata(query, self.token);
        let status = response.status().as_u16();
        if !expected.contains(&status) {
            self.wrong.push(format!("{query}: {status}, not {expected:?}: {}", response.text().unwrap()));
        }
    }
}

impl Asker<'_> {
    fn filters(&mut self, set: &str, property: &Property<'_>) {
        let (name, literals) = (property.name, property.literals(self.all));
        for literal in &literals {
            for (condition, filter) in
                [(format!("{name} eq {literal}"), "Equals"), (format!("{name} in ({literal})"), "EqualsIn")]
            {
                self.ask(&format!("{set}?$top=1&$filter={condition}"), property.supports(filter));
            }
        }
        let kind = property.facts["$Type"].as_str().unwrap_or("Edm.String");
        if ["Edm.String", "Edm.Int32", "Edm.Guid", "Edm.DateTimeOffset"].contains(&kind) {
            let can = property.supports("GreaterThanOrLessThan");
            self.ask(&format!("{set}?$top=1&$filter={name} ge {}", literals[0]), can);
        }
        if kind == "Edm.String" {
            self.ask(&format!("{set}?$top=1&$filter=contains({name},'x')"), property.supports("Like"));
        }
    }

    fn attribute(&mut self, (set, facts): (&str, &Value), property: &Property<'_>) {
        let name = property.name;
        self.ask(&format!("{set}?$top=1&$select={name}"), true);
        let is_sortable = !lists(facts, "SortRestrictions", "NonSortableProperties", name);
        self.ask(&format!("{set}?$top=1&$orderby={name}"), is_sortable);
        self.filters(set, property);
        self.aggregation((set, facts), name);
    }

    fn aggregation(&mut self, (set, facts): (&str, &Value), name: &str) {
        let support = &facts["@Org.OData.Aggregation.V1.ApplySupported"];
        let groupable = support["GroupableProperties"].as_array().unwrap();
        let can_group = groupable.iter().any(|own| own == name);
        self.ask(&format!("{set}?$apply=groupby(({name}),aggregate($count as N))&$top=1"), can_group);
        let aggregatable = support["AggregatableProperties"].as_array().unwrap();
        let of = aggregatable.iter().find(|own| own["Property"] == name);
        for method in ["min", "max", "sum", "average", "countdistinct"] {
            let methods = of.and_then(|of| of["SupportedAggregationMethods"].as_array());
            let can = methods.is_some_and(|methods| methods.iter().any(|own| own == method));
            self.ask(&format!("{set}?$apply=aggregate({name} with {method} as V)"), can);
        }
    }

    fn navigation(&mut self, set: &str, id: Option<&str>, name: &str) {
        self.ask(&format!("{set}?$top=1&$expand={name}"), true);
        let Some(id) = id else { return };
        self.expect(&format!("{set}({id})/{name}"), &[200, 204]);
        self.expect(&format!("{set}({id})/{name}/$ref"), &[200, 204]);
    }
}

/// Creates a token, and returns its identifier.
fn new_token(server: &Server, token: &str) -> String {
    let body = super::writing::personal("declared");
    server.write(&reqwest::Method::POST, super::writing::TOKENS, &[], &body, token).id()
}

/// Calls an operation of a row. It may be refused by its arguments or the state of the row, but it is there.
fn call(server: &Server, token: &str, path: &str, operation: &Value) {
    let url = |path: &str| format!("{}/api/domain/odata/{path}", server.url);
    let status = if operation["$Kind"] == "Action" {
        let sent = server.http.post(url(path)).bearer_auth(token).json(&serde_json::json!({}));
        sent.send().unwrap().status().as_u16()
    } else {
        let given = operation["$Parameter"].as_array().unwrap().iter().skip(1);
        let given = given.filter(|parameter| parameter["@Org.OData.Core.V1.OptionalParameter"].is_null());
        let given: Vec<_> =
            given.map(|parameter| format!("{}='x'", parameter["$Name"].as_str().unwrap())).collect();
        server.odata(&format!("{path}({})", given.join(",")), token).status().as_u16()
    };
    assert!([200, 201, 204, 400, 403, 409].contains(&status), "{path}: {status}");
}

on_both_engines! {
    /// Each set, property, reference and collection, with each filter, order and aggregation.
    fn everything_declared_can_be_read(server: &mut Server) {
        let token = &server.world().admin.pat;
        let all = Description::read(server);
        let listed = server.rows("", token);
        let mut listed: Vec<_> = listed.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
        listed.sort_unstable();
        assert_eq!(listed, all.sets().iter().map(|(name, _)| *name).collect::<Vec<_>>());
        let (mut asker, mut asked) = (Asker { server, token, all: &all, wrong: Vec::new() }, 0);
        for (set, facts) in all.sets() {
            let rows = server.rows(&format!("{set}?$top=1&$select=Id&$count=true&$search=a"), token);
            let first = rows.first().map(|row| row["Id"].as_str().unwrap().to_owned());
            assert!(server.count(set, token) < 100_000);
            if let Some(id) = &first {
                asker.ask(&format!("{set}({id})"), true);
                asker.ask(&format!("{set}({id})/Id/$value"), true);
            }
            for property in all.properties(facts) {
                if property.is_navigation() {
                    asker.navigation(set, first.as_deref(), property.name);
                } else {
                    asker.attribute((set, facts), &property);
                }
                asked += 1;
            }
        }
        assert!(asker.wrong.is_empty(), "{:#?}", asker.wrong);
        assert!(asked > 150, "{asked} properties");
    }

    /// Each operation of the service and of a row, by its plain and its qualified name.
    fn every_operation_declared_is_served(server: &mut Server) {
        let token = &server.world().admin.pat;
        let all = Description::read(server);
        let mut called = 0;
        for (kind, method) in [("$Action", reqwest::Method::POST), ("$Function", reqwest::Method::GET)] {
            for name in all.imports(kind) {
                for name in [name.to_owned(), format!("Erp.{name}")] {
                    let url = format!("{}/api/domain/odata/{name}", server.url);
                    let sent = server.http.request(method.clone(), url).bearer_auth(token);
                    let status = sent.body("{}").header("content-type", "application/json").send().unwrap().status();
                    assert!([200, 204, 400, 429].contains(&status.as_u16()), "{name}: {status}");
                    called += 1;
                }
            }
        }
        for (set, facts) in all.sets() {
            let rows = server.rows(&format!("{set}?$top=1&$select=Id"), token);
            let Some(id) = rows.first().map(|row| row["Id"].as_str().unwrap().to_owned()) else { continue };
            for (name, operation) in all.bound(facts) {
                for name in [name.to_owned(), format!("Erp.{name}")] {
                    // Its own token, because actions revoke it.
                    let id = if set.ends_with("AccessTokens") { new_token(server, token) } else { id.clone() };
                    call(server, token, &format!("{set}({id})/{name}"), operation);
                    called += 1;
                }
            }
        }
        assert!(called > 20, "{called} operations");
    }
}
