//! Documents as PDF and as DOCX, read back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::io::{Cursor, Read};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::text::Language;
use press::{paper, word};
use proptest::prelude::*;
use report::document::{Block, Column, Document, Item, Picture, Row, Table};
use report::drawing::Drawing;

const DRAWN: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="820" height="300" viewBox="0 0 820 300" font-family="Noto Sans, sans-serif"><rect width="100%" height="100%" fill="#ffffff"/><path d="M20 200L120 180L220 190L320 90L420 70" fill="none" stroke="rgb(0, 0, 0)" stroke-width="2px" stroke-dasharray="4 3"/><text x="30" y="40" font-size="14px" font-weight="600">Médiane 18 %, sɔrɔli</text></svg>"##;

fn document(blocks: Vec<Block>) -> Document {
    let made: SystemTime = UNIX_EPOCH + Duration::from_secs(1_780_000_000);
    Document {
        title: "CPN4+ : cycle".to_owned(),
        author: "Awa Traoré".to_owned(),
        made: made.into(),
        language: Language::Fr,
        foot: "CPN4+, CSCom de Kangaré. Fait par Awa Traoré le 28/05/2026.".to_owned(),
        page: [String::new(), " sur ".to_owned(), String::new()],
        landscape: false,
        blocks,
    }
}

fn picture() -> Picture {
    Picture {
        shows: "CPN4+ par mois".to_owned(),
        above: "CSCom de Binko".to_owned(),
        below: "Rien n’a changé.".to_owned(),
        drawing: Drawing::new(DRAWN).unwrap(),
    }
}

fn every_block() -> Vec<Block> {
    let list = |open| Item {
        text: "Appeler les femmes la veille".to_owned(),
        open,
    };
    vec![
        Block::Title {
            text: "Plus de femmes à la CPN 4".to_owned(),
            beneath: vec!["CSCom de Kangaré, ouvert le 03/03/2026".to_owned()],
        },
        Block::Lead {
            text: "Que 60 % des femmes aient quatre contacts d’ici le 31/12/2026.".to_owned(),
        },
        Block::heading("Le problème"),
        Block::paragraph("Peu de femmes reviennent.\nElles habitent loin → fatigue ≤ 2 visites."),
        Block::Heading {
            text: "Équipe".to_owned(),
            level: 2,
        },
        Block::List {
            items: vec![list(false), list(true)],
        },
        Block::Fields {
            pairs: vec![(
                "Prédiction".to_owned(),
                "8 femmes sur 10 reviennent".to_owned(),
            )],
        },
        Block::Pictures {
            columns: 1,
            pictures: vec![picture()],
        },
        Block::Pictures {
            columns: 2,
            pictures: vec![picture(), picture(), picture()],
        },
        Block::Table(Table {
            widths: vec![0.0, 1.0, 0.4],
            head: vec!["Ligne".to_owned(), "Compté".to_owned(), "mars".to_owned()],
            rows: vec![
                Row::Span("Consultation prénatale".to_owned()),
                Row::Cells(vec![
                    "1A".to_owned(),
                    "Femmes vues".to_owned(),
                    String::new(),
                ]),
            ],
            pen: true,
        }),
        Block::Columns {
            columns: vec![
                Column {
                    heading: "Appris".to_owned(),
                    items: vec![list(false)],
                    blank: 0,
                },
                Column {
                    heading: "À faire".to_owned(),
                    items: vec![],
                    blank: 2,
                },
            ],
        },
        Block::Note {
            text: "Source : registre CPN".to_owned(),
        },
        Block::Pen {
            lines: vec!["Signature".to_owned(), "Date".to_owned()],
        },
        Block::Break,
        Block::paragraph("Deuxième page : ɛ ɔ ɲ ŋ Ɲ."),
    ]
}

/// The words of a PDF, as who opens it could copy them.
fn words_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, pdf).unwrap();
    let read = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    assert!(read.status.success(), "{read:?}");
    String::from_utf8(read.stdout).unwrap()
}

/// A file within a DOCX.
fn inside(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn a_document_is_typeset_with_its_words_its_letters_and_the_count_of_its_pages() {
    let pages = paper::write(&document(every_block())).unwrap();
    let words = words_of(&pages.pdf);
    for said in [
        "Plus de femmes à la CPN 4",
        "Que 60 % des femmes aient quatre contacts",
        "loin → fatigue ≤ 2 visites",
        "8 femmes sur 10 reviennent",
        "ɛ ɔ ɲ ŋ Ɲ",
        "sɔrɔli",
        "Femmes vues",
        "Fait par Awa Traoré",
        &format!("{0} sur {0}", pages.count),
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    if let Ok(folder) = std::env::var("SHOW_PAPER") {
        std::fs::write(format!("{folder}/every.pdf"), &pages.pdf).unwrap();
        let docx = word::write(&document(every_block())).unwrap();
        std::fs::write(format!("{folder}/every.docx"), docx).unwrap();
    }
}

#[test]
fn the_same_document_is_the_same_file() {
    let once = paper::write(&document(every_block())).unwrap();
    assert_eq!(once, paper::write(&document(every_block())).unwrap());
}

#[test]
fn a_document_to_go_on_writing_in_has_its_outline_and_its_pictures() {
    let docx = word::write(&document(every_block())).unwrap();
    let body = inside(&docx, "word/document.xml");
    for part in [
        "Heading1",
        "Heading2",
        "Plus de femmes",
        "r:embed",
        "Signature",
    ] {
        assert!(body.contains(part), "{part} is missing");
    }
    let foot = inside(&docx, "word/footer1.xml");
    assert!(
        foot.contains("NUMPAGES") && foot.contains("Awa Traoré"),
        "{foot}"
    );
    let archive = zip::ZipArchive::new(Cursor::new(&docx)).unwrap();
    let pictures = archive
        .file_names()
        .filter(|name| name.as_deref().is_ok_and(|name| name.ends_with(".png")));
    // The same pixels lie in it once.
    assert_eq!((pictures.count(), body.matches("r:embed").count()), (1, 4));
}

/// A photo of 24 by 16 pixels, as the screen puts one into a drawing.
const PHOTOGRAPHED: &str = concat!(
    r#"<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160" viewBox="0 0 240 160">"#,
    r#"<image width="240" height="160" href="data:image/jpeg;base64,"#,
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAFRABAQAAAAAAAAAAAAAAAAAAABP/xAAVAQEBAAAAAAAAAAAAAAAAAAAABf/EABYRAAMAAAAAAAAAAAAAAAAAAAAVYf/aAAwDAQACEQMRAD8AxqFEtCigthUYUqoJaAtgYU//2Q==",
    r#""/></svg>"#
);

#[test]
fn a_photo_lies_in_the_page_as_its_own_jpeg() {
    let with = |drawing| {
        let pictures = vec![Picture {
            drawing: Drawing::new(drawing).unwrap(),
            ..picture()
        }];
        let blocks = vec![Block::Pictures {
            columns: 2,
            pictures,
        }];
        paper::write(&document(blocks)).unwrap().pdf
    };
    let holds = |pdf: &[u8], word: &str| pdf.windows(word.len()).any(|at| at == word.as_bytes());
    let printed = with(PHOTOGRAPHED);
    assert!(holds(&printed, "/DCTDecode"));
    assert!(holds(&printed, "/Width 24"));
    assert!(!holds(&with(DRAWN), "/DCTDecode"));
}

#[test]
fn more_pictures_than_a_document_takes_are_refused() {
    let many = document(vec![Block::Pictures {
        columns: 3,
        pictures: vec![picture(); report::document::MOST_PICTURES + 1],
    }]);
    assert!(paper::write(&many).is_err());
    assert!(word::write(&many).is_err());
}

/// Texts as somebody types them who would like the template to run them, and any others.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("#include \"/document.json\" #read(\"/etc/passwd\")".to_owned()),
        Just("$x$ *bold* _it_ `raw` = heading @label <label> \\u{41}".to_owned()),
        Just("] #panic() [".to_owned()),
        Just("\"); #eval(\"1\") //".to_owned()),
        Just("</w:t></w:r><w:script/> &amp; <!-- ]]>".to_owned()),
        "\\PC{0,60}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_people_write_is_shown_and_never_run(text in texts(), other in texts()) {
        let whole = document(vec![
            Block::Title { text: text.clone(), beneath: vec![other.clone()] },
            Block::paragraph(&text),
            Block::Fields { pairs: vec![(text.clone(), other.clone())] },
            Block::Table(Table {
                widths: vec![1.0],
                head: vec![other.clone()],
                rows: vec![Row::Span(text.clone()), Row::Cells(vec![text.clone()])],
                pen: false,
            }),
        ]);
        let pages = paper::write(&whole).unwrap();
        let body = inside(&word::write(&whole).unwrap(), "word/document.xml");
        let mut reader = quick_xml::Reader::from_str(&body);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(quick_xml::events::Event::Start(start)) => {
                    prop_assert!(start.name().as_ref() != "w:script");
                }
                Ok(_) => {}
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
        if text.starts_with("#include") {
            let words: String = words_of(&pages.pdf).split_whitespace().collect();
            prop_assert!(words.contains("#read(\"/etc/passwd\")"), "{words}");
        }
    }
}
