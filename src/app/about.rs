//! What this follows, licences, privacy.

use leptos::prelude::*;

use super::language::say;

/// The page.
#[component]
pub fn About() -> impl IntoView {
    view! {
        <div class="prose narrow" data-testid="about">
            <h1>{say!(shell.about)}</h1>
            <p class="lead">{say!(shell.about_lead)}</p>
            <h2>{say!(shell.about_follows_title)}</h2>
            <p>{say!(shell.about_follows)}</p>
            <h2>{say!(shell.about_privacy_title)}</h2>
            <p>{say!(shell.about_privacy)}</p>
            <h2>{say!(shell.about_numbers_title)}</h2>
            <p>{say!(shell.about_numbers)}</p>
            <h2>{say!(shell.about_licences_title)}</h2>
            <p>{say!(shell.about_licences)}</p>
            <h2>{say!(shell.about_limits_title)}</h2>
            <p>{say!(shell.about_limits)}</p>
        </div>
    }
}
