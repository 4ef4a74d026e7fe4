use std::fmt::Write as _;

use qrcode::{Color, QrCode};

/// The margin that readers require around a code, in squares.
const MARGIN: usize = 4;

/// A QR code of a text as the path of an SVG, and how many squares it has on a side; none if the text is too long for one.
pub(super) fn path(text: &str) -> Option<(String, usize)> {
    let code = QrCode::new(text).ok()?;
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (index % code.width() + MARGIN, index / code.width() + MARGIN);
            write!(path, "M{x} {y}h1v1h-1z").ok()?;
        }
    }
    Some((path, code.width() + 2 * MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_square_is_there() {
        let text = "otpauth://totp/x?secret=A";
        let (path, size) = path(text).unwrap();
        let code = QrCode::new(text).unwrap();
        assert_eq!(size, code.width() + 8);
        let dark = code.to_colors().into_iter().filter(|color| *color == Color::Dark).count();
        assert_eq!(path.matches('M').count(), dark);
        assert!(path.starts_with("M4 4h1v1h-1zM5 4h1"), "the finder pattern begins behind the margin");
    }
}
