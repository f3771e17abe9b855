//! A reader's own cell: what typed names become, what each line says, examples, letters, comparison.

use proptest::prelude::*;
use unrolled::engine::kin;
use unrolled::engine::presets::{EXAMPLES, preset, presets};
use unrolled::engine::syntax::{names_in, parse_cell, shapes_so_far};
use unrolled::training::choice::{facts_of, start_values};
use unrolled::training::session::Session;
use unrolled::training::settings::{
    CellChoice, Change, Changed, ModelSettings, RunSettings, Start, TextSettings, TextSource,
    TrainingSettings,
};
use unrolled::view::comparison::{Lead, Outcome, lowest, settings, smoothed};
use unrolled::view::editor::{
    EXAMPLE_IDS, Gloss, Look, byte_of, complete, complete_word, read, start, starts, title, unit_of,
};
use unrolled::view::formula::{Notation, Spelling};

/// Types a text key by key, with what the editor makes of each; `|` stands for the caret.
fn typed(keys: &str) -> String {
    let (mut text, mut caret) = (String::new(), 0);
    for key in keys.chars() {
        text.insert(caret, key);
        caret += key.len_utf8();
        if let Some(found) = complete(&text, caret) {
            text = found.applied(&text);
            caret = found.caret;
        }
    }
    text.insert(caret, '|');
    text
}

#[track_caller]
fn check_typed(keys: &str, expected: &str) {
    assert_eq!(typed(keys), expected, "{keys}");
}

#[test]
fn signs_come_from_words() {
    check_typed("Gamma_f", "Γ_f|");
    check_typed("\\Gamma_f", "Γ_f|");
    check_typed("\\gamma_u ", "Γ_u |");
    check_typed("sigma(", "σ(|");
    check_typed("\\sigma(", "σ(|");
    check_typed("\\sigma x", "σx|");
    check_typed("p \\odot c", "p *c|");
    check_typed("yhat<t", "ŷ<t|>");
}

#[test]
fn words_inside_of_names_and_comments_stay() {
    check_typed("mysigma(", "mysigma(|");
    check_typed("W_sigma(", "W_sigma(|");
    check_typed("sigma_2", "sigma_2|");
    check_typed("# \\sigma \\Gamma_ <t ", "# \\sigma \\Gamma_ <t |");
    check_typed("\\unknown ", "\\unknown |");
}

#[test]
fn a_time_is_closed_and_left_by_whatever_comes_next() {
    check_typed("a<t", "a<t|>");
    check_typed("a<t>", "a<t>|");
    check_typed("a<t-1", "a<t-1>|");
    check_typed("a<t-1>", "a<t-1>|");
    check_typed("[a<t-1, x<t]", "[a<t-1>, x<t>]|");
    check_typed("a<t = tanh(x<t)", "a<t> = tanh(x<t>)|");
    check_typed("a<t> + x<t>", "a<t> + x<t>|");
    check_typed("a<t\nb", "a<t>\nb|");
}

#[test]
fn a_time_that_is_closed_already_is_not_closed_twice() {
    assert_eq!(complete("a<t>", 3), None);
    assert_eq!(complete("a<t-1>", 3), None);
}

#[test]
fn the_tab_key_completes_a_word_and_otherwise_goes_on() {
    let tab = |text: &str| complete_word(text, text.len()).map(|found| found.applied(text));
    assert_eq!(tab("a<t> = sigma"), Some("a<t> = σ".into()));
    assert_eq!(tab("G"), Some("Γ_".into()));
    assert_eq!(tab("\\gamma"), Some("Γ_".into()));
    assert_eq!(tab("yhat"), Some("ŷ".into()));
    for text in ["", "a<t> = tanh", "W_G", "σ", "# sigma"] {
        assert_eq!(tab(text), None, "{text}");
    }
}

#[test]
fn a_cell_is_typed_without_a_sign_that_a_keyboard_lacks() {
    let text = typed(
        "state a, c\nc~<t = tanh(W_c [a<t-1, x<t] + b_c)\nGamma_f<t = sigma(W_f [a<t-1, x<t] + p_f * c<t-1 + b_f)\n\
         c<t = (1 - Gamma_f) * c~ + Gamma_f * c<t-1\na<t = tanh(c)",
    );
    let text = text.replace('|', "");
    let cell = parse_cell(&text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
    assert_eq!(cell.equations.len(), 4);
}

#[test]
fn places_are_counted_in_the_browser_s_units_and_back() {
    let text = "Γ_f𝛼a";
    assert_eq!(byte_of(text, 1), 2);
    assert_eq!(byte_of(text, 5), "Γ_f𝛼".len());
    assert_eq!(unit_of(text, "Γ_f𝛼".len()), 5);
    assert_eq!(byte_of(text, 99), text.len());
}

proptest! {
    #[test]
    fn whatever_is_typed_the_editor_holds_its_places(text in "[aGs<>t1#_(\\-\\\\ \n=Γσ~amig]{0,40}", at in 0usize..40) {
        let caret = byte_of(&text, at);
        for rule in [complete, complete_word] {
            if let Some(found) = rule(&text, caret) {
                let new = found.applied(&text);
                prop_assert!(new.is_char_boundary(found.caret));
                prop_assert!(found.from <= found.to && found.to <= text.len());
            }
        }
        prop_assert_eq!(byte_of(&text, unit_of(&text, caret)), caret);
    }

    #[test]
    fn any_text_has_its_lines_and_they_are_its_own(text in "(?s).{0,200}") {
        let errors = parse_cell(&text).err().unwrap_or_default();
        let lines = read(&text, &errors, &shapes_so_far(&text));
        let together: Vec<String> =
            lines.iter().map(|line| line.pieces.iter().map(|piece| piece.text.as_str()).collect()).collect();
        let own: Vec<&str> = text.split('\n').collect();
        prop_assert_eq!(together.len(), own.len());
        for (shown, own) in together.iter().zip(own) {
            prop_assert_eq!(shown.strip_suffix('\u{a0}').filter(|_| shown != own).unwrap_or(shown), own);
        }
        let shown: usize = lines.iter().map(|line| match &line.gloss { Gloss::Wrong(errors) => errors.len(), _ => 0 }).sum();
        prop_assert_eq!(shown, errors.len(), "every error stands under a line");
    }
}

#[test]
fn under_each_line_stand_its_shapes() {
    let cell = preset("lstm").expect("a preset").cell.clone();
    let lines = read(&cell.text, &[], &cell.parameters);
    let shapes = |place: usize| match &lines[place].gloss {
        Gloss::Shapes(shapes) => {
            shapes.iter().map(|(name, shape)| format!("{name}: {shape}")).collect::<Vec<_>>().join("; ")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(lines[0].gloss, Gloss::Nothing, "a comment");
    assert_eq!(shapes(1), "a: n_a × 1; c: n_a × 1");
    assert_eq!(shapes(3), "Γ_f: n_a × 1; W_f: n_a × (n_a + n_x); b_f: n_a × 1");
    assert_eq!(shapes(6), "c: n_a × 1", "values of other lines are not said again");
}

#[test]
fn shapes_are_shown_of_a_text_that_is_not_finished() {
    let text = "state a, c\nΓ_f<t> = σ(W_f [a<t-1>, x<t>] + p_f * c<t-1> + b_f)\nc<t> = Γ_f * c<t-1> + tahn(";
    let errors = parse_cell(text).expect_err("it is not finished");
    let lines = read(text, &errors, &shapes_so_far(text));
    let Gloss::Shapes(shapes) = &lines[1].gloss else { panic!("{:?}", lines[1].gloss) };
    assert!(shapes.contains(&("W_f".into(), "n_a × (n_a + n_x)".into())), "{shapes:?}");
    assert!(shapes.contains(&("p_f".into(), "n_a × 1".into())), "{shapes:?}");
    assert!(matches!(lines[2].gloss, Gloss::Wrong(_)));
}

#[test]
fn the_shapes_so_far_of_a_finished_text_are_its_shapes() {
    for preset in presets() {
        assert_eq!(shapes_so_far(&preset.cell.text), preset.cell.parameters, "{}", preset.id);
    }
}

#[test]
fn an_error_is_underlined_where_it_stands() {
    let text = "state a\na<t> = tanh(W_a [a<t-1>, x<t>] + q<t>)";
    let errors = parse_cell(text).expect_err("q is nothing");
    let lines = read(text, &errors, &shapes_so_far(text));
    let wrong: Vec<&str> =
        lines[1].pieces.iter().filter(|piece| piece.is_wrong).map(|piece| piece.text.as_str()).collect();
    assert_eq!(wrong, ["q<t>"]);
    assert_eq!(lines[1].gloss, Gloss::Wrong(vec![0]));
}

#[test]
fn what_is_missing_at_the_end_of_a_line_has_a_place_of_its_own() {
    let text = "state a\na<t> = tanh(x<t>) +\n";
    let errors = parse_cell(text).expect_err("a value is missing");
    let lines = read(text, &errors, &[]);
    let last = lines[1].pieces.last().expect("pieces");
    assert!(last.is_wrong && last.text == "\u{a0}", "{last:?}");
}

#[test]
fn names_have_their_places_and_the_colour_of_what_they_are_for() {
    let line = "Γ_f<t> = σ(W_f [a<t-1>, x<t>])";
    let names: Vec<String> =
        names_in(line).iter().map(|(span, _)| line[span.start..span.end].to_owned()).collect();
    assert_eq!(names, ["Γ_f<t>", "σ", "W_f", "a<t-1>", "x<t>"]);
    let pieces = &read("state a\na<t> = x<t> # why", &[], &[])[1].pieces;
    assert!(pieces.iter().any(|piece| piece.look == Look::Comment && piece.text == "# why"), "{pieces:?}");
    assert_eq!(read("state a", &[], &[])[0].pieces[0].look, Look::Directive);
}

#[test]
fn the_four_cells_and_the_examples_are_there_to_begin_from() {
    let ids: Vec<&str> = starts().iter().map(|start| start.id).collect();
    assert_eq!(&ids[..4], ["rnn", "gru-simplified", "gru", "lstm"]);
    assert_eq!(&ids[4..], EXAMPLE_IDS);
    for start in starts() {
        let cell = parse_cell(start.text).unwrap_or_else(|errors| panic!("{}: {errors:?}", start.id));
        assert!(cell.check_sizes(4, 7).is_ok(), "{} fits any layer", start.id);
        assert!(title(start.text).is_some_and(|title| !title.is_empty()), "{}", start.id);
    }
    assert_eq!(start("residual-rnn"), None, "it fits only some layers");
    assert_eq!(start("nothing"), None);
}

#[test]
fn a_cell_is_called_by_its_first_comment() {
    assert_eq!(title("# My cell\nstate a"), Some("My cell".into()));
    assert_eq!(title("\n\n  #  Später  \nstate a"), Some("Später".into()));
    assert_eq!(title("state a\n# late"), None);
    assert_eq!(title("#\nstate a"), None);
    assert_eq!(title(""), None);
    let long = title(&format!("# {}", "长".repeat(80))).expect("a title");
    assert_eq!(long.chars().count(), 61, "60 and an ellipsis");
}

fn own(text: &str) -> CellChoice {
    CellChoice::Own(text.to_owned())
}

#[test]
fn a_preset_s_text_as_an_own_cell_is_known_as_that_preset() {
    for preset in presets() {
        let spaced = preset.cell.text.replace(" = ", "  =  ") + "\n# the same, written otherwise\n";
        assert_eq!(facts_of(&own(&spaced)), Some(&preset.facts), "{}", preset.id);
    }
}

#[test]
fn an_own_cell_has_the_letters_and_start_values_of_its_kin_and_no_more() {
    let peephole = EXAMPLES.iter().find(|(id, _)| *id == "peephole-lstm").expect("an example").1;
    let facts = facts_of(&own(peephole)).expect("kin of the LSTM");
    assert!(facts.is_kin);
    let spelled = |name: &str| Spelling::of(&name.into(), Notation::PyTorch, facts).plain();
    assert_eq!((spelled("a").as_str(), spelled("Γ_u").as_str(), spelled("Γ_f").as_str()), ("h", "i", "f"));
    assert!(facts.symbols.iter().all(|symbol| symbol.pytorch_gate.is_none() && !symbol.is_flipped));
    assert_eq!(start_values(&own(peephole))("b_f"), 1.0, "as in the LSTM, so that the two can be compared");
    assert_eq!(start_values(&own(peephole))("p_f"), 0.0);
    let gated = "state c\nΓ_u<t> = σ(W_u [c<t-1>, x<t>] + b_u)\nc<t> = Γ_u * tanh(W_c x<t>) + (1 - Γ_u) * c<t-1>\na<t> = c";
    let facts = facts_of(&own(gated)).expect("kin of the GRU");
    assert_eq!(
        Spelling::of(&"Γ_u".into(), Notation::PyTorch, facts).plain(),
        "Γ_u",
        "theirs means the opposite"
    );
    let other = parse_cell("state m, n\nm<t> = tanh(W_m x<t>)\nn<t> = n<t-1>\na<t> = m + n").expect("a cell");
    assert_eq!(kin::facts(&other), None);
    assert_eq!(facts_of(&own("state a\na<t> =")), None, "a text with errors is kin to nothing");
}

#[test]
fn every_example_trains() {
    let text = "one hill, two hills, three hills, four hills, five hills.\n".repeat(12);
    for id in EXAMPLE_IDS {
        let start = start(id).expect("an example");
        let settings = RunSettings {
            text: TextSettings { source: TextSource::Own(String::new()), ..TextSettings::default() },
            model: ModelSettings { cell: own(start.text), layers: 2, hidden: 12, ..ModelSettings::default() },
            training: TrainingSettings {
                window: 12,
                batch: 4,
                learning_rate: 0.01,
                ..TrainingSettings::default()
            },
            changes: Vec::new(),
        };
        let session = Session::new(settings, &text, None, None);
        let mut session = session.unwrap_or_else(|refusal| panic!("{id}: {refusal:?}"));
        let losses: Vec<f64> = (0..60).map(|_| session.update().expect("it is stable").loss).collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let (early, late) = (mean(&losses[..5]), mean(&losses[55..]));
        assert!(late < 0.75 * early, "{id}: from {early} to {late}");
    }
}

#[test]
fn a_comparison_changes_the_cell_and_nothing_that_is_common() {
    let mut lab = RunSettings::default();
    lab.text.source = TextSource::Own("long".into());
    lab.training.seed = 11;
    lab.training.start = Start::Identity;
    lab.training.forget_bias = Some(2.0);
    lab.model.hidden = 20;
    lab.changes.push(Change { step: 3, what: Changed::Steps(9) });
    let run = settings(&lab, CellChoice::Preset("gru".into()), 200);
    assert_eq!((run.training.seed, run.model.hidden, run.training.steps), (11, 20, 200));
    assert_eq!(run.model.cell, CellChoice::Preset("gru".into()));
    assert_eq!((run.training.start, run.training.forget_bias), (Start::Xavier, None), "not every cell could");
    assert!(run.changes.is_empty());
    assert_eq!(run.text.source, TextSource::Own(String::new()), "the text travels beside");
}

#[test]
fn the_lowest_loss_is_told_with_its_lead_and_only_of_comparable_runs() {
    let of = |training: f64, held_out: Option<f64>| Outcome { step: 9, training: Some(training), held_out };
    let lead = lowest(&[of(1.0, Some(2.0)), of(1.5, Some(1.75))]).expect("two runs");
    assert_eq!(lead, Lead { place: 1, least: 1.75, by: 0.25, is_held_out: true });
    let lead = lowest(&[of(1.0, None), of(1.5, Some(0.5))]).expect("two runs");
    assert_eq!((lead.place, lead.is_held_out), (0, false), "held out only where every run has it");
    assert_eq!(lowest(&[of(1.0, None)]), None);
    assert_eq!(lowest(&[of(1.0, None), of(f64::NAN, None)]), None);
}

#[test]
fn smoothed_losses_keep_their_places_and_lie_between_them() {
    let points: Vec<(u32, f32)> =
        (1..=40).map(|step| (step, if step % 2 == 0 { 1.0 } else { 3.0 })).collect();
    let smooth = smoothed(&points);
    assert_eq!(smooth.len(), 40);
    assert!(smooth.iter().zip(&points).all(|(smooth, point)| smooth.0 == point.0));
    assert!(smooth[20].1 > 1.8 && smooth[20].1 < 2.2, "{:?}", smooth[20]);
    assert!(smoothed(&[]).is_empty());
}
