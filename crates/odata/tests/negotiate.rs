//! Content and version negotiation.

use odata::negotiate::{Form, JsonForm, MetadataLevel, Offer, Version, negotiate, version};

const fn json(level: MetadataLevel, ieee754: bool) -> Option<Form> {
    Some(Form::Json(JsonForm { level, ieee754 }))
}
const MINIMAL: Option<Form> = json(MetadataLevel::Minimal, false);
const LONG: Option<Form> = json(MetadataLevel::Minimal, true);
const FULL: Option<Form> = json(MetadataLevel::Full, false);
const NONE: Option<Form> = json(MetadataLevel::None, false);

#[test]
fn representations_are_negotiated() {
    use Offer::{Data, Metadata, Raw};
    for (offer, format, accept, form) in [
        (Data, None, None, MINIMAL),
        (Data, None, Some(""), MINIMAL),
        (Data, None, Some("*/*"), MINIMAL),
        (Data, None, Some("application/json"), MINIMAL),
        (Data, None, Some("Application/JSON; OData.Metadata=Full; charset=utf-8"), FULL),
        (Data, None, Some("application/json;metadata=none"), NONE),
        (Data, None, Some("application/json;odata.metadata=much"), None),
        (Data, None, Some("application/json;IEEE754Compatible=true"), LONG),
        (Data, None, Some("application/json; odata.metadata=minimal; odata.streaming=true"), MINIMAL),
        (Data, None, Some("application/json;IEEE754Compatible=maybe"), None),
        (Data, None, Some("application/json;ExponentialDecimals=true;charset=\"UTF-8\""), MINIMAL),
        (Data, None, Some("application/json;charset=iso-8859-1"), None),
        (Data, None, Some("application/json;odata=verbose"), None),
        (Data, None, Some("application/json;odata=verbose,application/json;q=0.1"), MINIMAL),
        (Data, Some("application/json;IEEE754Compatible=true"), None, LONG),
        (Data, None, Some("text/html,application/xhtml+xml,*/*;q=0.8"), MINIMAL),
        (Data, None, Some("application/json;odata.metadata=full;q=0.5,application/json"), MINIMAL),
        (Data, None, Some("application/json;q=0"), None),
        (Data, None, Some("application/json;q=x"), None),
        (Data, None, Some("application/xml"), None),
        (Data, None, Some("text/plain"), None),
        (Data, Some("json"), Some("text/html"), MINIMAL),
        (Data, Some("application/json;odata.metadata=full"), None, FULL),
        (Data, Some("xml"), Some("application/json"), None),
        (Data, Some("atom"), None, None),
        (Metadata, None, None, Some(Form::Xml)),
        (Metadata, None, Some("application/xml"), Some(Form::Xml)),
        (Metadata, None, Some("application/json, */*;q=0.1"), Some(Form::Csdl)),
        (Metadata, None, Some("application/json"), Some(Form::Csdl)),
        (Metadata, None, Some("application/json;q=0.2,application/*;q=0.3"), Some(Form::Xml)),
        (Metadata, None, Some("*/*"), Some(Form::Xml)),
        (Metadata, None, Some("image/png"), None),
        (Metadata, Some("json"), Some("application/xml"), Some(Form::Csdl)),
        (Metadata, Some("xml"), Some("application/json"), Some(Form::Xml)),
        (Raw, None, Some("text/plain;charset=utf-8"), Some(Form::Text)),
        (Raw, None, Some("application/json"), Some(Form::Text)),
        (Raw, None, Some("application/json;odata.metadata=minimal;IEEE754Compatible=true"), Some(Form::Text)),
        (Raw, None, None, Some(Form::Text)),
        (Raw, Some("text/plain"), None, Some(Form::Text)),
        (Raw, Some("json"), None, None),
    ] {
        assert_eq!(negotiate(offer, format, accept).ok(), form, "{offer:?} {format:?} {accept:?}");
    }
    let refusal = negotiate(Offer::Metadata, None, Some("image/png")).unwrap_err();
    assert_eq!(refusal.kind().status(), 406);
    assert_eq!(
        refusal.to_string(),
        "the response is available as application/xml or application/json, which the request does not accept"
    );
}

#[test]
fn content_types_name_the_representation() {
    let content_type = |form: Option<Form>, version| form.unwrap().content_type(version);
    assert_eq!(content_type(FULL, Version::V4_0), "application/json;odata.metadata=full;charset=utf-8");
    assert_eq!(content_type(NONE, Version::V4_01), "application/json;metadata=none;charset=utf-8");
    let long = "application/json;metadata=minimal;IEEE754Compatible=true;charset=utf-8";
    assert_eq!(content_type(LONG, Version::V4_01), long);
    assert_eq!(content_type(Some(Form::Csdl), Version::V4_01), "application/json;charset=utf-8");
}

#[test]
fn versions_are_negotiated() {
    for (max, own, expected) in [
        (None, None, Version::V4_0),
        (Some("4.0"), None, Version::V4_0),
        (Some(" 4.0 "), Some("4.01"), Version::V4_0),
        (Some("4"), None, Version::V4_0),
        (None, Some("4.0"), Version::V4_0),
        (None, Some("4.01"), Version::V4_0),
        (Some("4.01"), None, Version::V4_01),
        (Some("4.01"), Some("4.0"), Version::V4_01),
        (Some("5.0"), None, Version::V4_01),
    ] {
        assert_eq!(version(max, own), Ok(expected), "{max:?} {own:?}");
    }
    for bad in ["3.0", "2.0", "", "four", "4.x", "-4.0"] {
        let error = version(Some(bad), None).unwrap_err();
        assert_eq!((error.kind().status(), error.target()), (400, Some("OData-MaxVersion")), "{bad}");
    }
    for bad in ["3.0", "5.0", "", "4.1"] {
        let error = version(None, Some(bad)).unwrap_err();
        assert_eq!((error.kind().status(), error.target()), (400, Some("OData-Version")), "{bad}");
    }
}
