//! « Découvrir avec un exemple »: a database of its own, filled by the same door with two realistic years.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::example::{self, ChartDecision, ExampleComment, ExampleCycle, ExampleDistrict};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{
    ChartPhaseField, CycleField, CycleMeasureField, EventField, ExcludedPointField, IdeaField,
    Kind, LessonField, MeasurementField, TeamMemberField, TrialField,
};
use domain::text::{Language, Localized};
use domain::value::{Value, date_value};
use store::{Edit, Writer};
use sync::log::SaveKind;

use crate::charts::chart_record;
use crate::cx::Cx;
use crate::cycles::{measure_record, new_comment};
use crate::error::{AppError, Result};
use crate::places::new_place_edits;
use crate::records::edit;
use crate::start::{person_edits, remember};
use crate::values::{KeyOf, Which};

/// One save of the example: on a day, by a person, in a scope.
struct Page {
    author: RecordId,
    scope: ScopeId,
    edits: Vec<Edit>,
}

/// The example as it is written: who and where, and the saves in the order of their days.
struct Book<'a> {
    cx: &'a Cx<'a>,
    language: Language,
    places: BTreeMap<&'static str, RecordId>,
    people: BTreeMap<&'static str, RecordId>,
    posts: BTreeMap<&'static str, String>,
    names: BTreeMap<&'static str, &'static str>,
    /// Of whom a team says which sex, and whether they are there for the community.
    seats: BTreeMap<&'static str, (&'static str, bool)>,
    pages: BTreeMap<NaiveDate, Vec<Page>>,
}

/// Fills an empty practice database, ending with the month in hand.
pub fn fill(cx: &Cx<'_>, language: Language) -> Result<()> {
    let example = example::example(cx.month_in_hand());
    let mut book = Book {
        cx,
        language,
        places: BTreeMap::new(),
        people: BTreeMap::new(),
        posts: BTreeMap::new(),
        names: BTreeMap::new(),
        seats: BTreeMap::new(),
        pages: BTreeMap::new(),
    };
    let first_day = example
        .cycles
        .iter()
        .map(|cycle| cycle.opened)
        .min()
        .unwrap_or_else(|| cx.today());
    let me = cx.write(|w| {
        book.people_and_places(w, &example, first_day)?;
        for cycle in &example.cycles {
            book.cycle(w, cycle)?;
        }
        book.events(w, &example)?;
        book.decisions(&example)?;
        let me = example
            .people
            .first()
            .ok_or_else(|| AppError::new("store-failed"))?;
        Ok((book.person(me.key)?, me.facility, me.role))
    })?;
    for (day, pages) in std::mem::take(&mut book.pages) {
        // Each save bears the time of its day, as if the team had been at the laptop then.
        let morning = day
            .and_hms_opt(9, 30, 0)
            .map_or(0, |time| time.and_utc().timestamp_millis());
        let wall_ms = u64::try_from(morning).unwrap_or(0).min(cx.now_ms);
        cx.store().write(wall_ms, |w| -> Result<()> {
            for page in pages {
                cx.save_as(w, page.author, page.scope, SaveKind::Edit, None, page.edits)?;
            }
            Ok(())
        })?;
    }
    let (person, facility, role) = me;
    let home = facility.map_or_else(
        || Ok(RecordId::of_place_code(example.district_code)),
        |key| book.place(key),
    )?;
    cx.store()
        .set_meta("language", crate::start::language_word(language).as_bytes())?;
    cx.write(|w| remember(w, home, person, role))
}

impl Book<'_> {
    fn place(&self, key: &str) -> Result<RecordId> {
        self.places
            .get(key)
            .copied()
            .ok_or_else(|| AppError::new("store-failed"))
    }

    fn person(&self, key: &str) -> Result<RecordId> {
        self.people
            .get(key)
            .copied()
            .ok_or_else(|| AppError::new("store-failed"))
    }

    fn words(&self, words: &Localized) -> Value {
        Value::text(words.get(self.language))
    }

    fn write(&mut self, day: NaiveDate, author: RecordId, scope: ScopeId, edits: Vec<Edit>) {
        self.pages.entry(day).or_default().push(Page {
            author,
            scope,
            edits,
        });
    }

    fn people_and_places(
        &mut self,
        w: &mut Writer<'_>,
        example: &ExampleDistrict,
        day: NaiveDate,
    ) -> Result<()> {
        let district = RecordId::of_place_code(example.district_code);
        for facility in &example.facilities {
            self.places.insert(facility.key, w.new_record()?);
        }
        for person in &example.people {
            self.people.insert(person.key, w.new_record()?);
            self.posts
                .insert(person.key, person.post.get(self.language).to_owned());
            self.names.insert(person.key, person.name);
            let seat = (person.sex, person.community);
            self.seats.insert(person.key, seat);
        }
        for person in &example.people {
            let id = self.person(person.key)?;
            let place = person
                .facility
                .map_or(Ok(district), |key| self.place(key))?;
            self.write(
                day,
                id,
                place.as_scope(),
                person_edits(id, person.name, person.role, place),
            );
        }
        let coach = example
            .people
            .iter()
            .find(|p| p.facility.is_none())
            .map_or(Ok(district), |p| self.person(p.key))?;
        for facility in &example.facilities {
            let id = self.place(facility.key)?;
            let edits = new_place_edits(id, facility.name.get(self.language), "facility", district);
            self.write(day, coach, id.as_scope(), edits);
        }
        Ok(())
    }

    fn cycle(&mut self, w: &mut Writer<'_>, cycle: &ExampleCycle) -> Result<()> {
        let place = self.place(cycle.facility)?;
        let scope = place.as_scope();
        let lead = cycle
            .team
            .first()
            .map_or(Err(AppError::new("store-failed")), |member| {
                self.person(member.person)
            })?;
        let id = w.new_record()?;
        let field = |field: CycleField, value| edit(Kind::Cycle, id, field.number(), value);
        let number = |n: f64| Value::number(n).unwrap_or(Value::Null);
        let edits = vec![
            field(CycleField::Place, Value::Ref(place)),
            field(CycleField::Template, Value::text(cycle.template)),
            field(CycleField::Area, Value::text(cycle.area.word())),
            field(CycleField::Title, self.words(&cycle.title)),
            field(CycleField::Problem, self.words(&cycle.problem)),
            field(CycleField::AimWho, self.words(&cycle.aim_who)),
            field(CycleField::AimWhat, self.words(&cycle.aim_what)),
            field(CycleField::AimFrom, number(cycle.aim_from)),
            field(CycleField::AimTo, number(cycle.aim_to)),
            field(CycleField::AimBy, date_value(cycle.aim_by)),
            field(CycleField::Cause, self.words(&cycle.cause)),
            field(CycleField::Opened, date_value(cycle.opened)),
            field(CycleField::Status, Value::text("open")),
        ];
        self.write(cycle.opened, lead, scope, edits);
        self.team(w, cycle, id, lead, scope)?;
        self.measures(cycle, id, place, lead);
        let mut ideas = Vec::new();
        for (position, text) in (0i64..).zip(&cycle.ideas) {
            let idea = w.new_record()?;
            let field = |field: IdeaField, value| edit(Kind::Idea, idea, field.number(), value);
            let edits = vec![
                field(IdeaField::Cycle, Value::Ref(id)),
                field(IdeaField::Text, self.words(text)),
                field(IdeaField::Position, Value::Int(position)),
            ];
            self.write(cycle.opened, lead, scope, edits);
            ideas.push(idea);
        }
        let trials = self.trials(w, cycle, id, &ideas, scope)?;
        for lesson in &cycle.lessons {
            let record = w.new_record()?;
            let field =
                |field: LessonField, value| edit(Kind::Lesson, record, field.number(), value);
            let mut edits = vec![
                field(LessonField::Cycle, Value::Ref(id)),
                field(LessonField::Title, self.words(&lesson.title)),
                field(LessonField::What, self.words(&lesson.what)),
                field(LessonField::Conditions, self.words(&lesson.conditions)),
                field(LessonField::Cost, self.words(&lesson.cost)),
                field(LessonField::Evidence, self.words(&lesson.evidence)),
            ];
            edits.extend(
                trials
                    .get(lesson.trial)
                    .map(|trial| field(LessonField::Trial, Value::Ref(*trial))),
            );
            let decided = cycle
                .trials
                .get(lesson.trial)
                .and_then(|trial| trial.result.as_ref())
                .map(|r| r.decided);
            self.write(decided.unwrap_or(cycle.opened), lead, scope, edits);
        }
        self.comments(w, &cycle.comments, id, scope)
    }

    fn team(
        &mut self,
        w: &mut Writer<'_>,
        cycle: &ExampleCycle,
        id: RecordId,
        lead: RecordId,
        scope: ScopeId,
    ) -> Result<()> {
        for member in &cycle.team {
            let record = w.new_record()?;
            let field = |field: TeamMemberField, value| {
                edit(Kind::TeamMember, record, field.number(), value)
            };
            let mut edits = vec![
                field(TeamMemberField::Cycle, Value::Ref(id)),
                field(
                    TeamMemberField::Name,
                    Value::text(self.names.get(member.person).copied().unwrap_or_default()),
                ),
                field(
                    TeamMemberField::Post,
                    Value::text(self.posts.get(member.person).map_or("", String::as_str)),
                ),
                field(TeamMemberField::Since, date_value(member.since)),
            ];
            if let Some((sex, community)) = self.seats.get(member.person) {
                edits.push(field(TeamMemberField::Sex, Value::text(sex)));
                if *community {
                    edits.push(field(TeamMemberField::Community, Value::Bool(true)));
                }
            }
            edits.extend(
                member
                    .until
                    .map(|until| field(TeamMemberField::Until, date_value(until))),
            );
            self.write(member.since, lead, scope, edits);
        }
        Ok(())
    }

    fn measures(&mut self, cycle: &ExampleCycle, id: RecordId, place: RecordId, lead: RecordId) {
        for (position, measure) in (0i64..).zip(&cycle.measures) {
            let record = measure_record(id, measure.indicator);
            let field = |field: CycleMeasureField, value| {
                edit(Kind::CycleMeasure, record, field.number(), value)
            };
            let mut edits = vec![
                field(CycleMeasureField::Cycle, Value::Ref(id)),
                field(CycleMeasureField::Indicator, Value::text(measure.indicator)),
                field(CycleMeasureField::Position, Value::Int(position)),
            ];
            edits.extend(
                measure
                    .goal
                    .and_then(Value::number)
                    .map(|goal| field(CycleMeasureField::Goal, goal)),
            );
            self.write(cycle.opened, lead, place.as_scope(), edits);
            for entry in &measure.entries {
                let key = KeyOf::of(
                    place,
                    measure.indicator,
                    entry.month.into(),
                    Which::default(),
                );
                let mut edits = key.key_edits().to_vec();
                edits.extend(key.entry_edits(&entry.entry));
                edits.extend(entry.explanation.as_ref().map(|words| {
                    edit(
                        Kind::Measurement,
                        key.record,
                        MeasurementField::Explanation.number(),
                        self.words(words),
                    )
                }));
                // Counted in the first days of the next month, or taken over when the cycle began.
                let counted = entry
                    .month
                    .last_day()
                    .checked_add_days(Days::new(4))
                    .unwrap_or(cycle.opened);
                self.write(counted.max(cycle.opened), lead, place.as_scope(), edits);
            }
        }
    }

    fn trials(
        &mut self,
        w: &mut Writer<'_>,
        cycle: &ExampleCycle,
        id: RecordId,
        ideas: &[RecordId],
        scope: ScopeId,
    ) -> Result<Vec<RecordId>> {
        let mut trials = Vec::new();
        for trial in &cycle.trials {
            let record = w.new_record()?;
            let who = self.person(trial.who)?;
            let field = |field: TrialField, value| edit(Kind::Trial, record, field.number(), value);
            let mut planned = vec![
                field(TrialField::Cycle, Value::Ref(id)),
                field(TrialField::Title, self.words(&trial.title)),
                field(
                    TrialField::Who,
                    Value::text(self.names.get(trial.who).copied().unwrap_or_default()),
                ),
                field(TrialField::Extent, Value::text(trial.extent.word())),
                field(TrialField::Scale, self.words(&trial.scale)),
                field(TrialField::Starts, date_value(trial.starts)),
                field(TrialField::Ends, date_value(trial.ends)),
                field(TrialField::Prediction, self.words(&trial.prediction)),
                field(TrialField::DataPlan, self.words(&trial.data_plan)),
            ];
            planned.extend(
                ideas
                    .get(trial.idea)
                    .map(|idea| field(TrialField::Idea, Value::Ref(*idea))),
            );
            self.write(trial.starts, who, scope, planned);
            if let Some(result) = &trial.result {
                let number = |n| Value::number(n).unwrap_or(Value::Null);
                let studied = vec![
                    field(TrialField::Happened, self.words(&result.happened)),
                    field(TrialField::SeenN, number(result.seen.0)),
                    field(TrialField::SeenD, number(result.seen.1)),
                    field(
                        TrialField::Comparison,
                        Value::text(result.comparison.word()),
                    ),
                    field(TrialField::Learned, self.words(&result.learned)),
                    field(TrialField::Decision, Value::text(result.decision.word())),
                    field(TrialField::Decided, date_value(result.decided)),
                ];
                self.write(result.decided, who, scope, studied);
            }
            self.comments(w, &trial.comments, record, scope)?;
            trials.push(record);
        }
        Ok(trials)
    }

    fn events(&mut self, w: &mut Writer<'_>, example: &ExampleDistrict) -> Result<()> {
        for event in &example.events {
            let place = self.place(event.facility)?;
            let author = self.person(event.author)?;
            let record = w.new_record()?;
            let field = |field: EventField, value| edit(Kind::Event, record, field.number(), value);
            let mut edits = vec![
                field(EventField::Place, Value::Ref(place)),
                field(EventField::Sort, Value::text(event.sort.word())),
                field(EventField::Starts, date_value(event.starts)),
                field(EventField::Text, self.words(&event.text)),
            ];
            edits.extend(
                event
                    .ends
                    .map(|ends| field(EventField::Ends, date_value(ends))),
            );
            edits.extend(
                event
                    .indicator
                    .map(|code| field(EventField::Indicator, Value::text(code))),
            );
            self.write(
                event.ends.unwrap_or(event.starts),
                author,
                place.as_scope(),
                edits,
            );
        }
        Ok(())
    }

    fn decisions(&mut self, example: &ExampleDistrict) -> Result<()> {
        for decision in &example.decisions {
            let place = self.place(decision.facility)?;
            let author = self.person(decision.author)?;
            let month = decision.month.to_string();
            let kind = match decision.what {
                ChartDecision::Phase => Kind::ChartPhase,
                ChartDecision::Exclude => Kind::ExcludedPoint,
            };
            let record = chart_record(kind, place, decision.indicator, Some(&month));
            let fields = match decision.what {
                ChartDecision::Phase => [
                    ChartPhaseField::Place.number(),
                    ChartPhaseField::Indicator.number(),
                    ChartPhaseField::Period.number(),
                    ChartPhaseField::Reason.number(),
                ],
                ChartDecision::Exclude => [
                    ExcludedPointField::Place.number(),
                    ExcludedPointField::Indicator.number(),
                    ExcludedPointField::Period.number(),
                    ExcludedPointField::Reason.number(),
                ],
            };
            let values = [
                Value::Ref(place),
                Value::text(decision.indicator),
                Value::text(&month),
                self.words(&decision.reason),
            ];
            let edits = fields
                .into_iter()
                .zip(values)
                .map(|(field, value)| edit(kind, record, field, value))
                .collect();
            self.write(decision.day, author, place.as_scope(), edits);
        }
        Ok(())
    }

    fn comments(
        &mut self,
        w: &mut Writer<'_>,
        comments: &[ExampleComment],
        about: RecordId,
        scope: ScopeId,
    ) -> Result<()> {
        for comment in comments {
            let author = self.person(comment.author)?;
            let text = comment.text.get(self.language);
            let day = date_value(comment.day);
            let (_, edits) = new_comment(self.cx, w, (scope, about), text, day)?;
            self.write(comment.day, author, scope, edits);
        }
        Ok(())
    }
}
