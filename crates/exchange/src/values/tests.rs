use super::*;
use crate::book::{Delimiter, Format, LARGEST_FILE};
use crate::text_file::{Encoding, FileKind};
use domain::catalog::indicators;
use domain::period::Month;
use domain::text::Language;
use proptest::prelude::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/csv/", $name)).as_slice()
    };
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// Each error as `C4 not_a_number`.
fn told(parsed: &Parsed) -> Vec<String> {
    let code = |problem| {
        serde_json::to_value(problem).unwrap()["code"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let errors = parsed.errors.iter();
    errors
        .map(|e| format!("{}{} {}", e.column.letter, e.row, code(e.problem)))
        .collect()
}

fn parse(bytes: &[u8]) -> Result<Parsed, Unreadable> {
    parse_bytes(bytes).map(|(_, parsed)| parsed)
}

fn parse_text(text: &str) -> Parsed {
    parse(text.as_bytes()).unwrap()
}

#[test]
fn the_same_values_from_every_program() {
    let out_of_stock = Entry::no_data(NoDataReason::StockOut);
    let expected = [
        (2, "MNCH-02", "2026-03", Entry::of(21.0, 30.0)),
        (3, "MNCH-02", "2026-04", out_of_stock),
        (4, "MNCH-02", "2026-05", Entry::of(0.0, 28.0)),
        (5, "FP-01", "2026-03", Entry::of(17.0, 29.0)),
        (6, "FP-01", "2026-04", Entry::no_data(NoDataReason::Other)),
        (7, "MAL-01", "2026-03", Entry::of(1104.0, 1230.0)),
        (8, "HRH-07", "2025", Entry::of(3.5, 4.25)),
        (9, "MAL-08", "2026-03", Entry::count(4.0)),
    ];
    for (name, bytes, encoding, delimiter) in [
        (
            "Excel, CSV",
            fixture!("excel-francais-windows-1252.csv"),
            Encoding::Windows1252,
            Delimiter::Semicolon,
        ),
        (
            "Excel, CSV UTF-8",
            fixture!("excel-francais-utf8-bom.csv"),
            Encoding::Utf8,
            Delimiter::Semicolon,
        ),
        (
            "Excel, texte Unicode",
            fixture!("excel-texte-unicode-utf16.txt"),
            Encoding::Utf16,
            Delimiter::Tab,
        ),
        (
            "LibreOffice",
            fixture!("libreoffice-utf8.csv"),
            Encoding::Utf8,
            Delimiter::Semicolon,
        ),
        (
            "English",
            fixture!("english-commas.csv"),
            Encoding::Utf8,
            Delimiter::Comma,
        ),
    ] {
        let (book, parsed) = parse_bytes(bytes).unwrap();
        assert_eq!(parsed.errors, [], "{name}");
        let csv = Format::Csv {
            encoding,
            delimiter,
        };
        assert_eq!(book.format, csv, "{name}");
        let read = parsed
            .rows
            .iter()
            .map(|r| (r.row, r.indicator.as_str(), r.period, r.entry));
        let expected = expected.map(|(row, code, month, entry)| (row, code, period(month), entry));
        assert_eq!(read.collect::<Vec<_>>(), expected, "{name}");
        assert_eq!(parsed.unfilled, 1, "{name}: the last row says nothing");
    }
}

#[test]
fn every_error_at_once_where_the_spreadsheet_shows_it() {
    let parsed = parse(fixture!("toutes-les-erreurs.csv")).unwrap();
    let expected = [
        // Row 3 is blank; a cell of two lines stands in row 10 and shifts nothing after it.
        "B4 unknown_indicator",
        "C4 not_a_period",
        "D4 negative",
        "E4 not_a_number",
        "C5 duplicate",
        "B6 missing_indicator",
        "C6 missing_period",
        "D7 too_large",
        "F7 unknown_reason",
        "D8 no_data_with_number",
        "E8 no_data_with_number",
        "E9 denominator_not_expected",
        "D11 not_a_number",
        "H11 extra_cell",
    ];
    assert_eq!(told(&parsed), expected);
    let duplicate = parsed.errors.iter().find(|e| e.row == 5).unwrap();
    assert_eq!(duplicate.problem, CellProblem::Duplicate { first_row: 2 });
    assert_eq!(
        duplicate.column,
        Column {
            name: "Période".into(),
            letter: "C".into(),
            number: 3
        }
    );
    // 33 of 30 is questioned later, not refused here.
    let read: Vec<_> = parsed.rows.iter().map(|row| (row.row, row.entry)).collect();
    assert_eq!(
        read,
        [(10, Entry::of(12.0, 30.0)), (12, Entry::of(33.0, 30.0))]
    );
}

#[test]
fn what_is_no_table_of_values() {
    let not_text = |seems| Err(Unreadable::NotATable { seems });
    assert_eq!(parse(fixture!("classeur.xlsx")), Err(Unreadable::Broken));
    assert_eq!(
        parse(fixture!("image-nommee.csv")),
        not_text(FileKind::Picture)
    );
    assert_eq!(parse(b"Indicateur;P\0\0\0"), not_text(FileKind::Other));
    for empty in ["", "\u{feff}", " \r\n\n", ";;;\n", "sep=;\n"] {
        assert_eq!(parse(empty.as_bytes()), Err(Unreadable::Empty), "{empty:?}");
    }
    let missing = vec![Field::Indicator, Field::Period, Field::Numerator];
    let found = vec!["Bonjour".to_owned(), "à tous".to_owned()];
    assert_eq!(
        parse("Bonjour, à tous\n1,2".as_bytes()),
        Err(Unreadable::MissingColumns { missing, found })
    );
    let repeated = parse(b"Indicateur;Mois;N;D;Periode\n");
    assert!(matches!(repeated, Err(Unreadable::RepeatedColumn { column }) if column.letter == "E"));
    assert_eq!(
        parse(&vec![b'a'; LARGEST_FILE + 1]),
        Err(Unreadable::TooLarge { limit_mb: 10 })
    );
    let mut long = b"code;mois;n\n".to_vec();
    long.extend(b"MAL-08;2026-01;1\n".repeat(MOST_ROWS));
    assert!(parse(&long).is_ok());
    long.extend(b"MAL-08;2026-01;1\n");
    assert_eq!(
        parse(&long),
        Err(Unreadable::TooManyRows { limit: 100_000 })
    );
}

#[test]
fn a_text_of_a_megabyte_in_a_cell_is_told_in_short() {
    let text = format!("code;mois;n;d\nFP-01;2026-01;{};30\n", "é".repeat(500_000));
    let parsed = parse_text(&text);
    assert_eq!(told(&parsed), ["C2 not_a_number"]);
    assert_eq!(parsed.errors[0].value, format!("{}…", "é".repeat(80)));
    // A quotation mark that nobody closed swallows the rest of the file, and nothing breaks.
    let parsed = parse_text("code;mois;n;d\n\"FP-01;2026-01;1;2\nFP-01;2026-02;1;2\n");
    assert_eq!(told(&parsed), ["A2 unknown_indicator", "B2 missing_period"]);
}

#[test]
fn emoji_in_every_cell() {
    let parsed = parse_text(
        "Lieu;Indicateur;Période;N;D;Raison\n🏥;🤰;📅;🔢;🔢;🙂\n🏥;FP-01;2026-01;1;2;\n",
    );
    assert_eq!(
        told(&parsed),
        [
            "B2 unknown_indicator",
            "C2 not_a_period",
            "D2 not_a_number",
            "E2 not_a_number",
            "F2 unknown_reason"
        ]
    );
    assert_eq!(parsed.rows[0].place.as_deref(), Some("🏥"));
}

#[test]
fn headings_in_any_order_and_words() {
    for text in [
        "D;N;Mois;Code\n30;21;mars 2026;mnch-02\n",
        "sep=;\nMesure;mois;numerateur;denominateur\nCPN4+ avant l'accouchement;03/2026;21;30\n",
        "sep=,\nindicator,month,num,den\nMNCH-02,2026-03,21,30\n",
        "Indicateur;Code;Période;N;D;Remarque\nMa mesure;MNCH-02;2026-03;21;30;très bien\n",
        "\n\nINDICATOR\tPERIOD\tNUMERATOR\tDENOMINATOR\r\nFour or more antenatal contacts before birth\tMarch 2026\t21\t30",
        "Code;Mois;N;D\rMNCH-02;2026-03;21;30\r",
        "\"Code\";\"Mois\";\"N\";\"D\"\n\"MNCH-02\";\"2026-03\";\" 21 \";\"30\"",
    ] {
        let parsed = parse_text(text);
        assert_eq!(parsed.errors, [], "{text}");
        let row = &parsed.rows[0];
        assert_eq!(
            (row.indicator.as_str(), row.period),
            ("MNCH-02", period("2026-03")),
            "{text}"
        );
        assert_eq!(row.entry, Entry::of(21.0, 30.0), "{text}");
    }
}

#[test]
fn the_same_month_at_two_places_is_no_duplicate() {
    let parsed =
        parse_text("Lieu;Code;Mois;N;D\nKangaré;FP-01;2026-01;1;2\nBinko;FP-01;2026-01;1;2\n");
    assert_eq!((parsed.rows.len(), parsed.errors.len()), (2, 0));
    let parsed =
        parse_text("Lieu;Code;Mois;N;D\nKangaré;FP-01;2026-01;1;2\nKANGARE;FP-01;jan-26;1;2\n");
    assert_eq!(
        (parsed.rows.len(), told(&parsed)),
        (0, vec!["C3 duplicate".to_owned()])
    );
}

#[test]
fn reasons_in_both_languages() {
    for (cell, expected) in [
        ("Registre absent", Some(NoDataReason::RegisterMissing)),
        ("register_missing", Some(NoDataReason::RegisterMissing)),
        ("rupture", Some(NoDataReason::StockOut)),
        ("Grève", Some(NoDataReason::Strike)),
        ("closed", Some(NoDataReason::Closed)),
        ("oui", Some(NoDataReason::Other)),
        ("-", Some(NoDataReason::Other)),
        ("non", None),
    ] {
        let parsed = parse_text(&format!("code;mois;n;d;motif\nFP-01;2026-01;;;{cell}\n"));
        assert_eq!(
            parsed.rows.first().and_then(|row| row.entry.no_data),
            expected,
            "{cell}"
        );
        assert_eq!(parsed.errors, [], "{cell}");
    }
}

#[test]
fn a_french_excel_opens_what_we_write() {
    let rows = [Row {
        row: 2,
        place: Some("=HYPERLINK(\"x\")".into()),
        indicator: "HRH-07".into(),
        period: period("2026-03"),
        entry: Entry::of(3.5, 4.25),
    }];
    let text = String::from_utf8(write(&rows, Language::Fr)).unwrap();
    let expected = "\u{feff}Lieu;Indicateur;Période;Numérateur;Dénominateur;Pas de donnée\r\n\
                    \"'=HYPERLINK(\"\"x\"\")\";HRH-07;2026-03;3,5;4,25;\r\n";
    assert_eq!(text, expected);
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0u32..=10_000_000).prop_map(f64::from),
        (0u32..1_000_000).prop_map(|millionths| f64::from(millionths) / 1e6),
    ]
}

fn any_row() -> impl Strategy<Value = Row> {
    let place = proptest::option::of("['=+@\t;,\"\n-]{0,3}[^\\p{C}]{0,20}");
    let reason = proptest::option::of(0usize..5);
    (
        place,
        0usize..73,
        1u16..=1199,
        any_number(),
        any_number(),
        reason,
    )
        .prop_map(|(place, at, month, n, d, reason)| {
            let indicator = &indicators()[at];
            let entry = match (reason, &indicator.denominator) {
                (Some(reason), _) => Entry::no_data(NoDataReason::ALL[reason]),
                (None, Some(_)) => Entry::of(n, d),
                (None, None) => Entry::count(n),
            };
            let month = Month::new(1900, 1).unwrap().plus(month.into());
            let place = place.map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
            Row {
                row: 0,
                place,
                indicator: indicator.code.clone(),
                period: month.into(),
                entry,
            }
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(rows in proptest::collection::vec(any_row(), 0..20)) {
        let mut rows = rows;
        let mut seen = std::collections::HashSet::new();
        rows.retain(|r| seen.insert((r.place.as_deref().map(same_place), r.indicator.clone(), r.period)));
        for (number, row) in (2..).zip(&mut rows) {
            row.row = number;
        }
        for language in [Language::Fr, Language::En] {
            let parsed = parse(&write(&rows, language)).unwrap();
            prop_assert_eq!(&parsed.errors, &[]);
            prop_assert_eq!(&parsed.rows, &rows);
        }
    }

    #[test]
    fn no_written_cell_begins_a_formula(row in any_row()) {
        let bytes = write(std::slice::from_ref(&row), Language::Fr);
        let book = crate::book::read(&bytes, None, &sense).unwrap();
        for cell in book.rows.iter().flat_map(|row| &row.cells) {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@']), "{}", cell);
        }
    }

    #[test]
    fn no_bytes_can_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
        let _ = parse(&[b"code;mois;n;d\n", bytes.as_slice()].concat());
    }

    #[test]
    fn no_text_can_make_it_fail(text in "[a-z0-9;,\t\"\r\n '=-]{0,200}") {
        let _ = parse(text.as_bytes());
        let parsed = parse_text(&format!("code;mois;n;d\n{text}"));
        let lines = text.split(['\r', '\n']).count() as u32;
        prop_assert!(parsed.errors.iter().all(|e| (2..=lines + 1).contains(&e.row)));
    }
}

#[test]
fn months_side_by_side() {
    let text = "\
Saisie du centre;;;;;
;;;;;
Code;Mesure;Nombre;mars 2026;avr-26;2026-05
MNCH-02;CPN4+;Numérateur;21;rupture de stock;
;;Dénominateur;30;;28
MAL-08;Décès;;4;0;
HRH-07;Jours;-;;x;3,5/4,25

Total;;;55;;
";
    let parsed = parse_text(text);
    assert!(parsed.header.is_wide());
    assert_eq!(parsed.header.row, 3);
    let read: Vec<_> = parsed
        .rows
        .iter()
        .map(|r| (r.row, r.indicator.as_str(), r.period.to_string(), r.entry))
        .collect();
    let none = |reason| Entry::no_data(reason);
    assert_eq!(
        read,
        [
            (4, "MNCH-02", "2026-03".to_owned(), Entry::of(21.0, 30.0)),
            (
                4,
                "MNCH-02",
                "2026-04".to_owned(),
                none(NoDataReason::StockOut)
            ),
            (
                4,
                "MNCH-02",
                "2026-05".to_owned(),
                Entry {
                    denominator: Some(28.0),
                    ..Entry::default()
                }
            ),
            (6, "MAL-08", "2026-03".to_owned(), Entry::count(4.0)),
            (6, "MAL-08", "2026-04".to_owned(), Entry::count(0.0)),
            (7, "HRH-07", "2026-04".to_owned(), none(NoDataReason::Other)),
            (7, "HRH-07", "2026-05".to_owned(), Entry::of(3.5, 4.25)),
        ]
    );
    // What is not in the catalogue is told where it stands, and so is the value.
    assert_eq!(told(&parsed), ["A9 unknown_indicator"]);
    assert_eq!(parsed.refused[0].cells[3], "55");
}

#[test]
fn a_wide_table_tells_the_very_cell() {
    let parsed = parse_text(
        "Code;Nombre;2026-03;2026-04\nFP-01;Numérateur;douze;5\nFP-01;Dénominateur;30;-4\nFP-01;Numérateur;;6\nFP-02;;58;\n",
    );
    assert_eq!(
        told(&parsed),
        [
            "C2 not_a_number",
            "D3 negative",
            "D4 duplicate",
            "C5 missing_part"
        ]
    );
    let refused: Vec<_> = parsed
        .refused
        .iter()
        .map(|refused| (refused.row, refused.cells.clone().join(";")))
        .collect();
    assert_eq!(
        refused,
        [
            (2, ";FP-01;2026-03;douze;30;".to_owned()),
            (2, ";FP-01;2026-04;5;-4;".to_owned()),
            (5, ";FP-02;2026-03;58;;".to_owned()),
        ]
    );
}

#[test]
fn a_person_says_what_unknown_headings_mean() {
    let (book, header) = {
        let book = crate::book::read(
            b"Registre CPN;;;\nQuoi;Quand;Combien;Sur\nFP-01;2026-03;12;30\n",
            None,
            &sense,
        )
        .unwrap();
        let header = Header::of(&book.rows).unwrap();
        (book, header)
    };
    assert_eq!(
        (header.row, header.key.as_str()),
        (2, "quoi|quand|combien|sur")
    );
    assert_eq!(header.headings[2].sample, "12");
    assert_eq!(
        header.missing(),
        [Field::Indicator, Field::Period, Field::Numerator]
    );
    let fields = [
        Field::Indicator,
        Field::Period,
        Field::Numerator,
        Field::Denominator,
    ];
    let parsed = super::parse(&book, header.with(&fields.map(Some))).unwrap();
    assert_eq!(parsed.rows[0].entry, Entry::of(12.0, 30.0));
    // Headings that name months are the same headings another year.
    let key = |text: &str| {
        let book = crate::book::read(text.as_bytes(), None, &sense).unwrap();
        Header::of(&book.rows).unwrap().key
    };
    assert_eq!(
        key("Quoi;2025-01;2025-02\nx;1;2\n"),
        key("Quoi;2026-01;2026-02;2026-03\nx;1;2;3\n")
    );
}

#[test]
fn workbooks_as_spreadsheets_write_them() {
    // Saved by LibreOffice in each form: two sheets, dates as headings, a formula, a code merged over two rows.
    for (name, bytes) in [
        (
            "XLSX",
            include_bytes!("../../../../tests/fixtures/workbooks/saisie.xlsx").as_slice(),
        ),
        (
            "XLS",
            include_bytes!("../../../../tests/fixtures/workbooks/saisie.xls").as_slice(),
        ),
        (
            "ODS",
            include_bytes!("../../../../tests/fixtures/workbooks/saisie.ods").as_slice(),
        ),
    ] {
        let (book, parsed) = parse_bytes(bytes).unwrap();
        assert_eq!(book.format.name(), name);
        assert_eq!(book.sheets, ["Lisez-moi", "Saisie 2026"], "{name}");
        assert_eq!(book.sheet, "Saisie 2026", "{name}");
        assert_eq!(parsed.errors, [], "{name}");
        let read: Vec<_> = parsed
            .rows
            .iter()
            .map(|r| (r.indicator.as_str(), r.period.to_string(), r.entry))
            .collect();
        let month = |number| format!("2026-0{number}");
        assert_eq!(
            read,
            [
                ("MNCH-02", month(3), Entry::of(21.0, 30.0)),
                ("MNCH-02", month(4), Entry::no_data(NoDataReason::StockOut)),
                ("MNCH-02", month(5), Entry::of(18.0, 31.0)),
                ("MAL-08", month(3), Entry::count(4.0)),
                ("MAL-08", month(4), Entry::count(0.0)),
                ("MAL-08", month(5), Entry::count(2.0)),
            ],
            "{name}"
        );
        let other = crate::book::read(bytes, Some("Lisez-moi"), &sense).unwrap();
        assert_eq!(other.rows.len(), 1, "{name}");
    }
}

#[test]
fn an_event_on_the_first_of_a_month_is_a_day() {
    let parsed = parse_text(
        "Code;Date;N;D\nMNCH-16;01/03/2026;40\nMNCH-16;2026-04-01;31\nMNCH-16;mars 2026;3\nMNCH-02;01/03/2026;12;30\n",
    );
    assert_eq!(told(&parsed), Vec::<String>::new());
    let periods = |parsed: &Parsed| parsed.rows.iter().map(|row| row.period).collect::<Vec<_>>();
    let expected = ["2026-03-01", "2026-04-01", "2026-03", "2026-03"].map(period);
    // A month that is no event's day stays a month: whoever asks for its length tells what is wrong.
    assert_eq!(periods(&parsed), expected);
    let again = parse(&write(&parsed.rows, Language::Fr)).unwrap();
    assert_eq!(periods(&again), expected);
}
