//! Identifiers of transactions: 32 hexadecimal digits with the program that has the transaction, a random number, and a
//! message authentication code. With the code, an identifier of another program differs from an invented one.

use authority::{Ctx, Fault};

/// Length of the number of the program, in bytes.
const NODE: usize = 4;
/// Length of what the code protects, in bytes.
const BODY: usize = 10;
/// Length of an identifier, in bytes.
const LENGTH: usize = 16;
/// Purpose of the message authentication code.
const PURPOSE: &str = "odata transaction";

/// The number of this program.
pub(super) type Node = [u8; NODE];

/// Returns a new number of a program.
///
/// # Errors
/// [`Fault::Internal`] if there is no randomness.
pub(super) fn node(ctx: &Ctx) -> Result<Node, Fault> {
    random(ctx)
}

/// Returns a new identifier.
///
/// # Errors
/// As [`node`].
pub(super) fn new(ctx: &Ctx, node: Node) -> Result<String, Fault> {
    let body = [&node[..], &random::<{ BODY - NODE }>(ctx)?[..]].concat();
    let code = ctx.authenticate(PURPOSE, &body);
    let bytes = body.iter().chain(&code).take(LENGTH);
    Ok(digits(bytes))
}

/// Returns bytes as hexadecimal digits.
pub(super) fn digits<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> String {
    bytes.into_iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns whether a program of this authority made an identifier.
pub(super) fn is_authentic(ctx: &Ctx, id: &str) -> bool {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? * 16 + digit(low)?),
        _ => None,
    };
    let Some(bytes) = id.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>() else { return false };
    let Some((body, code)) = bytes.split_at_checked(BODY) else { return false };
    let expected = ctx.authenticate(PURPOSE, body);
    bytes.len() == LENGTH && expected.starts_with(code)
}

/// Returns random bytes, from the end of a new identifier of a row.
fn random<const N: usize>(ctx: &Ctx) -> Result<[u8; N], Fault> {
    let id = ctx.new_id()?;
    let short = || Fault::Internal("an identifier is too short".to_owned());
    id.as_bytes().last_chunk().copied().ok_or_else(short)
}
