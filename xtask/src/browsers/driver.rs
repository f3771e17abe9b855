//! A browser's driver on a free port, and windows of it that share nothing with one another.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use thirtyfour::bidi::modules::browsing_context::{Create, CreateType};
use thirtyfour::bidi::{BiDi, BrowsingContextId, UserContextId};
use thirtyfour::{
    Capabilities, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WindowHandle,
};
use xtask::run::{own_group, stop};

use crate::{Outcome, fail};

/// The browsers in which everything must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chromium or Chrome.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// Its name in messages and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Whether one browser serves many tests. Firefox takes seconds to start; what its user contexts (containers) keep is
    /// apart from one another as in profiles. Chromium starts at once, and its user contexts keep nothing on the disk.
    fn is_shared(self) -> bool {
        self == Self::Firefox
    }

    fn driver(self) -> String {
        match self {
            Self::Chromium => variable("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => variable("GECKODRIVER", "geckodriver"),
        }
    }

    /// Headless, with nothing that phones home.
    fn capabilities(self) -> Outcome<Capabilities> {
        match self {
            Self::Chromium => {
                let mut wanted = DesiredCapabilities::chrome();
                wanted.set_binary(&variable("CHROMIUM", "chromium"))?;
                for flag in [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--window-size=1280,900",
                ] {
                    wanted.add_arg(flag)?;
                }
                wanted.enable_bidi()?;
                Ok(wanted.into())
            }
            Self::Firefox => {
                let mut wanted = DesiredCapabilities::firefox();
                wanted.set_firefox_binary(&variable("FIREFOX", "firefox"))?;
                for flag in ["-headless", "--width=1280", "--height=900"] {
                    wanted.add_arg(flag)?;
                }
                wanted.enable_bidi()?;
                Ok(wanted.into())
            }
        }
    }
}

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

/// A running driver. It is stopped when this is dropped.
pub struct Driver {
    /// Which browser.
    pub browser: Browser,
    address: String,
    child: Child,
    /// A browser that waits for its next test.
    idle: Mutex<Option<Opened>>,
}

/// A browser that has been started.
struct Opened {
    driver: WebDriver,
    bidi: BiDi,
    /// The tab that keeps it open between tests.
    first: WindowHandle,
    /// How many tests it has served.
    served: usize,
}

/// A browser serves at most so many tests, so that one does not pay for what another left in its memory.
const MOST_SERVED: usize = 40;

/// A window with storage of its own.
pub struct Window {
    /// The classic commands, on this window's tab.
    pub driver: WebDriver,
    /// The two-way protocol.
    pub bidi: BiDi,
    /// The window's first tab.
    pub tab: BrowsingContextId,
    user: Option<UserContextId>,
    opened: Option<Opened>,
}

impl Window {
    /// Another tab that shares this window's storage. The commands stay where they are.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        Ok(tab(&self.bidi, self.user.clone()).await?.to_string().into())
    }

    /// Closes it and forgets what it stored. A browser in good health goes back to its driver.
    pub async fn close(mut self, driver: &Driver, is_well: bool) {
        let Some(opened) = self.opened.take().filter(|_| is_well) else {
            let _ = self.driver.quit().await;
            return;
        };
        if opened.served < MOST_SERVED && self.forget(&opened.first).await.is_ok() {
            *lock(&driver.idle) = Some(opened);
        } else {
            let _ = self.driver.quit().await;
        }
    }

    async fn forget(&mut self, first: &WindowHandle) -> Outcome {
        if let Some(user) = self.user.take() {
            self.bidi.browser().remove_user_context(user).await?;
        }
        Ok(self.driver.switch_to_window(first.clone()).await?)
    }
}

async fn tab(bidi: &BiDi, user_context: Option<UserContextId>) -> Outcome<BrowsingContextId> {
    let wanted = Create { r#type: CreateType::Tab, reference_context: None, background: None, user_context };
    Ok(bidi.send(wanted).await?.context)
}

impl Driver {
    /// Starts it and waits until it listens.
    pub fn start(browser: Browser) -> Outcome<Self> {
        let port = free_port()?;
        let mut command = Command::new(browser.driver());
        command.arg(format!("--port={port}"));
        if browser == Browser::Firefox {
            command.arg(format!("--websocket-port={}", free_port()?));
        }
        let child = own_group(&mut command)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let driver =
            Self { browser, address: format!("http://127.0.0.1:{port}"), child, idle: Mutex::default() };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if began.elapsed() > Duration::from_secs(20) {
                return fail(format!("{} did not start", browser.driver()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(driver)
    }

    /// The number of the driver's process; the browsers are below it.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// A window that shares no storage with any other.
    pub async fn window(&self) -> Outcome<Window> {
        let idle = lock(&self.idle).take();
        let mut opened = match idle {
            Some(opened) => opened,
            None => self.open().await?,
        };
        let (driver, bidi) = (opened.driver.clone(), opened.bidi.clone());
        if !self.browser.is_shared() {
            let tab = bidi.browsing_context().top_level().await?;
            return Ok(Window { driver, bidi, tab, user: None, opened: None });
        }
        opened.served += 1;
        let user = bidi.browser().create_user_context().await?.user_context;
        let tab = tab(&bidi, Some(user.clone())).await?;
        driver.switch_to_window(tab.to_string().into()).await?;
        Ok(Window { driver, bidi, tab, user: Some(user), opened: Some(opened) })
    }

    async fn open(&self) -> Outcome<Opened> {
        let driver = WebDriver::new(self.address.as_str(), self.browser.capabilities()?).await?;
        driver.set_script_timeout(Duration::from_secs(120)).await?;
        let bidi = driver.bidi().await?;
        let first = driver.window().await?;
        Ok(Opened { driver, bidi, first, served: 0 })
    }

    /// Ends the browser that waits for a next test.
    pub async fn rest(&self) {
        let idle = lock(&self.idle).take();
        if let Some(opened) = idle {
            let _ = opened.driver.quit().await;
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Takes a lock, also after a test that panicked with it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A port that nothing listens on now.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
