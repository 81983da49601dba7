//! The rows of the table.

use domain::ids::{RecordId, ReplicaId};
use domain::registry::{DELETED, IdeaField, Kind, MeasurementField};
use domain::value::Value;

use super::{Arrival, Expected, FieldOf, MergeCase, laptops};
use crate::clock::Hlc;
use crate::log::{Change, Dot, Save, SaveKind};

/// The table.
pub fn merge_cases() -> Vec<MergeCase> {
    let [awa, binta, cheick] = laptops().map(|key| key.replica());
    let idea = FieldOf {
        kind: Kind::Idea.number(),
        record: RecordId::counted(awa, 1),
        field: IdeaField::Text.number(),
    };
    let position = FieldOf {
        field: IdeaField::Position.number(),
        ..idea
    };
    let deleted = FieldOf {
        field: DELETED.number,
        ..idea
    };
    let numerator = FieldOf {
        kind: Kind::Measurement.number(),
        record: RecordId::natural(&[b"merge cases", b"2026-03"]),
        field: MeasurementField::Numerator.number(),
    };
    let denominator = FieldOf {
        field: MeasurementField::Denominator.number(),
        ..numerator
    };
    let unknown = FieldOf {
        kind: 60_000,
        record: RecordId::counted(binta, 9),
        field: 777,
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let count = |number: i64| Value::Decimal {
        mantissa: number,
        scale: 0,
    };

    vec![
        MergeCase {
            name: "what one side alone wrote is shown",
            sees: "The other laptop's text, as if typed here.",
            parent: vec![],
            local: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            remote: vec![],
            expected: vec![shows(idea, text("Appeler"), &[])],
        },
        MergeCase {
            name: "changes of different fields meet in one record",
            sees: "Both changes in one idea, and nothing to decide.",
            parent: vec![
                save(awa, 1, 10)
                    .sets(idea, text("Appeler"), &[])
                    .sets(position, Value::Int(1), &[])
                    .done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 21)
                    .sets(position, Value::Int(2), &[dot(awa, 1, 1)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Rappeler"), &[]),
                shows(position, Value::Int(2), &[]),
            ],
        },
        MergeCase {
            name: "of two simultaneous values the later stamp is shown, the other stays open",
            sees: "« Visiter », and in Review « Écrire » beside it.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(idea, text("Visiter"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Écrire"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Visiter"), &[text("Écrire")])],
        },
        MergeCase {
            name: "equal stamps: the higher replica is shown",
            sees: "The same of the two on every laptop, the other in Review.",
            parent: vec![],
            local: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            remote: vec![save(binta, 1, 10).sets(numerator, count(21), &[]).done()],
            expected: vec![shows(numerator, count(21), &[count(12)])],
        },
        MergeCase {
            name: "equal values close by themselves",
            sees: "12, and nothing to decide.",
            parent: vec![save(awa, 1, 10).sets(numerator, count(1), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(12), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(numerator, count(12), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(12), &[])],
        },
        MergeCase {
            name: "what the author saw is hidden, however late its stamp",
            sees: "21: a clock that was ahead has no say.",
            parent: vec![save(awa, 1, 90_000).sets(numerator, count(12), &[]).done()],
            local: vec![],
            remote: vec![
                save(binta, 1, 10)
                    .sets(numerator, count(21), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(21), &[])],
        },
        MergeCase {
            name: "a clock ten years ahead only chooses what is shown, and the next edit hides it",
            sees: "15, and in Review 14, with a word about the clock.",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, TEN_YEARS)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(numerator, count(15), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(15), &[count(14)])],
        },
        MergeCase {
            name: "two laptops that open the same month meet in one record",
            sees: "One month, 14 of 40; in Review the pair, with 12 for the numerator.",
            parent: vec![],
            local: vec![
                save(awa, 1, 10)
                    .sets(numerator, count(12), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(14), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            expected: vec![
                shows(numerator, count(14), &[count(12)]),
                shows(denominator, count(40), &[]),
            ],
        },
        MergeCase {
            name: "a decision that saw all values closes the conflict",
            sees: "13, and Review is empty.",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
                save(binta, 2, 40)
                    .of_kind(SaveKind::Settle)
                    .sets(numerator, count(13), &[dot(binta, 1, 0), dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(13), &[])],
        },
        MergeCase {
            name: "an ordinary edit in an open conflict leaves the value it did not see open",
            sees: "13, and in Review 15.",
            parent: vec![],
            local: vec![save(awa, 1, 20).sets(numerator, count(13), &[]).done()],
            remote: vec![
                save(binta, 1, 30).sets(numerator, count(14), &[]).done(),
                save(cheick, 1, 10)
                    .sets(numerator, count(15), &[dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(13), &[count(15)])],
        },
        MergeCase {
            name: "two simultaneous decisions are a conflict of their own",
            sees: "« Trois », and in Review the other decision, « Un ».",
            parent: vec![
                save(awa, 1, 10).sets(idea, text("Un"), &[]).done(),
                save(binta, 1, 11).sets(idea, text("Deux"), &[]).done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Un"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(cheick, 1, 21)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Trois"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Trois"), &[text("Un")])],
        },
        MergeCase {
            name: "of three simultaneous values each other one stays open, once",
            sees: "« Deux », and in Review « Trois » and « Un ».",
            parent: vec![save(awa, 1, 10).sets(idea, text("Avant"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Un"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 40)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(idea, text("Trois"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Deux"), &[text("Trois"), text("Un")])],
        },
        MergeCase {
            name: "a row of edits is no conflict while a middle one is on its way",
            sees: "« Trois » once all is there, before that what can be shown; never a conflict.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Un"), &[]).done()],
            local: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(cheick, 1, 30)
                    .sets(position, Value::Int(3), &[])
                    .done(),
                save(cheick, 2, 31)
                    .sets(idea, text("Trois"), &[dot(binta, 1, 0)])
                    .done(),
                save(cheick, 3, 32)
                    .sets(position, Value::Int(4), &[dot(cheick, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Trois"), &[]),
                shows(position, Value::Int(4), &[]),
            ],
        },
        MergeCase {
            name: "emptying a field is a value like any other",
            sees: "An empty field, and in Review 0.",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(numerator, Value::Null, &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(numerator, count(0), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, Value::Null, &[count(0)])],
        },
        MergeCase {
            name: "an edit simultaneous with a deletion keeps its value beside it",
            sees: "The idea as edited is kept under the deletion, for whoever takes it back.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(deleted, Value::Bool(true), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Rappeler"), &[]),
                shows(deleted, Value::Bool(true), &[]),
            ],
        },
        MergeCase {
            name: "a deletion is taken back by a change that saw it",
            sees: "The idea, as before.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(deleted, Value::Bool(true), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 15)
                    .of_kind(SaveKind::Undo)
                    .sets(deleted, Value::Bool(false), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Appeler"), &[]),
                shows(deleted, Value::Bool(false), &[]),
            ],
        },
        MergeCase {
            name: "within a save the later change of a field has seen the earlier",
            sees: "The last line of the file.",
            parent: vec![],
            local: vec![
                save(awa, 1, 10)
                    .of_kind(SaveKind::Import)
                    .sets(numerator, count(1), &[])
                    .sets(numerator, count(2), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![],
            expected: vec![shows(numerator, count(2), &[])],
        },
        MergeCase {
            name: "kinds and fields from a newer version merge by number",
            sees: "« From a newer version », with two values open.",
            parent: vec![save(binta, 1, 10).sets(unknown, text("?"), &[]).done()],
            local: vec![
                save(awa, 1, 20)
                    .sets(
                        unknown,
                        Value::List(vec![text("a"), Value::Null]),
                        &[dot(binta, 1, 0)],
                    )
                    .done(),
            ],
            remote: vec![
                save(binta, 2, 30)
                    .of_kind(SaveKind::Other(200))
                    .sets(unknown, sealed(), &[dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(
                unknown,
                sealed(),
                &[Value::List(vec![text("a"), Value::Null])],
            )],
        },
        MergeCase {
            name: "a deletion writes every field again, so an edit that it did not see revives the record",
            sees: "The idea is back with « Rappeler » in Review beside what the other took away.",
            parent: vec![
                save(awa, 1, 10)
                    .sets(idea, text("Appeler"), &[])
                    .sets(position, Value::Int(1), &[])
                    .done(),
            ],
            local: vec![
                save(awa, 2, 30)
                    .sets(deleted, Value::Bool(true), &[])
                    .sets(idea, text("Appeler"), &[dot(awa, 1, 0)])
                    .sets(position, Value::Int(1), &[dot(awa, 1, 1)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Appeler"), &[text("Rappeler")]),
                shows(position, Value::Int(1), &[]),
                shows(deleted, Value::Bool(true), &[]),
            ],
        },
        MergeCase {
            name: "two who delete one record have deleted it",
            sees: "The idea is gone, and nothing to decide.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(deleted, Value::Bool(true), &[])
                    .sets(idea, text("Appeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(deleted, Value::Bool(true), &[])
                    .sets(idea, text("Appeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Appeler"), &[]),
                shows(deleted, Value::Bool(true), &[]),
            ],
        },
        MergeCase {
            name: "one deletes, one edits, a third takes the deletion back: the edit is what is left to see",
            sees: "The idea again, « Appeler » shown, and in Review « Rappeler ».",
            parent: vec![save(awa, 1, 10).sets(idea, text("Appeler"), &[]).done()],
            local: vec![
                save(awa, 2, 30)
                    .sets(deleted, Value::Bool(true), &[])
                    .sets(idea, text("Appeler"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 20)
                    .sets(idea, text("Rappeler"), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 40)
                    .of_kind(SaveKind::Undo)
                    .sets(deleted, Value::Bool(false), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![
                shows(idea, text("Appeler"), &[text("Rappeler")]),
                shows(deleted, Value::Bool(false), &[]),
            ],
        },
        MergeCase {
            name: "of one cell one side corrects the numerator, the other the denominator",
            sees: "13 of 41, and nothing to decide: each saw the other's figure as it was.",
            parent: vec![
                save(awa, 1, 10)
                    .sets(numerator, count(12), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(denominator, count(41), &[dot(awa, 1, 1)])
                    .done(),
            ],
            expected: vec![
                shows(numerator, count(13), &[]),
                shows(denominator, count(41), &[]),
            ],
        },
        MergeCase {
            name: "of one cell both sides correct both figures",
            sees: "14 of 42, from one hand; in Review the pair, 13 of 41.",
            parent: vec![
                save(awa, 1, 10)
                    .sets(numerator, count(12), &[])
                    .sets(denominator, count(40), &[])
                    .done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .sets(denominator, count(41), &[dot(awa, 1, 1)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 30)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .sets(denominator, count(42), &[dot(awa, 1, 1)])
                    .done(),
            ],
            expected: vec![
                shows(numerator, count(14), &[count(13)]),
                shows(denominator, count(42), &[count(41)]),
            ],
        },
        MergeCase {
            name: "a third value, typed by whoever saw both, closes the conflict",
            sees: "15, and Review is empty.",
            parent: vec![],
            local: vec![save(awa, 1, 10).sets(numerator, count(13), &[]).done()],
            remote: vec![
                save(binta, 1, 20).sets(numerator, count(14), &[]).done(),
                save(cheick, 1, 15)
                    .of_kind(SaveKind::Settle)
                    .because("registre recompté")
                    .sets(numerator, count(15), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(15), &[])],
        },
        MergeCase {
            name: "a decision between two of three leaves the third open",
            sees: "« Trois », which came meanwhile, and in Review the decision, « Deux ».",
            parent: vec![
                save(awa, 1, 10).sets(idea, text("Un"), &[]).done(),
                save(binta, 1, 11).sets(idea, text("Deux"), &[]).done(),
            ],
            local: vec![
                save(awa, 2, 20)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            remote: vec![save(cheick, 1, 30).sets(idea, text("Trois"), &[]).done()],
            expected: vec![shows(idea, text("Trois"), &[text("Deux")])],
        },
        MergeCase {
            name: "an edit simultaneous with a decision stays open beside it",
            sees: "The decision, « Deux », and in Review the edit that its author had not seen.",
            parent: vec![
                save(awa, 1, 10).sets(idea, text("Un"), &[]).done(),
                save(binta, 1, 11).sets(idea, text("Deux"), &[]).done(),
            ],
            local: vec![
                save(awa, 2, 30)
                    .of_kind(SaveKind::Settle)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0), dot(binta, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 2, 20)
                    .sets(idea, text("Deux, le soir"), &[dot(binta, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Deux"), &[text("Deux, le soir")])],
        },
        MergeCase {
            name: "two who say the same against one are one value",
            sees: "13, and in Review 14, once.",
            parent: vec![save(awa, 1, 10).sets(numerator, count(12), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 40)
                    .sets(numerator, count(13), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(numerator, count(14), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(numerator, count(13), &[count(14)])],
        },
        MergeCase {
            name: "a value brought back by its author is a new one, and simultaneous with what came meanwhile",
            sees: "« Deux », and in Review « Un », restored.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Un"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Un et demi"), &[dot(awa, 1, 0)])
                    .done(),
                save(awa, 3, 30)
                    .of_kind(SaveKind::Restore)
                    .sets(idea, text("Un"), &[dot(awa, 2, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 40)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Deux"), &[text("Un")])],
        },
        MergeCase {
            name: "who saw one branch hides that branch alone, whole",
            sees: "« Un, bis », and in Review « Deux »: the branch that the third did not know.",
            parent: vec![save(awa, 1, 10).sets(idea, text("Avant"), &[]).done()],
            local: vec![
                save(awa, 2, 20)
                    .sets(idea, text("Un"), &[dot(awa, 1, 0)])
                    .done(),
            ],
            remote: vec![
                save(binta, 1, 25)
                    .sets(idea, text("Deux"), &[dot(awa, 1, 0)])
                    .done(),
                save(cheick, 1, 30)
                    .sets(idea, text("Un, bis"), &[dot(awa, 2, 0)])
                    .done(),
            ],
            expected: vec![shows(idea, text("Un, bis"), &[text("Deux")])],
        },
    ]
}

const TEN_YEARS: u64 = 10 * 365 * 24 * 60;

fn sealed() -> Value {
    Value::Sealed {
        key: RecordId::natural(&[b"merge cases", b"key"]),
        bytes: vec![1, 2, 3],
    }
}

fn dot(replica: ReplicaId, seq: u64, index: u32) -> Dot {
    Dot {
        replica,
        seq,
        index,
    }
}

fn shows(of: FieldOf, shown: Value, alternatives: &[Value]) -> Expected {
    Expected {
        of,
        shown,
        alternatives: alternatives.to_vec(),
    }
}

/// A save `minute` minutes into 2026.
fn save(replica: ReplicaId, seq: u64, minute: u64) -> Writing {
    const NEW_YEAR_2026: u64 = 1_767_225_600_000;
    let hlc = Hlc::from_parts(NEW_YEAR_2026 + minute * 60_000, 0);
    let author = RecordId::counted(replica, 0);
    let save = Save {
        hlc,
        author,
        grant: 1,
        kind: SaveKind::Edit,
        reason: None,
        changes: Vec::new(),
    };
    Writing(Arrival { replica, seq, save })
}

struct Writing(Arrival);

impl Writing {
    fn of_kind(mut self, kind: SaveKind) -> Self {
        self.0.save.kind = kind;
        self
    }

    fn because(mut self, reason: &str) -> Self {
        self.0.save.reason = Some(reason.to_owned());
        self
    }

    fn sets(mut self, of: FieldOf, value: Value, seen: &[Dot]) -> Self {
        let FieldOf {
            kind,
            record,
            field,
        } = of;
        self.0.save.changes.push(Change {
            kind,
            record,
            field,
            value,
            seen: seen.to_vec(),
        });
        self
    }

    fn done(self) -> Arrival {
        self.0
    }
}
