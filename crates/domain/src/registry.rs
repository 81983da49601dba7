//! Record kinds and their fields, with the numbers that stand in the log for ever.
//!
//! A number is never reused and a type never changed; `registry.lock` holds what was ever released
//! and a test compares. A new meaning is a new number.

use serde::{Deserialize, Serialize};

#[macro_use]
mod define;
mod numbers;

pub use define::{DELETED, Field, FieldType};
pub use numbers::lock_text;

registry! {
    /// A country, region, district, facility, village or site.
    Place / PlaceField = 1, "place" {
        /// As people call it.
        Name = 1, "name", Text;
        /// country, region, district, facility, village or site.
        Level = 2, "level", Text;
        /// The place above.
        Parent = 3, "parent", Ref;
        /// Its code in the catalogue or another system.
        Code = 4, "code", Text;
        /// Other spellings.
        Aliases = 5, "aliases", List;
        /// The place that this one turned out to be.
        SameAs = 6, "same_as", Ref;
    }
    /// Someone who works with the app.
    Person / PersonField = 2, "person" {
        /// As colleagues call them.
        Name = 1, "name", Text;
        /// Their part in the work, a `domain::role` word.
        Role = 2, "role", Text;
        /// Where they work.
        Place = 3, "place", Ref;
        /// Their telephone number, for those who read staff records.
        Phone = 4, "phone", Sealed;
    }
    /// An improvement cycle.
    Cycle / CycleField = 3, "cycle" {
        /// Where it runs.
        Place = 1, "place", Ref;
        /// The template it began from.
        Template = 2, "template", Text;
        /// Service area: mnch, fp, malaria or nutrition.
        Area = 3, "area", Text;
        /// A short name for lists.
        Title = 4, "title", Text;
        /// What is wrong, and how it is known.
        Problem = 5, "problem", Text;
        /// The aim: for whom.
        AimWho = 6, "aim_who", Text;
        /// The aim: what they will receive or do.
        AimWhat = 7, "aim_what", Text;
        /// The aim: where it stands, in per cent or the measure's unit.
        AimFrom = 8, "aim_from", Decimal;
        /// The aim: where it shall be.
        AimTo = 9, "aim_to", Decimal;
        /// The aim: by when.
        AimBy = 10, "aim_by", Date;
        /// One suspected cause, in the team's words.
        Cause = 11, "cause", Text;
        /// The day it began.
        Opened = 12, "opened", Date;
        /// open or closed.
        Status = 13, "status", Text;
        /// The cause that the team works on; none for the one of [`CycleField::Cause`].
        MainCause = 14, "main_cause", Ref;
    }
    /// A member of an improvement team, with the dates of membership.
    TeamMember / TeamMemberField = 4, "team_member" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The member's name.
        Name = 2, "name", Text;
        /// Their post, as written by the team.
        Post = 3, "post", Text;
        /// First day in the team.
        Since = 4, "since", Date;
        /// Last day in the team.
        Until = 5, "until", Date;
        /// What they do in the team, in its words.
        Role = 6, "role", Text;
        /// f or m, where the team says so.
        Sex = 7, "sex", Text;
        /// Whether they sit there for the community.
        Community = 8, "community", Bool;
    }
    /// A measure that a cycle follows.
    CycleMeasure / CycleMeasureField = 5, "cycle_measure" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The indicator's code in the catalogue.
        Indicator = 2, "indicator", Text;
        /// Its place in the list; the first is the face of the cycle.
        Position = 3, "position", Int;
        /// The goal, in the measure's unit.
        Goal = 4, "goal", Decimal;
    }
    /// One counted value: a place, an indicator, a period, a stratum and a source.
    Measurement / MeasurementField = 6, "measurement" {
        /// Where it was counted.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// ISO period, such as 2026-03.
        Period = 3, "period", Text;
        /// A part of the whole (sex, age group, site), or empty.
        Stratum = 4, "stratum", Text;
        /// A `domain::measure::Source` word, or aggregate for the sums that the server writes.
        Source = 5, "source", Text;
        /// The numerator, or the count or time itself.
        Numerator = 6, "numerator", Decimal;
        /// The denominator, where the indicator has one.
        Denominator = 7, "denominator", Decimal;
        /// Why there is no data, a `domain::measure::NoDataReason` word.
        NoData = 8, "no_data", Text;
        /// Why a questioned value is right.
        Explanation = 9, "explanation", Text;
        /// The version of the definition that it was counted by; none for the first.
        Version = 10, "version", Int;
        /// The place's own wording that it was counted by; none for the catalogue's.
        Variant = 11, "variant", Ref;
    }
    /// A change idea.
    Idea / IdeaField = 7, "idea" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The change, in one sentence.
        Text = 2, "text", Text;
        /// Its place in the list.
        Position = 3, "position", Int;
        /// The cause that it removes.
        Cause = 4, "cause", Ref;
        /// The driver that it works by.
        Driver = 5, "driver", Ref;
        /// How much work it is, from 1 (hardly any) to 5.
        Effort = 6, "effort", Int;
        /// How much the team expects of it, from 1 (hardly anything) to 5.
        Effect = 7, "effect", Int;
        /// How many of the team chose it when it was voted on.
        Votes = 8, "votes", Int;
    }
    /// A small test of a change: plan, do, study, act.
    Trial / TrialField = 8, "trial" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The idea it tries.
        Idea = 2, "idea", Ref;
        /// The change tried, in a few words.
        Title = 3, "title", Text;
        /// Who carries it.
        Who = 4, "who", Text;
        /// Where, with whom, how many: the scale.
        Scale = 5, "scale", Text;
        /// First day.
        Starts = 6, "starts", Date;
        /// Last day.
        Ends = 7, "ends", Date;
        /// What we think will happen.
        Prediction = 8, "prediction", Text;
        /// How we will know.
        DataPlan = 9, "data_plan", Text;
        /// What happened.
        Happened = 10, "happened", Text;
        /// What we saw: how many.
        SeenN = 11, "seen_n", Decimal;
        /// What we saw: out of how many.
        SeenD = 12, "seen_d", Decimal;
        /// The result against the prediction, a `domain::trial::Comparison` word.
        Comparison = 13, "comparison", Text;
        /// What we learned.
        Learned = 14, "learned", Text;
        /// adopt, adapt or abandon.
        Decision = 15, "decision", Text;
        /// The day it was decided.
        Decided = 16, "decided", Date;
        /// How large it is, a `domain::trial::Extent` word; what else is to be said of it stands in the scale.
        Extent = 17, "extent", Text;
        /// Where it is tried: a room, a village.
        Venue = 18, "venue", Text;
        /// The trial that it goes on from.
        After = 19, "after", Ref;
    }
    /// A lesson for others.
    Lesson / LessonField = 9, "lesson" {
        /// The cycle it comes from.
        Cycle = 1, "cycle", Ref;
        /// The trial it comes from.
        Trial = 2, "trial", Ref;
        /// The lesson, in one sentence.
        Title = 3, "title", Text;
        /// What was done.
        What = 4, "what", Text;
        /// Where and under which conditions it holds.
        Conditions = 5, "conditions", Text;
        /// What it costs.
        Cost = 6, "cost", Text;
        /// What shows it.
        Evidence = 7, "evidence", Text;
        /// Where it was tried: which service, with whom, how many.
        Tried = 8, "tried", Text;
        /// How far what shows it carries, a `domain::lesson::EvidenceLevel` word.
        Strength = 9, "strength", Text;
        /// How far it has gone, a `domain::lesson::LessonState` word; none for a draft.
        State = 10, "state", Text;
        /// The lesson of a place below that this one says again, for every place there.
        Copied = 11, "copied", Ref;
    }
    /// What a coach or colleague says about a record.
    Comment / CommentField = 10, "comment" {
        /// The record it is about.
        About = 1, "about", Ref;
        /// The comment, as versions wrote it that could not mask it.
        Text = 2, "text", Text;
        /// The day it was written.
        Day = 3, "day", Date;
        /// The comment, so that it can be masked.
        Said = 4, "said", Sealed;
    }
    /// Someone has opened a record: a district's coach, to be told to its authors.
    Opening / OpeningField = 11, "opening" {
        /// The record.
        About = 1, "about", Ref;
        /// On which day.
        Day = 2, "day", Date;
        /// Who, a person.
        By = 3, "by", Ref;
    }
    /// A phase of a chart that a person began: centre and limits are computed anew from this period on.
    ChartPhase / ChartPhaseField = 12, "chart_phase" {
        /// Whose chart.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// The first period of the phase.
        Period = 3, "period", Text;
        /// Why a new phase begins.
        Reason = 4, "reason", Text;
    }
    /// The baseline of a chart, from which centre and limits come and are extended over all that follows.
    ChartFreeze / ChartFreezeField = 13, "chart_freeze" {
        /// Whose chart.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// The last period of the baseline.
        Period = 3, "period", Text;
        /// Why it is kept.
        Reason = 4, "reason", Text;
    }
    /// A point left out of centre, limits and counts; it stays on the chart.
    ExcludedPoint / ExcludedPointField = 14, "excluded_point" {
        /// Whose chart.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// Its period.
        Period = 3, "period", Text;
        /// Why it is left out.
        Reason = 4, "reason", Text;
    }
    /// The chart and the rule set by which a measure is read at a place. A coach sets it.
    ChartSetting / ChartSettingField = 15, "chart_setting" {
        /// Whose chart.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// The kind of chart, a `domain::spc::chart::ChartKind` name.
        Chart = 3, "chart", Text;
        /// The rule set, a `domain::spc::rules::RuleSet` name with its date.
        Rules = 4, "rules", Text;
        /// Why.
        Reason = 5, "reason", Text;
    }
    /// What a place counts under a measure of the catalogue, in its own words. Each version is a record of its own, and the last one
    /// holds; one without words is the catalogue's again.
    Variant / VariantField = 19, "variant" {
        /// Where it is counted so, and in the places below.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// Its number among the place's versions, from 1.
        Version = 3, "version", Int;
        /// What the numerator counts.
        Numerator = 4, "numerator", Text;
        /// What the denominator counts.
        Denominator = 5, "denominator", Text;
        /// Since which day it is written so.
        Day = 6, "day", Date;
        /// Why.
        Reason = 7, "reason", Text;
    }
    /// The goal of a measure from a period on, until another one follows.
    ChartGoal / ChartGoalField = 16, "chart_goal" {
        /// Where.
        Place = 1, "place", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// The first period that it is for.
        Period = 3, "period", Text;
        /// The goal, in the measure's unit.
        Goal = 4, "goal", Decimal;
        /// Why it changes.
        Reason = 5, "reason", Text;
    }
    /// Something that happened at a place and may show on its charts.
    Event / EventField = 17, "event" {
        /// Where.
        Place = 1, "place", Ref;
        /// The one measure that it is about; none for all of the place.
        Indicator = 2, "indicator", Text;
        /// What it was, a `domain::event::EventSort` word.
        Sort = 3, "sort", Text;
        /// First day.
        Starts = 4, "starts", Date;
        /// Last day; none for a single day, or while it goes on.
        Ends = 5, "ends", Date;
        /// What is to be said of it.
        Text = 6, "text", Text;
    }
    /// Something that was agreed to be done: what, who, by when.
    Action / ActionField = 18, "action" {
        /// Where.
        Place = 1, "place", Ref;
        /// The measure whose chart it comes from.
        Indicator = 2, "indicator", Text;
        /// What is to be done.
        Text = 3, "text", Text;
        /// Who does it.
        Who = 4, "who", Text;
        /// By when.
        Due = 5, "due", Date;
        /// The sentence of the chart that it answers to, as it stood on that day.
        Origin = 6, "origin", Text;
        /// The day it was done.
        Done = 7, "done", Date;
        /// Who owes it, a `domain::action::ActionLevel` word; none for the facility itself.
        Level = 8, "level", Text;
        /// What it takes.
        Means = 9, "means", Text;
        /// Who pays.
        Payer = 10, "payer", Text;
        /// The day it was begun.
        Started = 11, "started", Date;
        /// Why it was given up.
        GivenUp = 12, "given_up", Text;
        /// What shows that it was done.
        Evidence = 13, "evidence", Text;
        /// The record that it comes from: a meeting, a trial, a comment.
        About = 14, "about", Ref;
        /// The cycle that it is of.
        Cycle = 15, "cycle", Ref;
        /// What the level that owes it answers.
        Reply = 16, "reply", Text;
        /// The question of a visit that it answers to: checklist, item and round as its answer has them, parted by bars.
        Item = 17, "item", Text;
    }
    /// A random list of rows or files of a register, drawn so that it can be drawn again.
    Sample / SampleField = 20, "sample" {
        /// Whose register.
        Place = 1, "place", Ref;
        /// The indicator that is counted in it.
        Indicator = 2, "indicator", Text;
        /// ISO period that the rows are of.
        Period = 3, "period", Text;
        /// How many rows there are.
        Population = 4, "population", Int;
        /// How many are drawn.
        Size = 5, "size", Int;
        /// What the list is made of, with the two numbers.
        Seed = 6, "seed", Int;
        /// The day it was drawn.
        Day = 7, "day", Date;
    }
    /// Where a measure of a cycle stood before anything was tried.
    Baseline / BaselineField = 21, "baseline" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The indicator's code.
        Indicator = 2, "indicator", Text;
        /// The version of its definition.
        Version = 3, "version", Int;
        /// Where it was counted.
        Place = 4, "place", Ref;
        /// First period, ISO.
        First = 5, "first", Text;
        /// Last period, ISO.
        Last = 6, "last", Text;
        /// The numerators together, or the counts.
        Numerator = 7, "numerator", Decimal;
        /// The denominators together, or how many periods were counted.
        Denominator = 8, "denominator", Decimal;
    }
    /// A cause of the problem that a cycle works on, suspected until it is verified.
    Cause / CauseField = 22, "cause" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The cause, in the team's words; none for the one whose words stand in [`CycleField::Cause`].
        Text = 2, "text", Text;
        /// Where it belongs, a `domain::cause::Category` word.
        Category = 3, "category", Text;
        /// The cause that it explains: the answer to one « why? » more.
        Parent = 4, "parent", Ref;
        /// Its place among its neighbours.
        Position = 5, "position", Int;
        /// How sure the team is, a `domain::cause::CauseStanding` word.
        Standing = 6, "standing", Text;
    }
    /// Something that has to change so that the aim is reached: what ideas work by.
    Driver / DriverField = 23, "driver" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// What has to change, in the team's words.
        Text = 2, "text", Text;
        /// The driver that it is a part of; none for a primary one.
        Parent = 3, "parent", Ref;
        /// Its place among its neighbours.
        Position = 4, "position", Int;
    }
    /// What shows that there is a problem, or that a cause is one.
    Evidence / EvidenceField = 24, "evidence" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The cycle, for its problem, or one of its causes.
        About = 2, "about", Ref;
        /// What it is, a `domain::cause::EvidenceSort` word.
        Sort = 3, "sort", Text;
        /// The record where it can be read.
        Record = 4, "record", Ref;
        /// The measure whose chart shows it.
        Indicator = 5, "indicator", Text;
        /// What it says, as it stood on that day.
        Text = 6, "text", Text;
        /// The day it was put here.
        Day = 7, "day", Date;
    }
    /// A meeting of the team.
    Meeting / MeetingField = 28, "meeting" {
        /// Whose team.
        Place = 1, "place", Ref;
        /// The cycle that it is about; none for all of them.
        Cycle = 2, "cycle", Ref;
        /// On which day.
        Day = 3, "day", Date;
        /// Where the team met.
        Venue = 4, "venue", Text;
        /// What was gone through, a line each.
        Agenda = 5, "agenda", Text;
        /// What was said.
        Notes = 6, "notes", Text;
    }
    /// Somebody who was at a meeting.
    Attendance / AttendanceField = 29, "attendance" {
        /// The meeting.
        Meeting = 1, "meeting", Ref;
        /// Their name.
        Name = 2, "name", Text;
        /// Who that is in a cycle's team.
        Member = 3, "member", Ref;
        /// f or m, a `domain::meeting::Sex` word.
        Sex = 4, "sex", Text;
        /// Their post, as the team calls it.
        Post = 5, "post", Text;
        /// Whether they sit there for the community.
        Community = 6, "community", Bool;
    }
    /// Something that was decided on a day, with the chart as it looked.
    Decision / DecisionField = 30, "decision" {
        /// Where.
        Place = 1, "place", Ref;
        /// The record in which it was decided: a meeting, a cycle, a review of the quarter.
        About = 2, "about", Ref;
        /// The cycle that it is of.
        Cycle = 3, "cycle", Ref;
        /// What was decided.
        Text = 4, "text", Text;
        /// On which day.
        Day = 5, "day", Date;
        /// The measure that was looked at.
        Indicator = 6, "indicator", Text;
        /// The chart of that measure as it stood on that day, as JSON.
        Chart = 7, "chart", Text;
    }
    /// A look, months after a change was adopted, at whether it still holds.
    Recheck / RecheckField = 31, "recheck" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The trial whose change was adopted.
        Trial = 2, "trial", Ref;
        /// How many months after the decision.
        Months = 3, "months", Int;
        /// On which day.
        Due = 4, "due", Date;
        /// What is looked at.
        Looked = 5, "looked", Text;
        /// By whom.
        Who = 6, "who", Text;
        /// The measure whose chart is looked at.
        Indicator = 7, "indicator", Text;
        /// The day on which somebody looked.
        Day = 8, "day", Date;
        /// What they saw, a `domain::recheck::Holding` word.
        Holding = 9, "holding", Text;
        /// What they say of it; why it slips.
        Reason = 10, "reason", Text;
        /// The chart of the measure as it stood on that day, as JSON.
        Chart = 11, "chart", Text;
    }
    /// A file of values that was imported.
    Import / ImportField = 32, "import" {
        /// Whose values it brought.
        Place = 1, "place", Ref;
        /// The file's name.
        File = 2, "file", Text;
        /// Tells this very file and sheet from all others.
        Mark = 3, "mark", Text;
        /// On which day.
        Day = 4, "day", Date;
        /// Who, a person.
        By = 5, "by", Ref;
        /// How many values it changed.
        Saved = 6, "saved", Int;
        /// The day on which it was undone.
        Undone = 7, "undone", Date;
        /// Where its values were counted, a `domain::measure::Source` word; none for the register.
        Source = 8, "source", Text;
    }
    /// Some of the values of an import, before and after.
    ImportPart / ImportPartField = 33, "import_part" {
        /// The import.
        Import = 1, "import", Ref;
        /// Its place among the parts.
        Position = 2, "position", Int;
        /// A text a value, parted by tabs: indicator, period, then numerator, denominator and reason after, and the same before.
        Rows = 3, "rows", List;
    }
    /// A quarter's pause of a team: what was expected, what happened, and why. What it decides are decisions and actions.
    Pause / PauseField = 36, "pause" {
        /// Whose team.
        Place = 1, "place", Ref;
        /// The quarter, ISO.
        Period = 2, "period", Text;
        /// On which day it was begun.
        Day = 3, "day", Date;
        /// What the team expected.
        Expected = 4, "expected", Text;
        /// What happened.
        Happened = 5, "happened", Text;
        /// Why.
        Why = 6, "why", Text;
    }
    /// Where a cycle can begin, as a place wrote it: for itself and for every place below.
    Template / TemplateField = 37, "template" {
        /// Whose.
        Place = 1, "place", Ref;
        /// The cycle that it was made from.
        Cycle = 2, "cycle", Ref;
        /// The template that it goes on from, shipped or another place's.
        Base = 3, "base", Text;
        /// One more with each time that it was given out anew.
        Version = 4, "version", Int;
        /// Service area, a `domain::catalog::Area` word.
        Area = 5, "area", Text;
        /// Its name.
        Name = 6, "name", Text;
        /// What is wrong, and how it is known.
        Problem = 7, "problem", Text;
        /// The aim: for whom.
        AimWho = 8, "aim_who", Text;
        /// The aim: what they will receive or do.
        AimWhat = 9, "aim_what", Text;
        /// Indicator codes, a line each, the main one first.
        Measures = 10, "measures", Text;
        /// Likely causes, a line each.
        Causes = 11, "causes", Text;
        /// Change ideas, a line each.
        Ideas = 12, "ideas", Text;
        /// Where they were tested, and what shows it.
        Sources = 13, "sources", Text;
    }
    /// How far a team has come with a cycle, as its coach or its lead said on a day. Nothing computes it.
    Progress / ProgressField = 38, "progress" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// From 0.5 to 5 by halves, on the scale of [`crate::progress`].
        Score = 2, "score", Decimal;
        /// On which day.
        Day = 3, "day", Date;
        /// Why this one.
        Reason = 4, "reason", Text;
    }
    /// Something that was seen while a trial ran, on the day it was seen.
    Observation / ObservationField = 39, "observation" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The trial.
        Trial = 2, "trial", Ref;
        /// What was seen.
        Text = 3, "text", Text;
        /// On which day.
        Day = 4, "day", Date;
    }
    /// A supervision visit of a facility, or the facility's look at itself by the same checklists.
    Visit / VisitField = 40, "visit" {
        /// The facility.
        Place = 1, "place", Ref;
        /// Whether the facility looks at itself.
        Own = 2, "own", Bool;
        /// The checklists, a line each: the code, a space, the version that it was made with.
        Lists = 3, "lists", Text;
        /// The day that it is planned for.
        Planned = 4, "planned", Date;
        /// The day on which it was begun.
        Begun = 5, "begun", Date;
        /// The day on which it was closed.
        Closed = 6, "closed", Date;
        /// Who signed for the visitors.
        Visitor = 7, "visitor", Text;
        /// Who signed for the facility.
        Received = 8, "received", Text;
        /// The day on which the facility was given what came of it.
        FedBack = 9, "fed_back", Date;
        /// What is to be said of the whole.
        Note = 10, "note", Text;
        /// Why it was returned for correction; none once it was closed again.
        Returned = 11, "returned", Text;
        /// Why it was called off before it was begun; none while it stands.
        CalledOff = 12, "called_off", Text;
        /// The signature for the visitors, drawn: a path as [`crate::visit::is_drawn`] has it; none on paper.
        VisitorDrawn = 13, "visitor_drawn", Text;
        /// That for the facility.
        ReceivedDrawn = 14, "received_drawn", Text;
    }
    /// What was answered to a question of a visit.
    Answer / AnswerField = 41, "answer" {
        /// The visit.
        Visit = 1, "visit", Ref;
        /// The code of the checklist; none for what several of them ask.
        List = 2, "list", Text;
        /// The code of the item, or the key that several checklists share.
        Item = 3, "item", Text;
        /// The rounds of the repeated sections around it, parted by points; none outside of them.
        Round = 4, "round", Text;
        /// The answer, as `domain::checklist` has it; none for one that was taken away.
        Value = 5, "value", Text;
        /// What is to be said of it.
        Note = 6, "note", Text;
        /// How it was observed, a `domain::visit::Observed` word; none where nobody said.
        Mark = 7, "mark", Text;
    }
    /// A figure that visitors counted again in the register, beside what was reported.
    Recount / RecountField = 42, "recount" {
        /// The visit.
        Visit = 1, "visit", Ref;
        /// The measure, a code of the catalogue.
        Indicator = 2, "indicator", Text;
        /// The period that was counted again.
        Period = 3, "period", Text;
        /// The numerator that was reported on that day; none where there was none.
        ReportedN = 4, "reported_n", Decimal;
        /// The denominator that was reported on that day.
        ReportedD = 5, "reported_d", Decimal;
        /// The numerator by the register.
        N = 6, "n", Decimal;
        /// The denominator by the register.
        D = 7, "d", Decimal;
        /// Where the difference comes from.
        Note = 8, "note", Text;
    }
    /// A checklist as a place wrote it or had it from a file, in one of its versions, or one that is still being written: for itself
    /// and for every place below. What was given out is never written again: whoever goes on from it gives out another version.
    ChecklistVersion / ChecklistVersionField = 44, "checklist_version" {
        /// Whose.
        Place = 1, "place", Ref;
        /// The lasting code of the checklist, the same for all of its versions.
        Code = 2, "code", Text;
        /// Its version, which no other of them has; none while it is being written.
        Version = 3, "version", Text;
        /// Its name in French.
        TitleFr = 4, "title_fr", Text;
        /// Its name in English.
        TitleEn = 5, "title_en", Text;
        /// What else it says of itself as a whole, as JSON.
        Head = 6, "head", Text;
        /// What it goes on from: the code, a space, the version.
        Base = 7, "base", Text;
        /// What the file that it was read from calls itself.
        Form = 8, "form", Text;
        /// The day on which it was given out.
        Published = 9, "published", Date;
        /// The day from which on no visit is begun with it.
        Retired = 10, "retired", Date;
        /// How many items it has.
        Items = 11, "items", Int;
        /// How many of them are critical.
        Critical = 12, "critical", Int;
        /// In how many parts it stands; a version of which one is still missing is not offered.
        Parts = 13, "parts", Int;
    }
    /// Some of the sections, items and choices of a checklist.
    ChecklistPart / ChecklistPartField = 45, "checklist_part" {
        /// The version that it is part of.
        ChecklistVersion = 1, "checklist_version", Ref;
        /// Its place among the parts.
        Position = 2, "position", Int;
        /// A text a section, an item or some choices, as JSON.
        Rows = 3, "rows", List;
    }
    /// A picture by itself, so that whatever else is said of a photo can be read, changed and removed without carrying it along.
    Picture / PictureField = 35, "picture" {
        /// A JPEG as [`crate::photo::bare`] leaves it, as base64.
        Image = 1, "image", Sealed;
    }
    /// A photo of a trial, of what was observed of one, or beside an answer of a visit.
    Photo / PhotoField = 34, "photo" {
        /// The cycle.
        Cycle = 1, "cycle", Ref;
        /// The trial.
        Trial = 2, "trial", Ref;
        /// What was observed; none for the trial as a whole.
        Observation = 3, "observation", Ref;
        /// Its picture.
        Picture = 4, "picture", Ref;
        /// What it shows.
        Caption = 5, "caption", Text;
        /// The day it was put here.
        Day = 6, "day", Date;
        /// The visit, for one that stands beside an answer.
        Visit = 7, "visit", Ref;
        /// The code of the checklist, as of the answer.
        List = 8, "list", Text;
        /// The item, as of the answer.
        Item = 9, "item", Text;
        /// The rounds, as of the answer.
        Round = 10, "round", Text;
    }
}

#[cfg(test)]
mod tests;
