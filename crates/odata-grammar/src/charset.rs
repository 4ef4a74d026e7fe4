//! Rules of character sets, URIs and headers, which occur in no query option: interpreted from their ABNF
//! (RFC 5234, RFC 7405).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::mismatch::Mismatch;

/// The form of the texts of a rule.
enum Form {
    /// The first alternative that matches.
    OneOf(Vec<Form>),
    /// A sequence of forms.
    Row(Vec<Form>),
    /// A repetition, with its minimum and maximum count.
    Times(usize, usize, Box<Form>),
    /// A text; the flag selects a case-sensitive match.
    Text(String, bool),
    /// One character from a range.
    Range(char, char),
    /// A reference to another rule.
    Rule(String),
}

static FORMS: LazyLock<BTreeMap<String, Form>> = LazyLock::new(|| {
    let text = include_str!("charset.abnf");
    let mut rules: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with(';')) {
        match rules.last_mut() {
            Some(rule) if line.starts_with(' ') => rule.push_str(line),
            _ => rules.push(line.to_owned()),
        }
    }
    rules
        .iter()
        .filter_map(|rule| {
            let (name, form) = rule.split_once(" = ")?;
            Some((name.to_owned(), Grammar { rest: form }.alternatives()?))
        })
        .collect()
});

/// Checks a text, without decoding it, against one of these rules. Returns `None` for any other rule.
pub(super) fn check(rule: &str, text: &str) -> Option<Result<(), Mismatch>> {
    Some(match begin(rule, text)? {
        (Some(end), _) if end == text.len() => Ok(()),
        (_, furthest) => Err(mismatch(rule, text, furthest)),
    })
}

/// Returns the mismatch at byte `byte` of a text.
pub(super) fn mismatch(rule: &str, text: &str, byte: usize) -> Mismatch {
    let at = text.get(..byte).map_or(0, |before| before.chars().count());
    Mismatch { at, message: format!("the text does not match {rule}") }
}

/// Matches a prefix of the text. Returns the end of the match in bytes, if there is one, and the furthest
/// byte reached; `None` if the rule is none of these.
pub(super) fn begin(rule: &str, text: &str) -> Option<(Option<usize>, usize)> {
    let mut furthest = 0;
    let end = FORMS.get(rule)?.read(text, 0, &mut furthest);
    Some((end, furthest))
}

impl Form {
    /// Matches from byte `from` on and returns the end of the match. `furthest` is raised to the furthest
    /// byte reached.
    fn read(&self, text: &str, from: usize, furthest: &mut usize) -> Option<usize> {
        let rest = text.get(from..).unwrap_or_default();
        let end = match self {
            Self::OneOf(forms) => forms.iter().find_map(|form| form.read(text, from, furthest)),
            Self::Row(forms) => forms.iter().try_fold(from, |at, form| form.read(text, at, furthest)),
            Self::Times(least, most, form) => {
                let (mut at, mut count) = (from, 0);
                while count < *most
                    && let Some(end) = form.read(text, at, furthest)
                {
                    (at, count) = (end, count + 1);
                }
                (count >= *least).then_some(at)
            }
            Self::Text(wanted, exact) => rest
                .get(..wanted.len())
                .filter(|found| if *exact { found == wanted } else { found.eq_ignore_ascii_case(wanted) })
                .map(|found| from + found.len()),
            Self::Range(first, last) => {
                rest.chars().next().filter(|c| (first..=last).contains(&c)).map(|c| from + c.len_utf8())
            }
            Self::Rule(name) => FORMS.get(name)?.read(text, from, furthest),
        };
        *furthest = end.unwrap_or(from).max(*furthest);
        end
    }
}

/// A parser of ABNF.
struct Grammar<'a> {
    rest: &'a str,
}

impl<'a> Grammar<'a> {
    fn alternatives(&mut self) -> Option<Form> {
        let mut forms = vec![self.row()?];
        while self.eat("/") {
            forms.push(self.row()?);
        }
        Some(if forms.len() > 1 { Form::OneOf(forms) } else { forms.swap_remove(0) })
    }

    fn row(&mut self) -> Option<Form> {
        let mut forms = vec![self.repeated()?];
        while !self.rest.trim_start().is_empty() && !self.rest.trim_start().starts_with(['/', ')', ']']) {
            forms.push(self.repeated()?);
        }
        Some(if forms.len() > 1 { Form::Row(forms) } else { forms.swap_remove(0) })
    }

    fn repeated(&mut self) -> Option<Form> {
        self.rest = self.rest.trim_start();
        let least: Option<usize> = self.take_while(|c| c.is_ascii_digit()).parse().ok();
        if self.eat("*") {
            let most = self.take_while(|c| c.is_ascii_digit()).parse().unwrap_or(usize::MAX);
            let form = self.element()?;
            return Some(Form::Times(least.unwrap_or(0), most, Box::new(form)));
        }
        let form = self.element()?;
        Some(match least {
            Some(count) => Form::Times(count, count, Box::new(form)),
            None => form,
        })
    }

    fn element(&mut self) -> Option<Form> {
        if self.eat("(") {
            let form = self.alternatives()?;
            return self.eat(")").then_some(form);
        }
        if self.eat("[") {
            let form = self.alternatives()?;
            return self.eat("]").then(|| Form::Times(0, 1, Box::new(form)));
        }
        let exact = self.eat("%s");
        if self.eat("\"") {
            let text = self.take_while(|c| c != '"').to_owned();
            return self.eat("\"").then_some(Form::Text(text, exact));
        }
        if self.eat("%x") {
            let first = self.code()?;
            let last = if self.eat("-") { self.code()? } else { first };
            return Some(Form::Range(first, last));
        }
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '-');
        (!name.is_empty()).then(|| Form::Rule(name.to_owned()))
    }

    fn code(&mut self) -> Option<char> {
        let digits = self.take_while(|c| c.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    }

    /// Consumes a token and the space before it, if it is next.
    fn eat(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}
