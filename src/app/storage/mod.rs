//! What survives a reload: records by key, in IndexedDB.
//!
//! What is written stands in memory until it is stored, and is read from there: so nothing is lost while storage is slow, and
//! where it is missing, refused or full the page goes on in memory and says so. Of each record only the newest waits; what was
//! stored before is never touched by a failure.

mod database;
pub mod tabs;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use self::database::{Connection, Failure};
use super::browser::{after, now};

/// After a refused write the next attempt waits this long, milliseconds: at the limit every attempt is slow.
const WAIT_AFTER_REFUSAL: f64 = 10_000.0;

/// How storage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageState {
    /// Not known yet.
    Opening,
    /// Keeps what it is given.
    Ready,
    /// There is none, or it did not answer within two seconds.
    Absent,
    /// It refused the last write for want of room.
    Full,
    /// A newer version of the page has taken it over in another tab.
    TakenOver,
}

/// What is not stored yet.
struct Unsaved {
    /// Null: to be taken away.
    value: JsValue,
    /// Counts writings, so that what was replaced while it was being stored stays to be stored.
    turn: u64,
}

#[derive(Default)]
struct Inner {
    connection: Option<Connection>,
    unsaved: BTreeMap<String, Unsaved>,
    turn: u64,
    is_writing: bool,
    not_before: f64,
}

/// The storage, for the whole page.
#[derive(Clone, Copy)]
pub struct Storage {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    /// How it is.
    pub state: RwSignal<StorageState>,
    /// Counts how often a connection was closed from outside: what was stored may be gone.
    pub lost: RwSignal<u32>,
}

/// Provides the storage; it is opened with the first read.
pub fn provide_storage() -> Storage {
    let storage = Storage {
        inner: StoredValue::new_local(Rc::default()),
        state: RwSignal::new(StorageState::Opening),
        lost: RwSignal::new(0),
    };
    provide_context(storage);
    storage
}

impl Storage {
    /// Opens it, once.
    pub async fn open(self) {
        // One that is not there is not asked for again and again: each time takes its two seconds.
        let is_known = self.state.get_untracked() != StorageState::Opening;
        if is_known || self.inner.get_value().borrow().connection.is_some() {
            return;
        }
        let opened = database::open(self.state, self.lost).await;
        match opened {
            Ok(connection) => {
                self.inner.get_value().borrow_mut().connection = Some(connection);
                self.state.set(StorageState::Ready);
                self.flush();
            }
            Err(_) => self.state.set(StorageState::Absent),
        }
    }

    /// Reads records; nothing where there is none.
    pub async fn read(self, keys: &[String]) -> Vec<Option<JsValue>> {
        self.open().await;
        let stored = self.ask(async |connection: &Connection| connection.get(keys).await).await;
        let stored = stored.unwrap_or_else(|_| vec![None; keys.len()]);
        let inner = self.inner.get_value();
        let inner = inner.borrow();
        let newest = keys.iter().zip(stored).map(|(key, stored)| match inner.unsaved.get(key) {
            Some(unsaved) => Some(unsaved.value.clone()).filter(|value| !value.is_null()),
            None => stored,
        });
        newest.collect()
    }

    /// All records whose key begins so.
    pub async fn all(self, prefix: &str) -> Vec<(String, JsValue)> {
        self.open().await;
        let stored = self.ask(async |connection: &Connection| connection.all(prefix).await).await;
        let mut all: BTreeMap<String, JsValue> = stored.unwrap_or_default().into_iter().collect();
        let inner = self.inner.get_value();
        for (key, unsaved) in inner.borrow().unsaved.iter().filter(|(key, _)| key.starts_with(prefix)) {
            all.insert(key.clone(), unsaved.value.clone());
        }
        all.retain(|_, value| !value.is_null());
        all.into_iter().collect()
    }

    /// Writes records soon, together; a newer one takes the place of one that waits. Null takes a record away.
    pub fn write(self, records: impl IntoIterator<Item = (String, JsValue)>) {
        {
            let inner = self.inner.get_value();
            let mut inner = inner.borrow_mut();
            inner.turn += 1;
            let turn = inner.turn;
            inner.unsaved.extend(records.into_iter().map(|(key, value)| (key, Unsaved { value, turn })));
        }
        self.flush();
    }

    /// Asks the storage; a connection that the browser has closed is opened once more.
    async fn ask<T>(self, what: impl AsyncFn(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let connection = self.inner.get_value().borrow().connection.clone().ok_or(Failure::Other)?;
        match what(&connection).await {
            Err(Failure::Closed) => what(&self.reopen().await?).await,
            outcome => outcome,
        }
    }

    /// The browser closed the connection: it is opened once more.
    async fn reopen(self) -> Result<Connection, Failure> {
        let fresh = database::open(self.state, self.lost).await?;
        self.inner.get_value().borrow_mut().connection = Some(fresh.clone());
        Ok(fresh)
    }

    /// Writes what waits, if nothing is being written.
    fn flush(self) {
        let inner = self.inner.get_value();
        {
            let mut inner = inner.borrow_mut();
            let is_taken_over = self.state.get_untracked() == StorageState::TakenOver;
            if inner.is_writing || inner.unsaved.is_empty() || inner.connection.is_none() || is_taken_over {
                return;
            }
            inner.is_writing = true;
            let wait = inner.not_before - now();
            if wait > 0.0 {
                let again = Rc::clone(&self.inner.get_value());
                after(wait as i32 + 1, move || {
                    again.borrow_mut().is_writing = false;
                    self.flush();
                });
                return;
            }
        }
        spawn_local(async move {
            while self.store().await {}
            inner.borrow_mut().is_writing = false;
            // What was refused is tried again, after a while.
            self.flush();
        });
    }

    /// Writes what waits at once, beside whatever is being written: the page may be about to be closed.
    pub fn hurry(self) {
        let is_taken_over = self.state.get_untracked() == StorageState::TakenOver;
        if !is_taken_over && self.inner.get_value().borrow().connection.is_some() {
            spawn_local(async move {
                self.store().await;
            });
        }
    }

    /// Stores what waits; whether that worked and there was something.
    async fn store(self) -> bool {
        let inner = self.inner.get_value();
        let (turn, batch) = {
            let inner = inner.borrow();
            if inner.connection.is_none() || inner.unsaved.is_empty() {
                return false;
            }
            let batch: Vec<(String, JsValue)> =
                inner.unsaved.iter().map(|(key, unsaved)| (key.clone(), unsaved.value.clone())).collect();
            (inner.turn, batch)
        };
        let outcome = self.ask(async |connection: &Connection| connection.put(&batch).await).await;
        let is_taken_over = self.state.get_untracked() == StorageState::TakenOver;
        match outcome {
            Ok(()) => {
                // What was written since stays.
                inner.borrow_mut().unsaved.retain(|_, unsaved| unsaved.turn > turn);
                if !is_taken_over && self.state.get_untracked() != StorageState::Ready {
                    self.state.set(StorageState::Ready);
                }
                true
            }
            Err(failure) => {
                inner.borrow_mut().not_before = now() + WAIT_AFTER_REFUSAL;
                if !is_taken_over {
                    let is_full = failure == Failure::Full;
                    self.state.set(if is_full { StorageState::Full } else { StorageState::Absent });
                }
                false
            }
        }
    }
}
