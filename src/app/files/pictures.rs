//! "SVG" and "PNG" under a drawing of Stepper or Lab.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use web_sys::Element;

use crate::app::language::{say, say_with};
use crate::app::parts::use_announcer;
use crate::app::picture::{save_png, save_svg};
use crate::view::formula::Piece;

/// The two buttons.
#[component]
pub fn PictureTools(
    /// Where the drawing stands, as an `svg`.
    place: NodeRef<html::Div>,
    /// How its file is called.
    #[prop(into)]
    name: String,
    /// The lines under it.
    #[prop(into)]
    formulas: Signal<Vec<Vec<Piece>>>,
    /// For tests; `-svg` and `-png`.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let announcer = use_announcer();
    let failed = RwSignal::new(false);
    let drawing = move || -> Option<(Element, String)> {
        let svg = place.get_untracked()?.query_selector("svg").ok().flatten()?;
        let title = svg.get_attribute("aria-label");
        let title = title.or_else(|| place.get_untracked()?.get_attribute("aria-label"));
        Some((svg, title.unwrap_or_default()))
    };
    let said = move |name: &str, done: bool| {
        failed.try_set(!done);
        if done {
            announcer.say(say_with!(files.downloaded; "name" => name));
        }
    };
    let (svg_name, png_name) = (name.clone(), name);
    let svg = move |_| {
        let done = drawing()
            .is_some_and(|(root, title)| save_svg(&svg_name, &root, &title, &formulas.get_untracked()));
        said(&format!("{svg_name}.svg"), done);
    };
    let png = move |_| {
        let name = png_name.clone();
        let Some((root, title)) = drawing() else { return said(&name, false) };
        let formulas = formulas.get_untracked();
        spawn_local(async move {
            let done = save_png(name.clone(), root, title, formulas).await;
            said(&format!("{name}.png"), done);
        });
    };
    view! {
        <div class="picture-tools">
            <button class="ghost small" type="button" aria-label=say!(files.svg_of) data-testid=format!("{testid}-svg") on:click=svg>
                {say!(files.svg)}
            </button>
            <button class="ghost small" type="button" aria-label=say!(files.png_of) data-testid=format!("{testid}-png") on:click=png>
                {say!(files.png)}
            </button>
        </div>
        <p class="notes muted" role="status" hidden=move || !failed.get()>{say!(files.picture_failed)}</p>
    }
}
