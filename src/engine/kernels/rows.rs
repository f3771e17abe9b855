//! Whole rows: bias, column sums, one-hot input as look-up, transposition.

use super::scalar::Scalar;

/// `dst[row] += bias` for each row: `dst` is rows × n, `bias` has n entries.
///
/// # Panics
/// If `dst` is no whole number of rows.
pub fn add_rows<S: Scalar>(dst: &mut [S], bias: &[S]) {
    if bias.is_empty() {
        return;
    }
    assert!(dst.len().is_multiple_of(bias.len()));
    for row in dst.chunks_exact_mut(bias.len()) {
        super::add_assign(row, bias);
    }
}

/// `sums += Σ rows`: `src` is rows × n, `sums` has n entries; rows are added from the first to the last.
///
/// # Panics
/// If `src` is no whole number of rows.
pub fn column_sums_add<S: Scalar>(sums: &mut [S], src: &[S]) {
    if sums.is_empty() {
        return;
    }
    assert!(src.len().is_multiple_of(sums.len()));
    for row in src.chunks_exact(sums.len()) {
        super::add_assign(sums, row);
    }
}

/// The row that an id names, if there is one.
#[inline]
fn row_of(id: i32, rows: usize) -> Option<usize> {
    usize::try_from(id).ok().filter(|&row| row < rows)
}

/// `dst[i] = table[ids[i]]`: the product with a one-hot input. `dst` is `ids.len()` × n, `table` V × n.
/// An id outside `0..V` (−1 by convention) gives the zero row.
///
/// # Panics
/// If the lengths do not agree.
pub fn gather_rows<S: Scalar>(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) {
    assert!(columns > 0 && dst.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (dst, &id) in dst.chunks_exact_mut(columns).zip(ids) {
        match row_of(id, rows) {
            Some(row) => dst.copy_from_slice(&table[row * columns..][..columns]),
            None => dst.fill(S::ZERO),
        }
    }
}

/// `dst[i] += table[ids[i]]`, otherwise like [`gather_rows`].
///
/// # Panics
/// If the lengths do not agree.
pub fn gather_rows_add<S: Scalar>(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) {
    assert!(columns > 0 && dst.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (dst, &id) in dst.chunks_exact_mut(columns).zip(ids) {
        if let Some(row) = row_of(id, rows) {
            super::add_assign(dst, &table[row * columns..][..columns]);
        }
    }
}

/// `table[ids[i]] += src[i]` in the order of `i`: the weight gradient of a one-hot input.
/// `src` is `ids.len()` × n, `table` V × n; an id outside `0..V` adds nothing.
///
/// # Panics
/// If the lengths do not agree.
pub fn scatter_add_rows<S: Scalar>(table: &mut [S], columns: usize, ids: &[i32], src: &[S]) {
    assert!(columns > 0 && src.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (src, &id) in src.chunks_exact(columns).zip(ids) {
        if let Some(row) = row_of(id, rows) {
            super::add_assign(&mut table[row * columns..][..columns], src);
        }
    }
}

/// Side of the square blocks in which matrices are transposed.
const BLOCK: usize = 8;

/// `dst = srcᵀ`: `src` is `rows × columns` with `src_stride` between its rows (at least `columns`), `dst` is
/// `columns × rows` with `dst_stride` between its rows (at least `rows`).
///
/// # Panics
/// If a slice is shorter than its shape says.
pub fn transpose<S: Scalar>(
    dst: &mut [S],
    dst_stride: usize,
    src: &[S],
    src_stride: usize,
    rows: usize,
    columns: usize,
) {
    transpose_with(dst, dst_stride, src, src_stride, rows, columns, |d, s| *d = s);
}

/// `dst += srcᵀ`, otherwise like [`transpose`].
///
/// # Panics
/// If a slice is shorter than its shape says.
pub fn transpose_add<S: Scalar>(
    dst: &mut [S],
    dst_stride: usize,
    src: &[S],
    src_stride: usize,
    rows: usize,
    columns: usize,
) {
    transpose_with(dst, dst_stride, src, src_stride, rows, columns, |d, s| *d += s);
}

#[inline(always)]
fn transpose_with<S: Scalar>(
    dst: &mut [S],
    dst_stride: usize,
    src: &[S],
    src_stride: usize,
    rows: usize,
    columns: usize,
    write: impl Fn(&mut S, S),
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(src_stride >= columns && src.len() >= (rows - 1) * src_stride + columns);
    assert!(dst_stride >= rows && dst.len() >= (columns - 1) * dst_stride + rows);
    for top in (0..rows).step_by(BLOCK) {
        let height = BLOCK.min(rows - top);
        for left in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - left);
            let mut tile = [[S::ZERO; BLOCK]; BLOCK];
            for (r, tile) in tile[..height].iter_mut().enumerate() {
                let start = (top + r) * src_stride + left;
                tile[..width].copy_from_slice(&src[start..start + width]);
            }
            for c in 0..width {
                let start = (left + c) * dst_stride + top;
                for (d, tile) in dst[start..start + height].iter_mut().zip(&tile) {
                    write(d, tile[c]);
                }
            }
        }
    }
}
