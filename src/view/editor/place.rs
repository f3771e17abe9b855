//! Places in a text: the browser counts UTF-16 units, this crate counts bytes.

/// The byte at which so many UTF-16 units end; the end of the text where there are fewer.
pub fn byte_of(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (byte, character) in text.char_indices() {
        if seen >= units {
            return byte;
        }
        seen += character.len_utf16();
    }
    text.len()
}

/// The UTF-16 units before a byte; inside of a character, those before it.
pub fn unit_of(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, character)| character.len_utf16()).sum()
}
