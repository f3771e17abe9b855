//! The site's addresses: `BASE/{en,zh}/…/`, read and written in one place.

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// Both.
    pub const ALL: [Language; 2] = [Language::En, Language::Zh];

    /// Its part of an address, and what is stored.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh",
        }
    }

    /// Its BCP 47 tag, for `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh-Hans",
        }
    }

    /// The other one.
    pub fn other(self) -> Language {
        match self {
            Language::En => Language::Zh,
            Language::Zh => Language::En,
        }
    }

    /// From its part of an address, in any case of letters.
    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// The first of the browser's languages (`zh-CN`, `en-GB`, …) that there is, else English.
    pub fn preferred<'a>(tags: impl IntoIterator<Item = &'a str>) -> Language {
        tags.into_iter().find_map(|tag| Language::from_code(tag.split('-').next()?)).unwrap_or(Language::En)
    }
}

/// The chapters of the book, in order: the last part of their addresses.
pub const CHAPTERS: [&str; 8] =
    ["notation", "vectors", "recurrent", "language-model", "sampling", "gradients", "gru", "lstm"];

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// What this is, at work.
    Home,
    /// The book's contents.
    Book,
    /// A chapter or another page of the book, by the last part of its address.
    Chapter(String),
    /// The stepper.
    Stepper,
    /// The lab.
    Lab,
    /// A cell of the reader's own.
    Cell,
    /// Exercises on paper.
    Worksheets,
    /// What it follows, licences, privacy.
    About,
    /// The book's words and letters.
    Glossary,
    /// For teachers: lesson plans, links to hand out.
    Teachers,
    /// There is nothing at this address.
    Unknown,
}

impl Page {
    /// Its address below a language, without slashes at the ends.
    pub fn path(&self) -> String {
        match self {
            Page::Home | Page::Unknown => String::new(),
            Page::Book => "book".to_owned(),
            Page::Chapter(chapter) => format!("book/{chapter}"),
            Page::Stepper => "stepper".to_owned(),
            Page::Lab => "lab".to_owned(),
            Page::Cell => "cell".to_owned(),
            Page::Worksheets => "worksheets".to_owned(),
            Page::About => "about".to_owned(),
            Page::Glossary => "glossary".to_owned(),
            Page::Teachers => "teachers".to_owned(),
        }
    }
}

/// The address of a page in a language: `base`, `en/`, the page, a slash at the end. `base` ends in a slash.
pub fn address(base: &str, language: Language, page: &Page) -> String {
    let path = page.path();
    let slash = if path.is_empty() { "" } else { "/" };
    format!("{base}{}/{path}{slash}", language.code())
}

/// What stands at an address, read below `base`; no language where it names none. Odd case, missing or doubled slashes
/// and a trailing `index.html` are forgiven.
pub fn parse(base: &str, path: &str) -> (Option<Language>, Page) {
    let below =
        path.strip_prefix(base).or_else(|| path.strip_prefix(base.trim_end_matches('/'))).unwrap_or(path);
    let mut parts = below.split('/').filter(|part| !part.is_empty() && *part != "index.html").peekable();
    let language = parts.peek().and_then(|part| Language::from_code(part));
    if language.is_some() {
        parts.next();
    }
    let first = parts.next().map(str::to_ascii_lowercase);
    let second = parts.next().map(str::to_ascii_lowercase);
    let page = match (first.as_deref(), second, parts.next()) {
        (None, None, None) => Page::Home,
        (Some("book"), None, None) => Page::Book,
        (Some("book"), Some(chapter), None) if CHAPTERS.contains(&chapter.as_str()) => Page::Chapter(chapter),
        (Some("stepper"), None, None) => Page::Stepper,
        (Some("lab"), None, None) => Page::Lab,
        (Some("cell"), None, None) => Page::Cell,
        (Some("worksheets"), None, None) => Page::Worksheets,
        (Some("about"), None, None) => Page::About,
        (Some("glossary"), None, None) => Page::Glossary,
        (Some("teachers"), None, None) => Page::Teachers,
        _ => Page::Unknown,
    };
    (language, page)
}

/// The page on which mistakes are reported: of the repository that `Cargo.toml` names, else of the one that a site below
/// `OWNER.github.io` comes from. None where neither is known.
pub fn issues(repository: &str, host: &str, base: &str) -> Option<String> {
    if !repository.is_empty() {
        return Some(format!("{}/issues", repository.trim_end_matches('/')));
    }
    let owner = host.strip_suffix(".github.io").filter(|owner| !owner.is_empty())?;
    // A site of its own, without a folder, comes from the repository that bears its name.
    let name = base.split('/').find(|part| !part.is_empty()).unwrap_or(host);
    Some(format!("https://github.com/{owner}/{name}/issues"))
}
