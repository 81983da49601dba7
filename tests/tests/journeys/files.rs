//! Files of values in and out: workbooks, columns that a person explains, refused rows, and an import that is undone.

use std::process::Command;

use base64::Engine;
use nyetaa_tests::{Laptop, Time};
use serde_json::{Value as Json, json};

fn clinic() -> (Laptop, Json) {
    clinic_of("CSCom de Kangaré")
}

fn clinic_of(name: &str) -> (Laptop, Json) {
    let laptop = Laptop::new(&Time::default());
    laptop.begin_facility(name, "Sélingué", "Awa Traoré", "lead");
    let place = laptop.home();
    laptop.start_cycle(&place, "anc-four-contacts", "mnch");
    (laptop, place)
}

fn file(place: &Json, name: &str, bytes: &[u8]) -> Json {
    let bytes = base64::engine::general_purpose::STANDARD.encode(bytes);
    json!({ "place": place, "file": name, "bytes": bytes })
}

fn workbook(place: &Json, name: &str) -> Json {
    let path = format!("{}/fixtures/workbooks/{name}", env!("CARGO_MANIFEST_DIR"));
    file(place, name, &std::fs::read(path).unwrap())
}

fn with(mut request: Json, more: Json) -> Json {
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    request
}

fn import(laptop: &Laptop, file: &Json) -> Json {
    let preview = laptop.call("preview_import", file.clone());
    assert_eq!(preview["errors"], json!([]), "{preview}");
    let apply = with(file.clone(), json!({ "token": preview["token"] }));
    laptop.call("apply_import", apply)
}

#[test]
fn the_months_side_by_side_of_a_workbook_come_in_once_and_go_out_as_one() {
    let (laptop, place) = clinic();
    laptop.types(&place, "MNCH-02", "2026-03", "20", "30");
    let file = workbook(&place, "saisie.xlsx");
    let done = import(&laptop, &file);
    assert_eq!(done["saved"], 6);
    let cell = |month: &str| laptop.cell(&place, "MNCH-02", month);
    assert_eq!(cell("2026-03")["numerator"], 21.0);
    assert_eq!(cell("2026-04")["no_data"], "stock_out");

    // The same file, and the same table in another form, have nothing to do.
    for name in ["saisie.xlsx", "saisie.xls", "saisie.ods"] {
        let again = laptop.call("preview_import", workbook(&place, name));
        assert_eq!(
            (
                &again["same_count"],
                &again["new_count"],
                &again["changed_count"]
            ),
            (&json!(6), &json!(0), &json!(0)),
            "{name}"
        );
        assert_eq!(again["imported"].is_string(), name == "saisie.xlsx");
    }
    assert_eq!(import(&laptop, &file)["import"], Json::Null);

    // Somebody has changed May since; the rest says again what it said.
    laptop.types(&place, "MNCH-02", "2026-05", "19", "31");
    let of_place = json!({ "place": place });
    let past = laptop.call("imports", of_place.clone());
    assert_eq!(past.as_array().unwrap().len(), 1);
    assert_eq!(
        (&past[0]["saved"], &past[0]["changed_since"]),
        (&json!(6), &json!(1))
    );
    let undone = laptop.call("undo_import", json!({ "id": past[0]["id"] }));
    assert_eq!(undone["restored"], 5);
    assert_eq!(undone["kept"][0]["period"], "2026-05");
    assert_eq!(undone["kept"].as_array().unwrap().len(), 1);
    assert_eq!(cell("2026-03")["numerator"], 20.0);
    assert_eq!(cell("2026-04")["no_data"], Json::Null);
    assert_eq!(cell("2026-05")["numerator"], 19.0);
    let id = json!({ "id": past[0]["id"] });
    assert_eq!(laptop.refused("undo_import", id).code, "import-undone");
    let past = laptop.call("imports", of_place);
    assert!(past[0]["undone"].is_string());
    assert_eq!(
        laptop.call("preview_import", file)["imported"],
        Json::Null,
        "what was undone may come in again"
    );
}

#[test]
fn an_import_says_where_its_values_come_from_and_leaves_the_register_alone() {
    let (laptop, place) = clinic();
    laptop.types(&place, "MNCH-02", "2026-03", "20", "30");
    let file = with(
        workbook(&place, "saisie.xlsx"),
        json!({ "source": "dhis2" }),
    );
    let preview = laptop.call("preview_import", file.clone());
    assert_eq!(
        (&preview["source"], &preview["new_count"]),
        (&json!("dhis2"), &json!(6)),
        "the register's value is none that it would change"
    );
    assert_eq!(import(&laptop, &file)["saved"], 6);
    assert_eq!(laptop.cell(&place, "MNCH-02", "2026-03")["numerator"], 20.0);
    let taken = |source: &str| {
        let request = json!({ "place": place, "indicator": "MNCH-02", "cycle": null, "months": 24, "chart": null, "source": source });
        laptop.call("chart", request)["view"]["points"][0]["n"].clone()
    };
    assert_eq!(
        (taken("register"), taken("dhis2")),
        (json!(20.0), json!(21.0))
    );

    let past = laptop.call("imports", json!({ "place": place }));
    assert_eq!(past[0]["source"], "dhis2");
    assert_eq!(
        laptop.call("preview_import", workbook(&place, "saisie.xlsx"))["imported"],
        Json::Null,
        "the same file for the register is another import"
    );
    let undone = laptop.call("undo_import", json!({ "id": past[0]["id"] }));
    assert_eq!(undone["restored"], 6);
    assert_eq!(taken("dhis2"), Json::Null);
    assert_eq!(taken("register"), json!(20.0));
}

#[test]
fn figures_leave_in_a_file_for_each_source_and_come_in_elsewhere_as_of_it() {
    let (laptop, place) = clinic();
    laptop.types(&place, "MNCH-02", "2026-03", "20", "30");
    let alone = laptop.call("export_values", json!({ "place": place }));
    let path = alone["path"].as_str().unwrap();
    assert!(path.ends_with(".csv"), "one source is one file: {path}");
    let of_dhis2 = json!({ "source": "dhis2" });
    import(
        &laptop,
        &with(workbook(&place, "saisie.xlsx"), of_dhis2.clone()),
    );
    let both = laptop.call("export_values", json!({ "place": place }));
    assert_eq!(both["values"], 7);
    let folder = std::path::PathBuf::from(both["path"].as_str().unwrap());
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    files.sort_by_key(String::len);
    let [register, dhis2] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert!(dhis2.ends_with("-dhis2.csv"), "{dhis2}");
    let (other, there) = clinic_of("CSCom de Kangaré");
    for (name, more, saved) in [(register, json!({}), 1), (dhis2, of_dhis2, 6)] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let done = import(&other, &with(file(&there, name, &bytes), more));
        assert_eq!(done["saved"], saved, "{name}");
    }
    let taken = |source: &str| {
        let request = json!({ "place": there, "indicator": "MNCH-02", "cycle": null, "months": 24, "chart": null, "source": source });
        other.call("chart", request)["view"]["points"][0]["n"].clone()
    };
    assert_eq!(
        (taken("register"), taken("dhis2")),
        (json!(20.0), json!(21.0))
    );
}

#[test]
fn columns_that_nobody_knows_are_explained_once() {
    let (laptop, place) = clinic();
    let text = |month: &str| {
        format!("Registre CPN;;;\nQuoi;Quand;Combien;Sur\nMNCH-02;{month};12;30\n").into_bytes()
    };
    let first = file(&place, "cpn.csv", &text("2026-03"));
    let preview = laptop.call("preview_import", first.clone());
    assert_eq!(
        preview["missing"],
        json!(["indicator", "period", "numerator"])
    );
    assert_eq!(preview["heading_row"], 2);
    let apply = with(first.clone(), json!({ "token": preview["token"] }));
    assert_eq!(
        laptop.refused("apply_import", apply).code,
        "file-columns-missing"
    );

    let columns = json!(["indicator", "period", "numerator", "denominator"]);
    let explained = with(first, json!({ "columns": columns }));
    assert_eq!(import(&laptop, &explained)["saved"], 1);
    let next = file(&place, "cpn-avril.csv", &text("2026-04"));
    let preview = laptop.call("preview_import", next.clone());
    assert_eq!(
        (&preview["remembered"], &preview["new_count"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(import(&laptop, &next)["saved"], 1);
}

#[test]
fn a_month_more_or_less_leaves_what_was_said_of_the_other_columns() {
    let (laptop, place) = clinic();
    let first = b"Quoi;2026-03;2026-04;Lequel\nMNCH-02;12;13;n\nMNCH-02;30;31;d\n";
    let columns = json!(["indicator", null, null, "part"]);
    let explained = with(
        file(&place, "cpn.csv", first),
        json!({ "columns": columns }),
    );
    assert_eq!(import(&laptop, &explained)["saved"], 2);

    let more = b"Quoi;2026-03;2026-04;2026-05;Lequel\nMNCH-02;12;13;14;n\nMNCH-02;30;31;32;d\n";
    let more = file(&place, "cpn-mai.csv", more);
    let preview = laptop.call("preview_import", more.clone());
    let fields: Vec<&Json> = preview["headings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|heading| &heading["field"])
        .collect();
    assert_eq!(
        json!(fields),
        json!(["indicator", null, null, null, "part"])
    );
    assert_eq!(
        (&preview["remembered"], &preview["same_count"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(import(&laptop, &more)["saved"], 1);
    let may = laptop.cell(&place, "MNCH-02", "2026-05");
    assert_eq!(
        (&may["numerator"], &may["denominator"]),
        (&json!(14.0), &json!(32.0))
    );

    let fewer = b"Quoi;2026-06;Lequel\nMNCH-02;15;n\nMNCH-02;33;d\n";
    assert_eq!(
        import(&laptop, &file(&place, "cpn-juin.csv", fewer))["saved"],
        1
    );
}

#[test]
fn a_value_that_stands_twice_is_refused_though_one_row_leaves_the_place_out() {
    let (laptop, place) = clinic();
    let text = "Lieu;Code;Mois;N;D\n;MNCH-02;2026-03;12;30\nCSCom de Kangaré;MNCH-02;2026-03;13;30\n;MNCH-02;2026-04;14;30\n";
    let twice = file(&place, "mars.csv", text.as_bytes());
    let preview = laptop.call("preview_import", twice.clone());
    let errors = preview["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{preview}");
    assert_eq!(
        (
            &errors[0]["row"],
            &errors[0]["code"],
            &errors[0]["first_row"]
        ),
        (&json!(3), &json!("duplicate"), &json!(2))
    );
    assert_eq!(errors[0]["column"], "C (Mois)");
    assert_eq!(
        (&preview["refused_count"], &preview["new_count"]),
        (&json!(2), &json!(1)),
        "which of the two is right nobody can tell"
    );
    let apply = with(
        twice,
        json!({ "token": preview["token"], "without_refused": true }),
    );
    assert_eq!(laptop.call("apply_import", apply)["saved"], 1);
    assert_eq!(
        laptop.cell(&place, "MNCH-02", "2026-03")["numerator"],
        Json::Null
    );
}

#[test]
fn refused_rows_go_into_a_file_that_is_put_right_and_imported() {
    let (laptop, place) = clinic();
    let text = "Code;Mois;N;D\nMNCH-02;2026-03;12;30\nMNCH-02;2026-04;douze;30\nMNCH-99;2026-04;1;2\nMNCH-02;2031-01;1;2\n";
    let mixed = file(&place, "mars.csv", text.as_bytes());
    let preview = laptop.call("preview_import", mixed.clone());
    assert_eq!(
        (&preview["refused_count"], &preview["new_count"]),
        (&json!(3), &json!(1))
    );
    let ahead = preview["errors"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(
        (&ahead["code"], &ahead["column"]),
        (&json!("month-ahead"), &json!("B (Mois)"))
    );
    let apply = json!({ "token": preview["token"], "without_refused": true });
    let done = laptop.call("apply_import", with(mixed, apply));
    assert_eq!(done["saved"], 1);
    let path = done["refused"].as_str().unwrap();
    let refused = std::fs::read_to_string(path).unwrap();
    assert!(refused.contains("MNCH-02;2026-04;douze;30"), "{refused}");
    assert!(refused.contains("Ce n’est pas un nombre."), "{refused}");
    assert_eq!(refused.lines().count(), 4);
    let right = refused
        .replace("douze", "12")
        .replace("MNCH-99", "MNCH-01")
        .replace("2031", "2026");
    let right = file(&place, "mars-refusees.csv", right.as_bytes());
    assert_eq!(import(&laptop, &right)["saved"], 3);
}

#[test]
fn the_grid_as_a_workbook_is_filled_elsewhere_and_comes_back() {
    let (laptop, place) = clinic();
    laptop.types(&place, "MNCH-02", "2026-04", "18", "31");
    laptop.types(&place, "MNCH-02", "2026-05", "-", "-");
    let request = json!({ "place": place, "until": "2026-05", "months": 12 });
    let export = laptop.call("export_grid", request);
    assert_eq!(export["values"], 2);
    let path = export["path"].as_str().unwrap();
    assert!(path.ends_with(".xlsx"), "{path}");
    let bytes = std::fs::read(path).unwrap();
    let preview = laptop.call("preview_import", file(&place, "saisie.xlsx", &bytes));
    assert_eq!(
        (
            &preview["errors"],
            &preview["same_count"],
            &preview["new_count"]
        ),
        (&json!([]), &json!(2), &json!(0)),
        "{preview}"
    );
    // Another centre's grid is not taken for one's own.
    let (other, home) = clinic_of("CSCom de Binko");
    let preview = other.call("preview_import", file(&home, "saisie.xlsx", &bytes));
    assert_eq!(preview["errors"][0]["code"], "other-place");
}

#[test]
fn a_chart_is_taken_along_as_a_workbook_and_as_a_picture() {
    let (laptop, place) = clinic();
    for (month, n) in [("2026-03", "12"), ("2026-04", "15"), ("2026-05", "-")] {
        laptop.types(
            &place,
            "MNCH-02",
            month,
            n,
            if n == "-" { "-" } else { "30" },
        );
    }
    let request = json!({
        "place": place, "indicator": "MNCH-02", "said": "Trop tôt pour conclure.", "notes": ["Registre CPN"],
    });
    let export = laptop.call("export_chart", request);
    assert_eq!(export["values"], 3);
    let bytes = std::fs::read(export["path"].as_str().unwrap()).unwrap();
    // What it says of its months is what a file of values says.
    let book = file(&place, "graphique.xlsx", &bytes);
    let preview = laptop.call("preview_import", book);
    let headings: Vec<&str> = preview["headings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|heading| heading["name"].as_str().unwrap())
        .collect();
    assert_eq!(preview["heading_row"], 4, "{headings:?}");
    assert_eq!(headings[0], "Période");
    assert!(headings.contains(&"Médiane"), "{headings:?}");
    assert_eq!(preview["headings"][0]["sample"], "2026-03-01");

    let keep = |bytes: &[u8]| {
        let bytes = base64::engine::general_purpose::STANDARD.encode(bytes);
        json!({ "place": place, "name": "CPN4+", "bytes": bytes })
    };
    let kept = laptop.call(
        "save_picture",
        keep(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    );
    assert!(kept["path"].as_str().unwrap().ends_with(".svg"));
    let kept = laptop.call("save_picture", keep(b"\x89PNG\r\n\x1a\n"));
    assert!(kept["path"].as_str().unwrap().ends_with(".png"));
    let page = laptop.refused("save_picture", keep(b"<html><script>"));
    assert_eq!(page.code, "request-invalid");
}

/// The words of a PDF, as who opens it could copy them, without its spaces.
fn words_of(path: &str) -> String {
    let read = Command::new("pdftotext")
        .args(["-enc", "UTF-8", path, "-"])
        .output()
        .unwrap();
    assert!(read.status.success(), "{read:?}");
    let text = String::from_utf8(read.stdout).unwrap();
    text.split_whitespace().collect()
}

#[test]
fn what_a_screen_shows_is_kept_as_a_page_in_the_language_of_its_reader() {
    let (laptop, place) = clinic();
    let page = |form: &str, drawing: &str| {
        json!({
            "place": place, "name": "Cycle CPN4+", "form": form, "landscape": false,
            "blocks": [
                { "block": "title", "text": "Plus de femmes à la CPN 4", "beneath": ["ouvert le 03/03/2026"] },
                { "block": "paragraph", "text": "#panic(\"ɲɛtaa\") *non*" },
                { "block": "pictures", "columns": 1, "pictures": [
                    { "shows": "CPN4+", "above": "", "below": "", "drawing": drawing },
                ] },
            ],
        })
    };
    let drawn = r#"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90"><text x="9" y="30">Médiane</text></svg>"#;
    let kept = laptop.call("save_paper", page("pdf", drawn));
    let path = kept["path"].as_str().unwrap();
    assert!(
        path.ends_with(".pdf") && path.contains("cycle-cpn4"),
        "{path}"
    );
    let words = words_of(path);
    for said in [
        "PlusdefemmesàlaCPN4",
        "#panic(\"ɲɛtaa\")*non*",
        "Médiane",
        "ÉcritparAwaTraoré",
        "1sur1",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    laptop.call("set_language", json!({ "language": "en" }));
    let kept = laptop.call("save_paper", page("pdf", drawn));
    let words = words_of(kept["path"].as_str().unwrap());
    assert!(
        words.contains("1of1") && words.contains("WrittenbyAwaTraoré"),
        "{words}"
    );

    // What whoever finds it shall not learn: who made it, and when.
    let mut asked = page("pdf", drawn);
    asked["unsigned"] = json!(true);
    asked["blocks"][0]["beneath"] = json!([]);
    let kept = laptop.call("save_paper", asked);
    let path = kept["path"].as_str().unwrap();
    let info = Command::new("pdfinfo").arg(path).output().unwrap();
    let told = words_of(path) + &String::from_utf8_lossy(&info.stdout);
    assert!(
        told.contains("CycleCPN4+,") && told.contains("Pages:"),
        "{told}"
    );
    let file = path.rsplit('/').next().unwrap();
    let year = laptop.call("start_state", json!({}))["today"]
        .as_str()
        .unwrap()[..4]
        .to_owned();
    for hidden in ["Traor", "Written", &year] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
    assert!(!file.contains(&year), "{file}");

    let kept = laptop.call("save_paper", page("docx", drawn));
    let path = kept["path"].as_str().unwrap();
    assert!(path.ends_with(".docx"), "{path}");
    assert!(std::fs::read(path).unwrap().starts_with(b"PK"));

    // Nothing that would run or ask for a file gets onto paper.
    for bad in [
        "<svg width='4' height='2'><script>1</script></svg>",
        "<svg width='4' height='2'><image href='file:///etc/hostname'/></svg>",
        "<html/>",
    ] {
        let refused = laptop.refused("save_paper", page("pdf", bad));
        assert_eq!(refused.code, "request-invalid", "{bad}");
    }
    let elsewhere = laptop.refused("save_paper", {
        let mut asked = page("pdf", drawn);
        asked["place"] = json!("00000000-0000-0000-0000-000000000000");
        asked
    });
    assert_ne!(elsewhere.code, "export-failed");
}
