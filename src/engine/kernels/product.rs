//! Matrix products. The right operand is packed once into panels of two registers' width, the left one anew for each
//! product into strips of a few rows: the innermost loop then walks along two streams, and has no other address to make.
//!
//! Each entry of a result is `c + ((0 + a₀b₀) + a₁b₁ + …)`, the products added one after the other, whatever the tile
//! that computes it: the bits of a row do not depend on how many rows there are.

use std::cell::RefCell;

use super::optimisers;
use super::scalar::Scalar;
use super::simd::Lanes;

/// Registers side by side in a panel.
const WIDTH: usize = 2;
/// Rows of a full tile: 4 × 2 accumulators, 2 registers for the panel and 1 for the broadcast entry stay in the 15
/// registers that a browser has to give.
const HEIGHT: usize = 4;
/// Columns of a panel of `f32`, the most there are.
const MOST_COLUMNS: usize = WIDTH * 4;
/// Panels that a single row takes at once, so that its sums do not wait for each other.
const ROW_PANELS: usize = 4;
/// Strips of `HEIGHT` rows of a left operand that are packed and multiplied together: they stay in the first-level cache
/// while all panels pass.
const GROUP_STRIPS: usize = 8;
/// Rows of the operands of [`transposed_multiply_add`] that are packed together, so that they stay in the cache.
const DEPTH: usize = 256;

type Panel<S> = [<S as Scalar>::Lanes; WIDTH];
/// `HEIGHT` rows of a left operand, stored column after column.
type Strip<S> = [S; HEIGHT];

/// A right operand (k × n), cut into panels of `2 · lanes` columns, each stored row after row; the last one is filled
/// up with zeros.
#[derive(Clone)]
pub struct Packed<S: Scalar> {
    panels: Vec<Panel<S>>,
    k: usize,
    n: usize,
    /// Room for strips of whatever is multiplied with it.
    strips: RefCell<Vec<Strip<S>>>,
}

impl<S: Scalar> Packed<S> {
    /// Columns of a panel.
    const COLUMNS: usize = WIDTH * S::Lanes::COUNT;

    /// Room for a k × n matrix; until something is packed it is 0 × 0.
    pub fn with_capacity(k: usize, n: usize) -> Self {
        Self {
            panels: Vec::with_capacity(k * n.div_ceil(Self::COLUMNS)),
            k: 0,
            n: 0,
            strips: RefCell::new(Vec::with_capacity(GROUP_STRIPS * k)),
        }
    }

    /// Rows and columns of the packed matrix.
    pub fn shape(&self) -> (usize, usize) {
        (self.k, self.n)
    }

    /// Packs the k × n matrix whose entry (p, j) is `src[p * row_stride + j * column_stride]`.
    ///
    /// `W` (n × k, row-major) as the right operand `Wᵀ` (k × n) of `a Wᵀ`: `row_stride` 1, `column_stride` k.
    /// A range of its columns: start `src` at the first one, and keep the stride.
    ///
    /// # Panics
    /// If `src` is shorter than the shape and the strides say.
    pub fn pack(&mut self, src: &[S], k: usize, n: usize, row_stride: usize, column_stride: usize) {
        super::pack(self, src, k, n, row_stride, column_stride);
    }
}

pub(super) fn pack<S: Scalar>(
    packed: &mut Packed<S>,
    src: &[S],
    k: usize,
    n: usize,
    row_stride: usize,
    column_stride: usize,
) {
    (packed.k, packed.n) = (k, n);
    if k == 0 || n == 0 {
        return;
    }
    assert!(src.len() > (k - 1) * row_stride + (n - 1) * column_stride);
    // Every entry is written below; this only sets the length.
    packed.panels.resize(k * n.div_ceil(Packed::<S>::COLUMNS), [S::Lanes::splat(S::ZERO); WIDTH]);
    for (panel, left) in packed.panels.chunks_exact_mut(k).zip((0..n).step_by(Packed::<S>::COLUMNS)) {
        let width = Packed::<S>::COLUMNS.min(n - left);
        let src = &src[left * column_stride..];
        if column_stride == 1 && row_stride >= Packed::<S>::COLUMNS && width == Packed::<S>::COLUMNS {
            for (lanes, row) in panel.iter_mut().zip(src.chunks(row_stride)) {
                *lanes = load_panel::<S>(row);
            }
            continue;
        }
        for (p, lanes) in panel.iter_mut().enumerate() {
            let mut row = [S::ZERO; MOST_COLUMNS];
            for (j, entry) in row[..width].iter_mut().enumerate() {
                *entry = src[p * row_stride + j * column_stride];
            }
            *lanes = load_panel::<S>(&row);
        }
    }
}

#[inline(always)]
fn load_panel<S: Scalar>(row: &[S]) -> Panel<S> {
    std::array::from_fn(|i| S::Lanes::load(&row[i * S::Lanes::COUNT..]))
}

pub(super) fn multiply_add<S: Scalar>(c: &mut [S], ldc: usize, a: &[S], lda: usize, m: usize, p: &Packed<S>) {
    product(c, ldc, a, lda, m, p, false);
}

pub(super) fn multiply<S: Scalar>(c: &mut [S], ldc: usize, a: &[S], lda: usize, m: usize, p: &Packed<S>) {
    product(c, ldc, a, lda, m, p, true);
}

/// `overwrites` is no constant of the type: the code for both would be twice as large, and a tile asks only once.
#[inline(never)]
fn product<S: Scalar>(
    c: &mut [S],
    ldc: usize,
    a: &[S],
    lda: usize,
    m: usize,
    p: &Packed<S>,
    overwrites: bool,
) {
    let (k, n) = p.shape();
    if m == 0 || n == 0 {
        return;
    }
    assert!(ldc >= n && c.len() >= (m - 1) * ldc + n, "C is shorter than {m} × {n}");
    assert!(lda >= k && a.len() >= (m - 1) * lda + k, "A is shorter than {m} × {k}");
    if k == 0 {
        if overwrites {
            for row in c.chunks_mut(ldc).take(m) {
                row[..n].fill(S::ZERO);
            }
        }
        return;
    }
    let columns = Packed::<S>::COLUMNS;
    if m == 1 {
        for (panels, left) in p.panels.chunks(k * ROW_PANELS).zip((0..n).step_by(columns * ROW_PANELS)) {
            if panels.len() == k * ROW_PANELS {
                row::<S, ROW_PANELS>(&mut c[left..n], &a[..k], panels, overwrites);
            } else {
                for (panel, left) in panels.chunks_exact(k).zip((left..n).step_by(columns)) {
                    row::<S, 1>(&mut c[left..n], &a[..k], panel, overwrites);
                }
            }
        }
        return;
    }
    // Nothing else borrows it: no product is made inside of another.
    let mut strips = p.strips.borrow_mut();
    for first in (0..m).step_by(GROUP_STRIPS * HEIGHT) {
        let height = (m - first).min(GROUP_STRIPS * HEIGHT);
        strips.resize(k * height.div_ceil(HEIGHT), [S::ZERO; HEIGHT]);
        for (strip, top) in strips.chunks_exact_mut(k).zip((first..m).step_by(HEIGHT)) {
            // What is missing of a last strip is never written: any row does.
            let rows: [&[S]; HEIGHT] = std::array::from_fn(|i| &a[(top + i).min(m - 1) * lda..][..k]);
            for (p, entries) in strip.iter_mut().enumerate() {
                *entries = rows.map(|row| row[p]);
            }
        }
        multiply_strips(&mut c[first * ldc..], ldc, height, &strips, p, overwrites);
    }
}

/// The strips (`m` rows together) times the packed operand, added to C or written over it; `c` is m × n with `ldc` between
/// its rows.
#[inline(always)]
fn multiply_strips<S: Scalar>(
    c: &mut [S],
    ldc: usize,
    m: usize,
    strips: &[Strip<S>],
    packed: &Packed<S>,
    overwrites: bool,
) {
    let (k, n) = packed.shape();
    let columns = Packed::<S>::COLUMNS;
    for (panel, left) in packed.panels.chunks_exact(k).zip((0..n).step_by(columns)) {
        let right = n.min(left + columns);
        for (strip, top) in strips.chunks_exact(k).zip((0..m).step_by(HEIGHT)) {
            let mut sums = [[[S::Lanes::splat(S::ZERO); WIDTH]; 1]; HEIGHT];
            // Two iterators and no counter: each step makes its addresses by one addition a stream (a fifth faster).
            let mut strip = strip.iter();
            for b in panel {
                let Some(a) = strip.next() else { break };
                step::<S, HEIGHT, 1>(&mut sums, *a, [*b]);
            }
            let height = HEIGHT.min(m - top);
            // From the tile's first entry to its last.
            let c = &mut c[top * ldc + left..(top + height - 1) * ldc + right];
            write_tile(c, ldc, &sums[..height], overwrites);
        }
    }
}

/// One row × `P` panels of C, held in registers over the whole sum. `c` begins with the first entry and ends with the
/// last one, which also says how many columns of the last panel count.
#[inline(always)]
fn row<S: Scalar, const P: usize>(c: &mut [S], a: &[S], panels: &[Panel<S>], overwrites: bool) {
    let mut sums = [[[S::Lanes::splat(S::ZERO); WIDTH]; P]];
    let panels: [&[Panel<S>]; P] = std::array::from_fn(|j| &panels[j * a.len()..][..a.len()]);
    // Not unrolled: the compiler would sort the steps by accumulator and run out of registers (three times slower).
    for p in 0..a.len() {
        step::<S, 1, P>(&mut sums, [a[p]], panels.map(|panel| panel[p]));
    }
    write_tile(c, 0, &sums, overwrites);
}

/// Adds a tile's sums to C, or overwrites it. `c` begins with the tile's first entry and ends with its last one.
#[inline(always)]
fn write_tile<S: Scalar, const P: usize>(c: &mut [S], ldc: usize, sums: &[[Panel<S>; P]], overwrites: bool) {
    let lanes = S::Lanes::COUNT;
    let width = (c.len() - (sums.len() - 1) * ldc).min(P * WIDTH * lanes);
    for (i, sums) in sums.iter().enumerate() {
        let c = &mut c[i * ldc..][..width];
        if width == P * WIDTH * lanes {
            for (sum, c) in sums.as_flattened().iter().zip(c.chunks_exact_mut(lanes)) {
                let total = if overwrites { *sum } else { S::Lanes::load(c).add(*sum) };
                total.store(c);
            }
        } else {
            let mut entries = [S::ZERO; MOST_COLUMNS * ROW_PANELS];
            for (sum, entries) in sums.as_flattened().iter().zip(entries.chunks_exact_mut(lanes)) {
                sum.store(entries);
            }
            for (c, &entry) in c.iter_mut().zip(&entries) {
                *c = if overwrites { entry } else { *c + entry };
            }
        }
    }
}

/// One step of the sum: `sums += a · b`, an outer product.
#[inline(always)]
fn step<S: Scalar, const M: usize, const P: usize>(
    sums: &mut [[Panel<S>; P]; M],
    a: [S; M],
    b: [Panel<S>; P],
) {
    for (sums, a) in sums.iter_mut().zip(a) {
        let a = S::Lanes::splat(a);
        for (sums, b) in sums.iter_mut().zip(&b) {
            for (sum, &b) in sums.iter_mut().zip(b) {
                *sum = sum.add(a.mul(b));
            }
        }
    }
}

/// What [`transposed_multiply_add`](super::transposed_multiply_add) needs besides its operands; make it once, use it for every shape up to its own.
#[derive(Clone)]
pub struct Workspace<S: Scalar> {
    /// The right operand, with its room for a group of strips of the left one.
    packed: Packed<S>,
}

impl<S: Scalar> Workspace<S> {
    /// Room for results with up to n columns.
    pub fn with_capacity(n: usize) -> Self {
        Self { packed: Packed::with_capacity(DEPTH, n) }
    }

    /// Packs the rows × m matrix `a` with `lda` between its rows.
    fn pack_strips(&mut self, a: &[S], lda: usize, rows: usize, m: usize) {
        let strips = self.packed.strips.get_mut();
        strips.resize(rows * m.div_ceil(HEIGHT), [S::ZERO; HEIGHT]);
        for (strip, left) in strips.chunks_exact_mut(rows).zip((0..m).step_by(HEIGHT)) {
            let width = HEIGHT.min(m - left);
            let source = a[left..].chunks(lda);
            if width == HEIGHT {
                for (entries, row) in strip.iter_mut().zip(source) {
                    if let Some(row) = row.first_chunk() {
                        *entries = *row;
                    }
                }
            } else {
                for (entries, row) in strip.iter_mut().zip(source) {
                    *entries = std::array::from_fn(|i| if i < width { row[i] } else { S::ZERO });
                }
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
pub(super) fn transposed_multiply_add<S: Scalar>(
    c: &mut [S],
    ldc: usize,
    a: &[S],
    lda: usize,
    b: &[S],
    ldb: usize,
    rows: usize,
    m: usize,
    n: usize,
    workspace: &mut Workspace<S>,
) {
    transposed_multiply_add_shared(&mut [(c, a)], ldc, lda, b, ldb, rows, m, n, workspace);
}

#[allow(clippy::too_many_arguments)]
pub(super) fn transposed_multiply_add_shared<S: Scalar>(
    pairs: &mut [(&mut [S], &[S])],
    ldc: usize,
    lda: usize,
    b: &[S],
    ldb: usize,
    rows: usize,
    m: usize,
    n: usize,
    workspace: &mut Workspace<S>,
) {
    if rows == 0 || m == 0 || n == 0 {
        return;
    }
    assert!(ldb >= n && b.len() >= (rows - 1) * ldb + n, "B is shorter than {rows} × {n}");
    for top in (0..rows).step_by(DEPTH) {
        let depth = DEPTH.min(rows - top);
        pack(&mut workspace.packed, &b[top * ldb..], depth, n, ldb, 1);
        for (c, a) in pairs.iter_mut() {
            assert!(ldc >= n && c.len() >= (m - 1) * ldc + n, "C is shorter than {m} × {n}");
            assert!(lda >= m && a.len() >= (rows - 1) * lda + m, "A is shorter than {rows} × {m}");
            for first in (0..m).step_by(GROUP_STRIPS * HEIGHT) {
                let width = (m - first).min(GROUP_STRIPS * HEIGHT);
                workspace.pack_strips(&a[top * lda + first..], lda, depth, width);
                let packed = &workspace.packed;
                multiply_strips(&mut c[first * ldc..], ldc, width, &packed.strips.borrow(), packed, false);
            }
        }
    }
}

pub(super) fn multiply_add_peak<S: Scalar>(iterations: usize) -> (f64, S) {
    const SUMS: usize = 8;
    let table: [Panel<S>; 16] =
        std::hint::black_box(std::array::from_fn(|i| [S::Lanes::splat(S::from_f64(i as f64)); WIDTH]));
    let factors: [S; SUMS / WIDTH] = std::hint::black_box(std::array::from_fn(|i| S::from_f64(i as f64)));
    let factors = factors.map(S::Lanes::splat);
    let mut sums = [[S::Lanes::splat(S::ZERO); WIDTH]; SUMS / WIDTH];
    for _ in 0..iterations.div_ceil(table.len()) {
        for b in &table {
            for (sums, a) in sums.iter_mut().zip(factors) {
                for (sum, &b) in sums.iter_mut().zip(b) {
                    *sum = sum.add(a.mul(b));
                }
            }
        }
    }
    let mut total = S::Lanes::splat(S::ZERO);
    for &sum in sums.as_flattened() {
        total = total.add(sum);
    }
    let mut entries = [S::ZERO; 4];
    total.store(&mut entries);
    let done = iterations.div_ceil(table.len()) * table.len() * SUMS * S::Lanes::COUNT * 2;
    (done as f64, optimisers::sum(&entries))
}
