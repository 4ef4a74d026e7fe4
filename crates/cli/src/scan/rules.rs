//! Rules for other scanners that find our tokens.

use clap::ValueEnum;
use token::Prefix;
use token::opaque::token_pattern;

/// Another scanner.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Scanner {
    /// A configuration of gitleaks
    Gitleaks,
    /// A custom detector of TruffleHog
    Trufflehog,
    /// A plugin of detect-secrets, which verifies the checksum too
    DetectSecrets,
    /// The regular expression only
    Regex,
}

/// The rules for a scanner.
pub(super) fn text(scanner: Scanner, prefix: &Prefix) -> String {
    let template = match scanner {
        Scanner::Gitleaks => GITLEAKS,
        Scanner::Trufflehog => TRUFFLEHOG,
        Scanner::DetectSecrets => DETECT_SECRETS,
        Scanner::Regex => "{pattern}\n",
    };
    template.replace("{pattern}", &token_pattern(prefix)).replace("{prefix}", prefix.as_str())
}

const GITLEAKS: &str = r#"# gitleaks git --config THIS_FILE
title = "Tokens of Grantor"

[extend]
useDefault = true

[[rules]]
id = "grantor-token"
description = "A token or code of Grantor: report it with `grantor scan --report`"
regex = '''{pattern}'''
keywords = ["{prefix}_"]
"#;

const TRUFFLEHOG: &str = r"# trufflehog filesystem --config THIS_FILE PATH
detectors:
  - name: Grantor
    keywords:
      - {prefix}_
    regex:
      token: '{pattern}'
";

const DETECT_SECRETS: &str = r#""""Tokens of Grantor: detect-secrets scan -p THIS_FILE"""
import re
import string
import zlib

from detect_secrets.plugins.base import RegexBasedDetector

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def checksum(head):
    rest, digits = zlib.crc32(head.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = DIGITS[digit] + digits
    return digits


class GrantorDetector(RegexBasedDetector):
    secret_type = "Grantor Token"
    denylist = [re.compile(r"{pattern}")]

    def analyze_string(self, string):
        for token in super().analyze_string(string):
            if checksum(token[:-6]) == token[-6:]:
                yield token
"#;

#[cfg(test)]
mod tests {
    use regex::Regex;
    use token::{PlainToken, SystemRandom, TokenKind};

    use super::*;

    #[test]
    fn the_pattern_finds_every_kind_of_token_and_nothing_else() {
        let prefix = Prefix::parse("acme").unwrap();
        let pattern = Regex::new(text(Scanner::Regex, &prefix).trim_end()).unwrap();
        for kind in TokenKind::ALL {
            for _ in 0..50 {
                let token = PlainToken::generate(&prefix, kind, &SystemRandom).unwrap();
                let line = format!("export TOKEN='{}' # mine", token.expose());
                assert_eq!(pattern.find(&line).unwrap().as_str(), token.expose());
                let cut = &token.expose()[..token.expose().len() - 1];
                assert!(
                    !pattern.is_match(cut) && !pattern.is_match(&format!("x{line}").replace("'acme", "x"))
                );
                assert!(!pattern.is_match(&token.expose().replace("acme_", "grt_")));
            }
        }
        for none in ["", "acme", "acme_pat_", "acme_xyz_0123456789012345678901234567890123456789012345678"] {
            assert!(!pattern.is_match(none), "{none}");
        }
        let random: Vec<_> =
            (0..2000).map(|_| token::client_secret::PlainSecret::generate(&SystemRandom).unwrap()).collect();
        assert!(!random.iter().any(|secret| pattern.is_match(secret.expose())));
    }

    #[test]
    fn every_scanner_is_given_the_pattern_as_it_is() {
        let prefix = Prefix::default();
        let pattern = token_pattern(&prefix);
        assert!(!pattern.contains('\''), "it stands between quotes");
        for scanner in Scanner::value_variants() {
            let rules = text(*scanner, &prefix);
            assert!(rules.contains(&pattern) && !rules.contains("{p"), "{rules}");
        }
    }
}
