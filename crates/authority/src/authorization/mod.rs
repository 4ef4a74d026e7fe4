//! The authorization endpoint (RFC 6749, section 4.1, as OAuth 2.1 has it; OpenID Connect Core, section 3.1).
//!
//! [`request`] reads what an application asks for, [`step`] says what has to happen next, [`consent`] remembers
//! what people agreed to, [`grant`] gives the code, and [`answer`] says how the browser takes it back.

mod answer;
mod consent;
mod grant;
pub(crate) mod pushed;
mod request;
pub(crate) mod request_object;
mod step;

pub(crate) use consent::withdraw;

pub use answer::{Answer, ResponseMode, ReturnAddress};
pub use grant::{agree, grant};
pub use pushed::{Pushed, push};
pub use request::{AuthorizationRequest, PROMPTS, Prompt, Refusal, read};
pub use step::{Step, step};
