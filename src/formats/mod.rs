//! Experiment and trace files, training logs, drawn tokens.
