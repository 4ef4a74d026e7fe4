//! QR codes on a terminal.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// Black on white regardless of the terminal's colours, and the reset.
const COLOURS: (&str, &str) = ("\u{1b}[38;5;16;48;5;231m", "\u{1b}[0m");

/// Renders a text as a QR code of half blocks; `None` if the text is too long.
pub(crate) fn draw(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let blocks = code.render::<Dense1x2>().quiet_zone(true).build();
    let (on, off) = COLOURS;
    Some(blocks.lines().map(|line| format!("{on}{line}{off}")).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawing, true for dark, without the quiet zone of four.
    fn modules(drawing: &str) -> Vec<Vec<bool>> {
        let (on, off) = COLOURS;
        let mut rows = Vec::new();
        for line in drawing.lines() {
            let blocks = line.strip_prefix(on).unwrap().strip_suffix(off).unwrap();
            rows.push(blocks.chars().map(|c| matches!(c, '█' | '▀')).collect::<Vec<_>>());
            rows.push(blocks.chars().map(|c| matches!(c, '█' | '▄')).collect());
        }
        let width = rows[0].len();
        rows[4..width - 4].iter().map(|row| row[4..width - 4].to_vec()).collect()
    }

    #[test]
    fn the_drawing_is_the_code() {
        let text = "http://127.0.0.1:8080/device?user_code=ABCD-EFGH";
        let code = QrCode::new(text).unwrap();
        let expected = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark);
        let drawn: Vec<bool> = modules(&draw(text).unwrap()).concat();
        assert_eq!(drawn, expected.collect::<Vec<_>>());
    }

    #[test]
    fn a_text_too_long_has_none() {
        assert_eq!(draw(&"x".repeat(8000)), None);
    }
}
