//! Boxes side by side without waste.

use super::layered::count;

/// Width of a page; what is wider is hard to read.
const PAGE: f64 = 960.0;
/// A figure is best so much wider than high.
const ASPECT: f64 = 1.4;

/// Where boxes were put: the left upper corner of each, and the size of all together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Packed {
    pub(super) corners: Vec<(f64, f64)>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Packed {
    fn badness(&self) -> f64 {
        badness(self.width, self.height)
    }
}

/// How bad a size is: how much room it takes on a page.
fn badness(width: f64, height: f64) -> f64 {
    let on_page = width.max(height * ASPECT);
    on_page + (width - PAGE).max(0.0) * 4.0
}

/// Rows of boxes in their order, or the highest first where that takes much less room; lower ones
/// are stacked where a row is high enough.
pub(super) fn rows(sizes: &[(f64, f64)], gap: f64) -> Packed {
    /// How much worse a size may be for the sake of the order.
    const FOR_ORDER: f64 = 1.6;
    let as_given: Vec<usize> = (0..sizes.len()).collect();
    let mut by_height = as_given.clone();
    by_height.sort_by(|a, b| sizes[*b].1.total_cmp(&sizes[*a].1));
    let (in_order, dense) = (best(sizes, &as_given, gap), best(sizes, &by_height, gap));
    if in_order.badness() <= dense.badness() * FOR_ORDER {
        in_order
    } else {
        dense
    }
}

/// Rows of boxes in the order given, of the width that takes least room.
fn best(sizes: &[(f64, f64)], order: &[usize], gap: f64) -> Packed {
    let widest = sizes.iter().map(|size| size.0).fold(0.0, f64::max);
    let total: f64 = sizes.iter().map(|size| size.0 + gap).sum();
    let mut best: Option<Packed> = None;
    const TRIES: u8 = 24;
    for step in 0..=TRIES {
        let share = f64::from(step) / f64::from(TRIES);
        let limit = widest + (total - widest).max(0.0) * share * share;
        let packed = rows_within(sizes, order, gap, limit);
        let is_better = best
            .as_ref()
            .is_none_or(|best| packed.badness() < best.badness());
        if is_better {
            best = Some(packed);
        }
    }
    best.unwrap_or_default()
}

fn rows_within(sizes: &[(f64, f64)], order: &[usize], gap: f64, limit: f64) -> Packed {
    let mut packed = Packed {
        corners: vec![(0.0, 0.0); sizes.len()],
        ..Packed::default()
    };
    // The row, and the column in it that is being filled.
    let (mut top, mut row_height) = (0.0, 0.0_f64);
    let (mut left, mut column_width, mut column_height) = (0.0, 0.0_f64, 0.0);
    for &at in order {
        let (width, height) = sizes[at];
        let is_first = column_width == 0.0;
        if !is_first && column_height + gap + height <= row_height && width <= column_width {
            packed.corners[at] = (left, top + column_height + gap);
            column_height += gap + height;
        } else {
            if !is_first {
                left += column_width + gap;
            }
            if left + width > limit && left > 0.0 {
                top += row_height + gap;
                left = 0.0;
                row_height = 0.0;
            }
            packed.corners[at] = (left, top);
            row_height = row_height.max(height);
            (column_width, column_height) = (width, height);
        }
        packed.width = packed.width.max(left + width);
        packed.height = packed.height.max(top + row_height);
    }
    packed
}

/// Columns and rows of a table of boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Grid {
    /// Widths of the columns.
    pub(super) columns: Vec<f64>,
    /// Heights of the rows.
    pub(super) rows: Vec<f64>,
}

impl Grid {
    /// The table for boxes in reading order that takes least room.
    pub(super) fn new(sizes: &[(f64, f64)], gap: f64) -> Self {
        const MOST_COLUMNS: usize = 40;
        let mut best = Self::default();
        let mut least = f64::INFINITY;
        for n_columns in 1..=sizes.len().min(MOST_COLUMNS) {
            let grid = Self::with_columns(sizes, n_columns);
            let (width, height) = grid.size(gap);
            let badness = badness(width, height);
            if badness < least {
                least = badness;
                best = grid;
            }
        }
        best
    }

    fn with_columns(sizes: &[(f64, f64)], n_columns: usize) -> Self {
        let mut columns = vec![0.0_f64; n_columns];
        let mut rows = vec![0.0_f64; sizes.len().div_ceil(n_columns)];
        for (at, (width, height)) in sizes.iter().enumerate() {
            let (row, column) = (at / n_columns, at % n_columns);
            columns[column] = columns[column].max(*width);
            rows[row] = rows[row].max(*height);
        }
        Self { columns, rows }
    }

    /// Width and height.
    pub(super) fn size(&self, gap: f64) -> (f64, f64) {
        let sum = |lengths: &[f64]| {
            let gaps = count(lengths.len().saturating_sub(1)) * gap;
            lengths.iter().sum::<f64>() + gaps
        };
        (sum(&self.columns), sum(&self.rows))
    }

    /// Left upper corner and size of the cell of the box `at`.
    pub(super) fn cell(&self, at: usize, gap: f64) -> (f64, f64, f64, f64) {
        let (row, column) = (at / self.columns.len(), at % self.columns.len());
        let before = |lengths: &[f64]| lengths.iter().map(|length| length + gap).sum::<f64>();
        (
            before(&self.columns[..column]),
            before(&self.rows[..row]),
            self.columns[column],
            self.rows[row],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_boxes_become_a_table() {
        let sizes = [(100.0, 40.0); 40];
        let grid = Grid::new(&sizes, 14.0);
        let (width, height) = grid.size(14.0);
        assert!(width < PAGE && width / height > 0.8 && width / height < 2.5);
        assert!(grid.columns.len() > 3, "{grid:?}");
    }

    #[test]
    fn low_boxes_are_stacked_beside_a_high_one() {
        let packed = rows(&[(300.0, 300.0), (100.0, 40.0), (100.0, 40.0)], 10.0);
        assert_eq!(packed.corners, [(0.0, 0.0), (310.0, 0.0), (310.0, 50.0)]);
        assert_eq!((packed.width, packed.height), (410.0, 300.0));
    }

    #[test]
    fn boxes_keep_their_order_where_there_is_room() {
        let packed = rows(&[(100.0, 40.0), (300.0, 300.0), (100.0, 40.0)], 10.0);
        assert_eq!(packed.corners, [(0.0, 0.0), (110.0, 0.0), (0.0, 310.0)]);
    }

    #[test]
    fn nothing_takes_no_room() {
        assert_eq!(rows(&[], 10.0), Packed::default());
        assert_eq!(Grid::new(&[], 10.0).size(10.0), (0.0, 0.0));
    }
}
