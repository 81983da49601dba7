//! Sums, so that a region or the nation need not carry 1,500 facilities: the server writes them as a replica
//! of its own ([`crate::own`]), in ordinary saves and segments.
//!
//! For each district, indicator, month and stratum the numerators and denominators that its facilities counted in
//! their registers stand as one measurement with the source `aggregate` in the region's scope; those of a region
//! in the nation's. A proportion counts a facility only with both its numbers. Times are not summed: the
//! sum of waiting times says nothing without how many waited.
//!
//! Sums follow some seconds behind ([`Server::sum_up`]): what changed since the last time is told by the feed, so
//! nothing is lost by a stop in between, and whatever is summed twice is written once, since a sum is
//! written only where it differs from what stands there. Corrections, deletions and facilities that move are
//! nothing special.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{self, IndicatorKind};
use domain::ids::{RecordId, ScopeId};
use domain::registry::{Kind, MeasurementField};
use domain::value::Value;
use sync::log::Change;
use sync::segment;

use crate::error::{Error, Result};
use crate::places::Level;
use crate::projection::Record;
use crate::server::{Server, identity};
use crate::storage::tx::Tx;
use crate::{own, relocation};

/// The source of what people count.
const REGISTER: &str = "register";
/// The source of sums.
pub const AGGREGATE: &str = "aggregate";
const MEASUREMENT: Kind = Kind::Measurement;

/// What is counted, when, and of which part of the people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    indicator: String,
    period: String,
    stratum: String,
}

impl Cell {
    /// The record of this cell at a place.
    fn record(&self, place: RecordId, source: &str) -> RecordId {
        RecordId::natural(&[
            b"measurement",
            place.as_bytes(),
            self.indicator.as_bytes(),
            self.period.as_bytes(),
            self.stratum.as_bytes(),
            source.as_bytes(),
        ])
    }

    /// The cell that a stored record stands for, `None` when sums have no use for it.
    fn of(record: &Record, source: &str) -> Option<Self> {
        let text = |field: MeasurementField| {
            let heads = record.heads(field.number());
            heads.first().and_then(|head| head.value.as_text())
        };
        let cell = Self {
            indicator: text(MeasurementField::Indicator)?.to_owned(),
            period: text(MeasurementField::Period)?.to_owned(),
            stratum: text(MeasurementField::Stratum)
                .unwrap_or_default()
                .to_owned(),
        };
        let counted = text(MeasurementField::Source) == Some(source);
        (counted && cell.kind().is_some()).then_some(cell)
    }

    /// How its numbers belong together; `None` for what cannot be summed.
    fn kind(&self) -> Option<IndicatorKind> {
        let kind = catalog::indicator(&self.indicator)?.kind;
        (kind != IndicatorKind::Time).then_some(kind)
    }
}

/// Exact sums of a cell; none before the first number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
}

impl Sum {
    fn add(&mut self, record: &Record, kind: IndicatorKind) {
        let number = |field: MeasurementField| {
            let heads = record.heads(field.number());
            heads.first().and_then(|head| Decimal::of(&head.value))
        };
        let numerator = number(MeasurementField::Numerator);
        let denominator = number(MeasurementField::Denominator);
        let whole = kind == IndicatorKind::Count || denominator.is_some();
        if let (Some(numerator), true) = (numerator, whole && !record.is_deleted()) {
            self.numerator = self.numerator.unwrap_or_default().plus(numerator);
            if let Some(denominator) = denominator.filter(|_| kind != IndicatorKind::Count) {
                self.denominator = self.denominator.unwrap_or_default().plus(denominator);
            }
        }
    }
}

/// A number in millionths, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Decimal(i128);

const PLACES: u8 = 6;

impl Decimal {
    fn of(value: &Value) -> Option<Self> {
        let (mantissa, scale) = match value {
            Value::Int(int) => (i128::from(*int), 0),
            Value::Decimal { mantissa, scale } => (i128::from(*mantissa), *scale),
            _ => return None,
        };
        Some(Self(if scale <= PLACES {
            mantissa * 10_i128.pow(u32::from(PLACES - scale))
        } else {
            mantissa / 10_i128.checked_pow(u32::from(scale - PLACES))?
        }))
    }

    fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    fn value(self) -> Value {
        let (sign, positive) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let one = 10_u128.pow(u32::from(PLACES));
        let text = format!("{sign}{}.{:06}", positive / one, positive % one);
        Value::decimal(&text).unwrap_or(Value::Null)
    }
}

/// What has to be summed anew, by district.
#[derive(Debug, Default)]
struct Due {
    /// The cells of each district.
    cells: BTreeMap<RecordId, BTreeSet<Cell>>,
    /// How far each facility's feed was in the sums, and how far it is once they are written.
    marks: Vec<(ScopeId, u64, u64)>,
}

impl Server {
    /// Sums up what has changed at facilities since the last time, and puts right what they say about where they lie. Says how
    /// many sums were written. Runs every few seconds while serving.
    ///
    /// # Errors
    /// When the database fails; the next time does what was left.
    pub fn sum_up(&self) -> Result<u64> {
        let Some(_alone) = self.summing() else {
            return Ok(0);
        };
        let due = self.take_due();
        let mut written = 0;
        let done = self.sum_up_of(due.as_ref(), &mut written);
        if done.is_err() {
            // Whatever it was, it is found again by the feeds.
            self.forget_due();
        }
        done.map(|()| written)
    }

    fn sum_up_of(&self, scopes: Option<&BTreeSet<ScopeId>>, written: &mut u64) -> Result<()> {
        let now = self.now();
        relocation::correct_late(self.database(), scopes, now)?;
        let due = self.database().read(|tx| match scopes {
            Some(scopes) => due(tx, scopes.iter().copied()),
            None => due(tx, tx.scopes()?.into_iter()),
        })?;
        let mut regions: BTreeMap<RecordId, BTreeSet<Cell>> = BTreeMap::new();
        // A district at a time: nobody waits for the whole country.
        for (district, cells) in due.cells {
            let sums = self
                .database()
                .read(|tx| sums_of_facilities(tx, district, &cells))?;
            let region = self.database().write_alone(|tx| {
                let above = tx.place(district)?.and_then(|place| place.parent);
                if let Some(region) = above {
                    *written += put(tx, region, district, &sums, now)?;
                }
                Ok::<_, Error>(above)
            })?;
            if let Some(region) = region {
                regions.entry(region).or_default().extend(cells);
            }
        }
        for (region, cells) in regions {
            let sums = self
                .database()
                .read(|tx| sums_of_districts(tx, region, &cells))?;
            self.database().write_alone(|tx| {
                if let Some(nation) = tx.place(region)?.and_then(|place| place.parent) {
                    *written += put(tx, nation, region, &sums, now)?;
                }
                Ok::<_, Error>(())
            })?;
        }
        self.database().write(|tx| {
            for (scope, from, to) in &due.marks {
                // A facility that has moved meanwhile is to be summed anew, from its first figure.
                if tx.aggregated(*scope)? == *from {
                    tx.set_aggregated(*scope, *to, now)?;
                }
            }
            Ok::<_, Error>(())
        })
    }
}

/// What the segments that came to these scopes since the last time say about sums.
fn due(tx: &dyn Tx, scopes: impl Iterator<Item = ScopeId>) -> Result<Due> {
    let mut due = Due::default();
    for scope in scopes {
        let Some(place) = tx.place(scope.place())? else {
            continue;
        };
        let (Level::Facility, Some(district)) = (place.level, place.parent) else {
            continue;
        };
        let from = tx.aggregated(scope)?;
        let applied: BTreeMap<_, _> = tx
            .streams(scope)?
            .into_iter()
            .map(|stream| (stream.replica, stream.applied_seq))
            .collect();
        let mut mark = None;
        let mut records = BTreeSet::new();
        let mut last = from;
        for line in tx.feed(scope, from)? {
            let behind = applied
                .get(&line.replica)
                .is_none_or(|seq| *seq < line.last_seq);
            if behind && mark.is_none() {
                // From there on it is looked at again when what it waits for has come.
                mark = Some(last);
            }
            last = line.feed_no;
            let Some(row) = tx.segment(scope, line.feed_no)? else {
                continue;
            };
            let saves = segment::read(&row.bytes).and_then(|segment| segment.saves());
            let changes = saves
                .unwrap_or_default()
                .into_iter()
                .flat_map(|save| save.changes);
            records.extend(
                changes
                    .filter(|change| change.kind == MEASUREMENT.number())
                    .map(|change| change.record),
            );
        }
        let mark = mark.unwrap_or(last);
        if mark > from {
            due.marks.push((scope, from, mark));
        }
        let cells = cells_of(tx, scope, records, REGISTER)?;
        if !cells.is_empty() {
            due.cells.entry(district).or_default().extend(cells);
        }
    }
    Ok(due)
}

fn cells_of(
    tx: &dyn Tx,
    scope: ScopeId,
    records: impl IntoIterator<Item = RecordId>,
    source: &str,
) -> Result<BTreeSet<Cell>> {
    let mut cells = BTreeSet::new();
    for id in records {
        cells.extend(measurement(tx, scope, id)?.and_then(|record| Cell::of(&record, source)));
    }
    Ok(cells)
}

fn measurement(tx: &dyn Tx, scope: ScopeId, id: RecordId) -> Result<Option<Record>> {
    let row = tx.record(scope, MEASUREMENT.number(), id)?;
    row.map(|row| Record::from_row(MEASUREMENT.number(), &row))
        .transpose()
}

type Sums = BTreeMap<Cell, Sum>;

fn sums_of_facilities(tx: &dyn Tx, district: RecordId, cells: &BTreeSet<Cell>) -> Result<Sums> {
    let facilities = tx.facilities(district)?;
    sum(cells, |cell| {
        let found = facilities.iter().map(|facility| {
            let id = cell.record(facility.id, REGISTER);
            measurement(tx, facility.id.as_scope(), id)
        });
        found.collect()
    })
}

fn sums_of_districts(tx: &dyn Tx, region: RecordId, cells: &BTreeSet<Cell>) -> Result<Sums> {
    let districts = tx.places_under(region)?;
    sum(cells, |cell| {
        let found = districts.iter().map(|district| {
            let id = cell.record(district.id, AGGREGATE);
            measurement(tx, region.as_scope(), id)
        });
        found.collect()
    })
}

fn sum(
    cells: &BTreeSet<Cell>,
    mut parts: impl FnMut(&Cell) -> Result<Vec<Option<Record>>>,
) -> Result<Sums> {
    let mut sums = Sums::new();
    for cell in cells {
        let Some(kind) = cell.kind() else { continue };
        let mut sum = Sum::default();
        for record in parts(cell)?.into_iter().flatten() {
            sum.add(&record, kind);
        }
        sums.insert(cell.clone(), sum);
    }
    Ok(sums)
}

/// Writes the sums of `place` into the scope above it, where they differ from what stands there.
fn put(tx: &dyn Tx, above: RecordId, place: RecordId, sums: &Sums, now: u64) -> Result<u64> {
    let scope = above.as_scope();
    let mut saves = Vec::new();
    for (cell, sum) in sums {
        let id = cell.record(place, AGGREGATE);
        let known = measurement(tx, scope, id)?;
        if known.is_none() && sum.numerator.is_none() {
            continue;
        }
        let changes = changes(cell, place, id, sum, &known.unwrap_or_default());
        if !changes.is_empty() {
            saves.push(changes);
        }
    }
    own::write(tx, &identity(tx)?, scope, saves, now)
}

/// The changes that make a record say what it should: also where several values stand, as after the server was put
/// back and its lost life's sums came home.
fn changes(cell: &Cell, place: RecordId, id: RecordId, sum: &Sum, known: &Record) -> Vec<Change> {
    let number = |sum: Option<Decimal>| sum.map_or(Value::Null, Decimal::value);
    let fields = [
        (MeasurementField::Place, Value::Ref(place)),
        (MeasurementField::Indicator, Value::text(&cell.indicator)),
        (MeasurementField::Period, Value::text(&cell.period)),
        (MeasurementField::Stratum, Value::text(&cell.stratum)),
        (MeasurementField::Source, Value::text(AGGREGATE)),
        (MeasurementField::Numerator, number(sum.numerator)),
        (MeasurementField::Denominator, number(sum.denominator)),
    ];
    let mut changes = Vec::new();
    for (field, value) in fields {
        let heads = known.heads(field.number());
        let says = match heads {
            [] => value.is_null(),
            [only] => only.value == value,
            _ => false,
        };
        if !says {
            changes.push(Change {
                kind: MEASUREMENT.number(),
                record: id,
                field: field.number(),
                value,
                seen: heads.iter().map(|head| head.dot).collect(),
            });
        }
    }
    changes
}

/// Everything that a facility counted is to be summed anew: it has moved from one district to another.
pub(crate) fn moved(
    tx: &dyn Tx,
    facility: RecordId,
    left: Option<RecordId>,
    now: u64,
) -> Result<()> {
    let scope = facility.as_scope();
    tx.set_aggregated(scope, 0, now)?;
    let Some(left) = left else { return Ok(()) };
    let records = tx
        .records(scope)?
        .into_iter()
        .filter(|(kind, _)| *kind == MEASUREMENT.number())
        .map(|(_, id)| id);
    let cells = cells_of(tx, scope, records, REGISTER)?;
    let sums = sums_of_facilities(tx, left, &cells)?;
    let Some(region) = tx.place(left)?.and_then(|place| place.parent) else {
        return Ok(());
    };
    put(tx, region, left, &sums, now)?;
    let sums = sums_of_districts(tx, region, &cells)?;
    if let Some(nation) = tx.place(region)?.and_then(|place| place.parent) {
        put(tx, nation, region, &sums, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_add_up_exactly() {
        let decimal = |text: &str| Decimal::of(&Value::decimal(text).unwrap()).unwrap();
        let sum = decimal("0.1").plus(decimal("0.2")).unwrap();
        assert_eq!(sum.value(), Value::decimal("0.3").unwrap());
        let sum = decimal("-12.5").plus(decimal("112")).unwrap();
        assert_eq!(sum.value(), Value::decimal("99.5").unwrap());
        assert_eq!(
            Decimal::of(&Value::Int(40)).unwrap().value(),
            Value::decimal("40").unwrap()
        );
        assert_eq!(Decimal::of(&Value::text("40")), None);
    }
}
