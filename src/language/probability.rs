//! The probability of a whole sequence by the chain rule: `P(y<1>, …, y<T>) = Π P(y<t> | y<1>, …, y<t-1>)`.

/// What the factors of a sequence add up to. Nats everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SequenceProbability {
    /// log P of each symbol given those before it (T).
    pub log_probabilities: Vec<f64>,
    /// P of each symbol given those before it (T).
    pub probabilities: Vec<f64>,
    /// Sum of the logarithms up to and with each step (T).
    pub log_sums: Vec<f64>,
    /// Product of the factors. It underflows to 0 for long sequences; the sum does not.
    pub product: f64,
    /// log P of the whole sequence.
    pub log_product: f64,
    /// exp of the mean of −log P: how many equally likely choices a step is worth. 1 for an empty sequence.
    pub perplexity: f64,
}

/// Writes the logarithm of the softmax of `logits` (V) over them: z − max − log Σ exp(z − max).
pub fn log_softmax(logits: &mut [f64]) {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_sum = libm::log(logits.iter().map(|&z| libm::exp(z - max)).sum());
    for z in logits {
        *z = *z - max - log_sum;
    }
}

/// From log P of each symbol (T), in nats.
pub fn from_log_probabilities(log_probabilities: &[f64]) -> SequenceProbability {
    let mut log_product = 0.0;
    let mut log_sums = Vec::with_capacity(log_probabilities.len());
    for log_probability in log_probabilities {
        log_product += log_probability;
        log_sums.push(log_product);
    }
    let probabilities: Vec<f64> = log_probabilities.iter().map(|&log| libm::exp(log)).collect();
    SequenceProbability {
        product: probabilities.iter().product(),
        perplexity: perplexity(-log_product, log_probabilities.len()),
        log_probabilities: log_probabilities.to_vec(),
        probabilities,
        log_sums,
        log_product,
    }
}

/// From the logits of each step (T rows of V) and the symbol that stands there. Steps whose label is not below V
/// (unknown, or padding) are left out.
pub fn from_logits<'l>(steps: impl IntoIterator<Item = (&'l [f64], i32)>) -> SequenceProbability {
    let mut log_probabilities = Vec::new();
    let mut row = Vec::new();
    for (logits, label) in steps {
        row.clear();
        row.extend_from_slice(logits);
        log_softmax(&mut row);
        log_probabilities.extend(usize::try_from(label).ok().and_then(|label| row.get(label)));
    }
    from_log_probabilities(&log_probabilities)
}

/// exp(nats / symbols); 1 where there is no symbol.
pub fn perplexity(nats: f64, symbols: usize) -> f64 {
    if symbols == 0 { 1.0 } else { libm::exp(nats / symbols as f64) }
}
