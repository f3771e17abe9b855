//! HDF5 as Keras writes it: every array of numbers by its path.

use hdf5_pure::{AttrValue, DType, Dataset, File, Group};

use super::import::{HDF5, MOST_BYTES};
use super::import_error::ImportError;
use super::weights::{MOST_NUMBERS, Tensor, Tensors, too_many};

/// Groups inside each other that are looked into.
const MOST_DEPTH: usize = 16;
/// Groups and datasets that are looked at: links may lead in circles.
const MOST_OBJECTS: usize = 4_096;

/// What a file holds.
pub(super) struct Contents {
    /// Every dataset of single or double numbers, by its path without a slash in front.
    pub tensors: Tensors,
    /// The layers, in older files of whole models: JSON.
    pub config: Option<String>,
}

/// Reads a file.
pub(super) fn read(bytes: Vec<u8>) -> Result<Contents, ImportError> {
    let file = File::from_bytes(bytes).map_err(|error| broken(&error))?;
    let mut walk = Walk { tensors: Tensors::new(), objects: 0, numbers: 0 };
    let root = file.root();
    walk.group(&root, "", 0)?;
    let attributes = root.attrs().unwrap_or_default();
    let config = attributes.get("model_config").and_then(AttrValue::as_str).map(str::to_owned);
    Ok(Contents { tensors: walk.tensors, config })
}

/// Whether a file holds fewer bytes than its first block says. Only that of addresses of eight bytes is looked at, as all
/// programs of today write them.
pub(super) fn is_cut_off(bytes: &[u8]) -> bool {
    // Where the address of the file's end stands, by the version of the first block.
    let (sizes, end) = match bytes.get(8).filter(|_| bytes.starts_with(HDF5)) {
        Some(0) => (13, 40),
        Some(1) => (13, 44),
        Some(2 | 3) => (9, 28),
        _ => return false,
    };
    let end = bytes.get(end..).and_then(|rest| rest.first_chunk::<8>());
    bytes.get(sizes) == Some(&8) && end.is_none_or(|end| u64::from_le_bytes(*end) > bytes.len() as u64)
}

struct Walk {
    tensors: Tensors,
    objects: usize,
    numbers: usize,
}

impl Walk {
    fn group(&mut self, group: &Group, path: &str, depth: usize) -> Result<(), ImportError> {
        for name in group.datasets().map_err(|error| broken(&error))? {
            self.count()?;
            let dataset = group.dataset(&name).map_err(|error| broken(&error))?;
            self.dataset(&dataset, format!("{path}{name}"))?;
        }
        if depth == MOST_DEPTH {
            return Ok(());
        }
        for name in group.groups().map_err(|error| broken(&error))? {
            self.count()?;
            let inner = group.group(&name).map_err(|error| broken(&error))?;
            self.group(&inner, &format!("{path}{name}/"), depth + 1)?;
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), ImportError> {
        self.objects += 1;
        if self.objects > MOST_OBJECTS {
            return Err(ImportError::Broken {
                format: "HDF5",
                what: format!("more than {MOST_OBJECTS} objects"),
            });
        }
        Ok(())
    }

    fn dataset(&mut self, dataset: &Dataset, path: String) -> Result<(), ImportError> {
        // Counters and seeds of a model are whole numbers.
        match dataset.dtype() {
            Ok(DType::F32 | DType::F64) => {}
            // Half precision, for which there is no reader.
            Ok(kind @ DType::Other(_)) => {
                return Err(ImportError::NumberKind { name: path, kind: kind.to_string() });
            }
            _ => return Ok(()),
        }
        let shape = dataset.shape().map_err(|error| broken(&error))?;
        let shape: Option<Vec<usize>> = shape.into_iter().map(|size| usize::try_from(size).ok()).collect();
        // A file may declare more than it holds: what is declared is what would be allocated.
        let count = shape
            .as_ref()
            .and_then(|shape| shape.iter().try_fold(1usize, |count, size| count.checked_mul(*size)));
        let total =
            count.and_then(|count| self.numbers.checked_add(count)).filter(|total| *total <= MOST_NUMBERS);
        let (Some(shape), Some(total)) = (shape, total) else {
            // More than any file that is read can hold is no size, but damage.
            return Err(match count.filter(|count| *count <= MOST_BYTES) {
                Some(count) => too_many(self.numbers.saturating_add(count)),
                None => {
                    ImportError::Broken { format: "HDF5", what: format!("{path}: more numbers than bytes") }
                }
            });
        };
        self.numbers = total;
        let data = dataset.read_f64().map_err(|error| broken(&error))?;
        if shape.iter().product::<usize>() != data.len() {
            return Err(ImportError::Broken {
                format: "HDF5",
                what: format!("{path}: {} numbers", data.len()),
            });
        }
        let tensor = Tensor { shape, data };
        tensor.check(&path)?;
        self.tensors.insert(path, tensor);
        Ok(())
    }
}

fn broken(error: &hdf5_pure::Error) -> ImportError {
    ImportError::Broken { format: "HDF5", what: super::one_line(&error.to_string()) }
}
