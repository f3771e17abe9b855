//! The weights drawn to scale, and a product that exists only where the shapes fit.

use ndarray::Array2;

use super::{line, sign};
use crate::engine::evaluate::{EvaluateError, Scope, evaluate};
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::view::figures::parts::{caption, label, svg, tenth};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};

/// A matrix: its name, and the role and the name of the size of its rows and of its columns.
struct Weight {
    name: &'static str,
    rows: Side,
    columns: Side,
}

/// A vector's role and the name of its size.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    A,
    X,
    Y,
}

const WEIGHTS: [Weight; 3] = [
    Weight { name: "W_aa", rows: Side::A, columns: Side::A },
    Weight { name: "W_ax", rows: Side::A, columns: Side::X },
    Weight { name: "W_ya", rows: Side::Y, columns: Side::A },
];

/// The columns that a reader may try: the value of the setting, its name, its role.
const COLUMNS: [(&str, &str, Side); 3] =
    [("before", "a<t-1>", Side::A), ("input", "x<t>", Side::X), ("state", "a<t>", Side::A)];

impl Side {
    fn class(self) -> &'static str {
        match self {
            Side::A => "a",
            Side::X => "x",
            Side::Y => "y",
        }
    }

    fn size_name(self) -> &'static str {
        match self {
            Side::A => "n_a",
            Side::X => "n_x",
            Side::Y => "n_y",
        }
    }

    fn size(self, now: &Values) -> usize {
        let name = match self {
            Side::A => "n-a",
            Side::X => "n-x",
            Side::Y => "n-y",
        };
        now.whole(name).max(1)
    }
}

/// Shapes to scale, and a product that the reader chooses.
pub struct Shapes;

impl Figure for Shapes {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        let mut weight = Setting::choice("weight", &[]);
        weight.kind = crate::view::figures::Kind::Choice(
            WEIGHTS.iter().map(|each| (each.name.to_owned(), Some(each.name.to_owned()))).collect(),
        );
        weight.default = "W_ax".to_owned();
        let mut column = Setting::choice("column", &[]);
        column.kind = crate::view::figures::Kind::Choice(
            COLUMNS.iter().map(|(value, name, _)| ((*value).to_owned(), Some((*name).to_owned()))).collect(),
        );
        column.default = "before".to_owned();
        vec![
            Setting::slider("n-a", 1.0, 12.0, 1.0, 5.0),
            Setting::slider("n-x", 1.0, 30.0, 1.0, 27.0),
            Setting::slider("n-y", 1.0, 30.0, 1.0, 27.0),
            weight,
            column,
        ]
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let weight = WEIGHTS.iter().find(|each| each.name == now.text("weight")).unwrap_or(&WEIGHTS[1]);
        let (_, column, side) =
            COLUMNS.iter().find(|each| each.0 == now.text("column")).copied().unwrap_or(COLUMNS[0]);
        let unit = 8.0;
        let drawn = |each: &Weight| -> Node {
            let (rows, columns) = (each.rows.size(now), each.columns.size(now));
            let edges = (Some(each.rows), Some(each.columns));
            picture(each.name, (rows, columns), edges, unit, false)
        };
        let all = el("div").class("fig-row fig-shapes").children(WEIGHTS.iter().map(drawn));
        let (rows, columns, given) = (weight.rows.size(now), weight.columns.size(now), side.size(now));
        let product = product((rows, columns), given);
        let is_refused = product.is_err();
        let result = match &product {
            Ok(rows) => picture(
                &format!("{} {column}", weight.name),
                (*rows, 1),
                (Some(weight.rows), None),
                unit,
                false,
            ),
            Err(_) => el("span").class("fig-refused").attr("aria-hidden", "true").say("✗").into(),
        };
        let tried = line([
            picture(weight.name, (rows, columns), (None, Some(weight.columns)), unit, is_refused),
            sign("·"),
            picture(column, (given, 1), (Some(side), None), unit, is_refused),
            sign("="),
            result,
        ]);
        let values: [(&str, &dyn ToString); 8] = [
            ("weight", &weight.name),
            ("rows", &rows),
            ("columns", &columns),
            ("column", &column),
            ("given", &given),
            ("size", &weight.columns.size_name()),
            ("has", &side.size_name()),
            ("out", &weight.rows.size_name()),
        ];
        let sentence = match product {
            Ok(_) if weight.columns == side => words.say("fits", &values),
            Ok(_) => words.say("by-chance", &values),
            Err((columns, given)) => {
                let found: [(&str, &dyn ToString); 2] = [("columns", &columns), ("given", &given)];
                let mut all = values.to_vec();
                all.retain(|(name, _)| !matches!(*name, "columns" | "given"));
                all.extend(found);
                words.say("refused", &all)
            }
        };
        let heads = ["matrix", "to", "from", "rows", "columns", "numbers"];
        let mut table = Table::new(heads.map(|key| words.plain(key)));
        for each in &WEIGHTS {
            let (rows, columns) = (each.rows.size(now), each.columns.size(now));
            table.row([
                each.name.to_owned(),
                words.plain(&format!("to-{}", each.rows.class())),
                words.plain(&format!("from-{}", each.columns.class())),
                format!("{} = {rows}", each.rows.size_name()),
                format!("{} = {columns}", each.columns.size_name()),
                (rows * columns).to_string(),
            ]);
        }
        let body = vec![caption(words.plain("to-scale")), all.into(), caption(words.plain("try")), tried];
        Drawing { body, sentence, table }
    }
}

/// Rows of the product of a matrix with a column of so many rows, as the engine finds it.
///
/// # Errors
/// The columns of the matrix and the rows of the column, where the engine refuses them.
pub fn product(matrix: (usize, usize), column: usize) -> Result<usize, (usize, usize)> {
    let weight = Expr::Parameter(Symbol("W".to_owned()));
    let value = Expr::Value(Symbol("v".to_owned()), Time::Now);
    match evaluate(&Expr::Product(weight.into(), value.into()), &Zeros { matrix, column }) {
        Ok(product) => Ok(product.nrows()),
        Err(EvaluateError::Shapes { left, right, .. }) => Err((left.1, right.0)),
        Err(_) => Err((matrix.1, column)),
    }
}

/// A scope of zeros: only shapes matter.
struct Zeros {
    matrix: (usize, usize),
    column: usize,
}

impl Scope<f64> for Zeros {
    fn value(&self, _: &Symbol, _: Time) -> Option<Array2<f64>> {
        Some(Array2::zeros((self.column, 1)))
    }

    fn parameter(&self, _: &Symbol) -> Option<Array2<f64>> {
        Some(Array2::zeros(self.matrix))
    }

    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}

/// A grid of squares, its sizes at the edges in the colours of what they are the size of.
fn picture(
    name: &str,
    (rows, columns): (usize, usize),
    (left, above): (Option<Side>, Option<Side>),
    unit: f64,
    is_wrong: bool,
) -> Node {
    let (width, height) = (columns as f64 * unit, rows as f64 * unit);
    let x = if left.is_some() { 30.0 } else { 3.0 };
    let y = if above.is_some() { 22.0 } else { 3.0 };
    let wrong = if is_wrong { " wrong" } else { "" };
    let mut parts: Vec<Element> = vec![
        el("rect")
            .class("fig-sheet")
            .attr("x", tenth(x))
            .attr("y", tenth(y))
            .attr("width", tenth(width))
            .attr("height", tenth(height)),
    ];
    let mut lines = String::new();
    (1..columns).for_each(|i| {
        lines.push_str(&format!("M{} {}v{}", tenth(x + i as f64 * unit), tenth(y), tenth(height)))
    });
    (1..rows).for_each(|i| {
        lines.push_str(&format!("M{} {}h{}", tenth(x), tenth(y + i as f64 * unit), tenth(width)))
    });
    parts.push(el("path").class("fig-mesh").attr("d", lines));
    if let Some(side) = left {
        let class = format!("fig-edge tone-{}{wrong}", side.class());
        parts.push(
            el("path").class(&class).attr("d", format!("M{} {}v{}", tenth(x - 2.5), tenth(y), tenth(height))),
        );
        parts.push(
            label(x - 8.0, y + height / 2.0 + 4.5, rows.to_string())
                .class(format!("fig-size tone-{}{wrong}", side.class()))
                .attr("text-anchor", "end"),
        );
    }
    if let Some(side) = above {
        let class = format!("fig-edge tone-{}{wrong}", side.class());
        parts.push(
            el("path").class(&class).attr("d", format!("M{} {}h{}", tenth(x), tenth(y - 2.5), tenth(width))),
        );
        parts.push(
            label(x + width / 2.0, y - 8.0, columns.to_string())
                .class(format!("fig-size tone-{}{wrong}", side.class()))
                .attr("text-anchor", "middle"),
        );
    }
    let drawing = svg((x + width + 3.0).max(38.0), y + height + 3.0, parts).attr("aria-hidden", "true");
    el("div").class("fig-matrix").child(caption(name)).child(drawing).into()
}
