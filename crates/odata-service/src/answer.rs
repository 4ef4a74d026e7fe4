use authority::Fault;
use axum::http::StatusCode;
use odata::OdataError;

/// Why a request is refused.
pub(super) enum Refusal {
    /// The request itself is at fault.
    Odata(OdataError),
    /// The authority refuses it.
    Fault(Fault),
    /// The row is no longer what the client takes it for.
    Changed,
    /// What a delta link continues is no longer there; with the address at which to begin again.
    Gone(String),
    /// The method is not offered; with those that are, as the header `Allow` has them.
    Method(String),
    /// The body of the request cannot be read: status, code and message.
    Unread(StatusCode, &'static str, String),
}

impl Refusal {
    pub(super) fn not_found(what: &str) -> Self {
        Self::Fault(Fault::NotFound(what.to_owned()))
    }
}

impl From<OdataError> for Refusal {
    fn from(error: OdataError) -> Self {
        Self::Odata(error)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Query(error) => Self::Odata(error.into()),
            other => Self::Fault(other),
        }
    }
}
