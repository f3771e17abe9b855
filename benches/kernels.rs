//! Kernel benchmarks on the host: the products of the standard models (S: n_a 64, B 16, T 32; M: 128, 32, 64;
//! L: 256, 32, 64; V = 65) and the element-wise blocks.
//!
//! What counts for the page is the browser's speed, which `cargo xtask bench` measures; this shows quickly whether a
//! change made a kernel slower.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::hint::black_box;
    use std::time::Duration;

    use criterion::{BenchmarkId, Criterion, Throughput};
    use unrolled::engine::kernels::{self, AdamStep, Packed, Scalar, Workspace};

    /// `(name, n_a, B, T)`.
    const MODELS: [(&str, usize, usize, usize); 3] =
        [("S", 64, 16, 32), ("M", 128, 32, 64), ("L", 256, 32, 64)];
    const V: usize = 65;

    fn numbers<S: Scalar>(count: usize) -> Vec<S> {
        (0..count).map(|i| S::from_f64((i * 7_919 % 1_009) as f64 / 1_009.0 - 0.5)).collect()
    }

    /// `C = A · P`, m × k × n. Throughput is in multiply-adds.
    fn product<S: Scalar>(criterion: &mut Criterion, kind: &str, name: &str, m: usize, k: usize, n: usize) {
        let (a, b, mut c) = (numbers::<S>(m * k), numbers::<S>(k * n), numbers::<S>(m * n));
        let mut packed = Packed::with_capacity(k, n);
        packed.pack(&b, k, n, n, 1);
        let mut group = criterion.benchmark_group(kind);
        group.throughput(Throughput::Elements((m * k * n) as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| kernels::multiply(&mut c, n, black_box(&a), k, m, &packed));
        });
        group.finish();
    }

    fn products(criterion: &mut Criterion) {
        for (name, n, batch, steps) in MODELS {
            product::<f32>(criterion, "recurrent, one gate", name, batch, n, n);
            product::<f32>(criterion, "logits of a window", name, batch * steps, n, V);
            product::<f32>(criterion, "one sample", name, 1, n, n);
            product::<f64>(criterion, "recurrent, one gate, f64", name, batch, n, n);

            let rows = batch * steps;
            let (a, b, mut c) = (numbers::<f32>(rows * n), numbers::<f32>(rows * n), numbers::<f32>(n * n));
            let mut workspace = Workspace::with_capacity(n);
            let mut group = criterion.benchmark_group("weight gradient, one gate");
            group.throughput(Throughput::Elements((rows * n * n) as u64));
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter(|| {
                    c.fill(0.0);
                    kernels::transposed_multiply_add(
                        &mut c,
                        n,
                        black_box(&a),
                        n,
                        &b,
                        n,
                        rows,
                        n,
                        n,
                        &mut workspace,
                    );
                });
            });
            group.finish();

            let mut packed = Packed::with_capacity(n, n);
            let weights = numbers::<f32>(n * n);
            let mut group = criterion.benchmark_group("pack W transposed");
            group.throughput(Throughput::Elements((n * n) as u64));
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter(|| packed.pack(black_box(&weights), n, n, 1, n));
            });
            group.finish();
        }
        let mut group = criterion.benchmark_group("multiply-add peak");
        group.throughput(Throughput::Elements(16_000 * 32));
        group.bench_function("f32", |bencher| {
            bencher.iter(|| kernels::multiply_add_peak::<f32>(black_box(16_000)));
        });
        group.finish();
    }

    fn blocks(criterion: &mut Criterion) {
        const LENGTH: usize = 32 * 128;
        let (a, b) = (numbers::<f32>(LENGTH), numbers::<f32>(LENGTH));
        let mut dst = vec![0.0; LENGTH];
        let mut group = criterion.benchmark_group("4,096 elements");
        group.throughput(Throughput::Elements(LENGTH as u64));
        type Block = fn(&mut [f32], &[f32], &[f32]);
        let blocks: [(&str, Block); 7] = [
            ("sigmoid", |d, a, _| kernels::sigmoid(d, a)),
            ("tanh", |d, a, _| kernels::tanh(d, a)),
            ("exp", |d, a, _| kernels::exp(d, a)),
            ("mul", kernels::mul),
            ("mul_add_assign", kernels::mul_add_assign),
            ("sigmoid_slope", kernels::sigmoid_slope),
            ("tanh_slope_assign", kernels::tanh_slope_assign),
        ];
        for (name, block) in blocks {
            group.bench_function(name, |bencher| bencher.iter(|| block(&mut dst, black_box(&a), &b)));
        }
        group.bench_function("all_finite", |bencher| bencher.iter(|| kernels::all_finite(black_box(&a))));
        group.bench_function("sum_of_squares", |bencher| {
            bencher.iter(|| kernels::sum_of_squares(black_box(&a)));
        });
        let (mut w, mut m, mut v) = (a.clone(), vec![0.0; LENGTH], vec![0.0; LENGTH]);
        let step = AdamStep::new(1e-3, 0.9, 0.999, 1e-8, 10);
        group.bench_function("adam", |bencher| {
            bencher.iter(|| kernels::adam(&mut w, &mut m, &mut v, black_box(&b), &step));
        });
        group.finish();

        const ROWS: usize = 2_048;
        let logits = numbers::<f32>(ROWS * V);
        let targets: Vec<i32> = (0..ROWS as i32).map(|i| i % V as i32).collect();
        let (mut yhat, mut dz, mut loss) = (vec![0.0; ROWS * V], vec![0.0; ROWS * V], vec![0.0; ROWS]);
        let mut group = criterion.benchmark_group("softmax with cross-entropy");
        group.throughput(Throughput::Elements((ROWS * V) as u64));
        group.bench_function("2,048 × 65", |bencher| {
            bencher.iter(|| {
                let logits = black_box(&logits);
                kernels::softmax_cross_entropy(logits, V, &targets, 1.0, &mut yhat, &mut loss, &mut dz);
            });
        });
        group.finish();
    }

    pub fn run() {
        let mut criterion = Criterion::default()
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(1))
            .configure_from_args();
        products(&mut criterion);
        blocks(&mut criterion);
        criterion.final_summary();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::run();
}

#[cfg(target_arch = "wasm32")]
fn main() {}
