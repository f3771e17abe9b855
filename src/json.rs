//! JSON and numbers in texts: on the host from crates; in the browser from the browser, whose readers and writers the
//! trainer then need not load. Both give back the same numbers: a single in a text of a double is itself again.

pub use text::{number, read, write};

#[cfg(not(target_arch = "wasm32"))]
mod text {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// Plain data as text; none for what JSON cannot say.
    pub fn write(value: &impl Serialize) -> Option<Vec<u8>> {
        serde_json::to_vec(value).ok()
    }

    /// Plain data from a text; none for what is no such text.
    pub fn read<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
        serde_json::from_slice(text).ok()
    }

    /// A decimal number, rounded once; none for what is none.
    pub fn number(text: &str) -> Option<f64> {
        text.parse().ok()
    }
}

#[cfg(target_arch = "wasm32")]
mod text {
    use js_sys::JSON;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_wasm_bindgen::Serializer;
    use wasm_bindgen::JsValue;

    /// Plain data as text; none for what JSON cannot say.
    pub fn write(value: &impl Serialize) -> Option<Vec<u8>> {
        let value = value.serialize(&Serializer::json_compatible()).ok()?;
        JSON::stringify(&value).ok()?.as_string().map(String::into_bytes)
    }

    /// Plain data from a text; none for what is no such text.
    pub fn read<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
        let value = JSON::parse(std::str::from_utf8(text).ok()?).ok()?;
        serde_wasm_bindgen::from_value(value).ok()
    }

    /// A decimal number, rounded once; none for what is none.
    pub fn number(text: &str) -> Option<f64> {
        // The unary plus of JavaScript, which reads the same notation. Its tables would weigh 12 KB gzipped here.
        let number = JsValue::from_str(text).unchecked_into_f64();
        (!text.is_empty() && !number.is_nan()).then_some(number)
    }
}
