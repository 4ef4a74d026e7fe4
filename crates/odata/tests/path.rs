//! Paths to resources.

use model::Uuid;
use odata::{OdataError, Part, Resource, RowKey};

const SEVEN: &str = "00000000-0000-0000-0000-000000000007";
const ID: &str = "0000000a-0000-0000-0000-00000000000b";

fn named(path: &str) -> String {
    described(Resource::parse(path))
}

fn described(resource: Result<Resource, OdataError>) -> String {
    match resource {
        Ok(Resource::ServiceDocument) => "service".to_owned(),
        Ok(Resource::Metadata) => "metadata".to_owned(),
        Ok(Resource::Set(entity, Part::Rows)) => entity.name.to_owned(),
        Ok(Resource::Set(entity, part)) => format!("{} {part:?}", entity.name),
        Ok(Resource::Identified(cast)) => format!("identified {:?}", cast.map(|entity| entity.name)),
        Ok(Resource::Row(row)) => format!("{} {}", row.entity.name, row.id),
        Ok(Resource::RowReference(row)) => format!("{} {} reference", row.entity.name, row.id),
        Ok(Resource::Action { row, method }) => format!("action {} of {}", method.name, row.entity.name),
        Ok(Resource::Function { row, method, arguments }) => {
            format!("{} {} {}{}", row.entity.name, row.id, method.name, arguments.len())
        }
        Ok(Resource::Through { row, reference, then }) => {
            let target = RowKey { entity: reference.target(), id: Uuid::from_u128(7) };
            format!(
                "{} {} -> {}: {}",
                row.entity.name,
                row.id,
                reference.name,
                described(Ok(then.of(target)))
            )
        }
        Ok(Resource::Attribute { row, attribute, raw }) => {
            format!("{} {} {} {raw}", row.entity.name, row.id, attribute.name)
        }
        Ok(Resource::Reference { row, reference, only_id }) => {
            format!("{} {} -> {} {only_id}", row.entity.name, row.id, reference.name)
        }
        Ok(Resource::Collection { row, collection, part }) => {
            format!("{} {} => {} {part:?}", row.entity.name, row.id, collection.name)
        }
        Err(error) => format!("{} {}: {error}", error.kind().status(), error.code()),
    }
}

#[test]
fn paths_name_resources() {
    const SET: &str = "Systems_Security_AccessTokens";
    let upper = ID.to_uppercase();
    for (path, resource) in [
        (String::new(), "service".to_owned()),
        ("/".to_owned(), "service".to_owned()),
        ("$metadata".to_owned(), "metadata".to_owned()),
        (SET.to_owned(), "AccessTokens".to_owned()),
        (format!("{SET}/"), "AccessTokens".to_owned()),
        ("Systems%5FSecurity_Users".to_owned(), "Users".to_owned()),
        (format!("{SET}/$count"), "AccessTokens Count".to_owned()),
        (format!("{SET}({ID})"), format!("AccessTokens {ID}")),
        (format!("{SET}%28{upper}%29"), format!("AccessTokens {ID}")),
        (format!("{SET}('{ID}')"), format!("AccessTokens {ID}")),
        (format!("{SET}(Id={ID})"), format!("AccessTokens {ID}")),
        (format!("{SET}/{ID}"), format!("AccessTokens {ID}")),
        (format!("{SET}({ID})/Actor"), format!("AccessTokens {ID} Actor false")),
        (format!("{SET}({ID})/Rotate"), "action Rotate of AccessTokens".to_owned()),
        (format!("{SET}({ID})/Erp.Rotate"), "action Rotate of AccessTokens".to_owned()),
        (format!("{SET}/{ID}/Actor/$value"), format!("AccessTokens {ID} Actor true")),
        (format!("{SET}({ID})/User"), format!("AccessTokens {ID} -> User false")),
        (format!("{SET}({ID})/User/$ref"), format!("AccessTokens {ID} -> User true")),
        (format!("{SET}({ID})/GrantedScopes"), format!("AccessTokens {ID} => GrantedScopes Rows")),
        (format!("{SET}({ID})/GrantedScopes/$count"), format!("AccessTokens {ID} => GrantedScopes Count")),
        (format!("{SET}({ID})/GrantedScopes/$ref"), format!("AccessTokens {ID} => GrantedScopes References")),
        (format!("{SET}/%24ref"), "AccessTokens References".to_owned()),
        (format!("{SET}({ID})/$ref"), format!("AccessTokens {ID} reference")),
        (format!("{SET}({ID})/User/Login"), format!("AccessTokens {ID} -> User: Users {SEVEN} Login false")),
        (
            format!("{SET}({ID})/User/Login/$value"),
            format!("AccessTokens {ID} -> User: Users {SEVEN} Login true"),
        ),
        (
            format!("{SET}({ID})/Parent/Erp.Systems_Security_AccessToken/User/$ref"),
            format!("AccessTokens {ID} -> Parent: AccessTokens {SEVEN} -> User true"),
        ),
        (
            format!("{SET}/{ID}/Parent/GrantedScopes/$count"),
            format!("AccessTokens {ID} -> Parent: AccessTokens {SEVEN} => GrantedScopes Count"),
        ),
        (
            format!("{SET}({ID})/User/Erp.Systems_Security_User"),
            format!("AccessTokens {ID} -> User: Users {SEVEN}"),
        ),
        ("$entity".to_owned(), "identified None".to_owned()),
        (format!("{SET}/Erp.Systems_Security_AccessToken"), "AccessTokens".to_owned()),
        (format!("{SET}/Erp.Systems_Security_AccessToken/$count"), "AccessTokens Count".to_owned()),
        (format!("{SET}/Erp.Systems_Security_AccessToken({ID})"), format!("AccessTokens {ID}")),
        (
            format!("{SET}({ID})/Erp.Systems_Security_AccessToken/Actor"),
            format!("AccessTokens {ID} Actor false"),
        ),
        ("$entity/Erp.Systems_Security_User".to_owned(), "identified Some(\"Users\")".to_owned()),
        (
            format!("{SET}({ID})/GetAllowedCustomPropertyValues(customPropertyCode='x',top=@t)"),
            format!("AccessTokens {ID} GetAllowedCustomPropertyValues2"),
        ),
        (
            format!("{SET}/{ID}/Erp.GetAllowedCustomPropertyValues()"),
            format!("AccessTokens {ID} GetAllowedCustomPropertyValues0"),
        ),
    ] {
        assert_eq!(named(&path), resource, "{path}");
    }
}

#[test]
fn paths_round_trip() {
    for path in ["A('x%2Fy')/B", "A(k='x%2Fy',l=1)", "A/x%2Fy", "A(1)/B/$count", "A/$filter(B/C eq 1)/$each"]
    {
        let target = odata::parse::target(path);
        assert_eq!(target.map(|target| target.to_string()), Ok(path.replace(" eq ", "%20eq%20")));
    }
}

#[test]
fn unknown_and_unsupported_paths_are_rejected() {
    for (path, error) in [
        (
            "Systems_Security_AccessToken".to_owned(),
            "404 UNKNOWN_RESOURCE: there is no entity set 'Systems_Security_AccessToken'; did you mean 'Systems_Security_AccessTokens'?".to_owned(),
        ),
        ("Nonsense".to_owned(), "404 UNKNOWN_RESOURCE: there is no entity set 'Nonsense'".to_owned()),
        ("$nonsense".to_owned(), "400 SYNTAX_ERROR: path, character 0: expected $metadata, $batch, $entity, $all or $crossjoin, found '$'".to_owned()),
        ("$Metadata".to_owned(), "400 SYNTAX_ERROR: path, character 0: expected $metadata, $batch, $entity, $all or $crossjoin, found '$'".to_owned()),
        (
            "Systems_Security_Users(5)".to_owned(),
            "400 BAD_KEY: the key of Systems_Security_Users is a guid, such as \
             Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)".to_owned(),
        ),
        (
            "Systems_Security_Users(xyz)".to_owned(),
            "400 BAD_KEY: the key of Systems_Security_Users is a guid, such as \
             Systems_Security_Users(12345678-9abc-def0-1234-56789abcdef0)".to_owned(),
        ),
        (
            "Systems_Security_User(xyz)".to_owned(),
            "404 UNKNOWN_RESOURCE: there is no entity set 'Systems_Security_User'; did you mean 'Systems_Security_Users'?".to_owned(),
        ),
        (
            "AccessTokens".to_owned(),
            "404 UNKNOWN_RESOURCE: there is no entity set 'AccessTokens'; did you mean 'Systems_Security_AccessTokens'?".to_owned(),
        ),
        (
            "Systems.Security.AccessTokens/$count".to_owned(),
            "404 UNKNOWN_RESOURCE: there is no entity set 'Systems.Security.AccessTokens'; did you mean 'Systems_Security_AccessTokens'?".to_owned(),
        ),
        ("nope(x)".to_owned(), "404 UNKNOWN_RESOURCE: there is no entity set 'nope'".to_owned()),
        (
            "$entity/Erp.Systems_Security_Usr".to_owned(),
            "404 UNKNOWN_RESOURCE: there is no type 'Erp.Systems_Security_Usr'; did you mean 'Erp.Systems_Security_User'?".to_owned(),
        ),
        (format!("Systems_Security_Users({ID})/Name/$ref"), "404 UNKNOWN_RESOURCE: there is no row '$ref'".to_owned()),
        ("Systems_Security_Users/5".to_owned(), "404 UNKNOWN_RESOURCE: there is no row '5'".to_owned()),
        (
            format!("Systems_Security_Users({ID})/Nmae"),
            "404 UNKNOWN_RESOURCE: there is no property 'Nmae'; did you mean 'Name'?".to_owned(),
        ),
        (
            format!("Systems_Security_Users({ID})/Password"),
            "404 UNKNOWN_RESOURCE: there is no property 'Password'".to_owned(),
        ),
        (
            format!("Systems_Security_Users({ID})/Name/x"),
            "404 UNKNOWN_RESOURCE: there is no property 'x'".to_owned(),
        ),
        (
            format!("Systems_Security_AccessTokens({ID})/User/Nmae"),
            "404 UNKNOWN_RESOURCE: there is no property 'Nmae'; did you mean 'Name'?".to_owned(),
        ),
        (
            format!("Systems_Security_AccessTokens({ID})/User/Password"),
            "404 UNKNOWN_RESOURCE: there is no property 'Password'".to_owned(),
        ),
        (
            format!("Systems_Security_AccessTokens({ID}){}/Actor", "/Parent".repeat(7)),
            "400 LIMIT_EXCEEDED: path: the number of references in a path exceeds the limit of 6".to_owned(),
        ),
        (
            "Systems_Security_Users%2".to_owned(),
            "400 BAD_ENCODING: path: the percent-encoding at character 22 is not UTF-8 text".to_owned(),
        ),
    ] {
        assert_eq!(named(&path), error, "{path}");
    }
    for (path, segment) in [
        ("$batch".to_owned(), "$batch"),
        ("$all".to_owned(), "$all"),
        ("$crossjoin(A,B)".to_owned(), "$crossjoin(A,B)"),
        ("Systems_Security_Users/$each".to_owned(), "$each"),
        ("Systems_Security_Users/Erp.X".to_owned(), "Erp.X"),
        ("Systems_Security_Users(@p)".to_owned(), "a parameter alias as key"),
        (format!("Systems_Security_AuditEvents({ID})/CreateCopy"), "CreateCopy"),
        (format!("Systems_Security_Users({ID})/Erp.F(p=1,q=@a)"), "Erp.F(p=1,q=@a)"),
        ("Systems_Security_Users/Erp.F()".to_owned(), "Erp.F()"),
        ("Systems_Security_Users/$filter(Name eq 'a%2Fb')".to_owned(), "$filter(Name%20eq%20'a/b')"),
        (format!("Systems_Security_AccessTokens({ID})/User/$value"), "$value"),
        (format!("Systems_Security_AccessTokens({ID})/GrantedScopes/x"), "x"),
    ] {
        assert_eq!(
            named(&path),
            format!("501 NOT_IMPLEMENTED: '{segment}' in a path is not supported by this service"),
            "{path}"
        );
    }
}
