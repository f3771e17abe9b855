//! Unicode normalisation. On the host from a crate; in the browser from the browser, whose tables every page then need not
//! load again (70 KB gzipped in each wasm file). NFC and NFD of assigned characters never change from one version of Unicode
//! to the next (UAX #15, stability), so the numbers do not depend on where a text was normalised.

pub use tables::{is_mark, nfc, nfd};

#[cfg(not(target_arch = "wasm32"))]
mod tables {
    use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};

    /// The text in NFC.
    pub fn nfc(text: &str) -> String {
        match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text.to_owned(),
            _ => text.nfc().collect(),
        }
    }

    /// The text in NFD.
    pub fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    /// Whether a character is a combining mark.
    pub fn is_mark(character: char) -> bool {
        is_combining_mark(character)
    }
}

#[cfg(target_arch = "wasm32")]
mod tables {
    use js_sys::{JsString, RegExp};

    /// The text in NFC.
    pub fn nfc(text: &str) -> String {
        normalised(text, "NFC")
    }

    /// The text in NFD.
    pub fn nfd(text: &str) -> String {
        normalised(text, "NFD")
    }

    fn normalised(text: &str, form: &str) -> String {
        if text.is_ascii() {
            return text.to_owned();
        }
        JsString::from(text).normalize(form).into()
    }

    /// Whether a character is a combining mark.
    pub fn is_mark(character: char) -> bool {
        !character.is_ascii() && RegExp::new(r"\p{M}", "u").test(character.encode_utf8(&mut [0; 4]))
    }
}
