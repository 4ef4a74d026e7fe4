//! Public keys of authenticators: COSE keys (RFC 9053), in the subset of CBOR (RFC 8949) that they use.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};

use super::PasskeyError;

// Algorithms (RFC 9053, section 2; RFC 8812, section 2).
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// The parameters of a COSE key.
#[derive(Default)]
pub(super) struct CoseKey<'a> {
    kind: i64,
    algorithm: i64,
    curve: i64,
    first: &'a [u8],
    second: &'a [u8],
}

impl<'a> CoseKey<'a> {
    /// Parses a key. Returns it with the offset of its end.
    pub(super) fn read(bytes: &'a [u8]) -> Result<(Self, usize), PasskeyError> {
        let mut cbor = Cbor { bytes, at: 0 };
        let (major, pairs) = cbor.head()?;
        if major != 5 || pairs > 8 {
            return Err(PasskeyError::Malformed);
        }
        let mut key = Self::default();
        for _ in 0..pairs {
            match (cbor.number()?, key.kind) {
                (1, _) => key.kind = cbor.number()?,
                (3, _) => key.algorithm = cbor.number()?,
                // RFC 9053, sections 7.1 and 7.2; RFC 8230, section 4.
                (-1, 1 | 2) => key.curve = cbor.number()?,
                (-2, 1 | 2) | (-1, 3) => key.first = cbor.byte_string()?,
                (-3, 2) | (-2, 3) => key.second = cbor.byte_string()?,
                _ => return Err(PasskeyError::Key),
            }
        }
        key.parsed()?;
        Ok((key, cbor.at))
    }

    pub(super) fn parsed(&self) -> Result<ParsedPublicKey, PasskeyError> {
        let key = match (self.kind, self.algorithm, self.curve) {
            (2, ES256, 1) if self.first.len() == 32 && self.second.len() == 32 => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, [&[4], self.first, self.second].concat())
            }
            (1, EDDSA, 6) => ParsedPublicKey::new(&ED25519, self.first),
            (3, RS256, 0) => RsaPublicKeyComponents { n: self.first, e: self.second }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256),
            _ => return Err(PasskeyError::Key),
        };
        key.map_err(|_| PasskeyError::Key)
    }
}

/// A reader for the subset of CBOR (RFC 8949) that keys use.
struct Cbor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cbor<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], PasskeyError> {
        let end = self.at.checked_add(length).ok_or(PasskeyError::Malformed)?;
        let taken = self.bytes.get(self.at..end).ok_or(PasskeyError::Malformed)?;
        self.at = end;
        Ok(taken)
    }

    /// Reads the major type and the argument, which has at most two bytes here (RFC 8949, section 3).
    fn head(&mut self) -> Result<(u8, u16), PasskeyError> {
        let first = self.take(1)?.first().copied().ok_or(PasskeyError::Malformed)?;
        let argument = match first & 0x1f {
            small @ 0..=23 => u16::from(small),
            more @ (24 | 25) => {
                let bytes = self.take(usize::from(more - 23))?;
                bytes.iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
            }
            _ => return Err(PasskeyError::Malformed),
        };
        Ok((first >> 5, argument))
    }

    fn number(&mut self) -> Result<i64, PasskeyError> {
        match self.head()? {
            (0, number) => Ok(i64::from(number)),
            (1, number) => Ok(-1 - i64::from(number)),
            _ => Err(PasskeyError::Malformed),
        }
    }

    fn byte_string(&mut self) -> Result<&'a [u8], PasskeyError> {
        match self.head()? {
            (2, length) => self.take(usize::from(length)),
            _ => Err(PasskeyError::Malformed),
        }
    }
}
