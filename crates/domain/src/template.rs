//! Where an improvement cycle can begin: problem, aim, measures and change ideas of a known subject.
//!
//! Templates are data in `assets/catalog/templates.json`. The figures of the aim, from where to where
//! and by when, are left to the team: only the team knows where it stands.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::catalog::Area;
use crate::cause::Category;
use crate::text::Localized;

/// A subject with everything a team needs to begin, to be changed in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Template {
    /// Its lasting name in the log.
    pub id: String,
    /// Its service area.
    pub area: Area,
    /// Its name.
    pub name: Localized,
    /// What is usually wrong, and how it is known.
    pub problem: Localized,
    /// The aim: for whom.
    pub aim_who: Localized,
    /// The aim: what they will receive or do, to be read after [`Template::aim_who`].
    pub aim_what: Localized,
    /// Indicator codes: the one the aim speaks of, then those that show the way there or whether
    /// something else suffers.
    pub measures: Vec<String>,
    /// What is often behind it, each to be looked into before it is believed.
    pub causes: Vec<LikelyCause>,
    /// Changes to try, a sentence each; several were tested in Mali.
    pub ideas: Vec<Localized>,
    /// Which version of it this is; one more with each change of what it says.
    pub version: u16,
    /// Where its ideas were tested, and by whom that is told.
    pub sources: Vec<Localized>,
}

/// A cause that other teams have met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct LikelyCause {
    /// Where it belongs.
    pub category: Category,
    /// The cause, a sentence.
    pub text: Localized,
}

/// Every template, by area.
pub fn templates() -> &'static [Template] {
    &TEMPLATES
}

/// The template of a name.
pub fn template(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id == id)
}

const FILE: &str = include_str!("../../../assets/catalog/templates.json");

#[allow(
    clippy::expect_used,
    reason = "the file is compiled in, and a test reads it"
)]
static TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| serde_json::from_str(FILE).expect("the templates that are compiled in"));

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::catalog::{Frequency, IndicatorLevel, indicator};
    use crate::text::typeset_french;

    #[test]
    fn each_area_has_some() {
        for area in [Area::Mnch, Area::Fp, Area::Malaria, Area::Nutrition] {
            assert!(
                templates().iter().filter(|t| t.area == area).count() >= 2,
                "{area:?}"
            );
        }
        for area in [Area::Community, Area::DataQuality, Area::Hrh] {
            let of_area = templates().iter().filter(|t| t.area == area);
            assert!(of_area.clone().count() >= 1, "{area:?}");
            for t in of_area {
                assert!(!t.sources.is_empty(), "{}: says where it comes from", t.id);
            }
        }
        assert!(templates().iter().all(|t| t.version >= 1));
        let ids: HashSet<_> = templates().iter().map(|t| &t.id).collect();
        assert_eq!(ids.len(), templates().len(), "an id stands twice");
        assert!(template("anc-four-contacts").is_some() && template("nothing").is_none());
    }

    #[test]
    fn measures_are_in_the_catalogue_and_take_a_goal() {
        for t in templates() {
            assert!((2..=4).contains(&t.measures.len()), "{}", t.id);
            for code in &t.measures {
                let measure = indicator(code).unwrap_or_else(|| panic!("{}: {code}", t.id));
                assert!(measure.takes_goal(), "{}: {code} is nobody's goal", t.id);
                // The villages around a facility are counted by the facility.
                let level = match t.area {
                    Area::Community => IndicatorLevel::Community,
                    _ => IndicatorLevel::Facility,
                };
                assert_eq!(measure.level, level, "{}: {code}", t.id);
            }
            let main = indicator(&t.measures[0]).unwrap();
            assert_eq!(main.area, t.area, "{}", t.id);
            assert!(
                matches!(main.frequency, Frequency::Monthly | Frequency::Quarterly),
                "{}",
                t.id
            );
        }
    }

    #[test]
    fn both_languages_are_complete_and_typeset() {
        for t in templates() {
            assert!((3..=5).contains(&t.ideas.len()), "{}", t.id);
            for text in [&t.name, &t.problem, &t.aim_who, &t.aim_what]
                .into_iter()
                .chain(&t.ideas)
                .chain(&t.sources)
                .chain(t.causes.iter().map(|cause| &cause.text))
            {
                assert!(
                    !text.fr.is_empty() && !text.en.is_empty() && text.fr != text.en,
                    "{}",
                    t.id
                );
                assert_eq!(text.fr, typeset_french(&text.fr), "{}", t.id);
                assert!(!text.en.contains('\''), "{}: {}", t.id, text.en);
            }
            assert!((2..=4).contains(&t.causes.len()), "{}", t.id);
            let causes = t.causes.iter().map(|cause| &cause.text);
            for said in t.ideas.iter().chain(causes) {
                assert!(
                    said.fr.ends_with('.') && said.en.ends_with('.'),
                    "{}: a sentence",
                    t.id
                );
            }
        }
    }
}
