//! `grantor reference`: write the reference. Works without a server.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use reference::{File, write};

use super::output;
use super::server_url::ServerUrl;

/// Write the reference: a page for everything public, and the descriptions that programs read
#[derive(Args)]
#[command(after_help = "Examples:
  grantor reference --out site                     pages for a browser; open site/index.html
  grantor reference --out docs --format md         pages for a documentation tool")]
pub(crate) struct ReferenceArgs {
    /// The folder to write into; it is made where there is none
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The form of the pages
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
}

/// The form of the pages.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// HTML that needs no server
    Html,
    /// Markdown with front matter and a table of contents
    Md,
}

/// Writes the reference. Examples are addressed to the server that is named.
pub(crate) fn run(args: &ReferenceArgs, url: Option<ServerUrl>) -> anyhow::Result<()> {
    let url = url.unwrap_or_else(ServerUrl::local);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let site = reference::make(&runtime.block_on(crate::reference::declared(url.as_str()))?);
    let files = match args.format {
        Format::Html => write::html::files(&site),
        Format::Md => write::markdown::files(&site),
    };
    for file in &files {
        put(&args.out, file)?;
    }
    Ok(output::result(&format!("{} files in {}\n", files.len(), args.out.display()))?)
}

fn put(folder: &Path, file: &File) -> anyhow::Result<()> {
    let path = folder.join(&file.path);
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    std::fs::write(&path, &file.content).with_context(|| path.display().to_string())
}
