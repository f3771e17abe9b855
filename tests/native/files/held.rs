//! Files of a network of which units are held say so, and what a program prints follows from it.

use unrolled::engine::presets::{self, counterparts};
use unrolled::engine::trace::{Hold, trace};
use unrolled::formats::code::{Subject, numpy};
use unrolled::formats::experiment::Experiment;
use unrolled::formats::latex::{self, Letters};

use super::exported::{check_numpy, network, sentence};
use super::python::run;

const STEPS: usize = 5;

fn hold(layer: usize, name: &str, unit: Option<usize>, (from, to): (usize, usize), value: f64) -> Hold {
    Hold { layer, name: name.into(), unit, from, to, value }
}

/// Two layers of a cell, of every value of which some unit is held: one at every step, one at a single one, and one
/// that another hold takes over for a step.
fn held(text: &str) -> Experiment<f64> {
    // As many units as symbols: a residual connection asks for that.
    let model = network(&[text, text], 5, 5);
    let mut input = sentence(5, &[0, 3, 1, 1, 4]);
    for (place, equation) in model.layers[0].cell.equations.iter().enumerate() {
        let name = &equation.target.name.0;
        let value = 0.25 * place as f64 - 0.5;
        input.holds.push(hold(0, name, Some(0), (0, STEPS), value));
        input.holds.push(hold(0, name, Some(0), (2, 3), -value));
        input.holds.push(hold(1, name, Some(place % 3), (1, 3), 0.75));
    }
    Experiment { model, input, vocabulary: None }
}

#[test]
fn exported_numpy_holds_units_as_the_trace_does() {
    let presets = presets::presets().iter().chain(counterparts());
    let mut set: Vec<(String, Experiment<f64>)> =
        presets.map(|preset| (preset.id.to_owned(), held(&preset.cell.text))).collect();
    set.extend(presets::EXAMPLES.iter().map(|(id, text)| ((*id).to_owned(), held(text))));
    // All units of a name on the way, in one of two layers only.
    let lstm = presets::preset("lstm").unwrap().cell.text.as_str();
    let mut one = Experiment {
        model: network(&[lstm, lstm], 3, 5),
        input: sentence(5, &[0, 3, 1, 1, 4]),
        vocabulary: None,
    };
    one.input.holds.push(hold(1, "z_f", None, (1, usize::MAX), 0.5));
    set.push(("all units".to_owned(), one));
    let programs: Vec<(String, String)> = set
        .iter()
        .map(|(name, one)| (name.clone(), numpy(&Subject { model: &one.model, input: &one.input }).unwrap()))
        .collect();
    for ((name, subject), printed) in set.iter().zip(run(&programs, None, "numpy-held")) {
        check_numpy(name, subject, &printed);
        let free = Experiment { input: sentence(5, &[0, 3, 1, 1, 4]), ..subject.clone() };
        let (held, free) =
            (trace(&subject.model, &subject.input).unwrap(), trace(&free.model, &free.input).unwrap());
        assert_ne!(held.loss_sum, free.loss_sum, "{name}: nothing is held");
    }
}

#[test]
fn a_program_of_a_network_without_held_units_has_no_word_of_them() {
    let model = network(&[presets::preset("lstm").unwrap().cell.text.as_str()], 3, 5);
    let text = numpy(&Subject { model: &model, input: &sentence(5, &[0, 3]) }).unwrap();
    assert!(!text.contains("hold") && !text.contains("held"), "{text}");
}

#[test]
fn equations_as_latex_are_followed_by_what_is_held() {
    let lstm = presets::preset("lstm").unwrap();
    let model = network(&[lstm.cell.text.as_str()], 3, 5);
    let holds = [hold(0, "Γ_f", Some(2), (0, usize::MAX), 0.0), hold(0, "c~", Some(0), (1, 2), -0.5)];
    let document = latex::document_with(&model, &holds, STEPS, Letters::Notes);
    let place = |line: &str| document.find(line).unwrap_or_else(|| panic!("{line} is not in {document}"));
    let forward = place("\\Gamma_{f,3}^{\\langle t\\rangle} &:= 0,\\quad t = 1, \\dots, 5");
    assert!(place("a^{\\langle t\\rangle} &= \\Gamma_{o}") < forward, "after the equations");
    place("\\tilde{c}_{1}^{\\langle 2\\rangle} &:= -0.5");
    let backward = place("\\mathrm{d}\\Gamma_{f,3}^{\\langle t\\rangle} &:= 0,\\quad t = 1, \\dots, 5");
    assert!(place("% backward") < backward);
    place("\\mathrm{d}\\tilde{c}_{1}^{\\langle 2\\rangle} &:= 0");
    assert_eq!(document.matches('{').count(), document.matches('}').count());

    let keras = latex::document_with(&model, &holds, STEPS, Letters::Keras);
    assert!(keras.contains("f_{3,t} &:= 0"), "{keras}");
    assert_eq!(
        latex::document_with(&model, &[], STEPS, Letters::Notes),
        latex::document(&model, Letters::Notes)
    );
    let one = |letters| latex::held(&lstm.cell, &"Γ_f".into(), 2, 4, 0.5, letters);
    assert_eq!(one(Letters::Notes), "\\Gamma_{f,3}^{\\langle 4\\rangle} := 0.5");
    assert_eq!(one(Letters::PyTorch), "f_{3,4} := 0.5");
}
