use super::*;
use std::io::Write;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn anything(bytes: &[u8]) -> Result<Book, Unreadable> {
    read(bytes, None, &crate::values::sense)
}

fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>{table}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", content.as_bytes()),
    ])
}

fn cells(book: &Book) -> Vec<(u32, Vec<&str>)> {
    let row = |row: &'_ SheetRow| row.number;
    book.rows
        .iter()
        .map(|r| (row(r), r.cells.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn an_ods_as_libreoffice_writes_it() {
    let book = anything(&ods(
        "<table:table table:name='Vide'><table:table-row table:number-rows-repeated='1048576'><table:table-cell \
         table:number-columns-repeated='16384'/></table:table-row></table:table>\
         <table:table table:name='Saisie'>\
         <table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
         <table:table-row><table:table-cell office:value-type='string'><text:p>L&apos;œil</text:p><text:p>deux</text:p>\
         <office:annotation><text:p>une note</text:p></office:annotation></table:table-cell>\
         <table:table-cell table:number-columns-repeated='2' office:value-type='float' office:value='3.5'><text:p>3,5</text:p></table:table-cell>\
         <table:table-cell office:value-type='date' office:date-value='2026-03-01T00:00:00'><text:p>mars 26</text:p></table:table-cell>\
         <table:table-cell table:number-rows-spanned='2' office:value-type='string'><text:p>A<text:s/>&amp;<text:s/>B</text:p></table:table-cell></table:table-row>\
         <table:table-row><table:table-cell office:value-type='percentage' office:value='0.58'/><table:covered-table-cell table:number-columns-repeated='4'/></table:table-row>\
         <table:table-row table:number-rows-repeated='1048000'><table:table-cell/></table:table-row></table:table>",
    ))
    .unwrap();
    assert_eq!((book.format, book.sheets.len()), (Format::Ods, 2));
    assert_eq!(book.sheet, "Saisie");
    assert_eq!(
        cells(&book),
        [
            (3, vec!["L'œil\ndeux", "3.5", "3.5", "2026-03-01", "A & B"]),
            (4, vec!["0.58", "", "", "", "A & B"]),
        ]
    );
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let million = "<table:table-row table:number-rows-repeated='1000000000'><table:table-cell \
                   table:number-columns-repeated='16000' office:value-type='float' office:value='1'/></table:table-row>";
    let table = format!("<table:table table:name='a'>{million}</table:table>");
    assert_eq!(anything(&ods(&table)), Err(Unreadable::TooMuch));
    // 200 MB of nothing in 200 kB.
    let bomb = zipped(&[("xl/workbook.xml", &vec![b' '; 200_000_000])]);
    assert!(bomb.len() < 1_000_000);
    assert_eq!(anything(&bomb), Err(Unreadable::TooMuch));
    // Texts that the file says it has and does not.
    let lie = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        (
            "xl/sharedStrings.xml",
            b"<sst count='9' uniqueCount='99999999999'></sst>",
        ),
    ]);
    assert_eq!(anything(&lie), Err(Unreadable::Broken));
}

#[test]
fn what_says_that_it_stands_nowhere_is_repeated_within_the_bounds() {
    let table = "<table:table table:name='a'><table:table-row table:number-rows-repeated='1000000'><table:table-cell \
                 table:number-columns-repeated='0' table:number-rows-spanned='2' office:value-type='float' office:value='1'/>\
                 </table:table-row></table:table>";
    assert_eq!(
        anything(&ods(table)),
        Err(Unreadable::TooManyRows {
            limit: MOST_ROWS as u32
        })
    );
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((data.len() as u16).to_le_bytes());
    bytes.extend(data);
    bytes
}

fn workbook(records: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut stream = file.create_stream("/Workbook").unwrap();
    stream.write_all(records).unwrap();
    drop(stream);
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// An old workbook of so many sheets, all of which begin in the same place, with these records of cells.
fn sheets(count: usize, cells: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let first = begin.len() + 13 * count + end.len();
    let mut stream = begin.clone();
    for number in 0..count {
        let mut sheet = (first as u32).to_le_bytes().to_vec();
        sheet.extend([0, 0, 1, 0, b'0' + (number % 40) as u8]);
        stream.extend(record(0x0085, &sheet));
    }
    for part in [&end, &begin, cells, &end] {
        stream.extend_from_slice(part);
    }
    workbook(&stream)
}

/// A record of the number 1.
fn one(row: u16, column: u16) -> Vec<u8> {
    let mut data = Vec::new();
    for part in [row, column, 0, 0, 0, 0, 0x3ff0] {
        data.extend(part.to_le_bytes());
    }
    record(0x0203, &data)
}

#[test]
fn an_old_workbook_whose_cells_lie_too_far_apart_is_refused() {
    let near = sheets(2, &[one(3, 1), one(4, 2)].concat());
    assert_eq!(
        cells(&anything(&near).unwrap()),
        [(4, vec!["", "1"]), (5, vec!["", "", "1"])]
    );
    let apart = [one(0, 0), one(65_535, 255)].concat();
    assert_eq!(anything(&sheets(1, &apart)), Err(Unreadable::TooMuch));
    // What one sheet may be, all of them together may not.
    let half = [one(0, 0), one(65_535, 99)].concat();
    assert_eq!(anything(&sheets(2, &half)), Err(Unreadable::TooMuch));
    // The text of a formula that is not there stands in the first cell.
    let text = [record(0x0207, &[1, 0, 0, b'a']), one(65_535, 255)].concat();
    assert_eq!(anything(&sheets(1, &text)), Err(Unreadable::TooMuch));
}

#[test]
fn a_row_of_numbers_is_as_wide_as_its_last_column() {
    let numbers = |last: u16| {
        let mut data = vec![0; 4];
        data.extend(vec![0; 6 * (usize::from(last) + 1)]);
        data.extend(last.to_le_bytes());
        record(0x00BD, &data)
    };
    let wide = [numbers(199), one(65_535, 0)].concat();
    assert_eq!(anything(&sheets(1, &wide)), Err(Unreadable::TooMuch));
    let too_wide = numbers(MOST_COLUMNS as u16);
    assert_eq!(anything(&sheets(1, &too_wide)), Err(Unreadable::TooMuch));
}

#[test]
fn formulas_of_an_old_workbook_are_read_as_what_they_came_to() {
    let formula = |column: u16, result: [u8; 8], rest: &[u8]| {
        let mut data = vec![2, 0];
        data.extend(column.to_le_bytes());
        data.extend([0, 0]);
        data.extend(result);
        data.extend(rest);
        record(0x0006, &data)
    };
    let said = |sort: u8, value: u8| [sort, 0, value, 0, 0, 0, 0xff, 0xff];
    // Tokens that are none: nobody reads them.
    let tokens = [0, 0, 0, 0, 0, 0, 2, 0, 0xff, 0xff];
    let all = [
        formula(0, 2.5_f64.to_le_bytes(), &tokens),
        formula(1, said(0, 0), &tokens),
        record(0x0207, &[4, 0, 0, b'm', b'a', b'r', b's']),
        formula(2, said(1, 1), &tokens),
        formula(3, said(2, 0x07), &[]),
        formula(4, said(3, 0), &tokens),
        one(2, 5),
    ];
    assert_eq!(
        cells(&anything(&sheets(1, &all.concat())).unwrap()),
        [(3, vec!["2.5", "mars", "true", "#DIV/0!", "", "1"])]
    );
    assert_eq!(
        anything(&sheets(1, &record(0x0006, &[0; 13]))),
        Err(Unreadable::Broken)
    );
}

#[test]
fn an_old_workbook_of_too_many_sheets_is_refused_before_any_is_read() {
    let broken = record(0x0203, &[]);
    assert_eq!(anything(&sheets(1, &broken)), Err(Unreadable::Broken));
    assert_eq!(
        anything(&sheets(MOST_SHEETS + 1, &broken)),
        Err(Unreadable::TooMuch)
    );
}

#[test]
fn an_old_workbook_whose_cells_lie_too_far_out_is_refused() {
    // What a sheet says of its own size is not looked at.
    let mut dimensions = vec![0; 14];
    dimensions[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    dimensions[10..12].copy_from_slice(&u16::MAX.to_le_bytes());
    let wide = [record(0x0200, &dimensions), one(0, 1)].concat();
    assert_eq!(
        cells(&anything(&sheets(1, &wide)).unwrap()),
        [(1, vec!["", "1"])]
    );
    let far = record(0x0203, &[0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(anything(&sheets(1, &far)), Err(Unreadable::TooMuch));
    let mut newer = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    newer.create_stream("/EncryptedPackage").unwrap();
    newer.flush().unwrap();
    assert_eq!(
        anything(&newer.into_inner().into_inner()),
        Err(Unreadable::Protected)
    );
}

#[test]
fn what_is_no_workbook() {
    let document = zipped(&[("word/document.xml", b"<w/>")]);
    let seems = FileKind::Workbook;
    assert_eq!(anything(&document), Err(Unreadable::NotATable { seems }));
    assert_eq!(
        read(&ods("<table:table table:name='a'/>"), Some("b"), &|_| 0),
        Err(Unreadable::NoSuchSheet)
    );
    assert_eq!(
        anything(&ods("<table:table table:name='a'/>")),
        Err(Unreadable::Empty)
    );
    for broken in [
        b"PK\x03\x04".as_slice(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(),
    ] {
        assert_eq!(anything(broken), Err(Unreadable::Broken));
    }
}
