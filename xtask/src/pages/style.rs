//! The style sheets: joined, shortened, under names with a hash; the tools' own apart from what every page loads.

use std::fmt::Write as _;
use std::path::Path;

use super::math::Rules;
use super::{PagesError, Places, add_hash, entries, read, write};

/// Sheets that only the tools' pages need: the others do without them.
const TOOLS: [&str; 5] = ["cell.css", "classroom-tools.css", "files.css", "lab.css", "stepper-numbers.css"];

/// The pages that load them.
const TOOL_PAGES: [&str; 3] = ["stepper/", "lab/", "cell/"];

/// Writes the two joined sheets and puts the first one's name into the template; the second one's name stands in a marker
/// that each page of a tool turns into a link, before the other so that the order of the rules stays.
pub fn put_style(places: &Places, template: &str, rules: &Rules) -> Result<String, PagesError> {
    let all = write_sheet(places, "style", &style(places.project, rules)?)?;
    let tools = write_sheet(places, "tools", &tools_style(places.project)?)?;
    let marker = format!("{TOOLS_MARKER}{tools}\">");
    Ok(template
        .replace("<link rel=\"stylesheet\"", &format!("{marker}\n<link rel=\"stylesheet\""))
        .replace("{{style}}", &all)
        .replace("{{base}}", places.base))
}

/// Where the template says which sheet the tools have.
const TOOLS_MARKER: &str = "<meta name=\"tools\" content=\"";

/// The template of one page: a tool's has the tools' sheet.
pub fn with_tools(template: &str, path: &str) -> String {
    let Some((front, rest)) = template.split_once(TOOLS_MARKER) else { return template.to_owned() };
    let Some((name, rest)) = rest.split_once("\">") else { return template.to_owned() };
    let link = if TOOL_PAGES.contains(&path) {
        format!("<link rel=\"stylesheet\" href=\"{name}\">")
    } else {
        String::new()
    };
    format!("{front}{link}{rest}")
}

/// Writes a sheet under a name with its hash; its address.
fn write_sheet(places: &Places, name: &str, sheet: &str) -> Result<String, PagesError> {
    let file = format!("{name}.css");
    write(&places.staging.join(&file), sheet)?;
    Ok(format!("{}{}", places.base, add_hash(places.staging, &file)?))
}

/// The joined sheet of all pages.
pub fn style(project: &Path, rules: &Rules) -> Result<String, PagesError> {
    let mut sheet = joined(project, |name| !TOOLS.contains(&name))?;
    for (class, declaration) in rules {
        let _ = writeln!(sheet, ".{class}{{{declaration}}}");
    }
    Ok(sheet)
}

/// The joined sheet of the tools.
pub fn tools_style(project: &Path) -> Result<String, PagesError> {
    joined(project, |name| TOOLS.contains(&name))
}

/// The sheets that are wanted, in the order of their names.
fn joined(project: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<String, PagesError> {
    let mut sheet = String::new();
    for path in entries(&project.join("style"))? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".css") && is_wanted(name) {
            sheet.push_str(&shorten(&read(&path)?));
        }
    }
    Ok(sheet)
}

/// Drops comments, empty lines and indentation.
fn shorten(sheet: &str) -> String {
    let mut text = String::new();
    let mut rest = sheet;
    while let Some(start) = rest.find("/*") {
        text.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    text.push_str(rest);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}
