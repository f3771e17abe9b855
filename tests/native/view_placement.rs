//! Lists that open find room in the window.

use proptest::prelude::*;
use unrolled::view::placement::{Area, moved, uncovered, with_rows_beside};

const WINDOW: (f64, f64) = (360.0, 700.0);

fn area(left: f64, top: f64, width: f64, height: f64) -> Area {
    Area { left, top, width, height }
}

#[test]
fn a_list_that_is_seen_stays_where_it_is() {
    assert_eq!(moved(area(20.0, 100.0, 200.0, 300.0), area(20.0, 60.0, 90.0, 32.0), WINDOW), (0.0, 0.0));
}

#[test]
fn a_list_beyond_an_edge_comes_into_the_window() {
    let button = area(10.0, 60.0, 90.0, 32.0);
    assert_eq!(moved(area(-220.0, 100.0, 320.0, 300.0), button, WINDOW), (228.0, 0.0));
    assert_eq!(moved(area(200.0, 100.0, 320.0, 300.0), button, WINDOW), (-168.0, 0.0));
}

#[test]
fn a_list_without_room_below_opens_above_where_there_is_room() {
    let at = |top: f64| moved(area(20.0, top + 38.0, 200.0, 300.0), area(20.0, top, 90.0, 32.0), WINDOW);
    assert_eq!(at(600.0), (0.0, 292.0 - 638.0));
    assert_eq!(at(280.0), (0.0, 0.0), "just fits below");
    // Neither above nor below: it stays, and the page can be moved.
    assert_eq!(moved(area(20.0, 238.0, 200.0, 500.0), area(20.0, 200.0, 90.0, 32.0), WINDOW), (0.0, 0.0));
}

#[test]
fn a_value_that_is_seen_beside_its_panel_stays_where_it_is() {
    assert_eq!(uncovered((200.0, 222.0), 400.0, 12.0), 0.0);
    assert_eq!(uncovered((200.0, 222.0), 230.0, 12.0), 0.0);
}

#[test]
fn two_rows_on_either_side_are_seen_with_a_value_and_none_above_is_fetched_for_its_own_sake() {
    assert_eq!(with_rows_beside((200.0, 222.0), 12.0), (156.0, 266.0));
    assert_eq!(with_rows_beside((30.0, 52.0), 12.0), (12.0, 96.0));
    assert_eq!(
        with_rows_beside((2.0, 24.0), 12.0),
        (-42.0, 68.0),
        "it has to be fetched, and they come along"
    );
}

proptest! {
    #[test]
    fn a_value_is_never_covered_by_its_panel_nor_above_the_window(
        top in -400.0..700.0_f64, height in 4.0..33.0_f64, panel in 120.0..600.0_f64, above in 12.0..60.0_f64,
    ) {
        let by = uncovered((top, top + height), panel, above);
        prop_assert!(top - by >= above - 1e-9);
        prop_assert!(top - by + height <= panel + 1e-9);
    }

    #[test]
    fn a_list_as_wide_as_the_window_allows_is_seen_from_side_to_side(left in -500.0..500.0_f64, width in 10.0..344.0_f64) {
        let list = area(left, 100.0, width, 100.0);
        let (right, _) = moved(list, area(0.0, 60.0, 90.0, 32.0), WINDOW);
        prop_assert!(left + right >= 8.0 - 1e-9 && left + right + width <= 352.0 + 1e-9);
    }
}
