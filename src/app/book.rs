//! The book: its contents, and a chapter with the article written at build time.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::browser::{document, facts, window};
use super::language::say;
use super::shell::title_of;
use super::{article, to, to_in};
use crate::view::address::{CHAPTERS, Language, Page};

/// The title of a chapter.
pub fn title(chapter: &str) -> &'static str {
    match chapter {
        "notation" => say!(shell.chapter_notation),
        "vectors" => say!(shell.chapter_vectors),
        "recurrent" => say!(shell.chapter_recurrent),
        "language-model" => say!(shell.chapter_language_model),
        "sampling" => say!(shell.chapter_sampling),
        "gradients" => say!(shell.chapter_gradients),
        "gru" => say!(shell.chapter_gru),
        "lstm" => say!(shell.chapter_lstm),
        _ => say!(shell.book),
    }
}

/// The list of chapters, as on Home and on the contents page.
#[component]
pub fn ChapterList() -> impl IntoView {
    let lines = CHAPTERS
        .iter()
        .enumerate()
        .map(|(i, chapter)| {
            let page = Page::Chapter((*chapter).to_owned());
            view! {
                <li><a href=to(&page)><span class="chapter-number" aria-hidden="true">{i + 1}</span>{title(chapter)}</a></li>
            }
        })
        .collect_view();
    view! { <ol class="chapters">{lines}</ol> }
}

/// The contents page.
#[component]
pub fn Contents() -> impl IntoView {
    view! {
        <div class="contents" data-testid="contents">
            <h1>{say!(shell.book)}</h1>
            <p class="lead">{say!(shell.book_lead)}</p>
            <ChapterList/>
        </div>
    }
}

/// A chapter, the contents at its left; or another page that is written as a text.
#[component]
pub fn Chapter(
    /// Its language.
    language: Language,
    /// Its page.
    page: Page,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    let current = match &page {
        Page::Chapter(chapter) => chapter.clone(),
        _ => String::new(),
    };
    let address = to_in(language, &page);
    let show = move |article: Element| {
        if let Some(place) = place.try_get_untracked().flatten() {
            if let Ok(Some(heading)) = article.query_selector("h1") {
                title_of(&heading.text_content().unwrap_or_default());
            }
            place.replace_children_with_node_1(&article);
            live_figures(&article);
        }
    };
    on_cleanup(|| live_figures(&JsValue::NULL));
    let load = move || {
        failed.set(false);
        let address = address.clone();
        spawn_local(async move {
            match fetch_article(&address).await {
                Some(article) => show(article),
                None => drop(failed.try_set(true)),
            }
        });
    };
    let taken = StoredValue::new_local(article::taken(language, &page));
    let first_load = load.clone();
    Effect::new(move |_| {
        if place.get().is_some() {
            match taken.try_update_value(Option::take).flatten() {
                Some(article) => show(article),
                None => first_load(),
            }
        }
    });
    let has_contents = page != Page::About;
    let lines = CHAPTERS
        .iter()
        .enumerate()
        .map(|(i, chapter)| {
            let is_on = *chapter == current;
            let page = Page::Chapter((*chapter).to_owned());
            view! {
                <li>
                    <a href=to(&page) class:on=is_on aria-current=is_on.then_some("page")>
                        <span class="chapter-number" aria-hidden="true">{i + 1}</span>
                        {title(chapter)}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="book-page" class:alone=!has_contents data-testid="chapter">
            {has_contents.then(|| view! { <nav class="toc" aria-label=say!(shell.contents)><ol>{lines}</ol></nav> })}
            <div class="article" node_ref=place></div>
            <p class="article-failed" role="alert" hidden=move || !failed.get() data-testid="chapter-failed">
                {say!(shell.chapter_failed)}
                <button class="ghost" on:click=move |_| load()>{say!(shell.try_again)}</button>
            </p>
        </div>
    }
}

/// Has the start script bring an article's figures to life; without an article, the last one's figures end.
fn live_figures(article: &JsValue) {
    let mount = facts("figures").and_then(|mount| mount.dyn_into::<js_sys::Function>().ok());
    if let Some(mount) = mount {
        let _ = mount.call1(&JsValue::NULL, article);
    }
}

/// The article of another page of the book, from that page's own file: written by the build, so of known content.
async fn fetch_article(address: &str) -> Option<Element> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    let parser = web_sys::DomParser::new().ok()?;
    let parsed = parser.parse_from_string(&text, web_sys::SupportedType::TextHtml).ok()?;
    let article = parsed.query_selector("#static article").ok()??;
    document().import_node_with_deep(&article, true).ok()?.dyn_into().ok()
}
