//! Pictures of every page: wide and narrow, light and dark, English and Chinese.

use serde_json::json;
use xtask::run::project;
use xtask::server::Site;

use crate::Outcome;
use crate::driver::{Browser, Driver};
use crate::e2e::pages;
use crate::session::Session;

/// Name, language, width, height, theme.
const LOOKS: [(&str, &str, u32, u32, &str); 4] = [
    ("1280", "en", 1280, 900, "light"),
    ("360", "en", 360, 780, "light"),
    ("dark", "en", 1280, 900, "dark"),
    ("chinese", "zh", 1280, 900, "light"),
];

/// Takes the pictures of all pages whose address holds `only`.
pub async fn run(site: &Site, only: &str) -> Outcome {
    let driver = Driver::start(Browser::Chromium)?;
    let session = Session::start(&driver, site).await?;
    let folder = project().join("shots");
    for (look, language, width, height, theme) in LOOKS {
        session.viewport(width, height).await?;
        session.open("en/").await?;
        session.js("localStorage.setItem('unrolled.theme', arguments[0])", vec![json!(theme)]).await?;
        for page in pages().into_iter().filter(|page| page.contains(only)) {
            session.open_app(&format!("{language}/{page}")).await?;
            // What is drawn after a worker's first answer.
            let settled = "return document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=\"true\"]')";
            session.wait_js(settled, vec![], "fonts and figures").await?;
            let name = page.trim_matches('/').replace('/', "-");
            let name = if name.is_empty() { "home" } else { &name };
            let path = folder.join(format!("{name}-{look}.png"));
            session.picture(&path).await?;
            println!("{}", path.display());
        }
    }
    session.end(&driver, false).await;
    Ok(())
}
