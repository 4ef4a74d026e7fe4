/// The client_id of the command-line tool, which is part of the product.
pub const COMMAND_LINE: &str = "grantor-cli";
