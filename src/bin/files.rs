//! The program that reads and writes files: a wasm file of its own, loaded when a reader first exports or opens something.

#[cfg(all(any(target_arch = "wasm32", lint_web), feature = "files"))]
mod exported {
    use js_sys::{Array, Float64Array};
    use serde::Serialize;
    use unrolled::formats::latex::Letters;
    use unrolled::formats::parcel::{self, Export, Parcel};
    use wasm_bindgen::prelude::*;

    /// A file's bytes. What is wrong is thrown as one line.
    #[wasm_bindgen]
    pub fn write(what: &str, parcel: JsValue, weights: &[f64], letters: &str) -> Result<Vec<u8>, JsValue> {
        let line = |text: String| JsValue::from_str(&text);
        let parcel: Parcel =
            serde_wasm_bindgen::from_value(parcel).map_err(|error| line(error.to_string()))?;
        let what = Export::from_id(what).ok_or_else(|| line(what.to_owned()))?;
        parcel.export(what, weights, Letters::from_id(letters)).map_err(|error| line(error.to_string()))
    }

    /// `[parcel, weights, notes]`, or `[sentence]` where the file cannot be taken.
    #[wasm_bindgen]
    pub fn read(name: &str, bytes: &[u8]) -> Result<Array, JsValue> {
        let plain = |value: &dyn Fn() -> Result<JsValue, serde_wasm_bindgen::Error>| {
            value().map_err(|error| JsValue::from_str(&error.to_string()))
        };
        let serializer = serde_wasm_bindgen::Serializer::new();
        match parcel::open(name, bytes) {
            Ok((parcel, weights, notes)) => Ok(Array::of3(
                &plain(&|| parcel.serialize(&serializer))?,
                &Float64Array::from(weights.as_slice()),
                &plain(&|| notes.serialize(&serializer))?,
            )),
            Err(said) => Ok(Array::of1(&plain(&|| said.serialize(&serializer))?)),
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This program runs in a browser: cargo build --target wasm32-unknown-unknown --no-default-features \
         --features files --profile page --bin files"
    );
}
