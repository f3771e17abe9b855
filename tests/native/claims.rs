//! What the chapters claim about behaviour, each claim with its test.
//!
//! A line names the chapter, the section and words of the claim as they stand in the English text; both languages have
//! the section. Where the words are no longer there, the claim was changed: look at its test, too.

use std::fs;

mod figures;
mod gated;
mod gradients;
mod language;
mod recurrent;
mod setup;
mod tasks;
mod training;
mod writing;

#[track_caller]
fn stands(chapter: &str, section: &str, words: &str) {
    let read = |language: &str| {
        let path = format!("{}/content/{language}/{chapter}.md", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let anchor = format!("{{#{section}}}");
    assert!(read("zh").contains(&anchor), "content/zh/{chapter}.md has no section {section}");
    let english = read("en");
    let (_, from) =
        english.split_once(&anchor).unwrap_or_else(|| panic!("{chapter} has no section {section}"));
    let text = from.split("\n## ").next().unwrap_or_default();
    assert!(text.contains(words), "{chapter}#{section} no longer says “{words}”");
}

/// Claims that are tried beside the figures that show them: chapter, section, words, then file and test.
const BESIDE_FIGURES: [[&str; 5]; 14] = [
    [
        "recurrent",
        "check",
        "7 to 9 digits agree",
        "recurrent_figures",
        "two_ways_to_a_gradient_agree_to_about_eight_digits",
    ],
    ["recurrent", "kinds", "One-to-one", "tasks", "opposites_are_learnt_by_heart"],
    ["recurrent", "kinds", "One-to-many", "tasks", "names_are_continued_better_than_by_the_commonest_letter"],
    ["recurrent", "kinds", "Many-to-one", "tasks", "sentences_are_judged_and_negation_turns_them"],
    [
        "recurrent",
        "kinds",
        "which words are names",
        "tasks",
        "names_are_told_from_nouns_by_what_stands_before_them",
    ],
    [
        "recurrent",
        "kinds",
        "starts from the encoder's final state",
        "tasks",
        "a_decoder_writes_backwards_what_an_encoder_has_read",
    ],
    [
        "language-model",
        "uses",
        "A **spelling corrector** compares",
        "figures_trained",
        "a_trained_model_ranks_the_right_spelling_first",
    ],
    [
        "language-model",
        "continuation",
        "what comes after a question is its answer",
        "figures_trained",
        "a_question_of_the_pairs_is_answered_as_the_pairs_do",
    ],
    [
        "gradients",
        "vanishing",
        "full GRU and LSTM then lose more",
        "chapter_gradients",
        "open_gates_carry_the_gradient_and_half_open_ones_lose_more_than_the_rnn",
    ],
    [
        "gradients",
        "exploding",
        "The training has failed",
        "chapter_gradients",
        "the_run_of_the_chapter_diverges_and_clipping_saves_it",
    ],
    [
        "gradients",
        "against-exploding",
        "clipping helps with nearly every seed",
        "chapter_gradients",
        "the_run_of_the_chapter_diverges_and_clipping_saves_it",
    ],
    [
        "gradients",
        "against-vanishing",
        "mostly less arrives than with",
        "chapter_gradients",
        "remedies_do_through_time_what_the_chapter_says",
    ],
    [
        "gradients",
        "against-vanishing",
        "can overshoot, so that the gradient grows",
        "chapter_gradients",
        "remedies_do_through_time_what_the_chapter_says",
    ],
    [
        "gru",
        "reset",
        "Ten runs of 200 updates, all of them shown",
        "gated_figures",
        "running_sums_show_every_run_and_the_full_cell_ahead_with_most_seeds",
    ],
];

#[test]
fn a_claim_that_is_tried_beside_its_figure_stands_and_has_its_test() {
    for [chapter, section, words, file, test] in BESIDE_FIGURES {
        stands(chapter, section, words);
        let path = format!("{}/tests/native/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(source.contains(&format!("#[test]\nfn {test}()")), "{file} has no test {test}");
    }
}

macro_rules! claims {
    ($($chapter:literal # $section:literal $words:literal => $file:ident :: $name:ident)*) => {
        $(
            #[test]
            fn $name() {
                stands($chapter, $section, $words);
                $file::$name();
            }
        )*
    };
}

claims! {
    "notation" # "samples" "the network stands still"
        => recurrent::where_the_mask_is_0_the_state_stands_still_and_nothing_is_learnt
    "vectors" # "unknown" "can look good by its numbers"
        => writing::a_small_vocabulary_has_a_low_loss_and_says_little
    "vectors" # "column" "Only the columns of those symbols that occur as an input"
        => recurrent::only_columns_of_symbols_that_are_an_input_can_learn
    "vectors" # "column" "often end up with similar columns"
        => recurrent::symbols_used_alike_get_similar_columns
    "vectors" # "column" "Symbols that are used in similar ways"
        => figures::symbols_used_alike_come_to_have_columns_alike
    "recurrent" # "state" "both forms give the same numbers"
        => recurrent::both_forms_of_the_equation_give_the_same_numbers
    "recurrent" # "state" "many steps would amount to one linear map"
        => recurrent::without_a_bent_function_the_steps_are_one_linear_map
    "recurrent" # "first-step" "whatever the sentence is"
        => recurrent::the_first_state_is_tanh_of_the_bias_whatever_the_sentence_is
    "recurrent" # "loss" "the sum over its steps"
        => recurrent::losses_of_the_steps_add_up_and_the_gradient_of_the_logits_sums_to_0
    "recurrent" # "backward" "the product with a zero column is a zero matrix"
        => recurrent::the_first_step_adds_nothing_to_the_recurrent_matrix

    "recurrent" # "kinds" "when a sentence is judged at its end it stays behind"
        => tasks::the_plain_cell_stays_behind_where_a_sentence_is_judged_and_not_where_it_is_reversed

    "gradients" # "product" "It says how the new state depends on the old one"
        => gradients::the_gradient_is_the_product_of_the_jacobians
    "gradients" # "product" "makes growth possible, but does not force it"
        => gradients::a_spectral_radius_above_1_allows_growth_and_does_not_force_it
    "gradients" # "vanishing" "It fits what is near and misses what is far"
        => training::a_network_fits_what_is_near_and_misses_what_is_far_while_the_loss_goes_down
    "gradients" # "vanishing" "the late steps add shares of ordinary size"
        => gradients::the_gradient_of_the_input_matrix_does_not_vanish_with_that_of_the_first_state
    "gradients" # "exploding" "Afterwards turn clipping on, lower the rate"
        => training::the_linked_run_explodes_and_is_stable_with_clipping_and_a_lower_rate
    "gradients" # "against-exploding" "Gradient clipping"
        => training::clipping_alone_prevents_the_explosion_at_the_same_rate
    "gradients" # "against-vanishing" "the gradient has a path down on which nothing shrinks it"
        => gradients::in_depth_the_gradient_vanishes_and_a_residual_connection_keeps_it
    "gradients" # "against-exploding" "The direction stays"
        => gradients::clipping_keeps_the_direction_and_shortens
    "gradients" # "against-exploding" "pulls the weights gently towards zero"
        => training::l2_pulls_the_weights_towards_0
    "gradients" # "against-vanishing" "a unit that is always negative learns nothing more"
        => gradients::a_relu_unit_that_is_always_negative_learns_nothing_and_a_leaky_one_does
    "gradients" # "against-vanishing" "None of them bounds the state"
        => gradients::tanh_bounds_the_state_and_the_others_do_not
    "gradients" # "against-vanishing" "signals keep about their size"
        => gradients::xavier_and_he_keep_the_size_of_signals_and_other_sizes_lose_it
    "gradients" # "against-vanishing" "slopes near 0 meet large factors"
        => gradients::large_weights_saturate_tanh_and_normalisation_gives_the_slope_back
    "gradients" # "against-vanishing" "It has none of these problems"
        => gradients::batch_normalisation_has_nothing_to_go_by_with_one_sample

    "language-model" # "labels" "learns to copy it"
        => language::a_network_that_sees_its_label_learns_to_copy_it
    "language-model" # "chain-rule" "too small for a computer's numbers"
        => language::the_product_of_a_thousand_factors_is_too_small_and_the_sum_is_not
    "language-model" # "perplexity" "usually starts near $\\log V$"
        => language::an_untrained_network_starts_near_the_logarithm_of_v
    "language-model" # "perplexity" "begins to learn by heart"
        => language::a_model_that_learns_by_heart_gets_worse_on_what_it_has_not_seen
    "language-model" # "fine-tuning" "the loss on the general text often rises again"
        => language::fine_tuning_needs_fewer_updates_and_forgets_what_is_no_longer_shown
    "language-model" # "fine-tuning" "has after 180 at most"
        => tasks::pre_training_saves_updates_on_the_pairs
    "language-model" # "fine-tuning" "with the same questions asked before and after"
        => tasks::the_same_questions_are_answered_after_the_fine_tuning_and_not_before

    "sampling" # "loop" "gives the same text every time"
        => language::the_most_probable_symbol_gives_the_same_text_every_time_and_a_seed_its_own
    "sampling" # "loop" "one that goes round in circles"
        => writing::the_most_probable_symbols_go_round_in_circles
    "sampling" # "reading" "the next guess is then often worse"
        => writing::after_a_slip_the_next_guesses_are_worse
    "sampling" # "loop" "in about one of five draws"
        => language::a_symbol_of_probability_one_fifth_comes_in_one_of_five_draws
    "sampling" # "temperature" "The order of the symbols never changes"
        => language::temperature_keeps_the_order_and_a_larger_one_levels
    "sampling" # "tail" "small where the model is sure"
        => language::the_nucleus_is_small_where_the_model_is_sure
    "sampling" # "reading" "the samples improve from the near to the far"
        => language::samples_improve_from_the_near_to_the_far

    "gru" # "update" "The new value always lies between the old one and the candidate"
        => gated::a_new_value_of_a_gru_lies_between_old_and_candidate
    "gru" # "update" "keeps the old state to the last digit"
        => gated::a_gate_held_at_0_keeps_the_old_state_to_the_last_digit
    "gru" # "gradient" "No matrix, no slope"
        => gated::the_direct_way_multiplies_by_what_the_gate_leaves
    "gru" # "gradient" "it must have learnt to stay shut"
        => training::a_gated_cell_learns_to_reach_further_than_a_plain_one
    "gru" # "reset" "With 1 it is the simplified cell"
        => gated::the_full_cell_with_an_open_reset_gate_is_the_simplified_one
    "gru" # "reset" "The unit itself is not erased"
        => gated::with_the_reset_gate_shut_the_candidate_depends_on_the_input_only
    "gru" # "reset" "The full one, as a rule"
        => tasks::on_running_sums_the_full_gru_is_ahead_also_of_a_simplified_one_with_as_many_weights
    "gru" # "reset" "its reset gates are lower than at a"
        => tasks::in_the_full_gru_reset_gates_are_lower_where_a_sum_begins_anew_and_the_cell_makes_use_of_it
    "gru" # "reset" "trained for longer, both learn the task"
        => tasks::trained_for_longer_both_forms_of_the_gru_learn_running_sums
    "lstm" # "gates" "The third line is what a GRU cannot do"
        => gated::an_lstm_can_count_and_a_gru_cannot
    "lstm" # "effect" "the same for any sentence"
        => gated::shut_output_gates_hide_the_memory_and_keep_it
    "lstm" # "effect" "the unit is deaf for one step"
        => gated::a_shut_forget_gate_loses_the_past_and_a_shut_update_gate_is_deaf
    "lstm" # "backward" "It cannot explode on this path"
        => gated::along_the_memory_the_gradient_is_multiplied_by_forget_gates_and_cannot_explode
    "lstm" # "backward" "the memory lasts longer from the very beginning"
        => gated::a_forget_bias_of_1_makes_an_untrained_memory_last_longer
}
