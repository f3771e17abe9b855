//! The pieces that pages are made of. Each is reachable by keyboard and named for a screen reader; none has a style
//! of its own beyond a class in `style/parts.css`.

mod announce;
mod chart;
mod dialog;
mod field;
mod formula;
mod heat;
mod keys;
mod menu;
#[cfg(feature = "tools")]
mod named;
mod segmented;
mod slider;

pub use announce::{Announcements, Announcer, provide_announcer, use_announcer};
pub use chart::{Chart, Drawn, Reach};
pub use dialog::Dialog;
pub use field::{Field, FieldError};
pub use formula::{Formula, element_of};
pub use heat::heat_strip;
pub use keys::Kbd;
pub use menu::{Menu, MenuItem};
#[cfg(feature = "tools")]
pub use named::Named;
pub use segmented::{Segment, Segmented};
pub use slider::Slider;
