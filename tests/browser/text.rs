//! Cutting text is the same code as on the host; what is new here is the border to JavaScript's strings.

use unrolled::language::Unit;
use unrolled::language::text::cut;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn symbols_that_people_see_as_one_are_one() {
    for (text, count) in [("👩‍👩‍👧‍👦🇨🇳👍🏽", 3), ("e\u{301}a", 2), ("𠮷野家", 3)]
    {
        let through_javascript = wasm_bindgen::JsValue::from_str(text).as_string().expect("a string");
        assert_eq!(through_javascript, text);
        let symbols = cut(&through_javascript, Unit::Character, None).expect("characters need no dictionary");
        assert_eq!(symbols.len(), count, "{text}");
    }
}
