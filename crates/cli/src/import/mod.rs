//! `grantor import`: creates and changes rows from a file.

mod csv;
mod file;
mod parts;
mod progress;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use model::Entity;
use serde_json::{Map, Value, json};

use super::context::Context;
use super::output::{self, Ended};
use super::problem::Problem;
use super::server::Server;
use progress::Progress;

/// The members of an object.
type Object = Map<String, Value>;

/// What is done with an object that does not say it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ActionArg {
    Create,
    Update,
    Merge,
    Delete,
    FindOrCreate,
}

impl ActionArg {
    const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Delete => "delete",
            Self::FindOrCreate => "findOrCreate",
        }
    }
}

/// Create and change rows from a file
///
/// The file is a JSON array, a line of JSON for each object, or CSV with the properties in its first line. Each object takes
/// effect on its own. Objects that fail are written to a file with the reasons.
#[derive(Args)]
#[command(after_help = "Examples:
  grantor import users.csv --entity Users
  grantor import users.csv --entity Users --action merge --find-by ExternalId
  grantor import everything.ndjson --all-or-nothing

Exit status: 0 all objects succeeded, 1 an object failed or the import ended early")]
pub struct ImportArgs {
    /// The file: .csv, or anything else for JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The entity of objects without `@odata.type`, such as Users
    #[arg(long, value_name = "ENTITY")]
    entity: Option<String>,
    /// What is done with objects without `@erpnet.action` [default: create]
    #[arg(long, value_name = "ACTION")]
    action: Option<ActionArg>,
    /// The property by which rows are found: ExternalId, Id, the code or the name of the entity
    #[arg(long, value_name = "PROPERTY")]
    find_by: Option<String>,
    /// Let all objects take effect, or none (10,000 at most)
    #[arg(long)]
    all_or_nothing: bool,
    /// The file for objects that fail [default: FILE.failures.ndjson]
    #[arg(long, value_name = "FILE")]
    failures: Option<PathBuf>,
}

/// Imports the file.
pub(crate) fn run(context: &Context, args: &ImportArgs) -> anyhow::Result<()> {
    let entity = args.entity.as_deref().map(find_entity).transpose()?;
    let mut objects = file::read(&args.file, entity)?;
    for object in &mut objects {
        complete(object, args, entity)?;
    }
    let server = context.server()?;
    let mut import = Import {
        server: &server,
        is_atomic: args.all_or_nothing,
        failures: Vec::new(),
        done: 0,
        secrets: 0,
        progress: Progress::new(objects.len()),
    };
    let sent = import.send(&objects);
    import.progress.end();
    let failed = import.failures.len();
    if failed > 0 {
        let path = args.failures.clone().unwrap_or_else(|| beside(&args.file));
        write_failures(&path, &import.failures)?;
        output::note(&format!("The objects that failed are in {}.", path.display()));
    }
    if import.secrets > 0 {
        output::note("Keep the secrets now: they are not shown again.");
    }
    let done = import.done;
    sent.map_err(|error| error.context(format!("the import ended after {done} objects")))?;
    output::note(&format!("{} of {done} objects succeeded.", done - failed));
    if failed > 0 { Err(Ended(1).into()) } else { Ok(()) }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".failures.ndjson");
    name.into()
}

fn write_failures(path: &Path, failures: &[Value]) -> anyhow::Result<()> {
    let wrong = |error: std::io::Error| Problem::new(format!("cannot write {}: {error}", path.display()));
    let mut file = std::fs::File::create(path).map(std::io::BufWriter::new).map_err(wrong)?;
    for failure in failures {
        writeln!(file, "{failure}").map_err(wrong)?;
    }
    Ok(file.flush().map_err(wrong)?)
}

/// Finds an entity by the name of its set or its type, with or without the namespace.
fn find_entity(name: &str) -> anyhow::Result<&'static Entity> {
    let names = |entity: &Entity| {
        [entity.name.to_owned(), entity.singular.to_owned(), entity.set_name(), entity.type_name()]
    };
    let wanted = name.trim_start_matches("Erp.");
    let is_named = |entity: &&'static Entity| {
        names(entity).iter().any(|own| own.eq_ignore_ascii_case(wanted)) || entity.repository() == wanted
    };
    model::entities().find(is_named).ok_or_else(|| {
        let all: Vec<_> = model::entities().map(|entity| entity.name).collect();
        let meant = model::nearest(wanted, all.iter().copied());
        let problem = Problem::new(format!("there is no entity '{name}'"));
        match meant {
            Some(meant) => problem.hint(format!("did you mean {meant}?")).into(),
            None => problem.hint(format!("the entities are {}", all.join(", "))).into(),
        }
    })
}

/// Adds what the command line says to an object that does not say it.
fn complete(object: &mut Object, args: &ImportArgs, entity: Option<&'static Entity>) -> anyhow::Result<()> {
    const TYPE: &str = "@odata.type";
    if let (Some(entity), false) = (entity, object.contains_key(TYPE)) {
        object.insert(TYPE.to_owned(), format!("Erp.{}", entity.type_name()).into());
    }
    let Some(action) = args.action else {
        return match &args.find_by {
            Some(_) => Err(Problem::new("--find-by needs an --action that finds rows, such as merge").into()),
            None => Ok(()),
        };
    };
    object.entry("@erpnet.action").or_insert_with(|| action.name().into());
    if let Some(property) = &args.find_by
        && !object.contains_key("@erpnet.findBy")
    {
        let value = object.get(property).cloned().unwrap_or_default();
        let mut find_by = Map::new();
        find_by.insert(criterion(property, entity).to_owned(), value);
        if let ("ExternalId", Some(system)) = (property.as_str(), object.get("ExternalSystem")) {
            find_by.insert("ExternalSystem".to_owned(), system.clone());
        }
        object.insert("@erpnet.findBy".to_owned(), Value::Object(find_by));
    }
    Ok(())
}

/// Returns the criterion of a property: the code and the name of an entity have names of their own.
fn criterion<'a>(property: &'a str, entity: Option<&'static Entity>) -> &'a str {
    match entity {
        Some(entity) if entity.code == Some(property) => "Code",
        Some(entity) if entity.title == Some(property) => "Name",
        _ => property,
    }
}

/// An import that is running.
struct Import<'a> {
    server: &'a Server,
    is_atomic: bool,
    failures: Vec<Value>,
    done: usize,
    secrets: usize,
    progress: Progress,
}

impl Import<'_> {
    fn send(&mut self, objects: &[Object]) -> anyhow::Result<()> {
        let parts = if self.is_atomic { vec![objects] } else { parts::divided(objects) };
        for part in parts {
            self.part(part)?;
            self.progress.show(self.done, self.failures.len());
        }
        Ok(())
    }

    /// Sends objects, and takes their results.
    fn part(&mut self, objects: &[Object]) -> anyhow::Result<()> {
        let transaction = if self.is_atomic { "all-objects" } else { "per-object" };
        let body = Body { transaction, logging_level: 1, objects };
        let address = self.server.url().at("/api/domain/odata/Import");
        let response = self.server.http().post_json(&address, &body);
        let response = response.map_err(|failure| self.server.explain(failure, &["update"]))?;
        let results = response["objects"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (object, result) in objects.iter().zip(results) {
            self.result(object, result)?;
        }
        match response["@erpnet.error"]["message"].as_str() {
            Some(message) => Err(Problem::new(message).into()),
            None if results.len() == objects.len() => Ok(()),
            None => Err(self.server.http().foreign("an object has no result").into()),
        }
    }

    fn result(&mut self, object: &Object, result: &Value) -> anyhow::Result<()> {
        self.done += 1;
        if result["@erpnet.result"] != "success" {
            let error = &result["@erpnet.error"];
            self.failures.push(json!({ "number": self.done, "error": error, "object": object }));
        }
        if let Some(secret) = result["@grantor.secret"].as_str() {
            let id = result["@odata.id"].as_str().unwrap_or_default();
            output::result(&format!("{}\t{}", output::clean(id), output::clean(secret)))?;
            self.secrets += 1;
        }
        Ok(())
    }
}

/// The body of a request. The server reads the parameters before the objects.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    transaction: &'static str,
    logging_level: u8,
    objects: &'a [Object],
}

#[cfg(test)]
mod tests;
