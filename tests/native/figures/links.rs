//! A figure's state in its link.

use proptest::prelude::*;
use unrolled::view::figures::Values;
use unrolled::view::figures::link::{self, Addressed};

proptest! {
    #[test]
    fn a_figures_link_is_read_as_it_was_written(
        pairs in proptest::collection::btree_map("[a-d-]{1,6}", "\\PC{0,40}", 0..5),
        embedded: bool,
    ) {
        let changed: Values = pairs.into_iter().collect();
        let addressed = Addressed { id: "cut-2".to_owned(), embedded, changed };
        let query = link::write(&addressed);
        prop_assert_eq!(link::read(&query), Some(addressed));
    }
}

#[test]
fn a_query_without_a_figure_names_none() {
    assert_eq!(link::read("?sentence=the+cat"), None);
    assert_eq!(link::read(""), None);
}
