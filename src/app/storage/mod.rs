//! What survives a reload: the text, the settings, the run's last checkpoint and its curves, in IndexedDB.
//!
//! Each kind of thing has its own record, and of each only the newest waits to be written. Where storage is missing, slow or
//! full the page works on in memory and says so once; what was stored before is never touched by a failure.

mod database;

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

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// Settings, curves, status, as JSON.
    Lab,
    /// The reader's own text.
    Text,
    /// The text of the run, if it is the reader's own.
    RunText,
    /// The last checkpoint, bytes.
    Checkpoint,
}

impl Record {
    fn key(self) -> &'static str {
        match self {
            Record::Lab => "lab",
            Record::Text => "text",
            Record::RunText => "run-text",
            Record::Checkpoint => "checkpoint",
        }
    }
}

#[derive(Default)]
struct Inner {
    connection: Option<Connection>,
    waiting: BTreeMap<Record, JsValue>,
    is_writing: bool,
    not_before: f64,
}

/// The storage, for the whole page.
#[derive(Clone, Copy)]
pub struct Storage {
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
    /// How it is.
    pub state: RwSignal<StorageState>,
}

/// Provides the storage; it is opened with the first read.
pub fn provide_storage() -> Storage {
    let storage =
        Storage { inner: StoredValue::new_local(Rc::default()), state: RwSignal::new(StorageState::Opening) };
    provide_context(storage);
    storage
}

/// The storage.
pub fn use_storage() -> Storage {
    expect_context()
}

impl Storage {
    /// Opens it and reads some records; nothing where there is none.
    pub async fn read(self, records: &[Record]) -> Vec<Option<JsValue>> {
        let inner = self.inner.get_value();
        match database::open(self.state).await {
            Ok(connection) => {
                let mut values = Vec::with_capacity(records.len());
                for record in records {
                    values.push(connection.get(record.key()).await.unwrap_or(None));
                }
                inner.borrow_mut().connection = Some(connection);
                self.state.set(StorageState::Ready);
                self.flush();
                values
            }
            Err(_) => {
                self.state.set(StorageState::Absent);
                records.iter().map(|_| None).collect()
            }
        }
    }

    /// Writes a record soon; a newer one takes the place of one that waits.
    pub fn write(self, record: Record, value: JsValue) {
        self.inner.get_value().borrow_mut().waiting.insert(record, value);
        self.flush();
    }

    /// Writes what waits, if nothing is being written.
    pub fn flush(self) {
        let inner = self.inner.get_value();
        {
            let mut inner = inner.borrow_mut();
            let is_usable = matches!(self.state.get_untracked(), StorageState::Ready | StorageState::Full);
            if inner.is_writing || inner.waiting.is_empty() || inner.connection.is_none() || !is_usable {
                return;
            }
            let wait = inner.not_before - now();
            if wait > 0.0 {
                inner.is_writing = true;
                let again = Rc::clone(&self.inner.get_value());
                after(wait as i32 + 1, move || {
                    again.borrow_mut().is_writing = false;
                    self.flush();
                });
                return;
            }
            inner.is_writing = true;
        }
        spawn_local(async move {
            while let Some(batch) = take_waiting(&inner) {
                let connection = inner.borrow().connection.clone();
                let Some(connection) = connection else { break };
                let outcome = match connection.put(&batch).await {
                    // The browser closed the connection: open it once more and write again.
                    Err(Failure::Closed) => match database::open(self.state).await {
                        Ok(fresh) => {
                            inner.borrow_mut().connection = Some(fresh.clone());
                            fresh.put(&batch).await
                        }
                        Err(failure) => Err(failure),
                    },
                    outcome => outcome,
                };
                if let Err(failure) = outcome {
                    let mut inner = inner.borrow_mut();
                    for (record, value) in batch {
                        inner.waiting.entry(record).or_insert(value);
                    }
                    inner.not_before = now() + WAIT_AFTER_REFUSAL;
                    drop(inner);
                    if self.state.get_untracked() != StorageState::TakenOver {
                        self.state.set(if failure == Failure::Full {
                            StorageState::Full
                        } else {
                            StorageState::Absent
                        });
                    }
                    break;
                }
                if self.state.get_untracked() != StorageState::TakenOver {
                    self.state.set(StorageState::Ready);
                }
            }
            inner.borrow_mut().is_writing = false;
            if self.state.get_untracked() == StorageState::Full {
                self.flush();
            }
        });
    }
}

fn take_waiting(inner: &Rc<RefCell<Inner>>) -> Option<Vec<(Record, JsValue)>> {
    let waiting = std::mem::take(&mut inner.borrow_mut().waiting);
    (!waiting.is_empty()).then(|| waiting.into_iter().collect())
}
