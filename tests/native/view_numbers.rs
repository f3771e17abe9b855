//! Numbers as text, axes, colours.

use proptest::prelude::*;
use unrolled::view::colour::{
    LEVELS, Rgb, TOKENS, Theme, colour, full_scale, heat_class, heat_css, level, level_colour, role_colour,
    text_on,
};
use unrolled::view::number::{
    Duration, Special, brief, count, data_size, data_sizes, duration, fixed, percent, width,
};
use unrolled::view::role::Role;
use unrolled::view::scale::Scale;

#[test]
fn a_minus_sign_is_a_true_one_and_zero_has_none() {
    assert_eq!(fixed(-0.834, 2), "−0.83");
    assert_eq!(fixed(-0.004, 2), "0.00");
    assert_eq!(fixed(-0.0, 2), "0.00");
    assert_eq!(fixed(1.58, 2), "1.58");
    assert_eq!(width([0.5, -10.25], 2), 6);
}

#[test]
fn what_is_no_number_has_a_word() {
    assert_eq!(fixed(f64::NAN, 2), "NaN");
    assert_eq!(brief(f64::NEG_INFINITY, 3), "−∞");
    assert_eq!(Special::of(f64::INFINITY).map(Special::key), Some("infinity"));
    assert_eq!(Special::of(1.0), None);
}

#[test]
fn brief_numbers_have_three_digits_but_keep_all_before_the_point() {
    for (value, expected) in [
        (0.0, "0"),
        (1.0, "1"),
        (0.003, "0.003"),
        (1.2345, "1.23"),
        (-1234.5, "−1,234"),
        (118_400.0, "118,400"),
        (999_999.0, "1e6"),
        (1.2e-7, "1.2e−7"),
        (0.0001, "0.0001"),
        (-3.5e12, "−3.5e12"),
        (9.996, "10"),
    ] {
        assert_eq!(brief(value, 3), expected, "{value}");
    }
    assert_eq!(count(118_400), "118,400");
    assert_eq!(count(7), "7");
    assert_eq!(percent(0.834, 0), "83\u{202f}%");
    // Neither nothing nor all.
    assert_eq!((percent(0.0, 1), percent(1.0, 1)), ("0.0\u{202f}%".to_owned(), "100.0\u{202f}%".to_owned()));
    assert_eq!(percent(0.9997, 1), ">\u{202f}99.9\u{202f}%");
    assert_eq!(percent(0.0004, 1), "<\u{202f}0.1\u{202f}%");
    assert_eq!(
        (percent(0.996, 0), percent(0.004, 0)),
        (">\u{202f}99\u{202f}%".to_owned(), "<\u{202f}1\u{202f}%".to_owned())
    );
    assert_eq!(percent(0.0006, 1), "0.1\u{202f}%");
}

#[test]
fn durations_are_rounded_and_never_negative() {
    assert_eq!(duration(9.4), Duration::Seconds(9));
    assert_eq!(duration(0.2), Duration::Moment);
    assert_eq!(duration(59.6), Duration::Minutes(1, 0));
    assert_eq!(duration(7_300.0), Duration::Hours(2, 1));
    assert_eq!(duration(-1.0), Duration::Unknown);
    assert_eq!(duration(f64::NAN), Duration::Unknown);
}

#[test]
fn linear_ticks_stand_at_round_numbers() {
    let labels = |scale: Scale, count| -> Vec<String> {
        scale.ticks(count).into_iter().map(|tick| tick.label).collect()
    };
    let loss = Scale::linear([0.8, 3.6], 200.0, 0.0);
    assert_eq!(labels(loss, 5), ["1.0", "1.5", "2.0", "2.5", "3.0", "3.5"]);
    let steps = Scale::linear([0.0, 2000.0], 0.0, 100.0);
    assert_eq!(labels(steps, 4), ["0", "500", "1,000", "1,500", "2,000"]);
    let around_zero = Scale::linear([-0.35, 0.3], 0.0, 1.0);
    assert_eq!(labels(around_zero, 4), ["−0.2", "0", "0.2"]);
    assert_eq!(steps.place(500.0), Some(25.0));
}

#[test]
fn decades_are_kept_from_the_largest_down() {
    let scale = Scale::decades([2e-5_f64, 0.5, 0.0, f64::NAN], 12, 100.0, 0.0);
    assert_eq!((scale.least, scale.most), (1e-5, 1.0));
    let labels: Vec<String> = scale.ticks(3).into_iter().map(|tick| tick.label).collect();
    assert_eq!(labels, ["1e−4", "1e−2", "1"], "one way of writing for an axis");
    let near: Vec<String> = Scale::decades([2e-3_f64, 40.0], 12, 100.0, 0.0)
        .ticks(9)
        .into_iter()
        .map(|tick| tick.label)
        .collect();
    assert_eq!(near, ["0.001", "0.01", "0.1", "1", "10", "100"]);
    assert_eq!(scale.place(0.0), Some(100.0), "zero stands at the foot");
    let deep = Scale::decades([1e-40_f64, 1.0], 6, 0.0, 1.0);
    assert!((deep.least / 1e-6 - 1.0).abs() < 1e-12);
}

proptest! {
    #[test]
    fn any_series_gives_a_usable_axis(values in prop::collection::vec(any::<f64>(), 0..20), count in 0usize..60) {
        for scale in [
            Scale::linear(values.iter().copied(), 0.0, 100.0),
            Scale::linear(values.iter().copied(), 0.0, 100.0).rounded(count),
            Scale::decades(values.iter().copied(), 12, 0.0, 100.0),
        ] {
            prop_assert!(scale.least < scale.most, "{scale:?}");
            prop_assert!(scale.least.is_finite() && scale.most.is_finite(), "{scale:?}");
            for value in &values {
                match scale.place(*value) {
                    Some(place) => prop_assert!((0.0..=100.0).contains(&place), "{place} for {value}"),
                    None => prop_assert!(value.is_nan()),
                }
            }
            let ticks = scale.ticks(count);
            prop_assert!(ticks.len() <= 45);
            for pair in ticks.windows(2) {
                prop_assert!(pair[0].value < pair[1].value && pair[0].place < pair[1].place);
                prop_assert_ne!(&pair[0].label, &pair[1].label);
            }
        }
    }

    #[test]
    fn a_linear_axis_has_about_as_many_ticks_as_asked(least in -1e6f64..1e6, span in 1e-3f64..1e6, count in 2usize..12) {
        let ticks = Scale::linear([least, least + span], 0.0, 1.0).ticks(count).len();
        prop_assert!(ticks >= count / 2 && ticks <= 2 * count + 1, "{ticks} for {count}");
    }

    #[test]
    fn any_number_is_written_without_a_panic(value in any::<f64>(), digits in 0usize..30) {
        for text in [fixed(value, digits), brief(value, digits), percent(value, digits)] {
            prop_assert!(!text.is_empty() && !text.contains('-'));
        }
    }

    #[test]
    fn every_value_has_a_level_and_text_that_can_be_read(value in any::<f64>(), full in any::<f64>()) {
        prop_assert!(heat_class(value, full).starts_with("h-"));
        match level(value, full) {
            Some(level) => prop_assert!((-LEVELS..=LEVELS).contains(&level)),
            None => prop_assert!(value.is_nan()),
        }
    }

    #[test]
    fn text_on_any_background_can_be_read(red in any::<u8>(), green in any::<u8>(), blue in any::<u8>()) {
        for theme in [Theme::Light, Theme::Dark] {
            let background = Rgb(red, green, blue);
            prop_assert!(background.contrast(text_on(background, theme)) >= 4.5);
        }
    }
}

#[test]
fn zero_is_the_papers_colour_and_the_ends_are_full() {
    for theme in [Theme::Light, Theme::Dark] {
        assert_eq!(level_colour(0, theme), colour("zero", theme));
        assert_eq!(level_colour(-LEVELS, theme), colour("neg", theme));
        assert_eq!(level_colour(LEVELS, theme), colour("pos", theme));
    }
    assert_eq!(heat_class(0.0, 1.0), "h-0");
    assert_eq!(heat_class(-9.0, 1.0), "h-n10");
    assert_eq!(heat_class(0.5, 1.0), "h-p6");
    assert_eq!(heat_class(f64::NAN, 1.0), "h-nan");
    assert_eq!(full_scale([0.3, -1.6, f64::NAN]), 2.0);
    assert_eq!(full_scale([]), 1.0);
}

#[test]
fn contrast_is_that_of_the_guidelines() {
    assert!((Rgb(0, 0, 0).contrast(Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
    assert!((Rgb::from_hex(0x777777).contrast(Rgb(255, 255, 255)) - 4.48).abs() < 0.01);
}

/// Text in a role's colour stands in formulas on cards and on the current equation's ground.
#[test]
fn every_pair_of_colours_in_use_can_be_told_apart() {
    for theme in [Theme::Light, Theme::Dark] {
        let check = |name: &str, front: Rgb, ground: &str, needed: f64| {
            let contrast = front.contrast(colour(ground, theme));
            assert!(contrast >= needed, "{theme:?}: {name} on {ground} has {contrast:.2}, needs {needed}");
        };
        for ground in ["paper", "sheet", "faint"] {
            for name in ["ink", "soft", "focus", "good", "bad"] {
                check(name, colour(name, theme), ground, 4.5);
            }
            for role in Role::ALL {
                // The other way round too: a lit box has its function's name in the sheet's colour.
                check(role.class(), role_colour(role, theme), ground, 4.5);
            }
            for name in ["neg", "pos"] {
                check(name, colour(name, theme), ground, 3.0);
            }
        }
        check("inverted button", colour("paper", theme), "ink", 4.5);
    }
}

/// The value of `--name:` in the rule that begins with a selector.
fn token_in(css: &str, selector: &str, name: &str) -> Option<String> {
    let rule = css.split(selector).nth(1)?.split('}').next()?;
    let value = rule.split(&format!("--{name}:")).nth(1)?.split(';').next()?;
    Some(value.trim().to_lowercase())
}

#[test]
fn the_style_sheets_hold_the_same_colours() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    if let Ok(css) = std::fs::read_to_string(root.join("tokens.css")) {
        for token in TOKENS {
            assert_eq!(token_in(&css, ":root", token.name), Some(token.light.css()), "--{}", token.name);
            let dark = token_in(&css, "[data-theme=dark]", token.name)
                .or_else(|| token_in(&css, "[data-theme=\"dark\"]", token.name));
            assert_eq!(dark, Some(token.dark.css()), "--{} in the dark theme", token.name);
        }
    }
    if std::env::var_os("UNROLLED_UPDATE").is_some() {
        std::fs::write(root.join("heat.css"), heat_css()).expect("style/heat.css is written");
    }
    let heat = std::fs::read_to_string(root.join("heat.css")).expect("style/heat.css");
    assert_eq!(heat, heat_css(), "make it anew: run this test with UNROLLED_UPDATE=1");
}

#[test]
fn a_size_is_decimal_and_never_says_the_same_as_the_limit_that_it_is_above() {
    for (bytes, said) in [
        (0, "1 KB"),
        (1_500, "1.5 KB"),
        (118_400, "118 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (5_060_000, "5.06 MB"),
        (1 << 30, "1.07 GB"),
        (1_234_000_000_000, "1,234 GB"),
    ] {
        assert_eq!(data_size(bytes), said);
    }
    let both = |bytes, limit| {
        let (size, limit) = data_sizes(bytes, limit);
        format!("{size}, {limit}")
    };
    assert_eq!(both(5_060_000, 5_000_000), "5.06 MB, 5 MB");
    assert_eq!(both(5_000_001, 5_000_000), "5.000001 MB, 5 MB");
    assert_eq!(both(5_001_000, 5_000_000), "5.001 MB, 5 MB");
    assert_eq!(both((1 << 30) + 1, 1 << 30), "1.073741825 GB, 1.073741824 GB");
    assert_eq!(both(7, 7), "1 KB, 1 KB");
}
