//! Text form of paths and functions.

use std::fmt::{self, Display, Formatter};

use super::options::write_enclosed;
use super::write_joined;
use crate::ast::{Arg, Call, Lambda, Path, Root, Step};

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Row => {
                let Some((first, rest)) = self.steps.split_first() else { return Ok(()) };
                first.fmt(f)?;
                // The slash after a property that is named like a literal, such as `null`, distinguishes the
                // two.
                return match first {
                    Step::Name(name) if rest.is_empty() && crate::parse::literal(name).is_ok() => {
                        f.write_str("/")
                    }
                    _ => write_steps(rest, f),
                };
            }
            Root::It => f.write_str("$it"),
            Root::This => f.write_str("$this"),
            Root::Service => f.write_str("$root"),
            Root::These => f.write_str("$these"),
            Root::Alias(name) => write!(f, "@{name}"),
        }?;
        write_steps(&self.steps, f)
    }
}

fn write_steps(steps: &[Step], f: &mut Formatter<'_>) -> fmt::Result {
    steps.iter().try_for_each(|step| match step {
        Step::Key(_) | Step::NamedKey(_) => step.fmt(f),
        _ => write!(f, "/{step}"),
    })
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Annotation(name) => write!(f, "@{name}"),
            Self::Call(call) => call.fmt(f),
            Self::Key(key) => write!(f, "({key})"),
            Self::NamedKey(named) => write_joined(named, ("(", ",", ")"), f),
            Self::KeySegment(text) => f.write_str(text),
            Self::Aggregate(aggregate) => write!(f, "aggregate({aggregate})"),
            Self::Any(None) => f.write_str("any()"),
            Self::Any(Some(lambda)) => write!(f, "any({lambda})"),
            Self::All(lambda) => write!(f, "all({lambda})"),
            Self::Count(options) => {
                f.write_str("$count")?;
                write_enclosed(options, f)
            }
            Self::Filter(inner) => write!(f, "$filter({inner})"),
        }
    }
}

impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.variable, self.body)
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        write_joined(&self.args, ("(", ",", ")"), f)
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}=")?;
        }
        self.value.fmt(f)
    }
}
