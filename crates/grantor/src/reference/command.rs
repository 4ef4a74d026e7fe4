//! `grantor reference`: writes the reference. Works without a server.

use std::path::Path;

use anyhow::Context as _;
use cli::ServerUrl;
use reference::http::Endpoint;
use reference::{File, write};

use super::declared;
use crate::args::{Format, ReferenceArgs};

/// Writes the reference with these endpoints. Its examples use the address of the server.
pub(crate) async fn run(
    args: &ReferenceArgs,
    url: Option<ServerUrl>,
    endpoints: &[Endpoint],
) -> anyhow::Result<()> {
    let url = url.unwrap_or_else(ServerUrl::local);
    let site = reference::make(&declared(url.as_str(), endpoints).await?);
    let files = match args.format {
        Format::Html => write::html::files(&site),
        Format::Md => write::markdown::files(&site),
    };
    for file in &files {
        put(&args.out, file)?;
    }
    Ok(cli::result(&format!("{} files in {}\n", files.len(), args.out.display()))?)
}

fn put(folder: &Path, file: &File) -> anyhow::Result<()> {
    let path = folder.join(&file.path);
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    std::fs::write(&path, &file.content).with_context(|| path.display().to_string())
}
