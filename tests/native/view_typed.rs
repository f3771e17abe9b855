//! Numbers as a reader types them.

use proptest::prelude::*;
use unrolled::view::typed::{decimal, of_any_size, whole, worked_out};

#[test]
fn a_comma_is_a_decimal_comma_and_every_minus_is_one() {
    for (typed, number) in [
        (" 0.003 ", 0.003),
        ("0,003", 0.003),
        ("1e-3", 1e-3),
        ("６４", 64.0),
        ("０，５", 0.5),
        ("−1", -1.0),
        ("–1", -1.0),
        ("－.5", -0.5),
        ("+2", 2.0),
    ] {
        assert_eq!(decimal(typed), Some(number), "{typed}");
    }
    for typed in ["", "three", "1e999", "NaN", "inf", "1 + 1", "1.2.3", "1,000.5", "0x10"] {
        assert_eq!(decimal(typed), None, "{typed}");
    }
    assert_eq!(of_any_size("-1e999"), Some(f64::NEG_INFINITY));
}

#[test]
fn a_whole_number_may_have_its_thousands_set_apart() {
    for (typed, number) in [
        ("2000", 2000),
        ("2,000", 2000),
        ("1 234 567", 1_234_567),
        ("１，５００", 1500),
        (" 0 ", 0),
        ("1e3", 1000),
    ] {
        assert_eq!(whole(typed), Some(number), "{typed}");
    }
    for typed in ["", "0,5", "1,50", "12,34", "1.5", "-3", "2,000,00", "1,", ",100", "1e20", "many"] {
        assert_eq!(whole(typed), None, "{typed}");
    }
}

#[test]
fn a_result_is_read_as_people_write_it_down() {
    for (typed, number) in [
        ("7.84×10^-4", 7.84e-4),
        ("7.84 × 10⁻⁴", 7.84e-4),
        ("7.84*10^-4", 7.84e-4),
        ("2·10^3", 2000.0),
        ("2×10³", 2000.0),
        ("≈9.4", 9.4),
        ("约 9.4", 9.4),
        ("= 0,25", 0.25),
        ("1/36", 1.0 / 36.0),
        ("-10/7", -10.0 / 7.0),
        ("—0.494", -0.494),
        ("３．５", 3.5),
    ] {
        assert_eq!(worked_out(typed), Some(number), "{typed}");
    }
    for typed in ["", "1/0", "1/2/3", "×10^2", "nine", "2×10", "⁴", "/", "-1 1/2", "1 2"] {
        assert_eq!(worked_out(typed), None, "{typed}");
    }
}

proptest! {
    #[test]
    fn what_is_typed_never_panics_and_is_finite(text in "\\PC{0,20}", digits in "[0-9,. eE+−-]{0,12}") {
        for text in [text, digits] {
            prop_assert!(decimal(&text).is_none_or(f64::is_finite));
            let _ = worked_out(&text);
            prop_assert!(whole(&text).is_none_or(|value| value <= 1 << 53));
        }
    }

    #[test]
    fn what_is_written_is_read_again(value: f64) {
        prop_assume!(value.is_finite());
        prop_assert_eq!(decimal(&value.to_string()), Some(value));
    }
}
