//! A database that opens and is older than it was, in a folder where nothing else tells: an old file put in its place while the
//! app was closed. A backup tells, what it has comes back, and the laptop goes on under another name.

use nyetaa_tests::{Laptop, Pair};
use serde_json::{Value as Json, json};

/// The database as it stands on the disk while the app is open, write-ahead log and all.
fn files(laptop: &Laptop) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = ["nyetaa.db", "nyetaa.db-wal"].map(|name| laptop.folder().join(name));
    let read = files.into_iter().map(|path| {
        let bytes = std::fs::read(&path).unwrap();
        (path, bytes)
    });
    read.collect()
}

/// Puts them back, in the very same files.
fn put_back(files: &[(std::path::PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        std::fs::write(path, bytes).unwrap();
    }
}

fn figures(laptop: &Laptop, place: &Json) -> [Json; 4] {
    ["2026-01", "2026-02", "2026-03", "2026-04"]
        .map(|month| laptop.cell(place, "MNCH-02", month)["numerator"].clone())
}

#[test]
fn an_older_database_in_its_own_place_is_told_of_and_loses_what_no_backup_has() {
    for sent in [false, true] {
        let mut pair = Pair::enrolled();
        let place = pair.place();
        pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
        pair.clinic.types(&place, "MNCH-02", "2026-01", "10", "40");
        pair.clinic.sync();
        pair.coach.sync();
        let before = files(&pair.clinic);
        pair.clinic.types(&place, "MNCH-02", "2026-02", "11", "40");
        if sent {
            pair.clinic.sync();
        }
        pair.clinic.types(&place, "MNCH-02", "2026-03", "12", "40");
        pair.clinic.call("backup_now", json!({}));
        pair.clinic.types(&place, "MNCH-02", "2026-04", "13", "40");
        let name = pair.clinic.replica();
        pair.clinic.close();
        put_back(&before);

        pair.clinic.reopen();
        let clinic = &pair.clinic;
        let fell = clinic.call("start_state", json!({}))["fell_back"].clone();
        assert_eq!((&fell["saves"], &fell["whole"]), (&json!(2), &json!(true)));
        assert_ne!(clinic.replica(), name, "its numbers were used already");
        let kept = [json!(10.0), json!(11.0), json!(12.0), Json::Null];
        assert_eq!(figures(clinic, &place), kept, "as the backup has them");

        clinic.types(&place, "MNCH-02", "2026-04", "14", "40");
        for _ in 0..2 {
            clinic.sync();
            pair.coach.sync();
        }
        for laptop in [clinic, &pair.coach] {
            let all = [10.0, 11.0, 12.0, 14.0].map(|number| json!(number));
            assert_eq!(figures(laptop, &place), all, "sent: {sent}");
            assert_eq!(laptop.open_fields(), json!([]), "and nobody is asked");
            assert_eq!(laptop.sync_state()["state"], "up_to_date");
        }
        let read = clinic.call("heed_fall_back", json!({}));
        assert_eq!(read["fell_back"], Json::Null);
        let name = clinic.replica();
        pair.clinic.reopen();
        let again = pair.clinic.call("start_state", json!({}))["fell_back"].clone();
        assert_eq!((again, pair.clinic.replica()), (Json::Null, name));
    }
}

#[test]
fn going_back_on_purpose_or_leaving_a_scope_is_no_fall() {
    let mut pair = Pair::enrolled();
    let place = pair.place();
    pair.clinic.start_cycle(&place, "anc-four-contacts", "mnch");
    pair.clinic.types(&place, "MNCH-02", "2026-01", "10", "40");
    pair.clinic.call("backup_now", json!({}));
    let no = pair.clinic.call("backups", json!({}))["backups"][0]["no"].clone();
    pair.clinic.types(&place, "MNCH-02", "2026-02", "11", "40");
    let request = json!({ "no": no, "keep_since": false });
    pair.clinic.call("restore_backup", request);
    pair.clinic.types(&place, "MNCH-02", "2026-03", "12", "40");
    for _ in 0..2 {
        let name = pair.clinic.replica();
        pair.clinic.reopen();
        let state = pair.clinic.call("start_state", json!({}));
        assert_eq!(state["fell_back"], Json::Null);
        assert_eq!(pair.clinic.replica(), name);
        pair.clinic.sync();
    }
    let kept = [json!(10.0), Json::Null, json!(12.0), Json::Null];
    assert_eq!(figures(&pair.clinic, &place), kept, "February is set aside");
}
