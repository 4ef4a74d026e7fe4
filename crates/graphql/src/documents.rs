//! Documents that the operator knows, run by their hashes: `documentId` as `sha256:<hash>` (GraphQL over HTTP, appendix
//! "Persisted Documents"), or the extension `persistedQuery` of many clients. Clients cannot add documents.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smart_default::SmartDefault;
use token::digest::sha256_hex;

/// Persisted GraphQL documents
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize, SmartDefault)]
#[serde(default)]
pub struct DocumentSettings {
    /// A folder with documents (`.graphql`), or a JSON file of documents by their SHA-256 hashes, that can be executed by
    /// hash.
    pub graphql_documents: Option<PathBuf>,
    /// Whether only the documents of `graphql_documents` are executed.
    pub graphql_only_documents: bool,
}

impl DocumentSettings {
    /// Checks what the types do not express.
    ///
    /// # Errors
    /// A message that names the keys.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.graphql_only_documents && self.graphql_documents.is_none() {
            bail!("graphql_only_documents needs graphql_documents: otherwise no document could be executed");
        }
        Ok(())
    }
}

/// The documents that can be run by their hashes.
#[derive(Debug, Default)]
pub struct Documents {
    by_hash: HashMap<String, String>,
    only: bool,
}

/// Why no document is run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// There is none with this hash.
    Unknown,
    /// Only those that are known are run, and this request has no hash.
    Untrusted,
    /// The request has neither.
    Nothing,
}

impl Documents {
    /// Reads the documents that the operator set.
    ///
    /// # Errors
    /// A file that cannot be read, or a document with another hash.
    pub fn load(settings: &DocumentSettings) -> anyhow::Result<Self> {
        let only = settings.graphql_only_documents;
        let Some(path) = &settings.graphql_documents else { return Ok(Self { only, ..Self::default() }) };
        let named = || format!("graphql_documents {}", path.display());
        let by_hash = if path.is_dir() { folder(path) } else { file(path) }.with_context(named)?;
        Ok(Self { by_hash, only })
    }

    /// The document of a request, by what it carries.
    pub(super) fn find(&self, id: Option<&str>, text: Option<String>) -> Result<String, Missing> {
        match (id, text) {
            (Some(id), text) => {
                let hash = id.strip_prefix("sha256:").unwrap_or(id).to_ascii_lowercase();
                let known = self.by_hash.get(&hash).cloned();
                // A client that knows the text sends it again where the hash alone was not enough.
                let sent = text.filter(|text| !self.only && hash_of(text) == hash);
                known.or(sent).ok_or(Missing::Unknown)
            }
            (None, Some(_)) if self.only => Err(Missing::Untrusted),
            (None, Some(text)) => Ok(text),
            (None, None) => Err(Missing::Nothing),
        }
    }
}

fn hash_of(text: &str) -> String {
    sha256_hex(text.as_bytes())
}

fn folder(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let mut documents = HashMap::new();
    for entry in std::fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "graphql") {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            documents.insert(hash_of(&text), text);
        }
    }
    Ok(documents)
}

fn file(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let documents: HashMap<String, String> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for (hash, text) in &documents {
        if hash_of(text) != *hash {
            bail!("the document under {hash} has another hash, {}", hash_of(text));
        }
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ viewer { id } }";

    fn known(only: bool) -> Documents {
        Documents { by_hash: HashMap::from([(hash_of(TEXT), TEXT.to_owned())]), only }
    }

    #[test]
    fn documents_are_found_by_their_hashes() {
        let (id, other) = (format!("sha256:{}", hash_of(TEXT)), "{ viewer { scopes } }".to_owned());
        for only in [false, true] {
            assert_eq!(known(only).find(Some(&id), None).as_deref(), Ok(TEXT));
            assert_eq!(known(only).find(Some("sha256:00"), None), Err(Missing::Unknown));
            assert_eq!(known(only).find(Some("sha256:00"), Some(other.clone())), Err(Missing::Unknown));
            assert_eq!(known(only).find(None, None), Err(Missing::Nothing));
        }
        assert_eq!(known(true).find(None, Some(TEXT.to_owned())), Err(Missing::Untrusted));
        assert_eq!(known(false).find(None, Some(other.clone())), Ok(other.clone()));
        let own = hash_of(&other);
        assert_eq!(known(false).find(Some(&own), Some(other.clone())), Ok(other.clone()));
        assert_eq!(
            known(true).find(Some(&own), Some(other)),
            Err(Missing::Unknown),
            "clients cannot add documents"
        );
    }

    #[test]
    fn a_file_has_the_hashes_of_its_documents() {
        let path = std::env::temp_dir().join(format!("grantor-documents-{}.json", std::process::id()));
        std::fs::write(&path, serde_json::json!({ hash_of(TEXT): TEXT }).to_string()).unwrap();
        let settings =
            DocumentSettings { graphql_documents: Some(path.clone()), graphql_only_documents: true };
        let found = Documents::load(&settings).unwrap();
        assert_eq!(found.by_hash, known(true).by_hash);
        std::fs::write(&path, serde_json::json!({ "00": TEXT }).to_string()).unwrap();
        assert!(Documents::load(&settings).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
