use proptest::prelude::*;
use unrolled::view::address::{CHAPTERS, Language, Page, address, issues, parse};

fn pages() -> Vec<Page> {
    let mut pages = vec![
        Page::Home,
        Page::Book,
        Page::Stepper,
        Page::Lab,
        Page::Cell,
        Page::Worksheets,
        Page::About,
        Page::Glossary,
        Page::Teachers,
    ];
    pages.extend(CHAPTERS.iter().map(|chapter| Page::Chapter((*chapter).to_owned())));
    pages
}

#[test]
fn every_page_is_found_at_the_address_it_is_given() {
    for base in ["/", "/unrolled/", "/a/b/"] {
        for language in Language::ALL {
            for page in pages() {
                let address = address(base, language, &page);
                assert!(address.ends_with('/'), "{address}");
                assert_eq!(parse(base, &address), (Some(language), page), "{address}");
            }
        }
    }
}

#[test]
fn odd_case_and_missing_slashes_are_forgiven() {
    assert_eq!(parse("/u/", "/u/EN/Lab"), (Some(Language::En), Page::Lab));
    assert_eq!(parse("/u/", "/u/zh//book/GRU/index.html"), (Some(Language::Zh), Page::Chapter("gru".into())));
    assert_eq!(parse("/u/", "/u"), (None, Page::Home));
}

#[test]
fn an_address_that_names_nothing_is_an_unknown_page() {
    for path in ["/u/en/nowhere/", "/u/en/lab/more/", "/u/zh/book/gru/x/", "/u/en/book/<img>/"] {
        assert_eq!(parse("/u/", path).1, Page::Unknown, "{path}");
    }
}

#[test]
fn the_first_language_of_the_browser_that_exists_is_taken() {
    assert_eq!(Language::preferred(["fr-FR", "zh-CN", "en"]), Language::Zh);
    assert_eq!(Language::preferred(["fr"]), Language::En);
}

#[test]
fn mistakes_are_reported_where_the_site_comes_from() {
    for (repository, host, base, expected) in [
        ("", "ada.github.io", "/unrolled/", Some("https://github.com/ada/unrolled/issues")),
        ("", "ada.github.io", "/fork/preview/", Some("https://github.com/ada/fork/issues")),
        ("", "ada.github.io", "/", Some("https://github.com/ada/ada.github.io/issues")),
        ("https://github.com/ada/engine/", "nets.example", "/", Some("https://github.com/ada/engine/issues")),
        ("", "nets.example", "/unrolled/", None),
        ("", "localhost", "/unrolled/", None),
    ] {
        assert_eq!(issues(repository, host, base).as_deref(), expected, "{host}{base}");
    }
}

proptest! {
    #[test]
    fn any_path_names_some_page(path in ".{0,80}") {
        let (_, page) = parse("/unrolled/", &path);
        prop_assert!(page == Page::Unknown || pages().contains(&page) || matches!(page, Page::Chapter(_)));
    }
}
