//! Diagrams laid out from equations: nothing overlaps, every wire has two ends, for presets and for random cells.

use std::fmt::Write;

use proptest::prelude::*;
use unrolled::engine::options::{Normalisation, with_normalisation};
use unrolled::engine::syntax::{Cell, Expr, Function};
use unrolled::view::colour::{Theme, colour, role_colour};
use unrolled::view::diagram::{Diagram, LabelKind, Part, PartKind, Rect, Wire, diagram};
use unrolled::view::formula::{Accent, NoFacts, Notation, Spelling};

use crate::view_cells::*;

#[path = "view_diagram/signs.rs"]
mod signs;

fn known() -> Vec<(&'static str, Cell)> {
    vec![
        ("rnn", rnn()),
        ("rnn-stacked", rnn_stacked()),
        ("gru-simplified", gru_simplified()),
        ("gru", gru()),
        ("lstm", lstm()),
        ("peephole", peephole()),
        ("minimal-gated-unit", minimal_gated_unit()),
        ("residual", residual()),
        ("residual-matrix", residual_matrix()),
        ("update-kept", gru_other_way()),
    ]
}

/// `o` goes up: the hidden state plus the input.
fn residual() -> Cell {
    let mut cell = rnn();
    cell.equations.push(equation("o", add(now("a"), now("x"))));
    cell.output = "o".into();
    cell
}

/// The same through a matrix of the input's own: `o = a + W_ox x`.
pub fn residual_matrix() -> Cell {
    let mut cell = rnn();
    cell.equations.push(equation("o", add(now("a"), product(parameter("W_ox"), now("x")))));
    cell.output = "o".into();
    cell
}

/// The gate's other convention: what it lets through is the old state.
fn gru_other_way() -> Cell {
    let mut cell = gru_simplified();
    let new = times(subtract(Expr::Number(1.0), now("Γ_u")), now("c~"));
    cell.equations[2] = equation("c", add(times(now("Γ_u"), before("c")), new));
    cell
}

fn touches(part: &Part, point: (f64, f64)) -> bool {
    let Rect { x, y, width, height } = part.rect;
    let inside = |value: f64, from: f64, size: f64| value > from - 0.5 && value < from + size + 0.5;
    inside(point.0, x, width) && inside(point.1, y, height)
}

/// Everything that a drawing must hold; the first thing that it does not.
fn fault(drawing: &Diagram) -> Option<String> {
    let drawn: Vec<&Part> = drawing.parts.iter().filter(|part| part.kind != PartKind::Edge).collect();
    for (number, part) in drawn.iter().enumerate() {
        for other in &drawn[number + 1..] {
            if part.rect.overlaps(&other.rect) {
                return Some(format!(
                    "{} {:?} and {} {:?} overlap",
                    part.sign, part.rect, other.sign, other.rect
                ));
            }
        }
        let Rect { x, y, width, height } = part.rect;
        let frame = drawing.frame;
        if x < frame.x
            || y < frame.y
            || x + width > frame.x + frame.width
            || y + height > frame.y + frame.height
        {
            return Some(format!("{} {:?} leaves the frame {frame:?}", part.sign, part.rect));
        }
    }
    for (number, label) in drawing.labels.iter().enumerate() {
        if let Some(part) = drawn.iter().find(|part| part.rect.overlaps(&label.rect)) {
            return Some(format!("the label {} is on {} {:?}", label.symbol, part.sign, part.rect));
        }
        if let Some(other) =
            drawing.labels[number + 1..].iter().find(|other| other.rect.overlaps(&label.rect))
        {
            return Some(format!("the labels {} and {} overlap", label.symbol, other.symbol));
        }
        let Rect { x, y, width, height } = label.rect;
        if x < 0.0 || y < 0.0 || x + width > drawing.width || y + height > drawing.height {
            return Some(format!("the label {} leaves the drawing", label.symbol));
        }
    }
    for wire in &drawing.wires {
        let ends = (wire.points.first().copied(), wire.points.last().copied());
        let (Some(start), Some(end)) = ends else { return Some("a wire without ends".to_owned()) };
        if !touches(&drawing.parts[wire.from], start) {
            return Some(format!("a wire of {:?} starts nowhere at {start:?}", wire.symbol));
        }
        if !touches(&drawing.parts[wire.to], end) {
            return Some(format!("a wire of {:?} ends nowhere at {end:?}", wire.symbol));
        }
        for side in wire.points.windows(2) {
            if (side[0].0 - side[1].0).abs() > 0.1 && (side[0].1 - side[1].1).abs() > 0.1 {
                return Some(format!("a slanting wire {:?}", wire.points));
            }
        }
    }
    None
}

/// A wire that runs through a part which is neither of its ends; none in the cells that we show ourselves.
fn wire_through_a_part(drawing: &Diagram) -> Option<String> {
    for wire in &drawing.wires {
        for side in wire.points.windows(2) {
            let room = Rect {
                x: side[0].0.min(side[1].0) - 1.0,
                y: side[0].1.min(side[1].1) - 1.0,
                width: (side[0].0 - side[1].0).abs() + 2.0,
                height: (side[0].1 - side[1].1).abs() + 2.0,
            };
            let through = drawing.parts.iter().enumerate().find(|(number, part)| {
                part.kind != PartKind::Edge
                    && *number != wire.from
                    && *number != wire.to
                    && part.rect.overlaps(&room)
            });
            if let Some((_, part)) = through {
                return Some(format!("{:?} runs through {}", wire.symbol, part.sign));
            }
        }
    }
    None
}

#[test]
fn presets_and_example_cells_are_drawn_without_overlaps() {
    for (name, cell) in known() {
        let drawing = diagram(&cell, &NoFacts);
        assert_eq!(fault(&drawing), None, "{name}");
        assert_eq!(wire_through_a_part(&drawing), None, "{name}");
        for number in 0..cell.equations.len() {
            let is_alias = matches!(cell.equations[number].expr, Expr::Value(..));
            let has_part = drawing.parts.iter().any(|part| part.equation == Some(number));
            assert!(has_part || is_alias, "{name}: equation {number} has no part");
        }
    }
}

#[test]
fn the_shipped_presets_and_examples_are_drawn_without_overlaps() {
    for preset in unrolled::engine::presets::presets() {
        let drawing = diagram(&preset.cell, &preset.facts);
        assert_eq!(fault(&drawing), None, "{}", preset.id);
        assert_eq!(wire_through_a_part(&drawing), None, "{}", preset.id);
        let normalised = with_normalisation(&preset.cell, Normalisation::Layer).expect("a normalised cell");
        assert_eq!(fault(&diagram(&normalised, &NoFacts)), None, "{}, normalised", preset.id);
    }
    for (id, text) in unrolled::engine::presets::EXAMPLES {
        let cell = unrolled::engine::syntax::parse_cell(text).expect("an example");
        let drawing = diagram(&cell, &NoFacts);
        assert_eq!(fault(&drawing), None, "{id}");
        assert_eq!(wire_through_a_part(&drawing), None, "{id}");
    }
}

#[test]
fn an_lstm_has_the_size_of_the_drawing() {
    let drawing = diagram(&lstm(), &NoFacts);
    assert!((380.0..=480.0).contains(&drawing.width), "{}", drawing.width);
    assert!((300.0..=380.0).contains(&drawing.height), "{}", drawing.height);
    let boxes = drawing.parts.iter().filter(|part| part.kind == PartKind::Product).count();
    let operators = drawing.parts.iter().filter(|part| part.kind == PartKind::Operator).count();
    assert_eq!((boxes, operators), (4, 4), "four gates; forget, add, write and show");
}

#[test]
fn the_wires_of_the_current_equation_are_lit() {
    let drawing = diagram(&lstm(), &NoFacts);
    let lit: Vec<String> = drawing
        .wires
        .iter()
        .filter(|wire| wire.is_lit(1))
        .map(|wire| wire.symbol.as_ref().map(ToString::to_string).unwrap_or_default())
        .collect();
    assert_eq!(lit, ["a<t-1>", "x<t>", "Γ_f<t>"], "what the forget gate takes in and what it gives");
}

#[test]
fn an_equation_that_only_gives_another_name_lights_the_way_out() {
    let drawing = diagram(&gru(), &NoFacts);
    let lit: Vec<&Wire> = drawing.wires.iter().filter(|wire| wire.is_lit(4)).collect();
    assert_eq!(lit.len(), 1);
    assert_eq!(lit[0].symbol.as_ref().map(ToString::to_string).as_deref(), Some("a<t>"));
    assert_eq!(drawing.parts[lit[0].to].kind, PartKind::Edge);
}

#[test]
fn the_memory_runs_straight_along_its_rail() {
    let drawing = diagram(&lstm(), &NoFacts);
    let rail = drawing.wires.iter().find(|wire| {
        wire.symbol.as_ref().is_some_and(|id| id.to_string() == "c<t-1>")
            && drawing.parts[wire.to].kind == PartKind::Operator
    });
    assert_eq!(rail.map(|wire| wire.points.len()), Some(2));
}

#[test]
fn the_gradient_walks_the_same_wires_from_their_ends() {
    for wire in &diagram(&gru(), &NoFacts).wires {
        let (forward, backward) = (wire.path(), wire.path_backward());
        assert!(forward.starts_with('M') && backward.starts_with('M'));
        let end = wire.points.last().expect("an end");
        let start = backward.trim_start_matches('M').split(['L', 'Q']).next().expect("a place");
        let start: Vec<f64> = start.split(' ').map(|number| number.parse().expect("a number")).collect();
        assert!((start[0] - end.0).abs() < 0.06 && (start[1] - end.1).abs() < 0.06);
    }
}

#[test]
fn equal_cells_give_equal_drawings() {
    assert_eq!(diagram(&lstm(), &NoFacts), diagram(&lstm(), &NoFacts));
}

/// A random expression over values that are known where it stands.
fn expressions(values: Vec<Expr>) -> impl Strategy<Value = Expr> {
    let leaf = prop::sample::select(values.clone());
    let gates = prop::collection::vec(prop::sample::select(values), 1..4)
        .prop_map(|parts| gate(Function::Sigmoid, "k", parts));
    prop_oneof![leaf, gates].prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| times(left, right)),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| add(left, right)),
            inner.clone().prop_map(|one| subtract(Expr::Number(1.0), one)),
            inner.clone().prop_map(|one| call(Function::Tanh, one)),
            inner.prop_map(|one| gate(Function::Tanh, "m", vec![one])),
        ]
    })
}

fn cells() -> impl Strategy<Value = Cell> {
    let leaves = || vec![now("x"), before("a"), before("c")];
    (expressions(leaves()), prop::bool::ANY)
        .prop_flat_map(move |(first, own)| {
            let first_name = if own { "Γ_k" } else { "m" };
            let mut values = leaves();
            values.push(now(first_name));
            (Just(equation(first_name, first)), expressions(values.clone()), Just(values))
        })
        .prop_flat_map(|(first, second, mut values)| {
            values.push(now("c"));
            (Just(first), Just(equation("c", second)), expressions(values))
        })
        .prop_map(|(first, second, third)| cell(&["a", "c"], vec![first, second, equation("a", third)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn random_cells_are_drawn_without_overlaps(cell in cells()) {
        let drawing = diagram(&cell, &NoFacts);
        prop_assert_eq!(fault(&drawing), None, "{:?}", cell.equations);
    }
}

/// Writes pictures to look at into the folder that UNROLLED_DRAWINGS names.
#[test]
fn drawings_can_be_written_for_looking_at() {
    let Some(folder) = std::env::var_os("UNROLLED_DRAWINGS") else { return };
    let folder = std::path::PathBuf::from(folder);
    for (name, cell) in known() {
        let drawing = diagram(&cell, &NoFacts);
        std::fs::write(folder.join(format!("{name}.svg")), svg(&drawing, 1, Theme::Light))
            .expect("a picture");
    }
}

fn svg(drawing: &Diagram, lit: usize, theme: Theme) -> String {
    let named = |name: &str| colour(name, theme).css();
    let (sheet, faint, line) = (named("sheet"), named("faint"), named("line"));
    let Diagram { width, height, frame, .. } = drawing;
    let mut text = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{}' height='{}'>\
         <rect width='100%' height='100%' fill='{sheet}'/><rect x='{}' y='{}' width='{}' height='{}' rx='16' fill='{faint}' stroke='{line}'/>",
        width * 1.5,
        height * 1.5,
        frame.x,
        frame.y,
        frame.width,
        frame.height
    );
    for is_lit in [false, true] {
        let _ = write!(text, "<g fill='none' opacity='{}'>", if is_lit { 1.0 } else { 0.4 });
        for wire in drawing.wires.iter().filter(|wire| wire.is_lit(lit) == is_lit) {
            let width = if is_lit { 3.0 } else { 1.5 };
            let paint = role_colour(wire.role, theme).css();
            let _ = write!(text, "<path d='{}' stroke='{paint}' stroke-width='{width}'/>", wire.path());
        }
        text.push_str("</g>");
    }
    for dot in &drawing.junctions {
        let _ = write!(
            text,
            "<circle cx='{}' cy='{}' r='2.6' fill='{}' opacity='.6'/>",
            dot.x,
            dot.y,
            role_colour(dot.role, theme).css()
        );
    }
    for part in drawing.parts.iter().filter(|part| part.kind != PartKind::Edge) {
        let Rect { x, y, width, height } = part.rect;
        let (middle, baseline) = (x + width / 2.0, y + height / 2.0 + 5.0);
        let is_lit = part.equation == Some(lit);
        let paint = role_colour(part.role, theme).css();
        let (radius, fill, ink) = match part.kind {
            PartKind::Product if is_lit => (6.0, paint.clone(), sheet.clone()),
            PartKind::Product => (6.0, sheet.clone(), paint.clone()),
            PartKind::Operator => (13.0, sheet.clone(), named("ink")),
            _ => (5.0, sheet.clone(), paint.clone()),
        };
        let stroke = if part.kind == PartKind::Operator { named("soft") } else { paint };
        let size = if part.kind == PartKind::Function || part.sign.chars().count() > 1 { 12 } else { 15 };
        let _ = write!(
            text,
            "<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='{radius}' fill='{fill}' stroke='{stroke}' stroke-width='1.5'/>\
             <text x='{middle}' y='{baseline}' text-anchor='middle' font-size='{size}' font-family='STIX Two Math, DejaVu Serif' font-style='italic' fill='{ink}'>{}</text>",
            part.sign
        );
    }
    for label in &drawing.labels {
        let Spelling { letter, accent, subscript, .. } =
            Spelling::of(&label.symbol.name, Notation::Notes, &NoFacts);
        let accent = match accent {
            Some(Accent::Tilde) => "\u{303}",
            Some(Accent::Hat) => "\u{302}",
            None => "",
        };
        let below =
            subscript.map(|s| format!("<tspan dy='4' font-size='10'>{s}</tspan>")).unwrap_or_default();
        let time = match label.kind {
            LabelKind::Inner => "",
            LabelKind::Output => " → ŷ",
            _ => match label.symbol.time {
                Some(unrolled::engine::syntax::Time::Previous) => "<tspan dy='-5' font-size='10'>⟨4⟩</tspan>",
                _ => "<tspan dy='-5' font-size='10'>⟨5⟩</tspan>",
            },
        };
        let _ = write!(
            text,
            "<text x='{}' y='{}' font-size='13' font-family='STIX Two Math, DejaVu Serif' font-style='italic' fill='{}'>{letter}{accent}{below}{time}</text>",
            label.x,
            label.y,
            role_colour(label.role, theme).css()
        );
    }
    text.push_str("</svg>");
    text
}
