//! The database itself: one store of records by key.

use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Record, StorageState};
use crate::app::browser::after;

const NAME: &str = "unrolled";
const STORE: &str = "records";
const VERSION: u32 = 1;
/// Opening that takes longer than this counts as no storage, milliseconds.
const OPEN_LIMIT: i32 = 2_000;

/// Why a write or an opening failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No room.
    Full,
    /// The browser closed the connection.
    Closed,
    /// Anything else, no answer included.
    Other,
}

/// An open database.
#[derive(Clone)]
pub struct Connection(Rc<Database>);

/// Opens the database; makes it on a first visit.
///
/// # Errors
/// When there is none, it is forbidden, or it does not answer within two seconds.
pub async fn open(state: RwSignal<StorageState>) -> Result<Connection, Failure> {
    let opening = async move {
        let mut request = Factory::new()
            .and_then(|factory| factory.open(NAME, Some(VERSION)))
            .map_err(|_| Failure::Other)?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                let _ = database.create_object_store(STORE, ObjectStoreParams::new());
            }
        });
        let mut database = request.await.map_err(|_| Failure::Other)?;
        // A newer version of the page in another tab wants to upgrade: let it, and stop writing.
        database.on_version_change(move |event| {
            if let Ok(database) = event.database() {
                database.close();
            }
            state.try_set(StorageState::TakenOver);
        });
        Ok(Connection(Rc::new(database)))
    };
    let limit = JsFuture::from(js_sys::Promise::new(&mut |resolve, _| {
        after(OPEN_LIMIT, move || {
            let _ = resolve.call0(&JsValue::NULL);
        });
    }));
    match unless_late(opening, limit).await {
        Some(outcome) => outcome,
        None => Err(Failure::Other),
    }
}

/// The first future's value, or nothing if the second is there before it.
async fn unless_late<T>(
    first: impl Future<Output = T>,
    limit: impl Future<Output = Result<JsValue, JsValue>>,
) -> Option<T> {
    let mut first = std::pin::pin!(first);
    let mut limit = std::pin::pin!(limit);
    std::future::poll_fn(move |context| {
        if let std::task::Poll::Ready(value) = first.as_mut().poll(context) {
            return std::task::Poll::Ready(Some(value));
        }
        limit.as_mut().poll(context).map(|_| None)
    })
    .await
}

impl Connection {
    /// A record; nothing where there is none.
    pub async fn get(&self, key: &str) -> Result<Option<JsValue>, Failure> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadOnly).map_err(failure)?;
        let store = transaction.object_store(STORE).map_err(failure)?;
        store.get(JsValue::from_str(key)).map_err(failure)?.await.map_err(failure)
    }

    /// Writes records together. It has succeeded when the transaction is complete, not when the put is.
    pub async fn put(&self, records: &[(Record, JsValue)]) -> Result<(), Failure> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadWrite).map_err(failure)?;
        let store = transaction.object_store(STORE).map_err(failure)?;
        for (record, value) in records {
            // Not awaited one by one: all are under way before the page may be closed.
            let request = if value.is_null() {
                store.delete(JsValue::from_str(record.key())).map(|_| ())
            } else {
                store.put(value, Some(&JsValue::from_str(record.key()))).map(|_| ())
            };
            request.map_err(failure)?;
        }
        transaction.commit().map_err(failure)?.await.map_err(failure)?;
        Ok(())
    }
}

/// What a browser's error means for us, by the name of its exception.
fn failure(error: idb::Error) -> Failure {
    let text = format!("{error:?}");
    if text.contains("QuotaExceeded") {
        Failure::Full
    } else if text.contains("InvalidState") {
        Failure::Closed
    } else {
        Failure::Other
    }
}
