//! A link as a QR code, for a classroom screen.

use qrcodegen::{QrCode, QrCodeEcc};

/// Longest text in bytes: from here on the squares are too small for a phone a few metres from the screen.
pub const LONGEST: usize = 1000;

/// Squares left white on each side, as the standard asks for.
pub const QUIET: usize = 4;

/// A code: dark squares on a light ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Squares a side, the quiet zone included.
    pub size: usize,
    /// The dark squares as an SVG path on a grid of [`Code::size`] squares, a stretch of a row a rectangle.
    pub path: String,
}

/// The text does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are more than {LONGEST}")]
pub struct TooLong {
    /// Its bytes.
    pub bytes: usize,
}

/// The code of a text. It bears the loss of 7 % of its squares, the least of the standard: on a screen nothing gets dirty, and
/// fewer squares are larger ones.
///
/// # Errors
/// The text has more than [`LONGEST`] bytes.
pub fn code(text: &str) -> Result<Code, TooLong> {
    let too_long = TooLong { bytes: text.len() };
    if text.len() > LONGEST {
        return Err(too_long);
    }
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(|_| too_long)?;
    let side = code.size();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let start = x;
            // Outside of the code there are only light squares.
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let quiet = QUIET as i32;
                path.push_str(&format!("M{} {}h{}v1h-{2}z", start + quiet, y + quiet, x - start));
            }
            x += 1;
        }
    }
    Ok(Code { size: usize::try_from(side).unwrap_or_default() + 2 * QUIET, path })
}
