use proptest::prelude::*;
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
