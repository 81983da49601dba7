//! The catalogue that ships with the app: indicators and the tree of regions and districts.
//!
//! The tables under `assets/catalog` are data with codes that never change meaning. They keep the
//! plain form in which they were handed over; French typography is set when they are read.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::measure::Part;
use crate::spc::chart::ChartKind;
use crate::text::{Localized, Match, find_any, typeset_french};

/// A service area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Area {
    /// Maternal, newborn and child health.
    Mnch,
    /// Family planning.
    Fp,
    /// Malaria.
    Malaria,
    /// Nutrition and anaemia.
    Nutrition,
    /// Quality of the health data.
    DataQuality,
    /// Human resources for health.
    Hrh,
    /// Work of community teams.
    Community,
}

impl Area {
    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mnch => "mnch",
            Self::Fp => "fp",
            Self::Malaria => "malaria",
            Self::Nutrition => "nutrition",
            Self::DataQuality => "data_quality",
            Self::Hrh => "hrh",
            Self::Community => "community",
        }
    }

    /// The area of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        use serde::de::value::{Error, StrDeserializer};
        Self::deserialize(StrDeserializer::<Error>::new(word)).ok()
    }
}

/// Where an indicator is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IndicatorLevel {
    /// In each health facility.
    Facility,
    /// Over the facilities of a district: a sum or a list, never an average of percentages.
    District,
    /// In a village or community health worker's site.
    Community,
}

/// How numerator and denominator belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IndicatorKind {
    /// The numerator is part of the denominator.
    Proportion,
    /// The numerator is not part of the denominator, or is counted per unit of it.
    Rate,
    /// A number of events; no denominator.
    Count,
    /// An elapsed time; no denominator.
    Time,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Best at [`Indicator::target`].
    Target,
    /// Neither: no goal, no ranking, no verdict. The choice belongs to the woman, or the count is surveillance.
    None,
}

/// How often an indicator is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Frequency {
    /// Each ISO week.
    Weekly,
    /// Each month.
    Monthly,
    /// Each quarter.
    Quarterly,
    /// Each year.
    Annual,
    /// When the event happens.
    Event,
}

impl Frequency {
    /// Every frequency, from the most often to the least, events last.
    pub const ALL: [Self; 5] = [
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Annual,
        Self::Event,
    ];

    /// By how many days after the end of a period its figures are to be reported: until then they may still change. A month's
    /// report counts as on time by the 5th of the next month, as the study of reports in Mali counted them; the other lengths
    /// follow their month. An event is reported when it happens.
    ///
    /// Source: the reporting rates of the national DHIS2 of Mali, MEASURE Evaluation 2019: received within five days.
    pub fn reporting_days(self) -> u32 {
        match self {
            // The week's notification goes out at its beginning, by telephone.
            Self::Weekly => 1,
            Self::Monthly | Self::Quarterly | Self::Annual => 5,
            Self::Event => 0,
        }
    }
}

/// Something that is counted, with its definition.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Indicator {
    /// Its lasting code, such as `MNCH-02`.
    pub code: String,
    /// A short code for the rows of sheets on paper, as lasting: `M2`.
    pub short: String,
    /// Its service area.
    pub area: Area,
    /// Where it is counted.
    pub level: IndicatorLevel,
    /// Its name.
    pub name: Localized,
    /// What the numerator counts.
    pub numerator: Localized,
    /// What the denominator counts; counts and times have none.
    pub denominator: Option<Localized>,
    /// How the two belong together.
    pub kind: IndicatorKind,
    /// The chart that suits it when there are enough data; the run chart serves until then.
    pub chart: ChartKind,
    /// Which way is better.
    pub direction: Direction,
    /// The best value, where [`Direction::Target`] asks for one.
    pub target: Option<f64>,
    /// The unit of its value, as people read it.
    pub unit: Localized,
    /// What numerator ÷ denominator is multiplied by: 100 for %, 1000 for « per 1000 births », else 1.
    pub multiplier: f64,
    /// How often it is counted.
    pub frequency: Frequency,
    /// Where its definition comes from.
    pub source: Localized,
    /// The version of its definition; one more with each change of what is counted. A change of wording is none.
    pub version: u16,
    /// The register in which it is counted, where that is common knowledge.
    pub register: Option<Localized>,
    /// The words above the register's column.
    pub column: Option<Localized>,
    /// What to count beside it, since a gain here may cost something there.
    pub balances: Vec<Balance>,
    /// From which numbers on its own chart has limits that can be relied on.
    pub small_numbers: SmallNumbers,
    /// Why it takes no goal, no ranking and no verdict; none for what has a better and a worse.
    pub no_goal: Option<NoGoal>,
    /// What its values follow besides the work, where that is common knowledge.
    pub follows: Option<Follows>,
    /// The data elements of DHIS2 whose sum is the numerator, where that is known.
    pub numerator_in_dhis2: Vec<Operand>,
    /// The same for the denominator.
    pub denominator_in_dhis2: Vec<Operand>,
    /// Whose own wording of numerator and denominator stands here; none where they are the catalogue's.
    pub variant: Option<Variant>,
}

/// A data element of a published DHIS2 package. A country that did not install the package may have given it another identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Operand {
    /// Its identifier, eleven signs.
    pub id: String,
    /// Its name in the package.
    pub name: String,
    /// The package and its version.
    pub package: String,
}

/// That a place counts a measure by its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Variant {
    /// The name of the place.
    pub place: String,
    /// Which of its versions this is, from 1.
    pub version: u32,
}

/// What the values of an indicator follow besides the work of those who are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Follows {
    /// The rains, and the malaria and diarrhoea that come with them.
    Rains,
    /// The months before the harvest, when food is short.
    HungerGap,
    /// A stock, so that each value depends on the one before.
    Stock,
}

impl Indicator {
    /// Whether a goal may be set for it.
    pub fn takes_goal(&self) -> bool {
        self.direction != Direction::None
    }
}

/// Why an indicator takes no goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NoGoal {
    /// The choice belongs to the woman.
    Choice,
    /// It tells of the disease, not of the care.
    Surveillance,
}

impl NoGoal {
    fn of(area: Area, direction: Direction) -> Option<Self> {
        (direction == Direction::None).then_some(match area {
            Area::Fp => Self::Choice,
            _ => Self::Surveillance,
        })
    }
}

/// A balancing measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Balance {
    /// The code of the indicator that may suffer.
    pub code: String,
    /// How it may suffer.
    pub why: Localized,
}

/// The numbers under which an indicator stays on the run chart; [`crate::spc::adviser`] holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SmallNumbers {
    /// On average five events a period, and five people without one.
    FiveEventsAndFiveOthers,
    /// On average five events a period.
    FiveEvents,
    /// Rare events: the time or the cases between two of them are charted instead.
    OneByOne,
    /// None: the run chart serves, or each value is a measurement of its own.
    NoLimit,
}

impl SmallNumbers {
    fn of(chart: ChartKind) -> Self {
        match chart {
            ChartKind::P | ChartKind::PPrime => Self::FiveEventsAndFiveOthers,
            ChartKind::U | ChartKind::UPrime => Self::FiveEvents,
            ChartKind::G | ChartKind::T => Self::OneByOne,
            _ => Self::NoLimit,
        }
    }
}

/// The level of a shipped place.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OrgLevel {
    /// The nation.
    Country,
    /// A region.
    Region,
    /// A health district.
    District,
}

impl OrgLevel {
    /// The word that stands in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::District => "district",
        }
    }
}

/// A shipped place: the country, a region or a health district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct OrgUnit {
    /// Its lasting code in this catalogue. Not an official code.
    pub code: String,
    /// The code of the place above; the country has none.
    pub parent_code: Option<String>,
    /// Its level.
    pub level: OrgLevel,
    /// Its name.
    pub name: String,
    /// Other spellings and names.
    pub aliases: Vec<String>,
}

/// A table of the catalogue does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A row does not have the expected columns or words.
    #[error("{table}: {source}")]
    Row {
        /// Which table.
        table: &'static str,
        /// What the reader found.
        source: csv::Error,
    },
    /// A row speaks of something that stands nowhere, or the same code stands twice.
    #[error("{table}: {code}")]
    Code {
        /// Which table.
        table: &'static str,
        /// The word in question.
        code: String,
    },
}

/// Every indicator, in the order of the catalogue.
pub fn indicators() -> &'static [Indicator] {
    &CATALOG.indicators
}

/// The indicator of a code.
pub fn indicator(code: &str) -> Option<&'static Indicator> {
    CATALOG
        .indicator_at
        .get(code)
        .map(|&at| &CATALOG.indicators[at])
}

/// What to count beside measures of which none balances another; nothing once one does.
///
/// ```
/// use domain::catalog::balance_for;
/// assert!(balance_for(&["MNCH-02"]).is_some_and(|balance| balance.code == "MNCH-03"));
/// assert!(balance_for(&["MNCH-02", "MNCH-03"]).is_none());
/// ```
pub fn balance_for(codes: &[&str]) -> Option<&'static Balance> {
    let mut suggested = codes
        .iter()
        .filter_map(|code| indicator(code))
        .flat_map(|followed| &followed.balances)
        .peekable();
    let first = suggested.peek().copied();
    if suggested.any(|balance| codes.contains(&balance.code.as_str())) {
        return None;
    }
    first
}

/// Every shipped place, parents before children.
pub fn org_units() -> &'static [OrgUnit] {
    &CATALOG.org_units
}

/// The shipped places that answer what was typed, by name, alias or code, the best first and those of
/// equal rank from the nation down and in the order of the catalogue.
pub fn search_org_units(typed: &str) -> Vec<(Match, &'static OrgUnit)> {
    let mut found: Vec<_> = org_units()
        .iter()
        .filter_map(|unit| {
            let names = unit.aliases.iter().chain([&unit.name, &unit.code]);
            find_any(typed, names.map(String::as_str)).map(|rank| (rank, unit))
        })
        .collect();
    found.sort_by_key(|(rank, unit)| (*rank, unit.level));
    found
}

struct Catalog {
    indicators: Vec<Indicator>,
    indicator_at: HashMap<String, usize>,
    org_units: Vec<OrgUnit>,
}

#[allow(
    clippy::expect_used,
    reason = "the tables are compiled in, and a test reads every row of them"
)]
static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::read().expect("the catalogue that is compiled in"));

impl Catalog {
    fn read() -> Result<Self, CatalogError> {
        let indicators = read_indicators()?;
        let at = indicators
            .iter()
            .enumerate()
            .map(|(at, i)| (i.code.clone(), at));
        Ok(Self {
            indicator_at: at.collect(),
            indicators,
            org_units: read_org_units()?,
        })
    }
}

macro_rules! table {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../assets/catalog/",
                $name
            )),
        )
    };
}

pub(crate) use table;

/// A table that is compiled in: its name and its text.
pub(crate) type Table = (&'static str, &'static str);

const INDICATORS: Table = table!("indicators.csv");
const UNITS: Table = table!("units.csv");
const REGISTERS: Table = table!("registers.csv");
const BALANCES: Table = table!("balances.csv");
const ORG_UNITS: Table = table!("org-units.csv");
const FOLLOWS: Table = table!("follows.csv");
const OPERANDS: Table = table!("operands.csv");
const ALIASES: Table = table!("org-unit-aliases.csv");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorRow {
    code: String,
    area: Area,
    level: IndicatorLevel,
    name_en: String,
    name_fr: String,
    numerator_en: String,
    numerator_fr: String,
    denominator_en: String,
    denominator_fr: String,
    kind: IndicatorKind,
    chart: ChartKind,
    direction: Direction,
    unit: String,
    frequency: Frequency,
    source: String,
    version: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    unit: String,
    unit_fr: String,
    unit_en: String,
    multiplier: f64,
    target: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterRow {
    code: String,
    register_fr: String,
    register_en: String,
    column_fr: String,
    column_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowsRow {
    code: String,
    follows: Follows,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperandRow {
    code: String,
    part: Part,
    id: String,
    name: String,
    package: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BalanceRow {
    code: String,
    with: String,
    why_fr: String,
    why_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrgUnitRow {
    code: String,
    parent_code: Option<String>,
    level: OrgLevel,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AliasRow {
    code: String,
    alias: String,
}

/// The rows of a table.
pub(crate) fn read_rows<Row: DeserializeOwned>(
    (table, text): Table,
) -> Result<Vec<Row>, CatalogError> {
    let rows = csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>();
    rows.map_err(|source| CatalogError::Row { table, source })
}

/// Rows by their code, which may stand only once.
fn read_by_code<Row: DeserializeOwned>(
    table: Table,
    code: impl Fn(&Row) -> &str,
) -> Result<HashMap<String, Row>, CatalogError> {
    let mut rows = HashMap::new();
    for row in read_rows::<Row>(table)? {
        let key = code(&row).to_owned();
        if rows.insert(key.clone(), row).is_some() {
            return Err(CatalogError::Code {
                table: table.0,
                code: key,
            });
        }
    }
    Ok(rows)
}

fn read_indicators() -> Result<Vec<Indicator>, CatalogError> {
    let units = read_by_code::<UnitRow>(UNITS, |row| &row.unit)?;
    let mut registers = read_by_code::<RegisterRow>(REGISTERS, |row| &row.code)?;
    let mut follows = read_by_code::<FollowsRow>(FOLLOWS, |row| &row.code)?;
    let mut seen = HashMap::new();
    let mut indicators = Vec::new();
    for row in read_rows::<IndicatorRow>(INDICATORS)? {
        if seen.insert(row.code.clone(), ()).is_some() {
            return Err(CatalogError::Code {
                table: INDICATORS.0,
                code: row.code,
            });
        }
        let unit = units.get(&row.unit).ok_or(CatalogError::Code {
            table: UNITS.0,
            code: row.unit,
        })?;
        let (register, column) = match registers.remove(&row.code) {
            Some(row) => (
                localized(&row.register_fr, &row.register_en),
                localized(&row.column_fr, &row.column_en),
            ),
            None => (None, None),
        };
        indicators.push(Indicator {
            follows: follows.remove(&row.code).map(|row| row.follows),
            variant: None,
            numerator_in_dhis2: Vec::new(),
            denominator_in_dhis2: Vec::new(),
            short: short_code(row.area, &row.code),
            code: row.code,
            area: row.area,
            level: row.level,
            name: set(&row.name_fr, &row.name_en),
            numerator: set(&row.numerator_fr, &row.numerator_en),
            denominator: localized(&row.denominator_fr, &row.denominator_en),
            kind: row.kind,
            chart: row.chart,
            direction: row.direction,
            target: unit.target,
            unit: set(&unit.unit_fr, &unit.unit_en),
            multiplier: unit.multiplier,
            frequency: row.frequency,
            source: source(&row.source),
            version: row.version,
            register,
            column,
            balances: Vec::new(),
            small_numbers: SmallNumbers::of(row.chart),
            no_goal: NoGoal::of(row.area, row.direction),
        });
    }
    for row in read_rows::<BalanceRow>(BALANCES)? {
        let known = |code: &str| indicators.iter().position(|i| i.code == code);
        let (Some(at), Some(_)) = (known(&row.code), known(&row.with)) else {
            return Err(CatalogError::Code {
                table: BALANCES.0,
                code: row.code,
            });
        };
        indicators[at].balances.push(Balance {
            code: row.with,
            why: set(&row.why_fr, &row.why_en),
        });
    }
    for row in read_rows::<OperandRow>(OPERANDS)? {
        let Some(of) = indicators.iter_mut().find(|i| i.code == row.code) else {
            return Err(CatalogError::Code {
                table: OPERANDS.0,
                code: row.code,
            });
        };
        let operands = match row.part {
            Part::Numerator => &mut of.numerator_in_dhis2,
            Part::Denominator => &mut of.denominator_in_dhis2,
        };
        operands.push(Operand {
            id: row.id,
            name: row.name,
            package: row.package,
        });
    }
    if let Some(code) = follows.into_keys().next() {
        return Err(CatalogError::Code {
            table: FOLLOWS.0,
            code,
        });
    }
    match registers.into_keys().next() {
        Some(code) => Err(CatalogError::Code {
            table: REGISTERS.0,
            code,
        }),
        None => Ok(indicators),
    }
}

fn read_org_units() -> Result<Vec<OrgUnit>, CatalogError> {
    let mut units: Vec<OrgUnit> = Vec::new();
    for row in read_rows::<OrgUnitRow>(ORG_UNITS)? {
        let has_parent = row
            .parent_code
            .as_ref()
            .is_none_or(|code| units.iter().any(|unit| unit.code == *code));
        if !has_parent || units.iter().any(|unit| unit.code == row.code) {
            return Err(CatalogError::Code {
                table: ORG_UNITS.0,
                code: row.code,
            });
        }
        units.push(OrgUnit {
            code: row.code,
            parent_code: row.parent_code,
            level: row.level,
            name: typeset_french(&row.name),
            aliases: Vec::new(),
        });
    }
    for row in read_rows::<AliasRow>(ALIASES)? {
        let unit = units.iter_mut().find(|unit| unit.code == row.code);
        let unit = unit.ok_or(CatalogError::Code {
            table: ALIASES.0,
            code: row.code,
        })?;
        unit.aliases.push(typeset_french(&row.alias));
    }
    Ok(units)
}

/// A text of the catalogue in both languages, as it is printed.
pub(crate) fn set(fr: &str, en: &str) -> Localized {
    Localized::new(typeset_french(fr), en.replace('\'', "’"))
}

/// The area's letter and the number in the code. No two areas share a letter, and P is for « paludisme ».
fn short_code(area: Area, code: &str) -> String {
    let letter = match area {
        Area::Mnch => 'M',
        Area::Fp => 'F',
        Area::Malaria => 'P',
        Area::Nutrition => 'N',
        Area::DataQuality => 'D',
        Area::Hrh => 'R',
        Area::Community => 'C',
    };
    let number = code.rsplit('-').next().unwrap_or(code);
    format!("{letter}{}", number.trim_start_matches('0'))
}

/// Where a definition comes from: names stay as they are, what is said of them is said in both languages.
fn source(text: &str) -> Localized {
    let french = [
        (
            "common practice, unsourced",
            "pratique courante, sans source écrite",
        ),
        (
            "topic sourced; definition recalled",
            "thème de cette source ; définition de mémoire",
        ),
        (
            "metric sourced; bounds recalled",
            "mesure de cette source ; bornes de mémoire",
        ),
        ("routine malaria system", "système de routine du paludisme"),
        ("monitoring framework", "cadre de suivi"),
        (
            "data quality review toolkit",
            "outils de revue de la qualité des données",
        ),
        ("experience report", "rapport d'expérience"),
    ];
    let said = french
        .iter()
        .fold(text.to_owned(), |said, (en, fr)| said.replace(en, fr));
    set(&said, text)
}

/// Nothing where both languages are silent.
fn localized(fr: &str, en: &str) -> Option<Localized> {
    (!fr.is_empty() || !en.is_empty()).then(|| set(fr, en))
}

#[cfg(test)]
mod tests;
