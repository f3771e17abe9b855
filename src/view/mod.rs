//! Pure: formulas, diagram layout, scales, colour maps, the link codec, the stepper's state as a function of (link, step).
