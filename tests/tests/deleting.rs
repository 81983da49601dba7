//! Deleting a record while somebody else is writing in it: nothing that was written is lost unseen.

#![allow(
    clippy::unwrap_used,
    reason = "a test whose identifiers cannot be read has failed"
)]

use domain::ids::RecordId;
use domain::registry::Kind;
use nyetaa_tests::{Centre, Laptop, Time};
use serde_json::{Value as Json, json};

/// A facility's laptop and its district's, with one trial that both have.
struct Both {
    centre: Centre,
    team: Laptop,
    coach: Laptop,
    place: Json,
    cycle: Json,
    trial: Json,
}

impl Both {
    fn with_a_trial() -> Self {
        let time = Time::default();
        let centre = Centre::open(&time);
        let team = Laptop::new(&time);
        team.begin_facility("CSCom de Carrière", "Sélingué", "Awa Traoré", "lead");
        team.enrol(
            &centre,
            &centre.invite_facility("CSCom de Carrière", "Sélingué"),
        );
        let place = team.home();
        let cycle = team.start_cycle(&place, "anc-four-contacts", "mnch");
        let trial = write(&team, &cycle, &Json::Null, "title", "Rendez-vous au marché");
        team.sync();
        let coach = Laptop::new(&time);
        coach.begin_coach("Sélingué", "Moussa Keïta");
        coach.enrol(&centre, &centre.invite_coach("Sélingué"));
        Self {
            centre,
            team,
            coach,
            place,
            cycle,
            trial,
        }
    }

    fn meet(&self) {
        for laptop in [&self.team, &self.coach, &self.team] {
            laptop.sync();
        }
    }

    /// The team deletes the trial while the coach writes in it; then all meet.
    fn deleted_while_written(field: &str, text: &str) -> Self {
        let both = Self::with_a_trial();
        both.team_deletes_it();
        write(&both.coach, &both.cycle, &both.trial, field, text);
        both.meet();
        both
    }

    fn team_deletes_it(&self) {
        let request = json!({ "kind": "trial", "id": self.trial, "reason": "en double" });
        self.team.call("delete_record", request);
    }

    /// The trials that a laptop shows.
    fn trials(&self, laptop: &Laptop) -> Vec<Json> {
        let shown = laptop.call("cycle", json!({ "id": self.cycle }));
        shown["trials"].as_array().unwrap().clone()
    }

    /// Whether the server takes the trial for deleted.
    fn server_has_deleted_it(&self) -> bool {
        let id = |json: &Json| json.as_str().unwrap().parse::<RecordId>().unwrap();
        let scope = id(&self.place).as_scope();
        let values = self
            .centre
            .server()
            .record(scope, Kind::Trial.number(), id(&self.trial))
            .unwrap()
            .unwrap();
        values["deleted"] == true && values["revived"] != true
    }
}

fn write(laptop: &Laptop, cycle: &Json, trial: &Json, field: &str, text: &str) -> Json {
    let edits = json!([{ "field": field, "value": text, "seen": null }]);
    let request = json!({ "id": trial, "cycle": cycle, "edits": edits, "reason": null });
    laptop.call("save_trial", request)["id"].clone()
}

#[test]
fn deletion_that_nobody_contests_holds_everywhere() {
    let both = Both::with_a_trial();
    both.team_deletes_it();
    both.meet();
    assert!(both.trials(&both.team).is_empty());
    assert!(both.trials(&both.coach).is_empty());
    assert!(both.server_has_deleted_it(), "the server agrees");
    assert_eq!(both.coach.open_fields(), json!([]));
}

#[test]
fn two_who_delete_the_same_record_have_deleted_it() {
    let both = Both::with_a_trial();
    both.team_deletes_it();
    let request = json!({ "kind": "trial", "id": both.trial, "reason": null });
    both.coach.call("delete_record", request);
    both.meet();
    for laptop in [&both.team, &both.coach] {
        assert!(both.trials(laptop).is_empty());
        assert_eq!(laptop.open_fields(), json!([]));
    }
    assert!(both.server_has_deleted_it(), "the server agrees");
}

#[test]
fn field_that_was_empty_is_written_while_the_record_is_deleted() {
    let both = Both::deleted_while_written("prediction", "8 femmes sur 10");
    for laptop in [&both.team, &both.coach] {
        assert_eq!(both.trials(laptop).len(), 1, "the record lives on");
        assert_eq!(laptop.open_fields()[0]["field"], "prediction");
    }
    assert!(!both.server_has_deleted_it(), "the server agrees");
}

#[test]
fn revived_record_stays_once_its_values_are_settled() {
    let both = Both::deleted_while_written("title", "Rendez-vous au grand marché");
    let open = both.team.open_fields()[0].clone();
    let values = open["values"].as_array().unwrap();
    let seen: Vec<&Json> = values.iter().map(|value| &value["token"]).collect();
    let request = json!({
        "kind": "trial", "record": both.trial, "reason": null, "undo": false,
        "parts": [{ "field": "title", "value": "Rendez-vous au grand marché", "seen": seen }],
    });
    both.team.call("settle", request);
    both.meet();
    for laptop in [&both.team, &both.coach] {
        let trials = both.trials(laptop);
        assert_eq!(trials.len(), 1, "what was settled is not deleted after all");
        assert_eq!(trials[0]["title"], "Rendez-vous au grand marché");
        assert_eq!(laptop.open_fields(), json!([]));
    }
    assert!(!both.server_has_deleted_it(), "the server agrees");
}
