//! The database itself: one store of records by key.

use std::rc::Rc;

use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::StorageState;
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
pub async fn open(state: RwSignal<StorageState>, lost: RwSignal<u32>) -> Result<Connection, Failure> {
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
        database.on_version_change(move |event| {
            if let Ok(database) = event.database() {
                database.close();
            }
            let wanted = Reflect::get(event.as_ref(), &"newVersion".into());
            if wanted.is_ok_and(|version| version.as_f64().is_some()) {
                // A newer version of the page in another tab wants to upgrade: let it, and stop writing.
                state.try_set(StorageState::TakenOver);
            } else {
                // Somebody deletes all of it.
                lost.try_update(|times| *times += 1);
            }
        });
        // The browser closes it, often because what it holds was cleared.
        database.on_close(move |_| {
            lost.try_update(|times| *times += 1);
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
    /// Records; nothing where there is none.
    pub async fn get(&self, keys: &[String]) -> Result<Vec<Option<JsValue>>, Failure> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadOnly).map_err(failure)?;
        let store = transaction.object_store(STORE).map_err(failure)?;
        let mut asked = Vec::with_capacity(keys.len());
        for key in keys {
            // A future at once: it must listen before the answer is there.
            asked.push(store.get(JsValue::from_str(key)).map_err(failure)?.into_future());
        }
        let mut values = Vec::with_capacity(keys.len());
        for request in asked {
            values.push(request.await.map_err(failure)?);
        }
        Ok(values)
    }

    /// All records whose key begins so, in the order of their keys.
    pub async fn all(&self, prefix: &str) -> Result<Vec<(String, JsValue)>, Failure> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadOnly).map_err(failure)?;
        let store = transaction.object_store(STORE).map_err(failure)?;
        let end = format!("{prefix}\u{ffff}");
        let range = || {
            KeyRange::bound(&JsValue::from_str(prefix), &JsValue::from_str(&end), None, None)
                .map(Query::from)
                .map_err(failure)
        };
        let keys = store.get_all_keys(Some(range()?), None).map_err(failure)?.into_future();
        let values = store.get_all(Some(range()?), None).map_err(failure)?.into_future();
        let (keys, values) = (keys.await.map_err(failure)?, values.await.map_err(failure)?);
        let keys = keys.into_iter().map(|key| key.as_string().unwrap_or_default());
        Ok(keys.zip(values).collect())
    }

    /// Writes records together, all or none; a null takes a record away. It has succeeded when the transaction is complete,
    /// not when the put is.
    pub async fn put(&self, records: &[(String, JsValue)]) -> Result<(), Failure> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadWrite).map_err(failure)?;
        let store = transaction.object_store(STORE).map_err(failure)?;
        for (key, value) in records {
            // Not awaited one by one: all are under way before the page may be closed.
            let request = if value.is_null() {
                store.delete(JsValue::from_str(key)).map(|_| ())
            } else {
                store.put(value, Some(&JsValue::from_str(key))).map(|_| ())
            };
            if let Err(error) = request {
                // Without this, what was put before it would be committed alone.
                let _ = transaction.abort();
                return Err(failure(error));
            }
        }
        let result = transaction.commit().map_err(failure)?.await.map_err(failure)?;
        // A browser may find at the end only that there is no room, and then takes all of it back.
        if result.is_committed() { Ok(()) } else { Err(Failure::Full) }
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
