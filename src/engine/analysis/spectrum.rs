//! Size of a matrix as a factor: spectral radius and spectral norm.

use ndarray::Array2;

/// Squarings of a matrix: `M^(2^40)`. What is left of the error is the logarithm of a condition number over `2^40`.
const SQUARINGS: i32 = 40;

/// Largest absolute value of the eigenvalues of a square matrix, by Gelfand's formula `ρ = lim ‖M^k‖^(1/k)`; complex
/// pairs need no care of their own. NaN where an entry is not finite.
pub fn spectral_radius(matrix: &Array2<f64>) -> f64 {
    let mut power = matrix.clone();
    // log ‖M^k‖ / k, summed up from the logarithms that each squaring divides out.
    let (mut logarithm, mut share) = (0.0, 1.0);
    for _ in 0..=SQUARINGS {
        let norm = frobenius(&power);
        if norm == 0.0 {
            return 0.0; // Some power of the matrix is zero, so all its eigenvalues are.
        }
        if !norm.is_finite() {
            return f64::NAN;
        }
        power /= norm;
        logarithm += share * libm::log(norm);
        share /= 2.0;
        power = power.dot(&power);
    }
    libm::exp(logarithm)
}

/// Largest singular value: the most that the matrix lengthens any vector. `√ρ(MᵀM)`.
pub fn spectral_norm(matrix: &Array2<f64>) -> f64 {
    spectral_radius(&matrix.t().dot(matrix)).sqrt()
}

/// The matrix times the number that brings its spectral radius to `radius`; as it is where its own is 0 or not finite.
pub fn with_spectral_radius(matrix: &Array2<f64>, radius: f64) -> Array2<f64> {
    let own = spectral_radius(matrix);
    if own > 0.0 { matrix * (radius / own) } else { matrix.clone() }
}

fn frobenius(matrix: &Array2<f64>) -> f64 {
    // Scaled, so that squares of very small or large entries stay finite.
    let largest = matrix.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return f64::NAN;
    }
    if largest == 0.0 {
        return 0.0;
    }
    largest * matrix.iter().map(|entry| (entry / largest) * (entry / largest)).sum::<f64>().sqrt()
}
