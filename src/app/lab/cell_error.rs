//! What is wrong with a cell's text, as a sentence: one for each of the engine's codes.

use crate::app::language::say;
use crate::view::words::fill;

/// The sentence of a code, with what it names. A code of another build names itself.
pub fn sentence(code: &str, arguments: &[(String, String)]) -> String {
    let sentence = match code {
        "too-many-lines" => say!(errors.cell_too_many_lines),
        "line-too-long" => say!(errors.cell_line_too_long),
        "too-deep" => say!(errors.cell_too_deep),
        "unexpected-character" => say!(errors.cell_unexpected_character),
        "bad-time" => say!(errors.cell_bad_time),
        "divides-by-zero" => say!(errors.cell_divides_by_zero),
        "bad-number" => say!(errors.cell_bad_number),
        "bad-exponent" => say!(errors.cell_bad_exponent),
        "expected-value" => say!(errors.cell_expected_value),
        "expected-value-at-end" => say!(errors.cell_expected_value_at_end),
        "unexpected-token" => say!(errors.cell_unexpected_token),
        "not-an-equation" => say!(errors.cell_not_an_equation),
        "unclosed-bracket" => say!(errors.cell_unclosed_bracket),
        "unopened-bracket" => say!(errors.cell_unopened_bracket),
        "empty-stack" => say!(errors.cell_empty_stack),
        "function-without-argument" => say!(errors.cell_function_without_argument),
        "too-many-arguments" => say!(errors.cell_too_many_arguments),
        "unknown-function" => say!(errors.cell_unknown_function),
        "unknown-function-nearest" => say!(errors.cell_unknown_function_nearest),
        "activation-missing" => say!(errors.cell_activation_missing),
        "not-an-activation" => say!(errors.cell_not_an_activation),
        "bad-directive" => say!(errors.cell_bad_directive),
        "directive-twice" => say!(errors.cell_directive_twice),
        "directive-in-head" => say!(errors.cell_directive_in_head),
        "missing-state" => say!(errors.cell_missing_state),
        "state-twice" => say!(errors.cell_state_twice),
        "reserved" => say!(errors.cell_reserved),
        "target-not-now" => say!(errors.cell_target_not_now),
        "assigned-twice" => say!(errors.cell_assigned_twice),
        "state-never-assigned" => say!(errors.cell_state_never_assigned),
        "output-never-assigned" => say!(errors.cell_output_never_assigned),
        "used-before-defined" => say!(errors.cell_used_before_defined),
        "used-before-defined-state" => say!(errors.cell_used_before_defined_state),
        "unknown-name" => say!(errors.cell_unknown_name),
        "unknown-name-nearest" => say!(errors.cell_unknown_name_nearest),
        "needs-time" => say!(errors.cell_needs_time),
        "previous-of-no-state" => say!(errors.cell_previous_of_no_state),
        "previous-of-outside" => say!(errors.cell_previous_of_outside),
        "left-factor-not-matrix" => say!(errors.cell_left_factor_not_matrix),
        "matrix-without-product" => say!(errors.cell_matrix_without_product),
        "cannot-multiply" => say!(errors.cell_cannot_multiply),
        "cannot-combine" => say!(errors.cell_cannot_combine),
        "wrong-rows" => say!(errors.cell_wrong_rows),
        "head-lines" => say!(errors.cell_head_lines),
        "head-pair" => say!(errors.cell_head_pair),
        other => return other.to_owned(),
    };
    let values: Vec<(&str, &str)> =
        arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fill(sentence, &values)
}
