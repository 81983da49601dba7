//! Expressions of genuine forms, answered as the reference answers them.

// A failed expectation in a test's own preparation is a failed test.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use domain::expression::{Expression, Node, Tree, View};
use serde::Deserialize;

/// The node at a path such as `/data/a`, made where there is none yet.
fn place(tree: &mut Tree, path: &str) -> Node {
    path.trim_start_matches('/')
        .split('/')
        .fold(Tree::TOP, |above, name| {
            let mut found = tree.below(above).iter().copied();
            let found = found.rfind(|node| tree.name(*node) == name);
            found.unwrap_or_else(|| tree.add(above, name, ""))
        })
}

#[derive(Deserialize)]
struct Forms {
    cases: Vec<OfForm>,
}

#[derive(Deserialize)]
struct OfForm {
    form: String,
    nodeset: String,
    kind: String,
    expression: String,
    fill: BTreeMap<String, String>,
    result: serde_json::Value,
    differs: Option<String>,
}

/// Expressions of genuine forms, which may not be copied into the repository: they are read where they lie, when they do.
#[test]
fn expressions_of_genuine_forms_come_out_as_in_the_reference() {
    let shared = std::env::var_os("NYETAA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let Ok(text) = fs::read_to_string(shared.join("oracles/xlsform_expressions.json")) else {
        return;
    };
    let reference: Forms = serde_json::from_str(&text).unwrap();
    assert_eq!(reference.cases.len(), 197);
    let mut otherwise = Vec::new();
    for case in reference.cases {
        let mut tree = Tree::new();
        let at = place(&mut tree, &case.nodeset);
        for (path, text) in &case.fill {
            let node = place(&mut tree, path);
            tree.set(node, text);
        }
        let view = View {
            tree: &tree,
            at,
            now: NaiveDateTime::default(),
        };
        let read = Expression::parse(&case.expression).unwrap();
        let found = read.value(view).unwrap();
        let as_told = match &case.result {
            serde_json::Value::Bool(yes) => found.bool() == *yes,
            serde_json::Value::Number(number) => Some(found.number()) == number.as_f64(),
            serde_json::Value::String(text) => found.text() == *text,
            other => panic!("{other}"),
        };
        if !as_told {
            let marked = case.differs.is_some();
            otherwise.push((
                case.form,
                case.kind,
                case.expression,
                case.fill,
                found,
                marked,
            ));
        }
    }
    // Only what the reference itself marks, and only where it looks within the text and ODK at the whole of it.
    let pattern = |text: &String| text.contains("regex(");
    let wrong: Vec<_> = otherwise
        .iter()
        .filter(|(_, _, expression, _, found, marked)| {
            !(*marked && pattern(expression) && !found.bool())
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
