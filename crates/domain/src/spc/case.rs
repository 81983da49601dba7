//! Cases of the exchange schema `spc-oracle/1`: a series with its options as JSON, answered with
//! the chart computed from it.
//!
//! Answers already standing in a case are never read. The answer has the keys, columns and
//! shape of the reference cases in `tests/fixtures/spc`, so that any of them can be compared
//! with what this engine computes.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::anhoej::{Method, Side};
use super::ihi::{IhiChart, RunCount, Shift, Trend, runs_limits_exact, runs_limits_printed};
use super::run::{Phase, Point, RunChart, Series, SeriesError};

/// The schema this module reads and writes.
pub const SCHEMA: &str = "spc-oracle/1";

/// Why a case cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CaseError {
    /// The case, or its `input`, is not a JSON object.
    #[error("`{field}` is not an object")]
    NotAnObject {
        /// What was read, as a path in the case.
        field: &'static str,
    },
    /// The case follows another schema.
    #[error("the schema is `{found}`, not `{SCHEMA}`")]
    Schema {
        /// The schema it names.
        found: String,
    },
    /// A field that every case needs is absent.
    #[error("`{field}` is missing")]
    Missing {
        /// Its path in the case.
        field: &'static str,
    },
    /// A field holds something else than it should.
    #[error("`{field}` is not {expected}")]
    Wrong {
        /// Its path in the case; list elements are counted from 1, like points.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A kind of case or of chart that is not computed here.
    #[error("cases of kind `{kind}` with chart `{chart}` are not computed")]
    NotSupported {
        /// The kind of the case.
        kind: String,
        /// The chart it asks for.
        chart: String,
    },
    /// The series contradicts itself.
    #[error(transparent)]
    Series(#[from] SeriesError),
}

/// Answers a case: the same object with `variants` (kind `control-or-run-chart`) or `expected`
/// (kind `ihi-run-rules`) computed here, whatever stood there before.
///
/// # Errors
/// When the case is malformed, or asks for a chart other than `run`.
pub fn evaluate(case: &Value) -> Result<Value, CaseError> {
    let case = object(case, "case")?;
    if let Some(schema) = case.get("schema").filter(|schema| *schema != SCHEMA) {
        let found = schema
            .as_str()
            .map_or_else(|| schema.to_string(), str::to_owned);
        return Err(CaseError::Schema { found });
    }
    let kind = text(case, "kind", "kind")?;
    let input = case
        .get("input")
        .ok_or(CaseError::Missing { field: "input" })?;
    let input = object(input, "input")?;
    let chart = text(input, "chart", "input.chart")?;
    let (answer_field, answer) = match (kind, chart) {
        ("control-or-run-chart", "run") => ("variants", run_chart(&series(input)?)?),
        ("ihi-run-rules", "run") => ("expected", ihi_rules(&series(input)?)?),
        _ => {
            let (kind, chart) = (kind.to_owned(), chart.to_owned());
            return Err(CaseError::NotSupported { kind, chart });
        }
    };
    let mut answered = case.clone();
    answered.insert(answer_field.to_owned(), answer);
    Ok(Value::Object(answered))
}

fn run_chart(series: &Series) -> Result<Value, CaseError> {
    let chart = RunChart::of(series)?;
    let phases: Vec<_> = chart.phases.iter().map(phase).collect();
    // A run chart has no moving range to screen, hence a single variant.
    Ok(json!([{ "screen_mr": null, "points": columns(&chart.points), "phases": phases }]))
}

fn columns(points: &[Point]) -> Value {
    let column = |of: &dyn Fn(&Point) -> Value| points.iter().map(of).collect::<Vec<_>>();
    let none = column(&|_| Value::Null);
    json!({
        "i": (1..=points.len()).collect::<Vec<_>>(),
        "part": column(&|point| point.part.into()),
        "value": column(&|point| number(point.value)),
        "n": column(&|point| number(point.denominator)),
        "centre": column(&|point| number(point.centre)),
        "lcl": none,
        "ucl": none,
        "lcl2": none,
        "ucl2": none,
        "sigma_signal": column(&|_| false.into()),
        "baseline": column(&|point| point.baseline.into()),
        "include": column(&|point| point.include.into()),
    })
}

fn phase(phase: &Phase) -> Value {
    json!({
        "part": phase.part,
        "first": phase.first,
        "last": phase.last,
        "n_obs": phase.n_obs,
        "n_useful": phase.n_useful(),
        "longest_run": phase.runs.map(|runs| runs.longest.length),
        "longest_run_max": phase.runs.map(|runs| runs.longest_run_max),
        "n_crossings": phase.runs.map(|runs| runs.crossings),
        "n_crossings_min": phase.runs.map(|runs| runs.crossings_min),
        "runs_signal": phase.runs_signal,
        "sigma_signals": [],
    })
}

fn ihi_rules(series: &Series) -> Result<Value, CaseError> {
    if !series.breaks_after.is_empty() {
        let expected = "empty: the IHI rules are applied to one phase";
        return Err(CaseError::Wrong {
            field: "input.breaks_after".to_owned(),
            expected,
        });
    }
    let chart = IhiChart::of(series)?;
    let numbers = |points: &[usize]| points.iter().map(|i| i + 1).collect::<Vec<_>>();
    let shift = |shift: &Shift| {
        let side = match shift.side {
            Side::Above => "above",
            Side::Below => "below",
        };
        json!({ "side": side, "length": shift.points.len(), "points": numbers(&shift.points) })
    };
    let trend = |trend: &Trend| {
        let direction = if trend.rising { "up" } else { "down" };
        let points = numbers(&trend.points);
        json!({ "direction": direction, "length": points.len(), "points": points })
    };
    let exact = chart.run_count_exact();
    let printed = chart.run_count_printed();
    Ok(json!({
        "median": number(chart.median),
        "n_points": chart.n_points,
        "n_useful": chart.n_useful,
        "n_runs": chart.runs.len(),
        "longest_run": chart.longest_run(),
        "shifts": chart.shifts.iter().map(shift).collect::<Vec<_>>(),
        "trends": chart.trends.iter().map(trend).collect::<Vec<_>>(),
        "runs_limits_exact": run_count(runs_limits_exact(chart.n_useful), exact),
        "runs_limits_printed_table": run_count(runs_limits_printed(chart.n_useful), printed),
        "runs_verdicts_agree": exact == printed,
    }))
}

fn run_count(limits: Option<(usize, usize)>, count: RunCount) -> Value {
    let verdict = match count {
        RunCount::TooFew => "too few",
        RunCount::AsExpected => "as expected",
        RunCount::TooMany => "too many",
        RunCount::NotAssessed => "not assessed",
    };
    json!({
        "low": limits.map(|(low, _)| low),
        "high": limits.map(|(_, high)| high),
        "verdict": verdict,
    })
}

/// A number as the reference cases write it: whole numbers without a decimal mark.
fn number(value: Option<f64>) -> Value {
    // Up to here every whole number is exact, in f64 and in other JSON readers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() <= EXACT => (value as i64).into(),
        value => value.into(),
    }
}

/// The `input` of a case as a series.
fn series(input: &Map<String, Value>) -> Result<Series, CaseError> {
    let values = numbers(input, "y")?.ok_or(CaseError::Missing { field: "input.y" })?;
    labels(input, values.len())?;
    target(input)?;
    Ok(Series {
        values,
        denominators: numbers(input, "n")?,
        breaks_after: points(input, "breaks_after")?,
        freeze_after: point(input.get("freeze_after"), || {
            "input.freeze_after".to_owned()
        })?,
        exclude: points(input, "exclude")?,
        given_centre: optional_number(input.get("given_centre"), || {
            "input.given_centre".to_owned()
        })?,
        multiply: optional_number(input.get("multiply"), || "input.multiply".to_owned())?
            .unwrap_or(1.0),
        method: method(input)?,
    })
}

/// Labels do not enter the computation; there must be one for each point nevertheless.
fn labels(input: &Map<String, Value>, points: usize) -> Result<(), CaseError> {
    match list(input, "x")? {
        Some(labels) if labels.len() != points => Err(CaseError::Wrong {
            field: "input.x".to_owned(),
            expected: "as long as `input.y`",
        }),
        _ => Ok(()),
    }
}

/// A target is drawn only; it is one number for the chart or one for each point.
fn target(input: &Map<String, Value>) -> Result<(), CaseError> {
    match input.get("target") {
        Some(Value::Array(_)) => numbers(input, "target").map(drop),
        target => optional_number(target, || "input.target".to_owned()).map(drop),
    }
}

fn method(input: &Map<String, Value>) -> Result<Method, CaseError> {
    match input.get("runs_method") {
        None | Some(Value::Null) => Ok(Method::Anhoej),
        Some(name) => match name.as_str() {
            Some("anhoej") => Ok(Method::Anhoej),
            Some("bestbox") => Ok(Method::BestBox),
            Some("cutbox") => Ok(Method::CutBox),
            _ => Err(CaseError::Wrong {
                field: "input.runs_method".to_owned(),
                expected: "`anhoej`, `bestbox` or `cutbox`",
            }),
        },
    }
}

fn object<'a>(value: &'a Value, field: &'static str) -> Result<&'a Map<String, Value>, CaseError> {
    value.as_object().ok_or(CaseError::NotAnObject { field })
}

fn text<'a>(
    object: &'a Map<String, Value>,
    key: &str,
    field: &'static str,
) -> Result<&'a str, CaseError> {
    let value = object.get(key).ok_or(CaseError::Missing { field })?;
    value.as_str().ok_or_else(|| CaseError::Wrong {
        field: field.to_owned(),
        expected: "a text",
    })
}

/// An optional list of `input`; `null` stands for an absent one.
fn list<'a>(input: &'a Map<String, Value>, key: &str) -> Result<Option<&'a Vec<Value>>, CaseError> {
    match input.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(CaseError::Wrong {
            field: format!("input.{key}"),
            expected: "a list",
        }),
    }
}

/// An optional list of numbers, in which `null` stands for a missing one.
fn numbers(input: &Map<String, Value>, key: &str) -> Result<Option<Vec<Option<f64>>>, CaseError> {
    let element = |(i, value)| optional_number(Some(value), || format!("input.{key}[{}]", i + 1));
    list(input, key)?
        .map(|list| list.iter().enumerate().map(element).collect())
        .transpose()
}

/// An optional list of point numbers.
fn points(input: &Map<String, Value>, key: &str) -> Result<Vec<usize>, CaseError> {
    let mut points = Vec::new();
    for (i, value) in list(input, key)?.into_iter().flatten().enumerate() {
        points.extend(point(Some(value), || format!("input.{key}[{}]", i + 1))?);
    }
    Ok(points)
}

fn point(value: Option<&Value>, field: impl Fn() -> String) -> Result<Option<usize>, CaseError> {
    let Some(number) = optional_number(value, &field)? else {
        return Ok(None);
    };
    if number < 0.0 || number.fract() != 0.0 || number > f64::from(u32::MAX) {
        return Err(CaseError::Wrong {
            field: field(),
            expected: "the number of a point",
        });
    }
    Ok(Some(number as usize))
}

fn optional_number(
    value: Option<&Value>,
    field: impl Fn() -> String,
) -> Result<Option<f64>, CaseError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64() {
            Some(number) => Ok(Some(number)),
            None => Err(CaseError::Wrong {
                field: field(),
                expected: "a number",
            }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(case: Value) -> String {
        evaluate(&case).expect_err("must be refused").to_string()
    }

    fn run_case(input: Value) -> Value {
        json!({ "schema": SCHEMA, "kind": "control-or-run-chart", "input": input })
    }

    #[test]
    fn a_malformed_case_says_where() {
        let cases = [
            (json!([]), "`case` is not an object"),
            (
                json!({ "schema": "spc-oracle/9" }),
                "the schema is `spc-oracle/9`, not `spc-oracle/1`",
            ),
            (
                json!({ "schema": 1 }),
                "the schema is `1`, not `spc-oracle/1`",
            ),
            (json!({}), "`kind` is missing"),
            (json!({ "kind": 3 }), "`kind` is not a text"),
            (json!({ "kind": "ihi-run-rules" }), "`input` is missing"),
            (run_case(json!(7)), "`input` is not an object"),
            (run_case(json!({})), "`input.chart` is missing"),
            (run_case(json!({ "chart": "run" })), "`input.y` is missing"),
            (
                run_case(json!({ "chart": "run", "y": 3 })),
                "`input.y` is not a list",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, "2"] })),
                "`input.y[2]` is not a number",
            ),
            (
                run_case(json!({ "chart": "run", "x": ["a"], "y": [1, 2] })),
                "`input.x` is not as long as `input.y`",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, 2], "n": [1] })),
                "2 values but 1 denominators",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, 2], "exclude": [1.5] })),
                "`input.exclude[1]` is not the number of a point",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, 2], "freeze_after": "2" })),
                "`input.freeze_after` is not a number",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, 2], "target": "high" })),
                "`input.target` is not a number",
            ),
            (
                run_case(json!({ "chart": "run", "y": [1, 2], "runs_method": "guess" })),
                "`input.runs_method` is not `anhoej`, `bestbox` or `cutbox`",
            ),
            (
                json!({ "kind": "ihi-run-rules",
                        "input": { "chart": "run", "y": [1, 2], "breaks_after": [1] } }),
                "`input.breaks_after` is not empty: the IHI rules are applied to one phase",
            ),
        ];
        for (case, message) in cases {
            assert_eq!(refused(case), message);
        }
    }

    #[test]
    fn other_charts_and_kinds_are_named_as_not_computed() {
        let p_chart = run_case(json!({ "chart": "p", "y": [1], "n": [2] }));
        assert_eq!(
            refused(p_chart),
            "cases of kind `control-or-run-chart` with chart `p` are not computed"
        );
        let sigma = json!({ "kind": "sigma-rules", "input": { "chart": "i", "y": [1] } });
        let NotSupported { kind, chart } = evaluate(&sigma).expect_err("not computed") else {
            panic!("another error")
        };
        assert_eq!((kind.as_str(), chart.as_str()), ("sigma-rules", "i"));
    }

    use CaseError::NotSupported;

    #[test]
    fn answers_standing_in_the_case_are_replaced_and_the_rest_is_kept() {
        let mut case = run_case(json!({ "chart": "run", "y": [3, 9], "colour": "blue" }));
        case["variants"] = json!("nonsense");
        case["title"] = json!("Two points");
        let answered = evaluate(&case).expect("answers");
        assert_eq!(answered["title"], "Two points");
        assert_eq!(answered["input"], case["input"]);
        assert_eq!(answered["variants"][0]["points"]["centre"], json!([6, 6]));
    }

    #[test]
    fn a_case_without_points_has_empty_columns() {
        let case = run_case(json!({ "chart": "run", "x": [], "y": [] }));
        let answered = evaluate(&case).expect("answers");
        assert_eq!(answered["variants"][0]["points"]["value"], json!([]));
        assert_eq!(answered["variants"][0]["phases"], json!([]));
    }

    #[test]
    fn whole_numbers_stand_without_a_decimal_mark() {
        assert_eq!(number(Some(17.0)).to_string(), "17");
        assert_eq!(number(Some(-0.0)).to_string(), "0");
        assert_eq!(number(Some(0.5)).to_string(), "0.5");
        assert_eq!(number(Some(1e300)).to_string(), "1e+300");
        assert_eq!(number(None), Value::Null);
    }
}
