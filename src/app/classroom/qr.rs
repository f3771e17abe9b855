//! A link as a QR code: small in the dialog, as large as the screen for a class.

use leptos::prelude::*;

use crate::app::language::{say, say_with};
use crate::app::parts::Dialog;
use crate::view::number::count;
use crate::view::qr::{Code, LONGEST, TooLong, code};

/// The code of a link, or why there is none.
#[component]
pub fn Qr(#[prop(into)] link: Signal<String>) -> impl IntoView {
    let is_large = RwSignal::new(false);
    let made = Memo::new(move |_| link.with(|link| code(link)));
    move || {
        match made.get() {
        Ok(code) => {
            let large = code.clone();
            view! {
                <div class="qr-row">
                    {picture(&code, "qr")}
                    <div class="share-part">
                        <p class="muted">{say!(classroom.qr_text)}</p>
                        <button class="ghost" type="button" data-testid="qr-enlarge" on:click=move |_| is_large.set(true)>
                            {say!(classroom.qr_large)}
                        </button>
                    </div>
                </div>
                <Dialog open=is_large title=say!(classroom.qr_title) testid="qr-dialog">
                    {picture(&large, "qr-large")}
                </Dialog>
            }
            .into_any()
        }
        Err(TooLong { bytes }) => view! {
            <p data-testid="qr-too-long">
                {say_with!(classroom.qr_too_long; "bytes" => count(bytes as u64), "most" => count(LONGEST as u64))}
            </p>
        }
        .into_any(),
    }
    }
}

/// Dark squares on white in either theme: a camera looks for dark on light.
fn picture(code: &Code, name: &'static str) -> impl IntoView + use<> {
    let size = code.size;
    view! {
        <svg
            class=name
            viewBox=format!("0 0 {size} {size}")
            role="img"
            aria-label=say!(classroom.qr_name)
            shape-rendering="crispEdges"
            data-testid=name
        >
            <rect class="qr-paper" width=size height=size></rect>
            <path class="qr-ink" d=code.path.clone()></path>
        </svg>
    }
}
