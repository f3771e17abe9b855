//! A chapter presented: one section at a time, figures as wide as the screen, a press for a question and one for its answer.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, HtmlElement, MouseEvent};

use super::{set_deck, use_classroom};
use crate::app::browser::{after, document, window, window_size};
use crate::app::language::say_with;
use crate::view::present::{Move, Page};

/// Pixels at the bottom that the bar covers.
const BAR: f64 = 56.0;
/// Pixels above a figure that stands at the top of the window.
const ABOVE: f64 = 12.0;

/// Follows the article in a place; `arrived` changes when there is another one. What it gives is to hear of every press in
/// the place: while presenting, a link within the chapter leads to a section and not out of the presentation.
pub fn follow_sections(
    place: NodeRef<html::Div>,
    arrived: RwSignal<Vec<(String, String)>>,
) -> impl Fn(&MouseEvent) + Clone + 'static {
    let classroom = use_classroom();
    // The address that was asked for: the browser's own follows a moment later, and says which section is shown.
    let asked = use_location().hash;
    let at = RwSignal::new(0_usize);
    let article = move || {
        let place = place.try_get_untracked().flatten()?;
        place.query_selector("article").ok().flatten()
    };
    let show = move |section: usize| {
        let Some(article) = article() else { return };
        at.set(section);
        let sections = Sections::of(&article);
        sections.show_only(section);
        window().scroll_to_with_x_and_y(0.0, 0.0);
        sections.keep_address(section);
        classroom.place.set(say_with!(classroom.section; "n" => section + 1, "of" => sections.0.len(), "title" => sections.title(section)));
    };
    // Goes to what an address names after its `#`; nothing: the beginning. Whether it is there.
    let go_to = move |hash: &str| {
        let id = hash.trim_start_matches('#');
        let target = document().get_element_by_id(id);
        let found = article().and_then(|article| Sections::of(&article).with(target.as_ref()?));
        let section = if id.is_empty() { Some(0) } else { found };
        section.into_iter().for_each(show);
        // A figure or a paragraph stands somewhere below the heading.
        if let Some(target) = target.filter(|target| found.is_some() && target.tag_name() != "H2") {
            target.scroll_into_view();
        }
        section.is_some()
    };
    Effect::new(move |before: Option<(bool, Option<Element>)>| {
        arrived.track();
        let is_on = classroom.is_presenting();
        let article = article();
        let Some(here) = article.clone() else { return (false, None) };
        let (was_on, old) = before.unwrap_or_default();
        if is_on {
            // Where a text has just arrived it has not been scrolled by anyone: the address says where to begin.
            let hash = if old == article { String::new() } else { asked.get_untracked() };
            if hash.is_empty() || !go_to(&hash) {
                show(Sections::of(&here).in_view());
            }
        } else if was_on {
            let article = here;
            let sections = Sections::of(&article);
            sections.show_all();
            // The reader goes on where the class ended, once everything has its usual size.
            let heading = sections.0.get(at.get_untracked()).and_then(|section| section.first().cloned());
            after(0, move || heading.iter().for_each(Element::scroll_into_view));
        }
        (is_on, article)
    });
    let is_on = move || classroom.lesson.with_untracked(|lesson| lesson.present);
    let changed = window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("hashchange"), move |_| {
        if is_on() {
            go_to(&window().location().hash().unwrap_or_default());
        }
    });
    on_cleanup(move || changed.remove());
    set_deck(move |to| {
        let Some(article) = article() else { return false };
        let count = Sections::of(&article).0.len();
        let now = at.get_untracked();
        let leap = |to: usize| {
            let is_there = to < count && to != now;
            if is_there {
                show(to);
            }
            is_there
        };
        match to {
            Move::Next => step(&article, true) || leap(now + 1),
            Move::Previous => step(&article, false) || now.checked_sub(1).is_some_and(leap),
            Move::NextLarge => leap(now + 1),
            Move::PreviousLarge => now.checked_sub(1).is_some_and(leap),
            Move::First => leap(0),
            Move::Last => leap(count.saturating_sub(1)),
            Move::Turn => false,
        }
    });
    move |event| {
        if is_on() && led_to(event).is_some_and(|hash| go_to(&hash)) {
            event.prevent_default();
        }
    }
}

/// The place on this very page that a pressed link leads to; none where it leads elsewhere, or is opened in a way of its own.
fn led_to(event: &MouseEvent) -> Option<String> {
    let is_chord = event.meta_key() || event.ctrl_key() || event.alt_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || is_chord {
        return None;
    }
    let pressed = event.target()?.dyn_into::<Element>().ok()?;
    let link = pressed.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let here = window().location();
    let is_here = link.origin() == here.origin().ok()? && link.pathname() == here.pathname().ok()?;
    // A link with the state of a figure in it is more than a place.
    let is_place = link.target().is_empty() && matches!(link.search().as_str(), "" | "?present=1");
    (is_here && is_place).then(|| link.hash())
}

/// One press within a section: the answer to the question that the press before showed is opened, else the page moves.
/// Whether anything was left to do.
fn step(article: &Element, is_on: bool) -> bool {
    let height = window_size().1 - BAR;
    let top = window().scroll_y().unwrap_or(0.0);
    let in_view = |selector: &str| {
        let shown = all(article, selector).into_iter();
        shown.filter(|element| element.get_client_rects().length() > 0).collect::<Vec<_>>()
    };
    let places = |elements: &[Element]| {
        elements.iter().map(|element| top + element.get_bounding_client_rect().top() - ABOVE).collect()
    };
    let questions = in_view("details.reveal:not([open])");
    let page = Page {
        figures: places(&in_view("figure[data-figure]")),
        questions: places(&questions),
        top,
        window: height,
        height: top + article.get_bounding_client_rect().bottom(),
    };
    let asked = page.opens().filter(|_| is_on);
    if let Some(question) = asked.and_then(|question| questions.get(question)) {
        let _ = question.set_attribute("open", "");
        let place = question.get_bounding_client_rect();
        if place.bottom() > height {
            window().scroll_by_with_x_and_y(0.0, (place.bottom() - height).min(place.top()));
        }
        return true;
    }
    let target = if is_on { page.next() } else { page.previous() };
    if let Some(target) = target {
        window().scroll_to_with_x_and_y(0.0, target);
    }
    target.is_some()
}

/// The sections of an article: what stands before the first heading, then a heading with what follows it.
struct Sections(Vec<Vec<Element>>);

impl Sections {
    fn of(article: &Element) -> Sections {
        let mut sections = vec![Vec::new()];
        let children = article.children();
        for child in (0..children.length()).filter_map(|at| children.item(at)) {
            if child.tag_name() == "H2" {
                sections.push(Vec::new());
            }
            if let Some(last) = sections.last_mut() {
                last.push(child);
            }
        }
        Sections(sections)
    }

    /// The last one whose heading has passed the upper third of the window. One that is put away has no place.
    fn in_view(&self) -> usize {
        let limit = window_size().1 / 3.0;
        let is_read = |section: &Vec<Element>| {
            section.first().is_some_and(|first| {
                first.get_client_rects().length() > 0 && first.get_bounding_client_rect().top() < limit
            })
        };
        self.0.iter().rposition(is_read).unwrap_or(0)
    }

    /// The one that an element stands in.
    fn with(&self, target: &Element) -> Option<usize> {
        self.0.iter().position(|section| section.iter().any(|element| element.contains(Some(target))))
    }

    fn show_only(&self, shown: usize) {
        for (at, section) in self.0.iter().enumerate() {
            for element in section {
                if at == shown {
                    let _ = element.remove_attribute("data-away");
                } else {
                    let _ = element.set_attribute("data-away", "");
                }
            }
        }
    }

    fn show_all(&self) {
        self.0.iter().flatten().for_each(|element| drop(element.remove_attribute("data-away")));
    }

    fn title(&self, at: usize) -> String {
        let first = self.0.get(at).and_then(|section| section.first());
        first.and_then(|first| first.text_content()).unwrap_or_default()
    }

    /// The section stands in the address, so that the link leads to it.
    fn keep_address(&self, at: usize) {
        let id = self.0.get(at).and_then(|section| section.first()).map(Element::id).unwrap_or_default();
        let here = window().location();
        let hash = if id.is_empty() { String::new() } else { format!("#{id}") };
        if here.hash().unwrap_or_default() == hash {
            return;
        }
        let (path, search) = (here.pathname().unwrap_or_default(), here.search().unwrap_or_default());
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&format!("{path}{search}{hash}")));
        }
    }
}

fn all(article: &Element, selector: &str) -> Vec<Element> {
    let list = article.query_selector_all(selector).ok();
    let list = list.iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    list.filter_map(|node| node.dyn_into::<HtmlElement>().ok()).map(Element::from).collect()
}
