//! The examples of the guides work as described.
//!
//! Every shell block in `docs/guide` is followed by one or more comments `<!-- expect: TEXT -->` if it is run
//! and prints that text, or by `<!-- not run: REASON -->`. The blocks of a page share one shell. The first
//! block of the first guide, which sets the variables, precedes every page. The address in the guides is
//! replaced by that of the server under test.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::Server;

/// The address in the guides, replaced by that of the server under test.
const ADDRESS: &str = "http://127.0.0.1:8080";
/// The path of the description in the guides, replaced likewise.
const DESCRIPTION: &str = "data/demo.json";
/// The page whose first block sets the variables.
const FIRST: &str = "getting-started.md";

on_both_engines! {
    fn the_examples_of_the_guides_work(server: &mut Server) {
        let preamble = examples(&read(&folder().join(FIRST))).remove(0).script;
        let mut run = 0;
        for page in pages() {
            run += check_page(server, &page, &preamble);
        }
        assert!(run >= 25, "only {run} examples were run");
    }
}

/// Every relative link leads to an existing file.
#[test]
fn links_lead_somewhere() {
    let root = folder().join("../..");
    let documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root.join(name));
    let all = documents.into_iter().chain(pages_of(&folder())).chain(pages_of(&root.join("docs/decisions")));
    let mut followed = 0;
    for page in all {
        for link in links(&read(&page)) {
            let target = page.parent().unwrap().join(&link);
            assert!(target.exists(), "{}: {link} leads nowhere", page.display());
            followed += 1;
        }
    }
    assert!(followed >= 30, "only {followed} links were found");
}

/// Every test in the security checklist exists.
#[test]
fn the_tests_of_the_checklist_exist() {
    let page = read(&folder().join("security.md"));
    // The sections after the checklist have tables of their own.
    let checklist = page.split("\n## ").next().unwrap();
    let rows = checklist.lines().filter(|line| line.starts_with("| ") && !line.contains("---"));
    let named: Vec<_> = rows.skip(1).map(|row| row.trim_end_matches(" |").rsplit_once("| `")).collect();
    assert!(named.len() >= 20, "only {} rows were found", named.len());
    for named in named {
        let paths = named.expect("a row ends with a test").1.trim_end_matches('`');
        for path in paths.split("`, `") {
            let (module, test) = path.rsplit_once("::").expect("a test has a module");
            let files = files_of(module);
            let has = files.iter().any(|file| read(file).contains(&format!("fn {test}(")));
            assert!(has, "{path} is in none of {files:?}");
        }
    }
}

/// Returns the files that may contain a test module: in `tests/`, or inside the crate named first.
fn files_of(module: &str) -> Vec<PathBuf> {
    let root = folder().join("../..");
    let (first, rest) = module.split_once("::").unwrap_or((module, ""));
    let inside = root.join("crates").join(first.replace('_', "-")).join("src");
    let path = |module: &str| module.replace("::", "/");
    let around = module.rsplit_once("::").map_or(module, |(around, _)| around);
    let of_tests = [module, around].map(|module| root.join("tests").join(path(module)));
    let mut files: Vec<_> = of_tests.iter().flat_map(|file| [file.clone(), file.join("mod")]).collect();
    if inside.is_dir() {
        let without = rest.strip_suffix("::tests").unwrap_or(rest);
        files.extend([
            inside.join(path(rest)),
            inside.join(path(without)),
            inside.join(path(without)).join("mod"),
            inside.join("../tests").join(path(rest)),
        ]);
    }
    files.into_iter().map(|file| file.with_extension("rs")).filter(|file| file.exists()).collect()
}

/// Returns the relative links of a page, without fragments.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let relative = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    relative.map(|target| target.split('#').next().unwrap().to_owned()).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide")
}

fn pages() -> Vec<PathBuf> {
    pages_of(&folder())
}

fn pages_of(folder: &Path) -> Vec<PathBuf> {
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(page).unwrap()
}

/// A shell block with its expectations.
struct Example {
    line: usize,
    script: String,
    expected: Vec<String>,
    not_run: bool,
}

/// Parses the blocks of a page.
fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for (index, line) in page.lines().enumerate() {
        match line {
            "```sh" => {
                inside = true;
                let (script, expected) = (String::new(), Vec::new());
                examples.push(Example { line: index + 1, script, expected, not_run: false });
            }
            "```" => inside = false,
            line if inside => writeln!(examples.last_mut().unwrap().script, "{line}").unwrap(),
            line => {
                if let Some(text) = comment(line, "expect") {
                    examples.last_mut().unwrap().expected.push(text.to_owned());
                } else if comment(line, "not run").is_some() {
                    examples.last_mut().unwrap().not_run = true;
                }
            }
        }
    }
    examples
}

fn comment<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix("<!-- ")?.strip_suffix(" -->")?.strip_prefix(word)?.strip_prefix(": ")
}

/// Runs the examples of a page in one shell and checks the output of each. Returns their number.
fn check_page(server: &Server, page: &Path, preamble: &str) -> usize {
    let name = page.file_name().unwrap().to_str().unwrap();
    let examples = examples(&read(page));
    for example in &examples {
        let undecided = example.not_run != example.expected.is_empty();
        assert!(!undecided, "{name}:{}: needs either expectations or a reason not to run", example.line);
    }
    let run: Vec<_> = examples.iter().filter(|example| !example.not_run).collect();
    let output = server.folder().join("guides").join(name);
    std::fs::create_dir_all(&output).unwrap();
    let finished = shell(server, &script(&run, preamble, &output));
    for (index, example) in run.iter().enumerate() {
        let printed = std::fs::read_to_string(output.join(index.to_string())).unwrap_or_default();
        let place = format!("{name}:{}", example.line);
        assert!(output.join(format!("{index}.done")).exists(), "{place}: failed and printed: {printed}");
        for expected in &example.expected {
            assert!(printed.contains(expected), "{place}: {expected:?} is not in the output: {printed}");
        }
    }
    assert!(finished, "{name}: the shell failed");
    run.len()
}

/// Builds one script from the examples; each of them leaves its output, and a file if it succeeded.
fn script(run: &[&Example], preamble: &str, output: &Path) -> String {
    let mut script = format!("set -euo pipefail\n{{\n{preamble}}} >/dev/null\n");
    for (index, example) in run.iter().enumerate() {
        let file = output.join(index.to_string());
        let file = file.display();
        writeln!(script, "{{\n{}}} >'{file}' 2>&1\n: >'{file}.done'", example.script).unwrap();
    }
    script
}

fn shell(server: &Server, script: &str) -> bool {
    let description = server.folder().join("demo.json").display().to_string();
    let script = script.replace(ADDRESS, &server.url).replace(DESCRIPTION, &description);
    let template = server.command();
    let program = Path::new(template.get_program()).parent().unwrap().display().to_string();
    let mut command = Command::new("bash");
    command.env_clear().args(["-c", &script]).current_dir(server.folder()).stdin(Stdio::null());
    command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", format!("{program}:/usr/local/bin:/usr/bin:/bin"));
    command.status().unwrap().success()
}
