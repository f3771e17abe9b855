use proptest::prelude::*;
use unrolled::view::stepper::cells::{Cell, shapes};
use unrolled::view::stepper::digits::{Digits, short};
use unrolled::view::stepper::window::{GAP, Places, Shown, window};

#[test]
fn a_small_axis_is_shown_whole() {
    assert_eq!(window(3, 1, 16), vec![Shown::Entry(0), Shown::Entry(1), Shown::Entry(2)]);
}

#[test]
fn a_large_axis_shows_the_chosen_entry_its_neighbours_the_first_and_the_last() {
    let shown = window(100, 50, 9);
    assert_eq!(shown.first(), Some(&Shown::Entry(0)));
    assert_eq!(shown.last(), Some(&Shown::Entry(99)));
    for entry in [49, 50, 51] {
        assert!(shown.contains(&Shown::Entry(entry)), "{shown:?}");
    }
}

#[test]
fn places_leave_room_for_gaps() {
    let places = Places::of(&[Shown::Entry(0), Shown::Gap(7), Shown::Entry(8)], 20.0);
    assert_eq!(places.length, 40.0 + GAP);
    assert_eq!(places.find(8), Some((20.0 + GAP, 20.0)));
    assert_eq!(places.find(3), None);
}

#[test]
fn a_place_is_that_of_the_entry_it_falls_on_and_a_gap_is_no_entrys() {
    let places = Places::of(&[Shown::Entry(0), Shown::Gap(7), Shown::Entry(8)], 20.0);
    assert_eq!(
        [0.0, 19.9, 20.0, 21.0 + GAP, 45.0 + GAP].map(|at| places.at(at)),
        [Some(0), Some(0), None, Some(8), None]
    );
}

#[test]
fn cells_of_one_colour_are_one_path() {
    let cell = |class: &str, x: f64| Cell { class: class.into(), x, y: 0.0, width: 4.0, height: 3.0 };
    let made = shapes([cell("h-p1", 0.0), cell("h-0", 5.0), cell("h-p1", 10.0)], 0.0);
    assert_eq!(
        made,
        [
            ("h-0".to_owned(), "M5 0h4v3h-4z".to_owned()),
            ("h-p1".to_owned(), "M0 0h4v3h-4zM10 0h4v3h-4z".to_owned()),
        ]
    );
    let rounded = shapes([cell("h-0", 0.0)], 1.0);
    assert_eq!(rounded[0].1, "M1 0h2q1 0 1 1v1q0 1 -1 1h-2q-1 0 -1 -1v-1q0 -1 1 -1z");
}

#[test]
fn small_numbers_keep_two_digits() {
    assert_eq!(short(0.83), "0.83");
    assert_eq!(short(-0.0312), "−0.031");
    assert_eq!(short(1.234e-7), "1.2e−7");
    assert_eq!(short(0.0), "0.00");
    assert_eq!(Digits::of(&[0.004, -0.0011]).show(0.004), "0.0040");
    assert_eq!(Digits::of(&[]).show(0.0), "0");
    assert_eq!(Digits::of(&[0.5]).longest(&[0.5, -0.25]), 5);
}

proptest! {
    #[test]
    fn a_window_counts_every_entry_once_and_always_holds_the_chosen_one(
        size in 1usize..300, chosen in 0usize..400, limit in 0usize..40,
    ) {
        let shown = window(size, chosen, limit);
        let mut next = 0;
        for place in &shown {
            match place {
                Shown::Entry(entry) => {
                    prop_assert_eq!(*entry, next);
                    next += 1;
                }
                Shown::Gap(count) => {
                    prop_assert!(*count > 0);
                    next += count;
                }
            }
        }
        prop_assert_eq!(next, size);
        prop_assert!(shown.contains(&Shown::Entry(chosen.min(size - 1))));
        let entries = shown.iter().filter(|place| matches!(place, Shown::Entry(_))).count();
        prop_assert!(entries <= limit.max(5));
    }
}
