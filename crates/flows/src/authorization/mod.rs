//! The authorization endpoint (RFC 6749, section 4.1, as OAuth 2.1 has it; OpenID Connect Core, section 3.1).
//!
//! [`read()`] reads a request, [`step`] determines the next step, [`terms`] is what the user is asked to agree to, [`consent`]
//! stores the consent, [`grant`] issues the code, and [`answer`] is the response.

mod answer;
mod consent;
mod grant;
pub(crate) mod pushed;
mod read;
mod request;
pub(crate) mod request_object;
mod step;
mod terms;

pub(crate) use request::nonce;

pub use answer::{Answer, ResponseMode, ReturnAddress};
pub use grant::{agree, grant};
pub use pushed::{INTERACTION, Pushed, push};
pub use read::read;
pub use request::{AuthorizationRequest, PROMPTS, Prompt, RequestError};
pub use step::{Step, step};
pub use terms::{Agreed, Terms};
