//! A table that is looked at: heads, cells with classes, cells that can be chosen.

use crate::view::markup::{Element, Node, el};

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub words: String,
    /// Its classes.
    pub class: String,
    /// `name=value` that pressing it sets.
    pub sets: Option<String>,
    /// Whether it is the chosen one.
    pub on: bool,
    /// Words for screen readers where what stands in it does not say enough.
    pub name: Option<String>,
    /// The symbol that it stands for.
    pub symbol: Option<&'static str>,
}

/// A grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Says what it is, for screen readers.
    pub name: String,
    /// The heads of the columns; the first is that of the row heads.
    pub heads: Vec<Cell>,
    /// The rows, each with its head.
    pub rows: Vec<(Cell, Vec<Cell>)>,
    /// Its classes.
    pub class: &'static str,
}

impl Cell {
    /// A cell with words.
    pub fn new(words: impl Into<String>) -> Cell {
        Cell { words: words.into(), ..Cell::default() }
    }

    /// With classes.
    pub fn class(mut self, class: impl Into<String>) -> Cell {
        self.class = class.into();
        self
    }

    /// Pressing it sets `name=value`; `on` if that is so now.
    pub fn sets(mut self, pair: String, on: bool) -> Cell {
        (self.sets, self.on) = (Some(pair), on);
        self
    }

    /// With words for screen readers.
    pub fn name(mut self, name: impl Into<String>) -> Cell {
        self.name = Some(name.into());
        self
    }

    /// With a symbol.
    pub fn symbol(mut self, symbol: &'static str) -> Cell {
        self.symbol = Some(symbol);
        self
    }

    /// As an element; where nothing is chosen, `stop` makes it the one that the Tab key stops at.
    fn element(self, tag: &'static str, stop: bool) -> Element {
        let class = format!("{}{}", self.class, if self.on { " on" } else { "" });
        let cell =
            el(tag).maybe("class", (!class.is_empty()).then_some(class)).maybe("data-symbol", self.symbol);
        match self.sets {
            Some(pair) => cell.child(
                el("button")
                    .attr("type", "button")
                    .attr("data-set", pair)
                    .attr("data-point", "")
                    .attr("aria-pressed", self.on)
                    .attr("tabindex", if self.on || stop { "0" } else { "-1" })
                    .maybe("aria-label", self.name)
                    .say(self.words),
            ),
            None => cell.maybe("aria-label", self.name).children(super::named(&self.words)),
        }
    }
}

/// The grid, in a scroller of its own. Cells that can be chosen are one stop for the Tab key; arrow keys move.
pub fn grid(grid: Grid) -> Node {
    let columns = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let cells = |grid: &Grid| {
        let rows = grid.rows.iter().flat_map(|(head, cells)| std::iter::once(head).chain(cells));
        let cells = grid.heads.iter().chain(rows).filter(|cell| cell.sets.is_some());
        cells.map(|cell| cell.on).collect::<Vec<bool>>()
    };
    // The Tab key stops at the chosen cell, else at the first that can be chosen.
    let mut waits = !cells(&grid).contains(&true);
    let mut element = |cell: Cell, tag| {
        let stop = cell.sets.is_some() && std::mem::take(&mut waits);
        cell.element(tag, stop)
    };
    let heads = grid.heads.into_iter().enumerate().map(|(i, cell)| {
        // A corner without words is no heading of anything.
        let tag = if i == 0 && cell.words.is_empty() { "td" } else { "th" };
        let cell = element(cell, tag);
        if tag == "th" { cell.attr("scope", "col") } else { cell }
    });
    let heads: Vec<Element> = heads.collect();
    let rows = grid.rows.into_iter().map(|(head, cells)| {
        el("tr")
            .child(element(head, "th").attr("scope", "row"))
            .children(cells.into_iter().map(|cell| element(cell, "td")))
    });
    let table = el("table")
        .class(format!("fig-grid {}", grid.class))
        .attr("data-arrows", columns)
        .child(el("thead").child(el("tr").children(heads)))
        .child(el("tbody").children(rows));
    super::scroller("", &grid.name, table).into()
}
