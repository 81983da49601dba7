//! Cases of the exchange schema `spc-oracle/1`: a series with its options as JSON, answered with
//! the chart computed from it.
//!
//! Answers already standing in a case are never read. The answer has the keys, columns and
//! shape of the reference cases in `assets/reference`, so that any of them can be compared
//! with what this engine computes.

mod answers;

use serde_json::{Map, Value};
use thiserror::Error;

use super::anhoej::Method;
use super::chart::ChartKind;
use super::mdc::Improvement;
use super::series::{Series, SeriesError};

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

/// Answers a case: the same object with `variants` (kinds `control-or-run-chart` and `making-data-count`) or `expected`
/// (kinds `ihi-run-rules` and `sigma-rules`) computed here, whatever stood there before. Charts with moving ranges have two
/// variants, with and without screening.
///
/// # Errors
/// When the case is malformed, or asks for a chart that the kind does not have.
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
    let (answer_field, answer) = match (kind, chart, ChartKind::named(chart)) {
        ("control-or-run-chart", _, Some(chart)) => {
            ("variants", answers::chart(chart, &series(input)?)?)
        }
        ("making-data-count", "xmr-mdc", _) => (
            "variants",
            answers::making_data_count(&series(input)?, improvement(input)?, &target(input)?)?,
        ),
        ("ihi-run-rules", "run", _) => ("expected", answers::ihi_rules(&series(input)?)?),
        ("sigma-rules", "i", _) => ("expected", answers::sigma_rules(&distances(input)?)),
        _ => {
            let (kind, chart) = (kind.to_owned(), chart.to_owned());
            return Err(CaseError::NotSupported { kind, chart });
        }
    };
    let mut answered = case.clone();
    answered.insert(answer_field.to_owned(), answer);
    Ok(Value::Object(answered))
}

/// The `input` of a case as a series.
fn series(input: &Map<String, Value>) -> Result<Series, CaseError> {
    let values = values(input)?;
    let subgroups = subgroups(input)?;
    // Where there are subgroups, labels may name them or their values.
    if subgroups.is_none() {
        labels(input, values.len())?;
    }
    target(input)?;
    Ok(Series {
        values,
        denominators: numbers(input, "n")?,
        subgroups,
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

/// The values, of which there must be a list, though it may be empty.
fn values(input: &Map<String, Value>) -> Result<Vec<Option<f64>>, CaseError> {
    numbers(input, "y")?.ok_or(CaseError::Missing { field: "input.y" })
}

/// The subgroup of each value; labels that are written alike name the same one.
fn subgroups(input: &Map<String, Value>) -> Result<Option<Vec<usize>>, CaseError> {
    let Some(labels) = list(input, "subgroup")? else {
        return Ok(None);
    };
    let mut known: Vec<&Value> = Vec::new();
    let number = |label| {
        known
            .iter()
            .position(|known| *known == label)
            .unwrap_or_else(|| {
                known.push(label);
                known.len() - 1
            })
    };
    Ok(Some(labels.iter().map(number).collect()))
}

/// Distances from the centre in sigmas, for patterns of points.
fn distances(input: &Map<String, Value>) -> Result<Vec<Option<f64>>, CaseError> {
    let number = |key: &'static str, field: &'static str| {
        optional_number(input.get(key), || field.to_owned())?.ok_or(CaseError::Missing { field })
    };
    let centre = number("centre", "input.centre")?;
    let sigma = number("sigma", "input.sigma")?;
    if sigma <= 0.0 {
        let field = "input.sigma".to_owned();
        return Err(CaseError::Wrong {
            field,
            expected: "greater than zero",
        });
    }
    let distance = |value: Option<f64>| {
        value
            .map(|value| (value - centre) / sigma)
            .filter(|z| z.is_finite())
    };
    Ok(values(input)?.into_iter().map(distance).collect())
}

/// A target is drawn only, but where assurance is asked for; it is one number for the chart or one for each point.
fn target(input: &Map<String, Value>) -> Result<Vec<Option<f64>>, CaseError> {
    match input.get("target") {
        Some(Value::Array(_)) => Ok(numbers(input, "target")?.unwrap_or_default()),
        target => Ok(vec![optional_number(target, || "input.target".to_owned())?]),
    }
}

fn improvement(input: &Map<String, Value>) -> Result<Improvement, CaseError> {
    match input.get("improvement_direction") {
        None | Some(Value::Null) => Ok(Improvement::Increase),
        Some(name) => match name.as_str() {
            Some("increase") => Ok(Improvement::Increase),
            Some("decrease") => Ok(Improvement::Decrease),
            Some("neutral") => Ok(Improvement::Neutral),
            _ => Err(CaseError::Wrong {
                field: "input.improvement_direction".to_owned(),
                expected: "`increase`, `decrease` or `neutral`",
            }),
        },
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
    use serde_json::json;

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
                "2 values but 1 in `n`",
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
        let pareto = run_case(json!({ "chart": "pareto", "y": [1] }));
        assert_eq!(
            refused(pareto),
            "cases of kind `control-or-run-chart` with chart `pareto` are not computed"
        );
        let sigma = json!({ "kind": "sigma-rules", "input": { "chart": "p", "y": [1] } });
        let NotSupported { kind, chart } = evaluate(&sigma).expect_err("not computed") else {
            panic!("another error")
        };
        assert_eq!((kind.as_str(), chart.as_str()), ("sigma-rules", "p"));
    }

    #[test]
    fn what_a_chart_needs_and_does_not_take_is_named() {
        let asked = |chart: &str, more: Value| {
            let mut input = json!({ "chart": chart, "y": [1, 2] });
            for (key, value) in more.as_object().into_iter().flatten() {
                input[key] = value.clone();
            }
            refused(run_case(input))
        };
        assert_eq!(asked("p", json!({})), "this chart needs `n`");
        assert_eq!(asked("xbar", json!({})), "this chart needs `subgroup`");
        assert_eq!(
            asked("c", json!({ "n": [1, 1] })),
            "this chart takes no `n`"
        );
        assert_eq!(
            asked("run", json!({ "subgroup": [1, 1] })),
            "this chart takes no `subgroup`"
        );
        assert_eq!(
            asked("s", json!({ "subgroup": ["a"] })),
            "2 values but 1 in `subgroup`"
        );
        assert_eq!(
            asked("s", json!({ "subgroup": ["a", "a"], "exclude": [2] })),
            "`exclude` names point 2, but the series has points 1 to 1"
        );
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
}
