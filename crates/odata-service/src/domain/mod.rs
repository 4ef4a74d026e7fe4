//! The model as JSON, and the addresses of the sites.

mod auto_discovery;
mod members;
mod model_as_json;
mod repository;
mod reset;
mod words;

use web::http::Endpoints;

/// Returns the endpoints of the model – as delivered and as installed here – and of the list of sites.
pub(crate) fn endpoints() -> Endpoints {
    Endpoints::default()
        .add(&model_as_json::STANDARD, model_as_json::standard)
        .add(&model_as_json::STANDARD_SET, model_as_json::standard_set)
        .add(&model_as_json::CURRENT, model_as_json::current)
        .add(&model_as_json::CURRENT_SET, model_as_json::current_set)
        .add(&reset::ENDPOINT, reset::answer)
        .add(&auto_discovery::ENDPOINT, auto_discovery::answer)
        .add(&auto_discovery::TOOLS, auto_discovery::answer)
}
