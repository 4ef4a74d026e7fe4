use authority::Scopes;
use authority::tokens::Demand;
use web::http::form_pairs;

/// The maximum length of a demand, in bytes.
const LONGEST: usize = 2048;

/// Parses the parameters of a proxy: `scope`, `audience` or `resource`, `acr_values` and `max_age`, each any number of
/// times; `-` and the empty text demand a valid token. An unknown parameter is refused: a typing error must not open access.
///
/// # Errors
/// A message for the operator.
pub(super) fn parse(text: &str) -> Result<Demand, String> {
    let mut demand = Demand::default();
    if text == "-" {
        return Ok(demand);
    }
    if text.len() > LONGEST {
        return Err(format!("the demand has at most {LONGEST} characters"));
    }
    let mut scopes = Vec::new();
    for (name, value) in form_pairs(text.as_bytes()).map_err(|fault| fault.to_string())? {
        let words = || value.split(' ').filter(|word| !word.is_empty()).map(str::to_owned);
        match name.as_str() {
            _ if words().next().is_none() => return Err(format!("'{name}' has no value")),
            "scope" => scopes.extend(words()),
            "audience" | "resource" => demand.audiences.push(value),
            "acr_values" if !words().all(|word| is_plain(&word)) => {
                return Err("acr_values are names without quotes".to_owned());
            }
            "acr_values" => demand.acr_values.extend(words()),
            "max_age" => demand.max_age = Some(seconds(&value)?),
            _ => return Err(format!("there is no parameter '{name}'")),
        }
    }
    demand.scopes = Scopes::from_names(scopes).map_err(|fault| fault.to_string())?;
    Ok(demand)
}

/// Returns whether a word is allowed between quotes in a header.
fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

fn seconds(text: &str) -> Result<i64, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds >= 0);
    seconds.ok_or_else(|| "max_age is a number of seconds".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_has_the_parameters_of_the_operator() {
        for nothing in ["", "-"] {
            assert_eq!(parse(nothing).unwrap(), Demand::default());
        }
        let demand =
            parse("scope=read&scope=update+more&resource=https%3A%2F%2Fa.example&max_age=0").unwrap();
        assert_eq!(demand.scopes.to_string(), "read update more");
        assert_eq!((demand.audiences[0].as_str(), demand.max_age), ("https://a.example", Some(0)));
        assert_eq!(parse("acr_values=phr+urn%3Ax").unwrap().acr_values, ["phr", "urn:x"]);
    }

    #[test]
    fn an_invalid_demand_is_refused() {
        let long = format!("scope={}", "x".repeat(3000));
        for bad in [
            "scopes=read",
            "scope",
            "scope=",
            "scope=+",
            "scope=a%22",
            "scope=%zz",
            "audience=",
            "acr_values=%22",
            "max_age=-1",
            "max_age=soon",
            "read",
            long.as_str(),
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
