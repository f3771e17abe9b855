//! Tables as CSV (RFC 4180, with line feeds): a trace with its gradients, the curves of a run, any table.

use ndarray::{ArrayView2, ArrayView3};

use crate::engine::model::Model;
use crate::engine::syntax::{Cell, Symbol, with_intermediates};
use crate::engine::trace::Trace;

/// One row; a field with a comma, a quote or a line break stands in quotes.
pub fn row<F: AsRef<str>>(fields: impl IntoIterator<Item = F>) -> String {
    let mut line = String::new();
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        let field = field.as_ref();
        if field.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&field.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(field);
        }
    }
    line.push('\n');
    line
}

/// Every number of a trace with its gradient, a row each: `layer,symbol,step,row,column,value,gradient`. A value's column
/// is its sample, a weight has no step; the head's rows have no layer. What has no gradient leaves that field empty.
pub fn trace(model: &Model<f64>, trace: &Trace<f64>) -> String {
    trace_as(model, trace, model)
}

/// The same under the names that another model has for the same symbols.
pub fn trace_as(model: &Model<f64>, trace: &Trace<f64>, named: &Model<f64>) -> String {
    let mut table = Table { text: row(["layer", "symbol", "step", "row", "column", "value", "gradient"]) };
    for (index, layer) in trace.layers.iter().enumerate() {
        let part = (index + 1).to_string();
        table.cube(&part, "x", layer.x.view(), Some(layer.x_gradient.view()));
        let Some((own, named)) = model.layers.get(index).zip(named.layers.get(index)) else { continue };
        let names = lines(&own.cell).into_iter().zip(lines(&named.cell)).collect::<Vec<_>>();
        for (name, values) in &layer.values {
            let shown = names.iter().find(|(known, _)| known == name).map_or(name, |(_, shown)| shown);
            table.cube(&part, &shown.0, values.view(), layer.gradient(name).map(|gradient| gradient.view()));
        }
        for ((name, matrix), (shown, _)) in own.weights.iter().zip(&named.weights) {
            let gradient = layer.weight_gradients.iter().find(|(known, _)| known == name);
            table.matrix(&part, &shown.0, matrix.view(), gradient.map(|(_, gradient)| gradient.view()));
        }
    }
    let head = &trace.head;
    table.cube("", "z_y", head.logits.view(), Some(head.dlogits.view()));
    table.cube("", "ŷ", head.yhat.view(), None);
    for ((step, sample), loss) in head.loss_per_step.indexed_iter() {
        table.number("", "l", &(step + 1).to_string(), (0, sample), *loss, None);
    }
    for ((name, matrix), (shown, _)) in model.head.weights.iter().zip(&named.head.weights) {
        let gradient = head.weight_gradients.iter().find(|(known, _)| known == name);
        table.matrix("", &shown.0, matrix.view(), gradient.map(|(_, gradient)| gradient.view()));
    }
    table.text
}

/// What a cell's lines define, named intermediates included, in order.
fn lines(cell: &Cell) -> Vec<Symbol> {
    with_intermediates(cell).into_iter().map(|line| line.target.name).collect()
}

/// A matrix as it stands: its rows, without a heading.
pub fn matrix(values: ArrayView2<'_, f64>) -> String {
    values.outer_iter().map(|numbers| row(numbers.iter().map(f64::to_string))).collect()
}

/// Curves over updates, a row an update at which any of them has a point; `update`, then a column a curve.
pub fn curves(names: &[&str], curves: &[&[(u32, f32)]]) -> String {
    let mut steps: Vec<u32> = curves.iter().flat_map(|curve| curve.iter().map(|point| point.0)).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut text = row(["update"].iter().chain(names));
    let mut places = vec![0; curves.len()];
    for step in steps {
        let mut fields = vec![step.to_string()];
        for (curve, place) in curves.iter().zip(&mut places) {
            // After a restart a step may stand twice; the last one counts.
            let mut field = String::new();
            while let Some((at, value)) = curve.get(*place).filter(|point| point.0 <= step) {
                if *at == step {
                    field = value.to_string();
                }
                *place += 1;
            }
            fields.push(field);
        }
        text += &row(fields);
    }
    text
}

struct Table {
    text: String,
}

impl Table {
    fn cube(
        &mut self,
        part: &str,
        name: &str,
        values: ArrayView3<'_, f64>,
        slopes: Option<ArrayView3<'_, f64>>,
    ) {
        for ((step, at, sample), value) in values.indexed_iter() {
            let slope = slopes.and_then(|slopes| slopes.get((step, at, sample)).copied());
            self.number(part, name, &(step + 1).to_string(), (at, sample), *value, slope);
        }
    }

    fn matrix(
        &mut self,
        part: &str,
        name: &str,
        values: ArrayView2<'_, f64>,
        slopes: Option<ArrayView2<'_, f64>>,
    ) {
        for ((at, column), value) in values.indexed_iter() {
            let slope = slopes.and_then(|slopes| slopes.get((at, column)).copied());
            self.number(part, name, "", (at, column), *value, slope);
        }
    }

    /// Rows and columns are counted from 1, as on the page.
    fn number(
        &mut self,
        part: &str,
        name: &str,
        step: &str,
        at: (usize, usize),
        value: f64,
        slope: Option<f64>,
    ) {
        let slope = slope.map_or_else(String::new, |slope| slope.to_string());
        let (at, column) = ((at.0 + 1).to_string(), (at.1 + 1).to_string());
        self.text += &row([part, name, step, &at, &column, &value.to_string(), &slope]);
    }
}
