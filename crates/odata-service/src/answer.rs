use authority::Fault;
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
    /// The method is not offered.
    Method,
}

impl Refusal {
    pub(super) const fn method_not_allowed() -> Self {
        Self::Method
    }

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
