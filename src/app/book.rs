//! The book: its contents, and a chapter with the article written at build time.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::browser::{
    READING_KEY, after, base, document, facts, of_this_build, remember, remembered, window_size,
};
use super::classroom::follow_sections;
use super::language::{gap, say};
use super::link::set_link;
use super::shell::title_of;
use super::{article, to, to_in};
use crate::view::address::{CHAPTERS, Language, Page, issues};

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

/// What a chapter is about, as it says itself.
fn lead(id: &str) -> &'static str {
    match id {
        "notation" => say!(shell.lead_notation),
        "vectors" => say!(shell.lead_vectors),
        "recurrent" => say!(shell.lead_recurrent),
        "language-model" => say!(shell.lead_language_model),
        "sampling" => say!(shell.lead_sampling),
        "gradients" => say!(shell.lead_gradients),
        "gru" => say!(shell.lead_gru),
        "lstm" => say!(shell.lead_lstm),
        _ => "",
    }
}

/// The list of chapters, as on Home and on the contents page, where it says what each is about.
#[component]
pub fn ChapterList(#[prop(optional)] with_leads: bool) -> impl IntoView {
    let lines = CHAPTERS
        .iter()
        .enumerate()
        .map(|(i, chapter)| {
            let page = Page::Chapter((*chapter).to_owned());
            view! {
                <li>
                    <a href=to(&page)><span class="chapter-number" aria-hidden="true">{i + 1}</span>{title(chapter)}</a>
                    {with_leads.then(|| view! { <p>{lead(chapter)}</p> })}
                </li>
            }
        })
        .collect_view();
    let going_on = remembered(READING_KEY).and_then(|kept| {
        let (chapter, section) = kept.split_once('#')?;
        CHAPTERS.contains(&chapter).then(|| {
            let section = if section.is_empty() { String::new() } else { format!("#{section}") };
            let address = format!("{}{section}", to(&Page::Chapter(chapter.to_owned())));
            view! { <p class="continue">{say!(shell.go_on)}{gap()}<a href=address data-testid="go-on">{title(chapter)}</a></p> }
        })
    });
    view! { {going_on}<ol class="chapters">{lines}</ol> }
}

/// The contents page.
#[component]
pub fn Contents() -> impl IntoView {
    view! {
        <div class="contents" data-testid="contents">
            <h1>{say!(shell.book)}</h1>
            <p class="lead">{say!(shell.book_lead)}</p>
            <ChapterList with_leads=true/>
            <p class="continue">
                <a href=to(&Page::Worksheets) data-testid="to-worksheets">{say!(shell.worksheets)}</a>{say!(shell.worksheets_lead)}
            </p>
            <p class="foot">
                <a href=to(&Page::Glossary)>{say!(shell.glossary)}</a>" · "
                <a href=to(&Page::Teachers) data-testid="to-teachers">{say!(classroom.teachers)}</a>
            </p>
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
    let sections = RwSignal::new(Vec::<(String, String)>::new());
    let reading = RwSignal::new(String::new());
    let here = current.clone();
    let is_about = page == Page::About;
    let show = move |article: Element| {
        if let Some(place) = place.try_get_untracked().flatten() {
            if let Ok(Some(heading)) = article.query_selector("h1") {
                title_of(&heading.text_content().unwrap_or_default());
            }
            place.replace_children_with_node_1(&article);
            sections.try_set(headings(&article).into_iter().map(|(id, title, _)| (id, title)).collect());
            if is_about {
                add_issues(&article);
            }
            scroll_to_hash();
            live_figures(&article);
        }
    };
    on_cleanup(|| live_figures(&JsValue::NULL));
    follow_reading(here, place, reading);
    let follow = matches!(page, Page::Chapter(_)).then(|| follow_sections(place, sections));
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
    if page == Page::Worksheets {
        set_link(|| sheet_link().unwrap_or_else(|| window().location().href().unwrap_or_default()));
    }
    let has_contents = !matches!(page, Page::About | Page::Worksheets | Page::Teachers);
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
                    {is_on.then(|| view! { <Sections sections reading/> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="book-page" class:alone=!has_contents data-testid="chapter">
            {has_contents.then(|| view! { <nav class="toc" aria-label=say!(shell.contents)><ol>{lines}</ol></nav> })}
            <div
                class="article"
                node_ref=place
                on:click=move |event| follow.iter().for_each(|follow| follow(&event))
            ></div>
            <p class="article-failed" role="alert" hidden=move || !failed.get() data-testid="chapter-failed">
                {say!(shell.chapter_failed)}
                <button class="ghost" on:click=move |_| load()>{say!(shell.try_again)}</button>
            </p>
        </div>
    }
}

/// The link to the sheet in view, as its figure says it.
fn sheet_link() -> Option<String> {
    let field = document().query_selector("#figure-worksheet .fig-copy").ok().flatten()?;
    field.text_content().filter(|link| !link.is_empty())
}

/// The sections of the chapter in view, under its line.
#[component]
fn Sections(sections: RwSignal<Vec<(String, String)>>, reading: RwSignal<String>) -> impl IntoView {
    let lines = move || {
        sections
            .get()
            .into_iter()
            .map(|(id, title)| {
                let own = id.clone();
                let is_on = Memo::new(move |_| reading.with(|reading| *reading == own));
                view! { <li><a href=format!("#{id}") class:on=is_on>{title}</a></li> }
            })
            .collect_view()
    };
    view! { <ol class="toc-sections">{lines}</ol> }
}

/// Ids, titles and heights of an article's sections.
fn headings(article: &Element) -> Vec<(String, String, f64)> {
    let found = article.query_selector_all("h2[id]").ok();
    let found = found.iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found
        .filter_map(|node| node.dyn_into::<Element>().ok())
        .map(|heading| {
            // One that is put away, while another section is presented, stands nowhere.
            let is_shown = heading.get_client_rects().length() > 0;
            let top = if is_shown { heading.get_bounding_client_rect().top() } else { f64::INFINITY };
            (heading.id(), heading.text_content().unwrap_or_default(), top)
        })
        .collect()
}

/// Remembers which section is read, so that the contents can lead back to it.
fn follow_reading(chapter: String, place: NodeRef<html::Div>, reading: RwSignal<String>) {
    let due = StoredValue::new(false);
    let look = move || {
        due.try_set_value(false);
        let Some(place) = place.try_get_untracked().flatten() else { return };
        // The last heading that has passed the upper third of the window.
        let limit = window_size().1 / 3.0;
        let read = headings(&place).into_iter().rfind(|(_, _, top)| *top < limit);
        let section = read.map(|(id, _, _)| id).unwrap_or_default();
        if reading.try_get_untracked().is_some_and(|before| before != section) {
            reading.set(section.clone());
        }
        if !chapter.is_empty() {
            remember(READING_KEY, &format!("{chapter}#{section}"));
        }
    };
    let on_scroll = window_event_listener(leptos::ev::scroll, move |_| {
        if due.try_get_value() == Some(false) {
            due.set_value(true);
            after(250, look.clone());
        }
    });
    on_cleanup(move || on_scroll.remove());
}

/// Goes to the heading or figure that the address names, once it is there.
fn scroll_to_hash() {
    let hash = window().location().hash().unwrap_or_default();
    let target = hash.strip_prefix('#').filter(|id| !id.is_empty());
    if let Some(target) = target.and_then(|id| document().get_element_by_id(id)) {
        target.scroll_into_view();
    }
}

/// Below the words on mistakes, the address where they are reported, where it is known.
fn add_issues(article: &Element) {
    let host = window().location().hostname().unwrap_or_default();
    let words = article.query_selector("#mistakes + p").ok().flatten();
    if let (Some(address), Some(words)) = (issues(env!("CARGO_PKG_REPOSITORY"), &host, base()), words)
        && let (Ok(line), Ok(link)) = (document().create_element("p"), document().create_element("a"))
    {
        let _ = link.set_attribute("href", &address);
        link.set_text_content(Some(&address));
        let _ = line.append_child(&link);
        let _ = words.after_with_node_1(&line);
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
    let response = JsFuture::from(window().fetch_with_str(&of_this_build(address))).await.ok()?;
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
