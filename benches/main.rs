//! Costs of the product, as ratios to a baseline that is measured in the same run on the same machine:
//! `cargo bench -p grantor --bench grantor`. With `-- create` or `-- import`, it measures this part alone; with `-- scale`, it
//! compares the pages of a small and of a large registry.
//!
//! Each figure is printed with its baseline. Nothing is asserted, because machines are shared and noisy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a tool of ours"
)]
#![allow(unreachable_pub, missing_docs, reason = "a benchmark is not imported")]

mod floor;
mod gate;
mod import;
mod introspection;
mod issue;
mod load;
mod page;
mod program;
mod scale;

use program::Program;

/// Number of grants in the registry, in addition to the demonstration data.
const GRANTS: &str = "20000";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(floor::FLAG) {
        return floor::serve();
    }
    // Cargo adds arguments of its own.
    if std::env::args().any(|word| word == scale::PART) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(scale::run());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let program = Program::start(GRANTS);
    println!("registry: SQLite, {GRANTS} grants; each figure over {:?} after a warm-up", load::MEASURED);
    let is_named = |part: &str| std::env::args().any(|word| word == part);
    if is_named(import::CREATE) {
        return runtime.block_on(import::create(&program));
    }
    if is_named(import::IMPORT) {
        return runtime.block_on(import::import(&program));
    }
    runtime.block_on(async {
        introspection::run(&program).await;
        gate::run(&program).await;
        issue::run(&program).await;
        page::run(&program).await;
        import::create(&program).await;
        import::import(&program).await;
    });
}
