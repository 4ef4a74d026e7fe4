//! placeholder
#[allow(dead_code, unused_imports, reason = "the handlers that fill the pages come with the server")]
mod pages;

fn main() {}
