//! Where the builder keeps other people's code, which is nobody's business and weight in every file that ships.

use std::fs;
use std::path::{Path, PathBuf};

/// Flags by which messages of a panic say `leptos-0.8/src/lib.rs` and not where that lies on this machine: the same
/// source gives the same files wherever it is built.
pub fn shortened() -> String {
    flags(&cargo_home().join("registry").join("src"))
}

/// A flag for every registry whose packages lie below `sources`, separated by spaces. A folder whose name has a space
/// is left as it is: this variable of Cargo's cannot hold it.
fn flags(sources: &Path) -> String {
    let entries = fs::read_dir(sources).into_iter().flatten().flatten();
    let mut folders: Vec<String> = entries.map(|entry| entry.path().display().to_string()).collect();
    folders.sort();
    folders.retain(|folder| !folder.contains([' ', '=']));
    let flags = folders.iter().map(|folder| format!("--remap-path-prefix={folder}/="));
    flags.collect::<Vec<_>>().join(" ")
}

fn cargo_home() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
    variable("CARGO_HOME").or_else(|| home().map(|home| home.join(".cargo"))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_registry_is_left_out_of_paths_unless_its_folder_cannot_be_named() -> std::io::Result<()> {
        let place = std::env::temp_dir().join(format!("unrolled-paths-{}", std::process::id()));
        for folder in ["one-123", "two-456", "three 789"] {
            fs::create_dir_all(place.join(folder))?;
        }
        let said = flags(&place);
        fs::remove_dir_all(&place)?;
        let expected = ["one-123", "two-456"]
            .map(|folder| format!("--remap-path-prefix={}/=", place.join(folder).display()));
        assert_eq!(said, expected.join(" "));
        assert_eq!(flags(&place), "");
        Ok(())
    }
}
