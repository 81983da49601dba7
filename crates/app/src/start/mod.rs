//! The first start, the language, and the practice folder.

use domain::ids::RecordId;
use domain::registry::{Kind, PersonField};
use domain::role::Role;
use domain::text::Language;
use domain::value::Value;
use serde::{Deserialize, Serialize};
use store::Writer;
use sync::log::SaveKind;
use zeroize::Zeroizing;

use crate::App;
use crate::accounts::{ChoosePin, NewKey, choose_pin, is_led, new_key, pin};
use crate::backups::{FellBack, fell_back};
use crate::commands::Nothing;
use crate::cx::{self, Author, Cx};
use crate::error::{AppError, Result};
use crate::permissions::{Permission, permissions};
use crate::places::{NewPlace, PlaceSummary, new_place_edits};
use crate::records::{self, edit};
use crate::sync_client::handed_in;

/// Someone who works with the app.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct PersonSummary {
    /// Their record.
    #[ts(type = "string")]
    pub id: RecordId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

/// Someone who works with the app, as colleagues see them.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct ListedPerson {
    /// Who.
    #[serde(flatten)]
    #[ts(flatten)]
    pub person: PersonSummary,
    /// Whether a telephone number of theirs is kept.
    pub phone: bool,
}

/// Whether work may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Entrance {
    /// Somebody is at work, or the first start is not over.
    Open,
    /// Somebody has to come in with their code.
    Locked,
    /// An older app asked for no code: one has to be chosen first.
    PinMissing,
    /// The database does not open: a backup can take its place.
    Rescue,
}

/// Where the app stands when a screen opens.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct StartState {
    /// The language of the interface.
    pub language: Language,
    /// Whether work may go on.
    pub entrance: Entrance,
    /// What becomes of the database's key; none when it stays.
    pub new_key: Option<NewKey>,
    /// Whether somebody has come in with their code, and can leave.
    pub locks: bool,
    /// Whether place, name and role are known.
    pub begun: bool,
    /// Whether this is the practice folder.
    pub practice: bool,
    /// Whether the server no longer believes this laptop, and what was on it has been handed in and has left.
    pub handed_in: bool,
    /// The database was found in an earlier state than it was left in, and nobody has read of it yet.
    pub fell_back: Option<FellBack>,
    /// Where this laptop works.
    pub place: Option<PlaceSummary>,
    /// Who is at it.
    pub person: Option<PersonSummary>,
    /// All their roles, that of the summary first.
    pub roles: Vec<Role>,
    /// What they may do.
    pub permissions: Vec<Permission>,
    /// Today, ISO.
    pub today: String,
    /// The last complete month, ISO.
    pub month: String,
    /// The app's version.
    pub version: String,
}

/// What the first start asks.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Begin {
    /// The language of the interface.
    pub language: Language,
    /// A place of the tree …
    #[ts(type = "string | null")]
    pub place: Option<RecordId>,
    /// … or a new one.
    pub new_place: Option<NewPlace>,
    /// The person's name.
    pub person_name: String,
    /// Their role.
    pub role: Role,
    /// The code that they will come in with.
    pub pin: String,
}

/// Chooses the language.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SetLanguage {
    /// The language of the interface.
    pub language: Language,
}

/// The word that is kept for a language.
pub fn language_word(language: Language) -> &'static str {
    match language {
        Language::Fr => "fr",
        Language::En => "en",
    }
}

/// Where the app stands.
pub fn start_state(app: &App, _: Nothing) -> Result<StartState> {
    let entrance = app.entrance()?;
    if matches!(entrance, Entrance::Locked | Entrance::Rescue) {
        let now_ms = (app.around.clock)();
        return Ok(StartState {
            entrance,
            new_key: new_key(app),
            locks: false,
            language: app.door_language(),
            begun: true,
            practice: false,
            handed_in: false,
            fell_back: None,
            place: None,
            person: None,
            roles: Vec::new(),
            permissions: Vec::new(),
            today: cx::day_of(now_ms).to_string(),
            month: cx::month_in_hand(now_ms).to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        });
    }
    let locks = app.whoever().is_some();
    let led = is_led(app)?;
    let new_key = new_key(app);
    let state = app.with(|cx| state_of(cx, entrance, locks, led))?;
    Ok(StartState { new_key, ..state })
}

fn state_of(cx: &Cx<'_>, entrance: Entrance, locks: bool, led: bool) -> Result<StartState> {
    let author = cx.author().ok();
    let (place, person) = match &author {
        Some(author) => (
            Some(cx.place_summary(author.home)?),
            Some(PersonSummary {
                id: author.person,
                name: cx.person(author.person)?.0,
                role: author.role,
            }),
        ),
        None => (None, None),
    };
    Ok(StartState {
        entrance,
        new_key: None,
        locks,
        language: cx.language()?,
        begun: author.is_some(),
        practice: cx.laptop.practice,
        handed_in: handed_in(cx)?,
        fell_back: fell_back(cx)?,
        place,
        person,
        roles: author
            .iter()
            .flat_map(|author| author.posts.iter().map(|(role, _)| *role))
            .collect(),
        permissions: match &author {
            Some(_) => permissions(cx, led)?,
            None => Vec::new(),
        },
        today: cx.today().to_string(),
        month: cx.month_in_hand().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Chooses the language of the interface, also of the screen on which nobody is known yet.
pub fn set_language(app: &App, request: SetLanguage) -> Result<StartState> {
    if !matches!(app.entrance()?, Entrance::Locked | Entrance::Rescue) {
        app.with(|cx| speak(cx, request.language))?;
    }
    if app.at_home() {
        app.set_door_language(request.language);
    }
    start_state(app, Nothing {})
}

/// Keeps the language of the interface.
pub fn speak(cx: &Cx<'_>, language: Language) -> Result<()> {
    Ok(cx
        .store()
        .set_meta("language", language_word(language).as_bytes())?)
}

/// Answers the questions of the first start. From then on the code that was chosen opens the laptop.
pub fn begin(app: &App, request: Begin) -> Result<StartState> {
    let pin = Zeroizing::new(request.pin.clone());
    if app.around.guard.is_some() {
        app.with(not_begun)?;
        pin::check(&pin)?;
    }
    app.with(|cx| begin_here(cx, request))?;
    match app.around.guard {
        Some(_) => choose_pin(
            app,
            ChoosePin {
                pin: pin.to_string(),
            },
        ),
        None => start_state(app, Nothing {}),
    }
}

fn not_begun(cx: &Cx<'_>) -> Result<()> {
    match cx.author() {
        Ok(_) => Err(AppError::new("already-begun")),
        Err(_) => Ok(()),
    }
}

/// Refuses a name that is none.
pub fn check_name(name: &str) -> Result<()> {
    match name.trim().chars().count() {
        0 => Err(AppError::new("name-missing")),
        1..=200 => Ok(()),
        length => Err(AppError::new("text-too-long")
            .with("length", length)
            .with("most", 200)),
    }
}

fn begin_here(cx: &Cx<'_>, request: Begin) -> Result<()> {
    not_begun(cx)?;
    check_name(&request.person_name)?;
    let (levels, unfit): (&[&str], _) = match request.role {
        Role::Member | Role::Lead => (
            &["facility", "village", "site"],
            AppError::new("team-needs-facility"),
        ),
        Role::Coach => (&["district"], AppError::new("coach-needs-district")),
        Role::Region => (&["region"], AppError::new("office-needs-its-place")),
        Role::Nation => (&["country"], AppError::new("office-needs-its-place")),
        Role::Partner => (
            &["region", "country"],
            AppError::new("office-needs-its-place"),
        ),
        Role::Administrator => return Err(AppError::new("administrator-has-no-laptop")),
    };
    let above = !matches!(request.role, Role::Member | Role::Lead);
    if let Some(place) = request.place
        && !levels.contains(&cx.place(place)?.level.as_str())
    {
        return Err(unfit);
    }
    if let Some(new) = &request.new_place {
        new.check(cx)?;
        if above {
            return Err(unfit);
        }
    }
    cx.write(|w| {
        let home = match (&request.new_place, request.place) {
            (Some(_), _) => w.new_record()?,
            (None, Some(place)) => place,
            (None, None) => return Err(AppError::new("place-missing")),
        };
        let person = w.new_record()?;
        let mut edits = match &request.new_place {
            Some(new) => new_place_edits(home, &new.name, &new.level, new.parent),
            None => Vec::new(),
        };
        edits.extend(person_edits(
            person,
            &request.person_name,
            request.role,
            home,
        ));
        // The first save of all: nobody is at the laptop before it, so it names its author itself.
        w.save(store::Draft {
            scope: home.as_scope(),
            author: person,
            grant: 0,
            kind: SaveKind::Edit,
            reason: None,
            edits,
        })?;
        remember(w, home, person, request.role)
    })?;
    speak(cx, request.language)
}

/// Makes the record of a colleague of `author`; answers it.
pub fn add_person(cx: &Cx<'_>, author: &Author, name: &str, role: Role) -> Result<RecordId> {
    let scope = cx.scope_of(author.home)?;
    cx.write(|w| {
        let person = w.new_record()?;
        let edits = person_edits(person, name.trim(), role, author.home);
        cx.save(w, scope, SaveKind::Edit, None, edits)?;
        Ok(person)
    })
}

/// Notes who is at this laptop, and where.
pub fn remember(w: &mut Writer<'_>, home: RecordId, person: RecordId, role: Role) -> Result<()> {
    w.set_meta("role", role.word().as_bytes())?;
    w.set_meta("person", person.as_bytes())?;
    Ok(w.set_meta("home_place", home.as_bytes())?)
}

/// Notes that a person has another record from now on: whoever came in as the old one works as the new one.
pub fn note_moved(w: &mut Writer<'_>, old: RecordId, new: RecordId) -> Result<()> {
    Ok(w.set_meta(&format!("moved_{old}"), new.as_bytes())?)
}

/// The record of someone who chose their code when it may have been another one.
pub fn person_now(cx: &Cx<'_>, person: RecordId) -> Result<RecordId> {
    let moved = cx.store().meta(&format!("moved_{person}"))?;
    Ok(moved
        .and_then(|bytes| RecordId::from_slice(&bytes).ok())
        .unwrap_or(person))
}

/// The edits that make a person.
pub fn person_edits(id: RecordId, name: &str, role: Role, place: RecordId) -> Vec<store::Edit> {
    let field = |field: PersonField, value| edit(Kind::Person, id, field.number(), value);
    vec![
        field(PersonField::Name, Value::text(name)),
        field(PersonField::Role, Value::text(role.word())),
        field(PersonField::Place, Value::Ref(place)),
    ]
}

/// The people known here.
pub fn people(cx: &Cx<'_>, _: Nothing) -> Result<Vec<ListedPerson>> {
    let known = "1 = 1 ORDER BY name";
    let people = cx
        .store()
        .read(|conn| records::queries::records(conn, Kind::Person, known, &[]))?;
    let colleague = |person: &records::queries::Record| ListedPerson {
        person: person_summary(person),
        phone: !person.value("phone").is_null(),
    };
    Ok(people.iter().map(colleague).collect())
}

/// Those of them who work at a place.
pub fn people_at(cx: &Cx<'_>, place: RecordId) -> Result<Vec<PersonSummary>> {
    let there = "place = ?1 ORDER BY name";
    let people = cx
        .store()
        .read(|conn| records::queries::records(conn, Kind::Person, there, &[place.as_bytes()]))?;
    Ok(people.iter().map(person_summary).collect())
}

fn person_summary(person: &records::queries::Record) -> PersonSummary {
    PersonSummary {
        id: person.id,
        name: person.text("name").unwrap_or_default(),
        role: person
            .text("role")
            .and_then(|word| Role::from_word(&word))
            .unwrap_or(Role::Member),
    }
}

/// A text that is about to be saved.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct TextAsked {
    /// As it was typed.
    pub text: String,
}

/// What in a text looks as if it named a patient. Nothing is kept of it, and nothing is refused.
pub fn doubts(_: &Cx<'_>, request: TextAsked) -> Result<Vec<domain::privacy::Doubt>> {
    Ok(domain::privacy::doubts(&request.text))
}
