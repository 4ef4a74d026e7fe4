//! The form and the version of an answer.

use odata::negotiate::{Form, MetadataLevel, Offer, check_max_version, negotiate};

const MINIMAL: Option<Form> = Some(Form::Json(MetadataLevel::Minimal));
const FULL: Option<Form> = Some(Form::Json(MetadataLevel::Full));
const NONE: Option<Form> = Some(Form::Json(MetadataLevel::None));

#[test]
fn the_form_of_an_answer() {
    use Offer::{Data, Metadata, Raw};
    for (offer, format, accept, form) in [
        (Data, None, None, MINIMAL),
        (Data, None, Some(""), MINIMAL),
        (Data, None, Some("*/*"), MINIMAL),
        (Data, None, Some("application/json"), MINIMAL),
        (Data, None, Some("Application/JSON; OData.Metadata=Full; charset=utf-8"), FULL),
        (Data, None, Some("application/json;metadata=none"), NONE),
        (Data, None, Some("application/json;odata.metadata=much"), None),
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
        (Metadata, None, Some("application/json, */*;q=0.1"), Some(Form::Xml)),
        (Metadata, None, Some("application/json"), None),
        (Metadata, Some("xml"), Some("application/json"), Some(Form::Xml)),
        (Raw, None, Some("text/plain;charset=utf-8"), Some(Form::Text)),
        (Raw, None, Some("application/json"), None),
    ] {
        assert_eq!(negotiate(offer, format, accept).ok(), form, "{offer:?} {format:?} {accept:?}");
    }
    let refusal = negotiate(Offer::Metadata, None, Some("image/png")).unwrap_err();
    assert_eq!(refusal.kind().status(), 406);
    assert_eq!(
        refusal.to_string(),
        "the answer is offered as application/xml, which the request does not accept"
    );
}

#[test]
fn the_greatest_version_of_an_answer() {
    for good in [None, Some("4.0"), Some("4.01"), Some(" 4.0 "), Some("5.0"), Some("4")] {
        assert!(check_max_version(good).is_ok(), "{good:?}");
    }
    for bad in ["3.0", "2.0", "", "four", "4.x", "-4.0"] {
        assert_eq!(check_max_version(Some(bad)).map_err(|error| error.kind().status()), Err(400), "{bad}");
    }
}
