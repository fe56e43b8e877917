//! Columns as Java's `printf("%-Ns")` pads them: left aligned, never cut.

pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// The least width; `None` leaves the column as long as each text is.
    pub(crate) width: Option<usize>,
    /// Whether a longer text in any row makes the column wider.
    pub(crate) grows: bool,
}

impl Column {
    pub(crate) const fn fixed(title: &'static str, width: usize) -> Self {
        Self { title, width: Some(width), grows: false }
    }

    pub(crate) const fn growing(title: &'static str, width: usize) -> Self {
        Self { title, width: Some(width), grows: true }
    }

    pub(crate) const fn open(title: &'static str) -> Self {
        Self { title, width: None, grows: false }
    }
}

/// The header and a line for each row; columns are one blank apart.
pub(crate) fn lines(columns: &[Column], rows: &[Vec<String>]) -> Vec<String> {
    let header: Vec<_> = columns.iter().map(|column| column.title.to_owned()).collect();
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            let least = column.width.unwrap_or(0);
            let longest = rows.iter().map(|row| utf16_length(&row[number])).max().unwrap_or(0);
            if column.grows { least.max(longest) } else { least }
        })
        .collect();
    iter_rows(&header, rows).map(|row| line(row, &widths)).collect()
}

/// The titles and the rows with a tab behind each cell, which is as wide as the widest of its column
/// (`ToolsUtils.prettyPrintTable`).
pub(crate) fn tabbed(titles: &[&str], mut rows: Vec<Vec<String>>) -> Vec<String> {
    rows.insert(0, titles.iter().map(|title| (*title).to_owned()).collect());
    let width = |column: usize| rows.iter().map(|row| utf16_length(&row[column])).max().unwrap_or(0);
    let widths: Vec<_> = (0..titles.len()).map(width).collect();
    let cell = |(cell, width): (&String, &usize)| {
        format!("{cell}{}\t", " ".repeat(width.saturating_sub(utf16_length(cell))))
    };
    rows.iter().map(|row| row.iter().zip(&widths).map(cell).collect()).collect()
}

fn iter_rows<'a>(header: &'a [String], rows: &'a [Vec<String>]) -> impl Iterator<Item = &'a [String]> {
    std::iter::once(header).chain(rows.iter().map(Vec::as_slice))
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| {
        let missing = width.saturating_sub(utf16_length(cell));
        format!("{cell}{}", " ".repeat(missing))
    });
    padded.collect::<Vec<_>>().join(" ")
}

/// `String.length()`: what Java counts.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_padded_and_never_cut() {
        let columns = [Column::growing("GROUP", 5), Column::fixed("LAG", 4), Column::open("CLIENT-ID")];
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["long-group", "12345", "c"]), row(["g", "-", "client"])];
        assert_eq!(
            lines(&columns, &rows),
            ["GROUP      LAG  CLIENT-ID", "long-group 12345 c", "g          -    client"]
        );
    }
}
