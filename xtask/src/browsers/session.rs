//! One page under test: what it showed, said and asked for, and the few things a reader does with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::{Value, json};
use thirtyfour::WindowHandle;
use thirtyfour::bidi::PreloadScriptId;
use thirtyfour::bidi::events::{BeforeRequestSent, LogEntryAdded};
use thirtyfour::bidi::modules::browsing_context::Viewport;
use thirtyfour::bidi::modules::log::LogLevel;
use thirtyfour::prelude::*;
use tokio::task::JoinHandle;
use xtask::server::Site;

use crate::driver::{Browser, Driver, Window, lock};
use crate::{Failure, Outcome, fail};

/// How long a page may take for anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the page did besides what it showed.
#[derive(Debug, Default)]
struct Seen {
    /// Errors on the console, uncaught exceptions, violations of the policy.
    errors: Vec<String>,
    /// Addresses asked for, of other origins than the site's.
    foreign: Vec<String>,
}

/// A browser's window with a fresh profile.
pub struct Session<'a> {
    /// The site under test.
    pub site: &'a Site,
    /// Which browser.
    pub browser: Browser,
    /// For what the helpers here do not cover.
    pub driver: WebDriver,
    window: Window,
    seen: Arc<Mutex<Seen>>,
    listeners: Vec<JoinHandle<()>>,
    /// Scripts that run at the beginning of each page, until the session ends.
    preloaded: Mutex<Vec<PreloadScriptId>>,
    /// What keeps a browser from keeping the site, until a test asks for it.
    no_keeping: PreloadScriptId,
    /// Parts of errors that this test causes on purpose.
    expected: Mutex<Vec<String>>,
}

impl<'a> Session<'a> {
    /// Opens a window and begins to listen.
    pub async fn start(driver: &Driver, site: &'a Site) -> Outcome<Self> {
        let browser = driver.browser;
        let window = driver.window().await?;
        let bidi = &window.bidi;
        let seen = Arc::new(Mutex::new(Seen::default()));

        let mut log = bidi.subscribe::<LogEntryAdded>().await?;
        let heard = Arc::clone(&seen);
        let logged = tokio::spawn(async move {
            while let Some(entry) = log.next().await {
                if entry.level == LogLevel::Error {
                    lock(&heard).errors.push(entry.text.unwrap_or_default());
                }
            }
        });
        let mut requests = bidi.subscribe::<BeforeRequestSent>().await?;
        let heard = Arc::clone(&seen);
        let own = format!("http://{}/", site.address);
        let asked = tokio::spawn(async move {
            while let Some(event) = requests.next().await {
                let url = event.request.url;
                let is_local = ["blob:", "data:", "about:", "chrome:", "resource:", "moz-extension:"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme));
                if !is_local && !url.starts_with(&own) {
                    lock(&heard).foreign.push(url);
                }
            }
        });
        // Violations are events of the page: they are passed on as errors.
        let policy = bidi
            .script()
            .add_preload_script(
                "() => document.addEventListener('securitypolicyviolation', (event) => \
                 console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))",
            )
            .await?
            .script;
        // A kept site answers for the server, which most tests want to hear and to disturb. A page that may not keep
        // anything works all the same, and says nothing.
        let no_keeping = bidi
            .script()
            .add_preload_script(
                "() => { const service = navigator.serviceWorker; \
                 if (service) service.register = () => Promise.reject(new Error('refused')); }",
            )
            .await?
            .script;
        let session = Self {
            site,
            browser,
            driver: window.driver.clone(),
            window,
            seen,
            listeners: vec![logged, asked],
            preloaded: Mutex::new(vec![policy, no_keeping.clone()]),
            no_keeping,
            expected: Mutex::new(Vec::new()),
        };
        session.viewport(1280, 900).await?;
        Ok(session)
    }

    /// The text of some elements, in the page's order, with single spaces.
    pub async fn texts(&self, ids: &[&str]) -> Outcome<String> {
        let selectors: Vec<String> = ids.iter().map(|id| format!("[data-testid={id}]")).collect();
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent.replace(/\\s+/g, ' ')).join(' | ')";
        let texts = self.js(script, vec![json!(selectors.join(", "))]).await?;
        Ok(texts.as_str().unwrap_or_default().to_owned())
    }

    /// From the next page on, nothing can be put on the clipboard.
    pub async fn refuse_the_clipboard(&self) -> Outcome {
        self.before_each_page(
            "() => { if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }",
        )
        .await
    }

    /// The size of the page's area in CSS pixels.
    pub async fn viewport(&self, width: u32, height: u32) -> Outcome {
        let size = Some(Viewport { width, height });
        let tab = self.window.tab.clone();
        Ok(self.window.bidi.browsing_context().set_viewport(tab, size).await?)
    }

    /// From the next page on, the browser may keep the site.
    pub async fn may_keep_the_site(&self) -> Outcome {
        // What a page was still loading when it was left: Firefox blames the service worker.
        self.expect_error("A ServiceWorker intercepted the request");
        lock(&self.preloaded).retain(|script| *script != self.no_keeping);
        Ok(self.window.bidi.script().remove_preload_script(self.no_keeping.clone()).await?)
    }

    /// Another tab on the same storage. The commands stay where they are.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        self.window.new_tab().await
    }

    /// Runs a script at the beginning of every page from now on; a JavaScript function of no arguments.
    pub async fn before_each_page(&self, function: &str) -> Outcome {
        let added = self.window.bidi.script().add_preload_script(function).await?;
        lock(&self.preloaded).push(added.script);
        Ok(())
    }

    /// Errors that hold this are part of the test.
    pub fn expect_error(&self, part: &str) {
        lock(&self.expected).push(part.to_owned());
    }

    /// Errors and foreign requests so far that no test asked for.
    pub fn complaints(&self) -> Vec<String> {
        let seen = lock(&self.seen);
        let expected = lock(&self.expected);
        let unexpected = |text: &&String| !expected.iter().any(|part| text.contains(part.as_str()));
        let errors = seen
            .errors
            .iter()
            .filter(|text| !is_of_a_page_on_its_way(text))
            .filter(unexpected)
            .map(|text| format!("error on the console: {text}"));
        let foreign =
            seen.foreign.iter().filter(unexpected).map(|url| format!("request to another origin: {url}"));
        errors.chain(foreign).collect()
    }

    /// Opens an address below the site's base.
    pub async fn open(&self, path: &str) -> Outcome {
        Ok(self.driver.goto(self.site.url(path)).await?)
    }

    /// Opens an address and waits until the page is drawn.
    pub async fn open_app(&self, path: &str) -> Outcome {
        self.open(path).await?;
        self.wait_for("app-ready").await?;
        // The Stepper opens in stages.
        let is_whole = "return !document.querySelector('.stepper.opening')";
        self.wait_js(is_whole, vec![], "the whole page").await.map(drop)
    }

    /// Loads the page again and waits until it is drawn.
    pub async fn reload(&self) -> Outcome {
        self.driver.refresh().await?;
        self.wait_for("app-ready").await
    }

    /// Runs a script's text with `arguments[0]…` and returns its value.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.execute(script, arguments).await?.json().clone())
    }

    /// Runs a script that calls its last argument when it is done.
    pub async fn js_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.driver.execute_async(script, arguments).await?.json().clone())
    }

    /// Waits until a script's text returns something true, and returns it.
    pub async fn wait_js(&self, script: &str, arguments: Vec<Value>, what: &str) -> Outcome<Value> {
        self.wait_js_for(script, arguments, what, PATIENCE).await
    }

    /// Waits until a script that calls its last argument says true.
    pub async fn wait_js_async(&self, script: &str, arguments: Vec<Value>, what: &str) -> Outcome {
        let began = Instant::now();
        while self.js_async(script, arguments.clone()).await? != json!(true) {
            if began.elapsed() > PATIENCE {
                return fail(format!("waited {} s for {what}", PATIENCE.as_secs()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// The same with a limit of one's own.
    pub async fn wait_js_for(
        &self,
        script: &str,
        arguments: Vec<Value>,
        what: &str,
        limit: Duration,
    ) -> Outcome<Value> {
        let began = Instant::now();
        loop {
            // While a page is being left, there may be no document to ask.
            let last = self.js(script, arguments.clone()).await;
            match &last {
                Ok(value) if !matches!(value, Value::Null | Value::Bool(false)) => return last,
                _ if began.elapsed() < limit => tokio::time::sleep(Duration::from_millis(50)).await,
                Ok(value) => {
                    return fail(format!("waited {} s for {what}; last seen: {value}", limit.as_secs()));
                }
                Err(Failure(error)) => {
                    return fail(format!("waited {} s for {what}; last seen: {error}", limit.as_secs()));
                }
            }
        }
    }

    /// Waits for an element with this `data-testid`.
    pub async fn wait_for(&self, id: &str) -> Outcome {
        self.wait_js(
            "return !!document.querySelector(`[data-testid=\"${arguments[0]}\"]`)",
            vec![json!(id)],
            id,
        )
        .await
        .map(drop)
    }

    /// Waits until an element with this `data-testid` can be seen.
    pub async fn wait_visible(&self, id: &str) -> Outcome {
        let script = "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); \
                      return !!e && e.getClientRects().length > 0";
        self.wait_js(script, vec![json!(id)], &format!("{id} to be seen")).await.map(drop)
    }

    /// Whether an element with this `data-testid` can be seen now.
    pub async fn is_visible(&self, id: &str) -> Outcome<bool> {
        let script = "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); \
                      return !!e && e.getClientRects().length > 0";
        Ok(self.js(script, vec![json!(id)]).await? == json!(true))
    }

    /// The element with this `data-testid`, once it is there.
    pub async fn element(&self, id: &str) -> Outcome<WebElement> {
        self.wait_for(id).await?;
        Ok(self.driver.find(By::Css(format!("[data-testid=\"{id}\"]"))).await?)
    }

    /// Clicks it, as a reader would: it must be visible and not covered.
    pub async fn click(&self, id: &str) -> Outcome {
        self.wait_visible(id).await?;
        let element = self.element(id).await?;
        element.scroll_into_view().await?;
        element.click().await.map_err(|error| {
            let error: String =
                error.to_string().split("Stacktrace").next().unwrap_or_default().chars().take(400).collect();
            Failure(format!("{id} could not be clicked: {error}"))
        })
    }

    /// Its words.
    pub async fn text(&self, id: &str) -> Outcome<String> {
        self.wait_for(id).await?;
        let script = "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); return e ? e.textContent : ''";
        Ok(self.js(script, vec![json!(id)]).await?.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Waits until its words are something, and returns them.
    pub async fn wait_text(
        &self,
        id: &str,
        what: &str,
        limit: Duration,
        is_it: impl Fn(&str) -> bool,
    ) -> Outcome<String> {
        let began = Instant::now();
        loop {
            let text = self.text(id).await?;
            if is_it(&text) {
                return Ok(text);
            }
            if began.elapsed() > limit {
                return fail(format!("waited {} s for {id} to be {what}; it is `{text}`", limit.as_secs()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The value of a field.
    pub async fn value(&self, id: &str) -> Outcome<String> {
        self.wait_for(id).await?;
        let script =
            "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); return e ? e.value : ''";
        Ok(self.js(script, vec![json!(id)]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Puts a text into a field at once, as pasting does.
    pub async fn paste(&self, id: &str, text: &str) -> Outcome {
        self.wait_for(id).await?;
        let script = "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); e.focus(); \
                      const d = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value'); d.set.call(e, arguments[1]); \
                      e.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' })); \
                      e.dispatchEvent(new Event('change', { bubbles: true }));";
        self.js(script, vec![json!(id), json!(text)]).await.map(drop)
    }

    /// The value must be the same in every browser in which this test runs.
    pub fn agree(&self, name: &str, value: &str) -> Outcome {
        static VALUES: Mutex<BTreeMap<String, (&'static str, String)>> = Mutex::new(BTreeMap::new());
        let mut values = lock(&VALUES);
        let (first, expected) =
            values.entry(name.to_owned()).or_insert_with(|| (self.browser.name(), value.to_owned()));
        if expected == value {
            return Ok(());
        }
        let place = expected.chars().zip(value.chars()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| text.chars().skip(place.saturating_sub(60)).take(120).collect::<String>();
        let own = self.browser.name();
        fail(format!("{name} differs: {first} has …{}…, {own} has …{}…", near(expected), near(value)))
    }

    /// Presses a key while another one is held.
    pub async fn chord(&self, held: &str, key: &str) -> Outcome {
        let letter = |text: &str| text.chars().next().unwrap_or_default();
        let chain = self.driver.action_chain().key_down(letter(held)).key_down(letter(key));
        Ok(chain.key_up(letter(key)).key_up(letter(held)).perform().await?)
    }

    /// Sends keys to whatever has the focus.
    pub async fn keys(&self, keys: impl AsRef<str>) -> Outcome {
        Ok(self.driver.action_chain().send_keys(keys.as_ref()).perform().await?)
    }

    /// A picture of what can be seen.
    pub async fn picture(&self, path: &Path) -> Outcome {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, self.driver.screenshot_as_png().await?)?)
    }

    /// Closes the window. After a failure its browser is not used again.
    pub async fn end(self, driver: &Driver, is_well: bool) {
        for listener in &self.listeners {
            listener.abort();
        }
        let scripts = std::mem::take(&mut *lock(&self.preloaded));
        let mut is_well = is_well;
        for script in scripts {
            is_well &= self.window.bidi.script().remove_preload_script(script).await.is_ok();
        }
        self.window.close(driver, is_well).await;
    }
}

/// What Firefox writes to the console about a page that is still being read or already left: a font whose download was ended by
/// the next page (`NS_BINDING_ABORTED`), and an element of a formula whose children have not all arrived. Both are gone once the
/// page stands; the formulas themselves are held to their form when they are made. Since 140.10 it also writes the last of
/// these sentences, without a stack, where a script is to run before the page of a new tab, be it `() => {}` in an empty one.
fn is_of_a_page_on_its_way(text: &str) -> bool {
    (text.contains("downloadable font: download failed") && text.contains("status=2152398850"))
        || text.contains("Invalid markup: Incorrect number of children")
        || text == "Error: Permission denied to access property \"length\""
}
