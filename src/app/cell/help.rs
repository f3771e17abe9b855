//! What a text may hold, and how its signs are typed.

use leptos::prelude::*;

use crate::app::language::{gap, say};
use crate::app::parts::Kbd;

/// The two folded lists.
#[component]
pub fn Help() -> impl IntoView {
    let row = |written: &'static str, meaning: &'static str| {
        view! { <dt><code>{written}</code></dt><dd>{meaning}</dd> }
    };
    view! {
        <p class="muted cell-hint" id="cell-keys">
            <code>"\\Gamma"</code>", "<code>"Gamma_"</code>" → "<code>"Γ"</code>" · "
            <code>"\\sigma"</code>", "<code>"sigma("</code>" → "<code>"σ"</code>" · "
            <code>"<t"</code>" → "<code>"<t>"</code>". "
            <Kbd key="Tab"/>" "{say!(cell.tab)}{gap()}{say!(cell.undo)}
        </p>
        <details class="cell-help" data-testid="cell-help">
            <summary>{say!(cell.help)}</summary>
            <dl>
                {row("state a, c", say!(cell.help_state))}
                {row("output o", say!(cell.help_output))}
                {row("activation g = tanh", say!(cell.help_activation))}
                {row("a<t> = …", say!(cell.help_equation))}
                {row("a<t-1>, x<t>", say!(cell.help_time))}
                {row("W_f [a<t-1>, x<t>]", say!(cell.help_product))}
                {row("Γ_f * c<t-1>", say!(cell.help_element))}
                {row("b_f, p_f, W_f", say!(cell.help_parameter))}
                {row("σ tanh relu leaky_relu swish exp log softmax sum layernorm batchnorm", say!(cell.help_functions))}
                {row("# …", say!(cell.help_comment))}
            </dl>
        </details>
    }
}
