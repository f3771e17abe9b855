//! Every figure draws, whatever a reader does.

use std::time::Instant;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use unrolled::view::figures::frame::{Around, Content, frame};
use unrolled::view::figures::{Figure, Kind, NAMES, Setting, Values, figure, resolve};
use unrolled::view::markup::Node;

use super::{Used, all_used, has_open_place, words};

/// Draws a figure and looks at what every reader must get.
pub fn check(used: &Used, figure: &dyn Figure, given: &Values) -> Result<(Vec<Node>, Values), TestCaseError> {
    let words = words(used.language, used.chapter).of(&used.name);
    let (settings, now) = resolve(figure, given);
    let drawing = figure.draw(&now, &words);
    let what = format!("{} in {}/{} with {now:?}", used.name, used.language, used.chapter);
    prop_assert!(!drawing.sentence.trim().is_empty(), "no sentence: {}", what);
    prop_assert!(
        drawing.body.is_empty() || !drawing.table.rows.is_empty(),
        "a drawing without a table: {}",
        what
    );
    for row in &drawing.table.rows {
        prop_assert_eq!(row.len(), drawing.table.heads.len(), "a row of the table: {}", &what);
    }
    let around = Around {
        id: used.name.clone(),
        table_is_open: true,
        numbers_are_open: true,
        job: figure.job(&now).map(|_| Default::default()),
        ..Around::default()
    };
    // The figure's own class is made of its name; a part must not be dressed as another figure.
    for node in &drawing.body {
        let mut classes = Vec::new();
        node.each(&mut |element| classes.extend(element.attribute("class").map(str::to_owned)));
        let is_a_figure = |class: &&str| {
            class.strip_prefix("fig-").is_some_and(|name| name != used.name && NAMES.contains(&name))
        };
        let taken = classes.iter().flat_map(|classes| classes.split(' ')).find(is_a_figure);
        prop_assert!(taken.is_none(), "{}: the class {:?} is another figure's", what, taken);
    }
    let nodes = frame(&settings, &now, Content::of(figure, &now, &words), &words, &around);
    for node in &nodes {
        let text = node.to_html();
        prop_assert!(!text.contains('⟦'), "a word is missing: {}: {}", what, text);
        // A reader's own text may look like one, or a model that has learnt its braces may write one.
        let is_typed = now.iter().any(|(_, value)| value.contains('{'));
        prop_assert!(
            is_typed || !has_open_place(&text),
            "a place of a sentence is empty: {}: {}",
            what,
            text
        );
        let mut wrong = Vec::new();
        node.each(&mut |element| {
            let sets = element.attribute("data-set").unwrap_or_default();
            for (name, value) in sets.split(';').filter_map(|pair| pair.split_once('=')) {
                let setting = settings.iter().find(|setting| setting.name == name);
                let is_step = matches!(setting.map(|setting| &setting.kind), Some(Kind::Steps { .. }));
                if !is_step && setting.is_none_or(|setting| setting.read(value) != value) {
                    wrong.push(sets.to_owned());
                }
            }
            if element.attribute("data-arrows").is_some() {
                let mut stops = Vec::new();
                Node::Element(element.clone()).each(&mut |entry| {
                    let stop = entry.attribute("data-set").and(entry.attribute("tabindex"));
                    stops.extend(stop.map(|stop| stop == "0"));
                });
                if !stops.is_empty() && !stops.contains(&true) {
                    wrong.push("a group that the Tab key passes by".to_owned());
                }
            }
            if element.tag == "button"
                && element.children.is_empty()
                && element.attribute("aria-label").is_none()
            {
                wrong.push("a button without a name".to_owned());
            }
        });
        prop_assert!(wrong.is_empty(), "{:?}: {}", wrong, what);
    }
    Ok((nodes, now))
}

/// What a reader may do to a setting: sensible and not.
fn value(setting: &Setting) -> BoxedStrategy<String> {
    match &setting.kind {
        Kind::Text { .. } => prop_oneof![
            Just(String::new()),
            Just("   ".to_owned()),
            Just("猫坐在垫子上。\n第二行\n\n三".to_owned()),
            Just("a\u{301}👩‍👩‍👧 <EOS> \u{202e}x<1> {n}".to_owned()),
            "[a-e ,.\\n]{0,40}",
            "\\PC{0,60}",
        ]
        .boxed(),
        Kind::Choice(choices) => {
            proptest::sample::select(choices.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>())
                .boxed()
        }
        Kind::Numbers | Kind::Chosen => prop_oneof![
            Just(String::new()),
            Just("rubbish".to_owned()),
            proptest::sample::select(vec![
                "w1.W_aa.1.2=0.5;x.2.1=-3",
                "w1.W_f.2.3=1000",
                "wy.W_ya.1.1=0;s1.a.1=1",
                "s1.c.2=-0.5;h1.Γ_f.1=0",
                "w1.W_ax.1.2",
                "x.1.1",
            ])
            .prop_map(str::to_owned),
        ]
        .boxed(),
        Kind::Switch => proptest::sample::select(vec!["on".to_owned(), "off".to_owned()]).boxed(),
        _ => prop_oneof![
            Just("NaN".to_owned()),
            Just("-1".to_owned()),
            Just("1e30".to_owned()),
            (-5.0..100.0).prop_map(|value: f64| value.to_string()),
            (0u32..60).prop_map(|value| value.to_string()),
        ]
        .boxed(),
    }
}

/// Some changes, one after the other.
fn changes(settings: Vec<Setting>) -> BoxedStrategy<Vec<(String, String)>> {
    let one = proptest::sample::select(settings)
        .prop_flat_map(|setting| value(&setting).prop_map(move |value| (setting.name.to_owned(), value)));
    proptest::collection::vec(one, 1..6).boxed()
}

fn check_all_changes(name: &str) {
    for used in all_used().into_iter().filter(|used| used.name == name) {
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            cases: 60,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let drawn = figure(name).expect("a figure");
        let (settings, _) = resolve(&*drawn, &used.attributes);
        let result = runner.run(&changes(settings), |changes| {
            let mut given = used.attributes.clone();
            let mut drawn = figure(name).expect("a figure");
            for (setting, value) in changes {
                let (settings, now) = resolve(&*drawn, &given);
                if settings.iter().any(|known| known.name == setting && known.kind == Kind::Button) {
                    drawn.press(&setting, &now).into_iter().for_each(|(name, value)| given.set(name, value));
                } else {
                    given.set(&setting, value);
                }
                check(&used, &*drawn, &given)?;
            }
            Ok(())
        });
        if let Err(error) = result {
            panic!("{name} in {}/{}: {error}", used.language, used.chapter);
        }
    }
}

#[test]
fn every_figure_draws_whatever_a_reader_changes() {
    for name in NAMES {
        check_all_changes(name);
    }
}

#[test]
fn a_figure_of_default_size_draws_within_a_frame() {
    for used in all_used() {
        let drawn = figure(&used.name).expect("a figure");
        let (_, now) = resolve(&*drawn, &used.attributes);
        let words = words(used.language, used.chapter).of(&used.name);
        let best = (0..3).map(|_| {
            let began = Instant::now();
            drawn.draw(&now, &words);
            began.elapsed()
        });
        let best = best.min().expect("a time");
        // The host's own time with a wide margin: the browser's is measured from end to end.
        assert!(best.as_millis() < 100, "{} takes {best:?}", used.name);
    }
}
