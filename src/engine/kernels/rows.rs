//! Whole rows: bias, column sums, one-hot input as look-up, transposition.

use super::elementwise::generic as blocks;
use super::scalar::Scalar;

pub(super) fn add_rows<S: Scalar>(dst: &mut [S], bias: &[S]) {
    if bias.is_empty() {
        return;
    }
    assert!(dst.len().is_multiple_of(bias.len()));
    for row in dst.chunks_exact_mut(bias.len()) {
        blocks::add_assign(row, bias);
    }
}

pub(super) fn column_sums_add<S: Scalar>(sums: &mut [S], src: &[S]) {
    if sums.is_empty() {
        return;
    }
    assert!(src.len().is_multiple_of(sums.len()));
    for row in src.chunks_exact(sums.len()) {
        blocks::add_assign(sums, row);
    }
}

/// The row that an id names, if there is one.
#[inline]
fn row_of(id: i32, rows: usize) -> Option<usize> {
    usize::try_from(id).ok().filter(|&row| row < rows)
}

pub(super) fn gather_rows<S: Scalar>(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) {
    assert!(columns > 0 && dst.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (dst, &id) in dst.chunks_exact_mut(columns).zip(ids) {
        match row_of(id, rows) {
            Some(row) => dst.copy_from_slice(&table[row * columns..][..columns]),
            None => dst.fill(S::ZERO),
        }
    }
}

pub(super) fn gather_rows_add<S: Scalar>(dst: &mut [S], table: &[S], columns: usize, ids: &[i32]) {
    assert!(columns > 0 && dst.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (dst, &id) in dst.chunks_exact_mut(columns).zip(ids) {
        if let Some(row) = row_of(id, rows) {
            blocks::add_assign(dst, &table[row * columns..][..columns]);
        }
    }
}

pub(super) fn scatter_add_rows<S: Scalar>(table: &mut [S], columns: usize, ids: &[i32], src: &[S]) {
    assert!(columns > 0 && src.len() == ids.len() * columns && table.len().is_multiple_of(columns));
    let rows = table.len() / columns;
    for (src, &id) in src.chunks_exact(columns).zip(ids) {
        if let Some(row) = row_of(id, rows) {
            blocks::add_assign(&mut table[row * columns..][..columns], src);
        }
    }
}

/// Side of the square blocks in which matrices are transposed.
const BLOCK: usize = 8;

pub(super) fn transpose<S: Scalar>(
    dst: &mut [S],
    dst_stride: usize,
    src: &[S],
    src_stride: usize,
    rows: usize,
    columns: usize,
) {
    transpose_with(dst, dst_stride, src, src_stride, rows, columns, |d, s| *d = s);
}

pub(super) fn transpose_add<S: Scalar>(
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
