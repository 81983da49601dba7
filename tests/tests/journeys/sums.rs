//! Those above read sums: what the centres of a district counted, as one line a district, by the server's hand.

use domain::role::Role;
use nyetaa_tests::{Laptop, Pair};
use serde_json::json;

#[test]
fn a_region_reads_what_its_centres_counted_as_one_line_a_district() {
    let (pair, _) = Pair::at_work();
    let region = Laptop::new(&pair.time);
    region.begin_region("Sikasso", "Fatoumata Koné");
    let asked = json!({ "indicator": null, "chart": null, "months": 36 });
    let before = region.call("sums", asked.clone());
    assert_eq!(
        (&before["indicators"], &before["indicator"]),
        (&json!([]), &json!(null))
    );
    let code = pair.centre.invite(&server::Invite {
        place: "Sikasso".to_owned(),
        facility: None,
        role: Role::Region,
        uses: 1,
        days: 14,
        also: Vec::new(),
    });
    region.enrol(&pair.centre, &code);
    pair.sync_both();
    pair.centre.server().sum_up().unwrap();
    region.sync();
    let sums = region.call("sums", asked.clone());
    assert_eq!(sums["indicator"]["code"], "MNCH-02");
    let places = sums["places"].as_array().unwrap();
    let names: Vec<_> = places
        .iter()
        .map(|one| one["place"]["name"].clone())
        .collect();
    assert_eq!(
        names,
        ["Sikasso", "Sélingué"],
        "the whole first, then districts, and no centre"
    );
    let of_clinic = json!({
        "place": pair.place(), "indicator": "MNCH-02", "cycle": null, "months": 36, "chart": "run",
    });
    let clinic = pair.clinic.call("chart", of_clinic)["view"]["points"].clone();
    let counted = |points: &serde_json::Value| -> Vec<_> {
        let points = points.as_array().unwrap();
        points
            .iter()
            .map(|p| (p["label"].clone(), p["n"].clone(), p["d"].clone()))
            .collect()
    };
    assert_eq!(
        counted(&places[1]["view"]["points"]),
        counted(&clinic),
        "of one centre the sum is what it counted"
    );
    assert_eq!(
        places[0]["view"]["chart"],
        places[0]["view"]["advice"]["chart"]
    );
    assert_eq!(
        places[0]["view"]["goal"],
        json!(null),
        "a sum is nobody's aim"
    );

    let run = json!({ "indicator": "MNCH-02", "chart": "run", "months": 36 });
    assert_eq!(
        region.call("sums", run)["places"][0]["view"]["chart"],
        "run"
    );
    let unknown = json!({ "indicator": "MNCH-99", "chart": null, "months": 36 });
    assert_eq!(region.refused("sums", unknown).code, "indicator-unknown");
}
