//! LaTeX, tables, experiments.

use unrolled::engine::trace::{TraceInput, trace};
use unrolled::engine::{BackwardEquation, derive, presets};
use unrolled::formats::experiment::{self, Experiment};
use unrolled::formats::{csv, latex};

use super::exported::{network, sentence};

fn lstm() -> Experiment<f64> {
    let model = network(&[presets::preset("lstm").unwrap().cell.text.as_str()], 2, 3);
    let vocabulary = ["a", "b", "<EOS>"].map(str::to_owned).to_vec();
    // What a file that says nothing about the first states reads as: for each layer, none.
    let input = TraceInput { initial: vec![Vec::new()], ..sentence(3, &[0, 1, 2]) };
    Experiment { model, input, vocabulary: Some(vocabulary) }
}

#[test]
fn an_experiment_reads_back_to_the_same_bits() {
    let one = lstm();
    let text = experiment::write_experiment(&one).unwrap();
    assert!(text.contains("\"cells\":[\"lstm\"]"));
    assert_eq!(experiment::read::<f64>(&text).unwrap(), one);
    // A cell that is no preset goes as its text; initial states and lengths come along.
    let own = "state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)\n";
    let mut other = Experiment { model: network(&[own], 2, 3), vocabulary: None, ..one };
    other.input.initial = vec![vec![ndarray::arr2(&[[0.1], [1.0 / 3.0]])]];
    let text = experiment::write_experiment(&other).unwrap();
    assert_eq!(experiment::read::<f64>(&text).unwrap(), other);
}

#[test]
fn a_vocabulary_of_another_length_is_an_error_that_names_the_field() {
    let text = experiment::write_experiment(&lstm()).unwrap().replace("\"b\",", "");
    let error = experiment::read::<f64>(&text).unwrap_err();
    assert_eq!(error.to_string(), "vocabulary: 2 symbols, expected 3");
}

#[test]
fn equations_are_latex_in_every_notation() {
    let preset = presets::preset("lstm").unwrap();
    let gate = &preset.cell.equations[1];
    let gate = BackwardEquation {
        targets: vec![derive::now(&gate.target.name)],
        adds: false,
        expr: gate.expr.clone(),
        of: 1,
    };
    let line = |letters| latex::line(Some(&preset.cell), &gate, letters);
    assert_eq!(
        line(latex::Letters::Notes),
        "\\Gamma_{f}^{\\langle t\\rangle} = \\sigma\\left(W_{f} \\, \\left[a^{\\langle t-1\\rangle},\\ x^{\\langle t\\rangle}\\right] + b_{f}\\right)"
    );
    assert_eq!(
        line(latex::Letters::PyTorch),
        "f_{t} = \\sigma\\left(W_{f} \\, \\left[h_{t-1},\\ x_{t}\\right] + b_{f}\\right)"
    );
    let document = latex::document(&lstm().model, latex::Letters::Notes);
    assert!(document.contains("\\mathrm{d}c^{\\langle t-1\\rangle} &="), "{document}");
    assert!(document.contains(
        "\\mathrm{d}z_{y}^{\\langle t\\rangle} &= \\hat{y}^{\\langle t\\rangle} - y^{\\langle t\\rangle}"
    ));
    // The state has had its part from the next step before: the head adds to it.
    assert!(
        document.contains("\\mathrm{d}a^{\\langle t\\rangle} &\\mathrel{+}= {W_{ya}}^{\\top}"),
        "{document}"
    );
    let opened = document.matches('{').count();
    assert_eq!(opened, document.matches('}').count());
    assert_eq!(document.matches("\\left").count(), document.matches("\\right").count());
    assert!(document.is_ascii(), "{document}");
}

#[test]
fn in_other_letters_latex_has_the_names_that_the_page_has() {
    for letters in [latex::Letters::PyTorch, latex::Letters::Keras] {
        let gru = network(&[presets::preset("gru").unwrap().cell.text.as_str()], 3, 4);
        let document = latex::document(&gru, letters);
        // Their z is 1 minus our update gate: the gate keeps its name, and no line has the two the wrong way round.
        assert!(
            document.contains("\\Gamma_{u,t}") && !document.contains("z_{t} &="),
            "{letters:?}: {document}"
        );
        // The head reads what the cell gives.
        assert!(
            document.contains("W_{yh} \\, h_{t}") && !document.contains("W_{ya}"),
            "{letters:?}: {document}"
        );
        assert!(!document.contains("a_{t}"), "{letters:?}: {document}");
    }
}

#[test]
fn every_cell_of_the_project_becomes_ascii_latex_with_closed_brackets() {
    let examples = presets::EXAMPLES.iter().map(|(_, text)| *text);
    let texts = presets::presets().iter().map(|preset| preset.cell.text.as_str()).chain(examples);
    for text in texts {
        let document = latex::document(&network(&[text], 3, 3), latex::Letters::Notes);
        assert!(document.is_ascii(), "{document}");
        assert_eq!(document.matches('{').count(), document.matches('}').count(), "{document}");
    }
}

#[test]
fn names_in_other_letters_are_text_and_what_they_need_stands_first() {
    let text = "state a\na<t> = tanh(W_ax x<t> + å + b_中文 + ς * ж~ + b_βк + ß)";
    let model = network(&[text], 2, 3);
    let document = latex::document(&model, latex::Letters::Notes);
    for set in [
        "\\text{å}",
        "b_{\\text{中文}}",
        "\\text{ς}",
        "\\tilde{\\text{ж}}",
        "b_{\\beta \\text{к}}",
        "\\text{ß}",
    ] {
        assert!(document.contains(set), "{set}: {document}");
    }
    let needs: Vec<&str> = document.lines().take_while(|line| line.starts_with('%')).collect();
    assert_eq!(needs.len(), 3, "{document}");
    assert!(needs[0].contains("XeLaTeX or LuaLaTeX") && needs[1].contains("ctex"), "{document}");
    assert!(needs[2].contains("\\setmainfont"), "{document}");
    // The equations alone say it too, and nothing is said where pdfLaTeX has every letter.
    assert!(latex::forward(&model.layers[0].cell, latex::Letters::Notes).starts_with(needs[0]));
    assert!(latex::document(&lstm().model, latex::Letters::Notes).starts_with("\\documentclass"));
    let chinese = network(&["state a\na<t> = tanh(W_中 x<t> + a<t-1>)"], 2, 3);
    let chinese = latex::document(&chinese, latex::Letters::Notes);
    assert_eq!(chinese.lines().take_while(|line| line.starts_with('%')).count(), 2, "{chinese}");
}

#[test]
fn names_that_differ_in_an_underscore_stay_apart_in_latex_and_an_omicron_is_an_o() {
    let text = "state a\na<t> = tanh(W_ax x<t> + ο_1 + b_a_b + b_ab + b_state_dict + b_α_1)";
    let document = latex::document(&network(&[text], 2, 3), latex::Letters::Notes);
    let sum = "o_{1} + b_{\\mathrm{a\\_b}} + b_{ab} + b_{\\mathrm{state\\_dict}} + b_{\\alpha \\_1}";
    assert!(document.contains(sum), "{document}");
    assert!(document.is_ascii(), "{document}");
}

#[test]
fn latex_of_several_layers_says_whose_each_block_is_and_what_x_is() {
    let (lstm, rnn) = ["lstm", "rnn"].map(|id| presets::preset(id).unwrap().cell.text.as_str()).into();
    let document = latex::document(&network(&[lstm, rnn, lstm], 2, 3), latex::Letters::Notes);
    let comments: Vec<&str> = document.lines().filter(|line| line.starts_with('%')).collect();
    assert_eq!(
        comments,
        [
            "% layers 1, 3, forward",
            "% in layer 3, x is the output of layer 2",
            "% layer 2, forward",
            "% in layer 2, x is the output of layer 1",
            "% backward",
            "% layer 2, backward",
            "% layers 1, 3, backward",
        ]
    );
}

#[test]
fn a_trace_as_a_table_has_every_number_beside_its_gradient() {
    let one = lstm();
    let trace = trace(&one.model, &one.input).unwrap();
    let table = csv::trace(&one.model, &trace);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("layer,symbol,step,row,column,value,gradient"));
    let at = |start: &str| {
        let line = table.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}"));
        let numbers: Vec<f64> =
            line[start.len()..].split(',').filter_map(|field| field.parse().ok()).collect();
        numbers
    };
    let layer = &trace.layers[0];
    let value = layer.value(&"Γ_f".into()).unwrap()[(2, 1, 0)];
    let gradient = layer.gradient(&"Γ_f".into()).unwrap()[(2, 1, 0)];
    assert_eq!(at("1,Γ_f,3,2,1,"), [value, gradient]);
    let weight = layer.weight_gradients.iter().find(|(name, _)| name.0 == "W_o").unwrap().1[(1, 4)];
    assert_eq!(at("1,W_o,,2,5,")[1], weight);
    assert_eq!(at(",l,1,1,1,"), [trace.head.loss_per_step[(0, 0)]]);
    assert!(table.lines().all(|line| line.matches(',').count() == 6));
}

#[test]
fn curves_are_rows_by_update_with_gaps_where_a_curve_has_no_point() {
    let table = csv::curves(
        &["training loss", "held out, nats"],
        &[&[(0, 2.5), (1, 2.0), (1, 1.5), (3, 1.0)], &[(1, 3.0)]],
    );
    assert_eq!(table, "update,training loss,\"held out, nats\"\n0,2.5,\n1,1.5,3\n3,1,\n");
}
