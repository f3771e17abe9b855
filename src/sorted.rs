//! Sorting that is compiled once. The standard library's sort is compiled anew for every type and comparison, six kilobytes
//! each in a file that the page loads; lists are sorted here by their places, whatever they hold.

use std::cmp::Ordering;

/// The places 0 … `len` − 1 in the order of what stands there; what is equal stays as it stood.
pub fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

/// Sorts a list; what is equal stays as it stood.
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(list.len(), &|one, other| compare(&list[one], &list[other]));
    let mut places: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|place| places[place].take()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_sorted_and_what_is_equal_stays_as_it_stood() {
        let mut list: Vec<(u32, usize)> = (0..200).map(|place| ((place as u32 * 37) % 11, place)).collect();
        let mut expected = list.clone();
        expected.sort_by_key(|pair| pair.0);
        sort_by(&mut list, |one, other| one.0.cmp(&other.0));
        assert_eq!(list, expected);
        sort_by(&mut list, |one, other| other.1.cmp(&one.1));
        assert!(list.windows(2).all(|pair| pair[0].1 > pair[1].1));
        let mut none: Vec<f64> = Vec::new();
        sort_by(&mut none, f64::total_cmp);
        assert!(none.is_empty());
    }
}
