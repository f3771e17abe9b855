//! A browser's driver on a free port, and fresh sessions of it.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use thirtyfour::{Capabilities, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities};
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
        let driver = Self { browser, address: format!("http://127.0.0.1:{port}"), child };
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

    /// A new session with a profile of its own.
    pub async fn session(&self) -> Outcome<thirtyfour::WebDriver> {
        Ok(thirtyfour::WebDriver::new(self.address.as_str(), self.browser.capabilities()?).await?)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// A port that nothing listens on now.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
