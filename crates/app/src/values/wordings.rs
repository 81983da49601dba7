//! By which wording of the place a value is counted.

use std::collections::BTreeMap;

use domain::registry::{Kind, MeasurementField};
use domain::value::Value;
use store::Edit;

use super::KeyOf;
use crate::cx::Cx;
use crate::error::Result;
use crate::records::edit;
use crate::variants;

/// By which wording each measure of a place is counted, as far as it was asked.
pub(crate) type Wordings<'a> = BTreeMap<&'a str, Option<Value>>;

impl<'a> KeyOf<'a> {
    /// The edit that writes by which wording of the place it was counted; none where there never was one.
    pub fn variant_edit(&self, known: &mut Wordings<'a>, cx: &Cx<'_>) -> Result<Option<Edit>> {
        let said = match known.get(self.indicator) {
            Some(said) => said.clone(),
            None => {
                let said = variants::counted_by(cx, self.place, self.indicator)?;
                known.insert(self.indicator, said.clone());
                said
            }
        };
        Ok(said.map(|value| {
            edit(
                Kind::Measurement,
                self.record,
                MeasurementField::Variant.number(),
                value,
            )
        }))
    }
}
