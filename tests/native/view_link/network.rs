//! The network of a file in a link.

use unrolled::formats::parcel::Parcel;
use unrolled::view::link::{
    Held, LeftOut, MOST_WEIGHTS, Network, Shared, Tool, WeightsFrom, held, read, write,
};

use super::check_round_trip;

/// A network of a file: two symbols through two units, with a sentence of its own.
fn network() -> Network {
    let text = "state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)";
    let parcel = Parcel {
        layers: vec![(text.into(), 2)],
        input: 2,
        output: 2,
        vocabulary: vec!["a".into(), "b".into()],
        labels: vec![1, 0],
        x: vec![0.5, 0.25, 1.0, 0.0],
        ..Parcel::default()
    };
    // W_aa, W_ax, b_a, W_ya, b_y: 4 + 4 + 2 + 4 + 2 numbers, not all of single precision.
    let weights: Vec<f64> = (0..16).map(|place| 0.1 * f64::from(place)).collect();
    let model = parcel.model(&weights).expect("as many numbers as its sizes ask for");
    Network::new("theirs.safetensors", &parcel, &[None, Some(0)], &model).expect("it is small")
}

#[test]
fn a_small_network_of_a_file_travels_to_the_last_bit() {
    let mut state = Shared { network: Some(network()), ..Shared::default() };
    state.stepper.weights = WeightsFrom::File;
    check_round_trip(&state);
    let parcel = network().parcel().expect("a network");
    assert_eq!((parcel.inputs, parcel.labels, parcel.x), (vec![None, Some(0)], vec![1, 0], vec![]));
    let link = write(&state);
    assert!(link.left_out.is_empty() && !link.a_file_is_better(), "{}", link.len());
    assert_eq!(held(&state, &link, Tool::Stepper), [Held::Place, Held::Weights(16)]);
}

#[test]
fn a_network_that_a_link_would_not_be_read_back_as_does_not_travel() {
    let text = "state a\na<t> = tanh(W_aa a<t-1> + W_ax x<t> + b_a)";
    let deep = |layers: usize| {
        let parcel = Parcel {
            layers: vec![(text.into(), 1); layers],
            input: 1,
            output: 1,
            labels: vec![0],
            ..Parcel::default()
        };
        let weights = vec![0.5; 3 * layers + 2];
        let model = parcel.model(&weights).expect("as many numbers as its sizes ask for");
        Network::new("deep.json", &parcel, &[Some(0)], &model)
    };
    assert!(deep(16).is_some_and(|network| network.parcel().is_some()));
    assert_eq!(deep(17), None);
}

#[test]
fn a_network_of_a_file_with_too_many_numbers_is_left_out() {
    let mut state = Shared { network: Some(network()), ..Shared::default() };
    state.stepper.weights = WeightsFrom::File;
    state.network.as_mut().expect("there").weights = vec![0.5; MOST_WEIGHTS + 1];
    let link = write(&state);
    assert_eq!(link.left_out, [LeftOut::Weights]);
    let opened = read(&link.query, &link.fragment);
    assert_eq!((opened.state.network, opened.state.stepper.weights), (None, WeightsFrom::File));
}

#[test]
fn a_network_that_cannot_be_one_is_refused_before_anything_is_made_of_it() {
    let whole = network();
    let parcel = whole.parcel().expect("a network");
    let changes: [fn(&mut Parcel); 9] = [
        |parcel| parcel.layers[0].1 = 65_536,
        |parcel| parcel.layers.clear(),
        |parcel| parcel.layers[0].0 = "state a".into(),
        |parcel| parcel.input = 0,
        |parcel| parcel.output = 3,
        |parcel| parcel.labels = vec![2, 0],
        |parcel| parcel.inputs = vec![Some(2), None],
        |parcel| parcel.x = vec![0.5],
        |parcel| parcel.vocabulary.truncate(1),
    ];
    for (place, change) in changes.into_iter().enumerate() {
        let mut changed = parcel.clone();
        change(&mut changed);
        let text = serde_json::to_string(&changed).expect("JSON");
        assert_eq!(Network { parcel: text, ..whole.clone() }.parcel(), None, "{place}");
    }
    for weights in [vec![0.5; 15], vec![f64::NAN; 16]] {
        assert_eq!(Network { weights, ..whole.clone() }.parcel(), None);
    }
    for text in ["", "{}", "[]", "{\"layers\":1}"] {
        assert_eq!(Network { parcel: text.into(), ..whole.clone() }.parcel(), None);
    }
}
