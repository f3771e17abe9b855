//! Curves, dots and tables.

use proptest::prelude::*;
use unrolled::view::chart::width_of;
use unrolled::view::chart::{
    Curve, Dash, Frame, MOST_POINTS, ReachSeries, line_chart, polyline, reach_chart, reach_table, sparkline,
    table, thin,
};
use unrolled::view::figures::parts::{Level, levels, look_of};
use unrolled::view::markup::Node;

fn falling(points: u32) -> Vec<(u32, f32)> {
    (0..points).map(|step| (step, 1.1 + 2.3 * (-(step as f32) / 230.0).exp())).collect()
}

#[test]
fn the_loss_chart_has_its_curves_ticks_and_labels() {
    let curves = [
        Curve { key: "training", points: falling(820) },
        Curve { key: "held out", points: falling(820).into_iter().step_by(60).collect() },
    ];
    let chart = line_chart(&curves, Some(3.43), 2000, Frame::new(800.0, 250.0));
    assert!(chart.paths.iter().all(|path| path.starts_with('M')));
    let labels: Vec<&str> = chart.x_ticks.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!(labels, ["0", "500", "1,000", "1,500", "2,000"]);
    assert_eq!(chart.labels.len(), 2);
    let (one, two) = (&chart.labels[0], &chart.labels[1]);
    assert!((one.y - two.y).abs() >= 15.0 - 1e-9, "labels keep a line's height apart");
    assert!(one.x > 300.0 && one.x == two.x, "labels stand at the right of everything drawn");
    assert!(chart.rule.is_some());
}

#[test]
fn an_empty_chart_is_a_frame_with_ticks() {
    let chart = line_chart::<&str>(&[], None, 0, Frame::new(320.0, 200.0));
    assert!(chart.paths.is_empty() && chart.labels.is_empty());
    assert!(!chart.y_ticks.is_empty() && !chart.x_ticks.is_empty());
}

#[test]
fn a_number_that_is_none_interrupts_the_curve() {
    assert_eq!(polyline([(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0), (3.0, 4.0)]), "M0 1h0.1M2 3L3 4");
    let curves = [Curve { key: (), points: vec![(0, 1.0), (1, 2.0), (2, f32::INFINITY)] }];
    let chart = line_chart(&curves, None, 10, Frame::new(320.0, 200.0));
    assert!(!chart.paths[0].contains("inf") && !chart.paths[0].contains("NaN"));
}

#[test]
fn a_peak_survives_the_thinning() {
    let mut points: Vec<(f64, f64)> =
        (0..100_000).map(|x| (f64::from(x), (f64::from(x) / 900.0).sin())).collect();
    points[54_321].1 = 99.0;
    let kept = thin(&points, MOST_POINTS);
    assert!(kept.len() <= MOST_POINTS);
    assert!(kept.contains(&(54_321.0, 99.0)));
}

#[test]
fn the_gradients_dots_stand_on_decades_with_labels_away_from_them() {
    let series = [
        ReachSeries {
            name: "c".into(),
            norms: (0..32).map(|t| 10f32.powf(-0.07 * (31 - t) as f32)).collect(),
        },
        ReachSeries {
            name: "a".into(),
            norms: (0..32).map(|t| 10f32.powf(-0.19 * (31 - t) as f32)).collect(),
        },
    ];
    let chart = reach_chart(&series, 380.0, 150.0);
    assert_eq!(chart.dots[0].len(), 32);
    assert!(chart.dots[0][0].y < chart.dots[1][0].y, "a larger norm stands higher");
    for label in &chart.labels {
        let label = label.expect("each series has its label");
        for dot in chart.dots.iter().flatten() {
            assert!(
                (dot.x - label.x).abs() > 30.0 || (dot.y - label.y + 4.0).abs() > 8.0,
                "{label:?} covers {dot:?}"
            );
        }
    }
    assert_eq!(reach_table(&series)[0].1, [Some("1".to_owned()), Some("1".to_owned())]);
}

#[test]
fn a_vanished_gradient_is_an_open_dot_at_the_foot() {
    let series = [ReachSeries { name: "a".into(), norms: vec![0.0, f32::NAN, 1e-3, 1.0] }];
    let chart = reach_chart(&series, 380.0, 150.0);
    let outside: Vec<bool> = chart.dots[0].iter().map(|dot| dot.outside).collect();
    assert_eq!(outside, [true, true, false, false]);
    assert!(chart.dots[0].iter().all(|dot| dot.x.is_finite() && dot.y.is_finite()));
}

#[test]
fn the_table_ends_with_the_last_update() {
    let curves = [
        Curve { key: "training", points: falling(821) },
        Curve { key: "held out", points: vec![(100, 2.5), (820, 1.5)] },
    ];
    let rows = table(&curves, 10);
    assert_eq!(rows.len(), 10);
    let last = rows.last().expect("rows");
    assert_eq!((last.step.as_str(), last.values[1].as_deref()), ("820", Some("1.500")));
    assert_eq!(rows[0].values[1], None, "nothing was held out yet at the first row");
    assert!(table::<()>(&[], 10).is_empty());
}

#[test]
fn the_table_leaves_empty_what_was_not_measured_and_shows_what_was() {
    let training: Vec<(u32, f32)> = (1..=100).map(|step| (step, 2.0)).collect();
    let held_out = [(20, 2.5), (40, 2.4), (60, 2.3), (80, 2.2)];
    let curves =
        [Curve { key: "training", points: training }, Curve { key: "held out", points: held_out.to_vec() }];
    let rows = table(&curves, 12);
    let seen: Vec<(&str, &str)> =
        rows.iter().filter_map(|row| Some((row.step.as_str(), row.values[1].as_deref()?))).collect();
    assert_eq!(seen, [("20", "2.500"), ("40", "2.400"), ("60", "2.300"), ("80", "2.200")]);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows.last().map(|row| (row.step.as_str(), &row.values[1])), Some(("100", &None)));
}

#[test]
fn the_names_of_curves_have_room_beside_the_plot() {
    let wide = Frame::new(800.0, 262.0).with_names(["LSTM, held out", "Own cell, held out"]);
    assert!(wide.right > 18.0 * 6.0 + 10.0, "{}", wide.right);
    assert_eq!(Frame::new(800.0, 262.0).with_names(["a"]).right, Frame::new(800.0, 262.0).right);
    let chinese = Frame::new(800.0, 262.0).with_names(["自己的单元，留出集"]);
    assert!(chinese.right > 9.0 * 12.0, "{}", chinese.right);
    assert!(Frame::new(400.0, 240.0).with_names(["x".repeat(200).as_str()]).right <= 200.0);
}

#[test]
fn runs_are_told_apart_by_dashes() {
    let dashes: std::collections::BTreeSet<&str> = (0..5).map(|run| Dash::of_run(run).svg()).collect();
    assert_eq!(dashes.len(), 5);
}

#[test]
fn the_axis_of_a_long_run_grows_with_what_is_done() {
    let end = |steps: u32, last: u32| {
        let curves = [Curve { key: (), points: vec![(0, 3.0), (last, 2.0)] }];
        let chart = line_chart(&curves, None, steps, Frame::new(800.0, 250.0));
        chart.x_ticks.iter().map(|tick| tick.value).fold(0.0, f64::max)
    };
    assert_eq!(end(2_000, 3), 2_000.0, "a short run is shown whole");
    assert_eq!(end(1_000_000, 900), 10_000.0);
    assert_eq!(end(1_000_000, 1_900), 20_000.0);
    assert_eq!(end(1_000_000, 400_000), 1e6);
    assert_eq!(end(50_000, 49_000), 50_000.0);
}

proptest! {
    #[test]
    fn labels_never_overlap(ends in prop::collection::vec(0f32..4.0, 1..6), steps in 1u32..3000) {
        let curves: Vec<Curve<usize>> = ends
            .iter()
            .enumerate()
            .map(|(key, end)| Curve { key, points: vec![(0, 3.0), (steps, *end)] })
            .collect();
        let chart = line_chart(&curves, Some(3.4), steps, Frame::new(800.0, 250.0));
        for pair in chart.labels.windows(2) {
            prop_assert!(pair[1].y - pair[0].y >= 15.0 - 1e-6, "{:?}", chart.labels);
        }
        for label in &chart.labels {
            prop_assert!(label.y > 0.0 && label.y < 250.0 && label.x <= 800.0 - 60.0);
        }
    }

    #[test]
    fn any_series_is_drawn_within_the_frame(values in prop::collection::vec(any::<f32>(), 0..50)) {
        let points: Vec<(u32, f32)> = values.iter().enumerate().map(|(step, v)| (step as u32, *v)).collect();
        let chart = line_chart(&[Curve { key: (), points }], None, 40, Frame::new(320.0, 200.0));
        let numbers = chart.paths[0].split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-');
        for number in numbers.filter(|text| !text.is_empty()) {
            let number: f64 = number.parse().expect("a coordinate");
            prop_assert!((0.0..=320.0).contains(&number));
        }
        let line = sparkline(&values, 60.0, 16.0);
        prop_assert!(!line.contains("NaN") && !line.contains("inf"));
    }

    #[test]
    fn thinning_keeps_order_and_limit(values in prop::collection::vec(any::<f64>(), 0..400), limit in 0usize..100) {
        let points: Vec<(f64, f64)> = values.iter().enumerate().map(|(x, v)| (x as f64, *v)).collect();
        let kept = thin(&points, limit);
        prop_assert!(kept.len() <= limit.max(4));
        prop_assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

#[test]
fn an_axis_has_room_for_its_longest_name_and_its_longest_number() {
    let level = |name: &str, values: &[f64]| {
        let (dash, class) = look_of("rnn");
        Level { name: name.into(), dash, class, values: values.to_vec() }
    };
    let drawn = levels(
        &[level("Simplified GRU, c⟨t⟩", &[1e-17, 1e-3, 10.0]), level("状态的梯度的长度", &[1.0, 2.0])],
        "t = 1",
        "t = 3",
    );
    let mut ends = Vec::new();
    let at = |name: &str, element: &unrolled::view::markup::Element| {
        element.attribute(name).and_then(|x| x.parse::<f64>().ok()).unwrap_or(f64::NAN)
    };
    drawn.each(&mut |element| {
        let words = Node::Element(element.clone()).plain();
        match element.attribute("class") {
            Some("tick") if words.contains("1e") => ends.push(at("x", element) + width_of(&words, 14.0)),
            Some(class) if class.starts_with("curve-name") => {
                ends.push(at("x", element) - width_of(&words, 14.0));
            }
            _ => {}
        }
    });
    assert!(ends.len() > 3 && ends.iter().all(|end| (0.0..=420.0).contains(end)), "{ends:?}");
}

#[test]
fn a_cells_curve_has_no_colour_of_a_quantity_and_a_look_of_its_own() {
    let looks = ["rnn", "gru-simplified", "gru", "lstm"].map(look_of);
    assert!(looks.iter().all(|(_, class)| ["v", "z"].contains(class)), "{looks:?}");
    for (at, look) in looks.iter().enumerate() {
        assert!(!looks[..at].contains(look), "{look:?}");
    }
}
