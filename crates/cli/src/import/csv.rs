//! CSV (RFC 4180): fields in commas, quotes around those that contain commas, quotes or line breaks.

use crate::problem::Problem;

/// Maximum number of columns.
pub(super) const MAX_COLUMNS: usize = 200;

/// A record, with the number of the line on which it begins.
pub(super) type Record = (usize, Vec<String>);

/// Reads the records of a text. Empty lines are none.
///
/// # Errors
/// A [`Problem`] with the number of the line.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Problem> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut records, mut line) = (Vec::new(), 1);
    while !rest.is_empty() {
        let begun = line;
        let mut fields = Vec::new();
        loop {
            let (field, after) = field(rest, line)?;
            line += rest[..rest.len() - after.len()].matches('\n').count();
            fields.push(field);
            if fields.len() > MAX_COLUMNS {
                return Err(wrong(begun, &format!("there are more than {MAX_COLUMNS} columns")));
            }
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => {
                    rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')).unwrap_or(after);
                    line += 1;
                    break;
                }
            }
        }
        if fields.iter().any(|field| !field.is_empty()) {
            records.push((begun, fields));
        }
    }
    Ok(records)
}

/// Reads a field; returns it with what follows: a comma, a line break or nothing.
fn field(text: &str, line: usize) -> Result<(String, &str), Problem> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let (field, after) = text.split_at(end);
        let (field, after) = match field.strip_suffix('\r') {
            Some(field) if after.is_empty() || after.starts_with('\n') => (field, &text[end - 1..]),
            _ => (field, after),
        };
        if field.contains('"') {
            return Err(wrong(line, "a quote is within a field without quotes"));
        }
        // At the end of a text, a carriage return ends the line.
        return Ok((field.to_owned(), if after == "\r" { "" } else { after }));
    };
    let mut field = String::new();
    loop {
        let end = rest.find('"').ok_or_else(|| wrong(line, "the quotes of a field are not closed"))?;
        let (part, after) = rest.split_at(end);
        field.push_str(part);
        rest = &after[1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None if rest.is_empty() || rest.starts_with([',', '\n']) || rest.starts_with("\r\n") => {
                return Ok((field, rest));
            }
            None => return Err(wrong(line, "a comma or the end of the line has to follow a quote")),
        }
    }
}

pub(super) fn wrong(line: usize, what: &str) -> Problem {
    Problem::new(format!("line {line}: {what}"))
}
