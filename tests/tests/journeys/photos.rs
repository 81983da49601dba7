//! Photos of trials: shrunk by the screen, without what a camera writes, sent like any other work, and destroyed when somebody can
//! be recognised.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::photo::MOST_BYTES;
use nyetaa_tests::{Chance, Laptop, PHOTO, Pair};
use serde_json::{Value as Json, json};

fn tries(laptop: &Laptop, cycle: &Json) -> Json {
    let tried = json!({ "title": "La natte devant la salle" });
    laptop.part("save_trial", cycle, &Json::Null, tried)
}

fn photo(cycle: &Json, trial: &Json, image: &str) -> Json {
    json!({
        "cycle": cycle, "trial": trial, "observation": null, "image": image,
        "caption": "La natte, mardi", "reason": null,
    })
}

fn image(laptop: &Laptop, photo: &Json) -> Json {
    laptop.call("photo_picture", json!({ "id": photo }))
}

/// The small picture, grown to so many bytes: what is drawn is noise.
fn grown(bytes: usize) -> Vec<u8> {
    let small = STANDARD.decode(PHOTO).unwrap();
    let (picture, end) = small.split_at(small.len() - 2);
    let mut chance = Chance::of(7);
    let noise = (small.len()..bytes).map(|_| (chance.bits() % 255) as u8);
    picture
        .iter()
        .copied()
        .chain(noise)
        .chain(end.iter().copied())
        .collect()
}

#[test]
fn a_photo_goes_to_the_coach_without_what_the_camera_wrote_and_is_said_something_of() {
    let (pair, cycle) = Pair::at_work();
    let trial = tries(&pair.clinic, &cycle);
    let mut taken = STANDARD.decode(PHOTO).unwrap();
    let place: &[u8] = b"\xFF\xE1\0\x1CExif\0\0 12.63 N 7.99 W ....";
    assert_eq!(place.len(), 2 + 28, "the marker, then as much as it says");
    taken.splice(2..2, place.iter().copied());
    let added = pair
        .clinic
        .call("add_photo", photo(&cycle, &trial, &STANDARD.encode(&taken)))["id"]
        .clone();
    assert_eq!(image(&pair.clinic, &added)["image"], PHOTO);
    pair.sync_both();

    let shown = pair.coach.cycle(&cycle)["photos"][0].clone();
    assert_eq!(shown["meta"]["id"], added);
    assert_eq!(shown["meta"]["author"], "Awa Traoré");
    assert_eq!(
        (&shown["trial"], &shown["caption"]),
        (&trial, &json!("La natte, mardi"))
    );
    assert_eq!(image(&pair.coach, &added)["image"], PHOTO);

    // What it shows is corrected; the picture does not travel again, nor when the photo is removed and comes back.
    let before = pair.clinic.app().with(|cx| cx.store().keys()).unwrap();
    let own = pair.clinic.cycle(&cycle)["photos"][0].clone();
    let said = json!({ "caption": "La natte, à l’ombre" });
    pair.clinic.part("save_photo", &cycle, &own, said);
    let gone = json!({ "kind": "photo", "id": added, "reason": null });
    pair.clinic.call("delete_record", gone);
    assert_eq!(pair.clinic.cycle(&cycle)["photos"], json!([]));
    let removed = pair
        .clinic
        .call("removed", json!({ "place": pair.place() }));
    assert!(removed.to_string().contains("à l’ombre"), "{removed}");
    let back = json!({ "kind": "photo", "id": added });
    pair.clinic.call("restore_record", back);
    let asked = json!({ "kind": "picture", "record": shown_picture(&pair.clinic) });
    let told = pair.clinic.call("record_history", asked);
    assert_eq!(told["entries"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(
        pair.clinic
            .app()
            .with(|cx| cx.store().keys())
            .unwrap()
            .len(),
        before.len()
    );
    pair.sync_both();
    assert_eq!(
        pair.coach.cycle(&cycle)["photos"][0]["caption"],
        "La natte, à l’ombre"
    );
}

#[test]
fn a_photo_is_found_by_what_is_said_of_it() {
    let (pair, cycle) = Pair::at_work();
    let trial = tries(&pair.clinic, &cycle);
    pair.clinic.call("add_photo", photo(&cycle, &trial, PHOTO));
    let found = |text: &str| {
        let request = json!({ "text": text, "kinds": [] });
        let found = pair.clinic.call("search", request);
        let mut found = found.as_array().unwrap().iter();
        found.any(|one| one["kind"] == "photo" && one["cycle"] == cycle && one["about"] == trial)
    };
    // Without its capital, and as another would write it.
    assert!(found("natte"));
    assert!(found("nattes"));
    let own = pair.clinic.cycle(&cycle)["photos"][0].clone();
    let said = json!({ "caption": "Le rideau, mardi" });
    pair.clinic.part("save_photo", &cycle, &own, said);
    assert!(found("rideau"));
    assert!(!found("natte"));
    let gone = json!({ "kind": "photo", "id": own["meta"]["id"], "reason": null });
    pair.clinic.call("delete_record", gone);
    assert!(!found("rideau"));
    // What was observed beside it, too.
    let observed = json!({ "text": "Trois femmes sont venues à deux", "trial": trial });
    pair.clinic
        .part("save_observation", &cycle, &Json::Null, observed);
    let request = json!({ "text": "femmes venues", "kinds": [] });
    let found = pair.clinic.call("search", request);
    let kinds = found.as_array().unwrap().iter().map(|one| &one["kind"]);
    assert!(
        kinds.into_iter().any(|kind| kind == "observation"),
        "{found}"
    );
}

/// The record of the only picture there is.
fn shown_picture(laptop: &Laptop) -> String {
    let found = laptop
        .app()
        .with(|cx| {
            cx.store().read(|conn| {
                app::records::queries::records(conn, domain::registry::Kind::Picture, "1 = 1", &[])
            })
        })
        .unwrap();
    assert_eq!(found.len(), 1);
    found[0].id.to_string()
}

#[test]
fn the_largest_photo_fits_into_one_segment_and_a_larger_one_is_refused_in_words() {
    let (pair, cycle) = Pair::at_work();
    pair.sync_both();
    let trial = tries(&pair.clinic, &cycle);
    pair.clinic.sync();
    let large = STANDARD.encode(grown(MOST_BYTES));
    pair.clinic.call("add_photo", photo(&cycle, &trial, &large));
    pair.clinic.sync();
    pair.coach.sync();
    let there = pair.coach.cycle(&cycle)["photos"][0]["meta"]["id"].clone();
    assert_eq!(image(&pair.coach, &there)["image"], large);
    let longest = pair
        .clinic
        .app()
        .with(|cx| {
            cx.store().read(|conn| {
                Ok::<_, app::AppError>(conn.query_row(
                    "SELECT max(length(bytes)) FROM segment",
                    [],
                    |row| row.get::<_, u32>(0),
                )?)
            })
        })
        .unwrap();
    assert!(
        (20_000..=sync::segment::MAX_BYTES).contains(&(longest as usize)),
        "{longest}"
    );

    let refused = |image: &str| {
        pair.clinic
            .refused("add_photo", photo(&cycle, &trial, image))
            .code
    };
    assert_eq!(
        refused(&STANDARD.encode(grown(MOST_BYTES + 3))),
        "photo-too-large"
    );
    assert_eq!(refused("pas une image"), "photo-unreadable");
    assert_eq!(
        refused(&STANDARD.encode(b"\x89PNG\r\n\x1a\n")),
        "photo-unreadable"
    );
    let other = pair
        .clinic
        .start_cycle(&pair.place(), "anc-four-contacts", "mnch");
    let of_other = pair
        .clinic
        .refused("add_photo", photo(&other, &trial, PHOTO));
    assert_eq!(of_other.code, "request-invalid");
    let elsewhere = tries(&pair.clinic, &cycle);
    let seen = pair.clinic.part(
        "save_observation",
        &cycle,
        &Json::Null,
        json!({ "trial": elsewhere, "text": "Deux femmes ont attendu dehors" }),
    );
    let mut of_another = photo(&cycle, &trial, PHOTO);
    of_another["observation"] = seen;
    assert_eq!(
        pair.clinic.refused("add_photo", of_another).code,
        "request-invalid"
    );
}

#[test]
fn a_photo_on_which_somebody_is_recognised_is_masked_for_everybody() {
    let (pair, cycle) = Pair::at_work();
    let trial = tries(&pair.clinic, &cycle);
    let added = pair.clinic.call("add_photo", photo(&cycle, &trial, PHOTO))["id"].clone();
    pair.sync_both();
    assert_eq!(image(&pair.coach, &added)["image"], PHOTO);

    pair.clinic.call("mask_photo", json!({ "id": added }));
    let here = image(&pair.clinic, &added);
    assert_eq!(
        (&here["image"], &here["masked"]["by"]),
        (&Json::Null, &json!("Awa Traoré"))
    );
    pair.sync_both();
    assert_eq!(image(&pair.coach, &added)["image"], Json::Null);
    assert_eq!(image(&pair.coach, &added)["masked"]["by"], "Awa Traoré");
    // What was said of it stays.
    assert_eq!(
        pair.coach.cycle(&cycle)["photos"][0]["caption"],
        "La natte, mardi"
    );

    let late = Laptop::new(&pair.time);
    late.begin_coach("Sélingué", "Oumou Keïta");
    late.enrol(&pair.centre, &pair.centre.invite_coach("Sélingué"));
    assert_eq!(image(&late, &added)["image"], Json::Null);
}
