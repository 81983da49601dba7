//! What each command needs, and whether whoever is inside may. The rule itself is [`domain::permission`]; the server holds
//! it against other laptops, this here among colleagues, and so that nobody is shown a way that ends in a refusal.

use domain::ids::{RecordId, ScopeId};
use domain::permission::{Action, Class, Holder, Matter, Post, allow};
use domain::registry::Kind;
use domain::role::Role;
use serde::Serialize;
use serde_json::Value as Json;

use crate::cx::{Author, Cx};
use crate::error::{AppError, Result};
use crate::records::queries::scope_of_record;

/// What a command needs.
#[derive(Debug, Clone, Copy)]
pub enum Needs {
    /// Nothing: it concerns this laptop, or whoever calls, alone.
    Nothing,
    /// Any one of these, there.
    Any(&'static [(Action, Class)], At),
    /// To change a record of the kind that the request names, which is the one that this field names.
    Change(&'static str),
    /// To write a field of such a record again as it was: what only some may say, only they say again.
    Restore(&'static str),
    /// At the place that the request names, to change records of every kind that it lists.
    ChangeAll,
}

/// Where a command works.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// At the place of this laptop.
    Home,
    /// At the place of this laptop, about whoever calls.
    Oneself,
    /// At any place below it.
    Below,
    /// At the place that this field of the request names, or at home when it names none.
    Place(&'static str),
    /// Where the record lies that this field of the request names.
    Record(&'static str),
    /// There too, about the person whose record it is.
    Person(&'static str),
}

/// To change the work of a place: its own people's, or as its coach, with a reason that it sees.
pub const CHANGES: &[(Action, Class)] =
    &[(Action::Write, Class::Work), (Action::Correct, Class::Work)];

/// To say how far a team has come: whoever leads it, and its coach, who alone chooses how figures are read.
pub const SCORES: &[(Action, Class)] = &[
    (Action::Validate, Class::Work),
    (Action::Write, Class::Method),
];

/// To say that a lesson is reviewed, or hand it on: whoever answers for what a team says.
pub const REVIEWS: &[(Action, Class)] = SCORES;

/// To see the lights of the method and the scores, which stay between a team and its coach.
pub const WORKS_AT_IT: &[(Action, Class)] =
    &[(Action::Write, Class::Work), (Action::Comment, Class::Work)];

/// Something that whoever is inside may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export)]
pub struct Permission {
    /// What.
    pub action: Action,
    /// With what.
    pub class: Class,
    /// Whether at a place below this laptop's own, or at that one itself.
    pub below: bool,
}

/// Everything that whoever is inside may do. `led` says whether anyone leads here: where nobody does, all do.
pub fn permissions(cx: &Cx<'_>, led: bool) -> Result<Vec<Permission>> {
    let author = cx.author()?;
    let home = path(cx, author.home)?;
    let below = under(&home);
    let posts = posts(cx, &author, led)?;
    let mut found = all_at(&author, &posts, &home, false);
    found.extend(all_at(&author, &posts, &below, true));
    Ok(found)
}

/// Everything that whoever is inside may do at a place other than home, where several roles of theirs make it another thing
/// than what they may below it.
pub fn permissions_at(cx: &Cx<'_>, place: RecordId) -> Result<Option<Vec<Permission>>> {
    let author = cx.author()?;
    if author.posts.len() < 2 || place == author.home {
        return Ok(None);
    }
    let posts = posts(cx, &author, true)?;
    Ok(Some(all_at(&author, &posts, &path(cx, place)?, true)))
}

fn all_at(author: &Author, posts: &[Post], at: &[RecordId], below: bool) -> Vec<Permission> {
    let mut found = Vec::new();
    for class in Class::ALL {
        for action in Action::ALL {
            if may(author, posts, action, class, at, false) {
                found.push(Permission {
                    action,
                    class,
                    below,
                });
            }
        }
    }
    found
}

/// Refuses what whoever is inside may not do. Before the first start nobody is, and nothing is kept yet.
///
/// # Errors
/// `only-the-team`, `only-the-lead`, `only-the-coach`, `only-the-office`: who may.
pub fn check(cx: &Cx<'_>, needs: Needs, request: &Json, led: bool) -> Result<()> {
    let named = |field: &str| {
        let id = request.get(field).and_then(Json::as_str);
        id.and_then(|id| id.parse::<RecordId>().ok())
    };
    let (any, at) = match needs {
        Needs::Nothing => return Ok(()),
        Needs::Any(any, at) => (any, at),
        Needs::Change(field) => (changes(request.get("kind")), At::Record(field)),
        Needs::Restore(field) => {
            let named = |name: &str| request.get(name).and_then(Json::as_str);
            let is_state = (named("kind"), named("field")) == (Some("lesson"), Some("state"));
            let any = if is_state {
                REVIEWS
            } else {
                changes(request.get("kind"))
            };
            (any, At::Record(field))
        }
        Needs::ChangeAll => {
            let records = request.get("records").and_then(Json::as_array);
            for one in records.into_iter().flatten() {
                let any = changes(one.get("kind"));
                // The rest is asked about once, below.
                if any != CHANGES {
                    check(cx, Needs::Any(any, At::Place("place")), request, led)?;
                }
            }
            (CHANGES, At::Place("place"))
        }
    };
    let Ok(author) = cx.author() else {
        return Ok(());
    };
    let home = path(cx, author.home)?;
    // A place or a record that is not here: the command has its own word for that.
    let there = match at {
        At::Home | At::Oneself => None,
        At::Below => Some(under(&home)),
        At::Place(field) => named(field).and_then(|place| path(cx, place).ok()),
        At::Record(field) | At::Person(field) => match named(field) {
            Some(id) => cx
                .store()
                .read(|conn| scope_of_record(conn, id))?
                .and_then(|scope| path(cx, scope.place()).ok()),
            None => None,
        },
    };
    let there = there.as_ref().unwrap_or(&home);
    let oneself = match at {
        At::Oneself => true,
        At::Person(field) => named(field) == Some(author.person),
        _ => false,
    };
    let posts = posts(cx, &author, led)?;
    let allowed = any
        .iter()
        .any(|(action, class)| may(&author, &posts, *action, *class, there, oneself));
    match allowed {
        true => Ok(()),
        false => Err(AppError::new(refusal(any, there))),
    }
}

/// Whether a laptop whose people hold these roles at these places may do one of these with what lies in a scope. A team shares its
/// laptop, so it may what any of the team may.
pub fn laptop_may(
    cx: &Cx<'_>,
    held: &[(Role, RecordId)],
    actions: &[Action],
    class: Class,
    scope: ScopeId,
) -> Result<bool> {
    let at = path(cx, scope.place())?;
    let mut posts = Vec::new();
    for (role, place) in held {
        let roles: &[Role] = match role {
            Role::Member | Role::Lead => &[Role::Member, Role::Lead],
            _ => &[*role],
        };
        // One that is held at a place which is not known here says nothing of places that are.
        let Ok(held) = path(cx, *place) else {
            continue;
        };
        posts.extend(roles.iter().map(|role| Post {
            role: *role,
            at: held.clone(),
        }));
    }
    let who = Holder {
        person: None,
        posts: &posts,
    };
    let what = Matter {
        class,
        at: &at,
        about: None,
    };
    Ok(actions.iter().any(|action| allow(who, *action, what)))
}

/// Whether whoever is inside may change the work that lies in a scope.
pub fn may_change(cx: &Cx<'_>, scope: ScopeId) -> Result<bool> {
    if cx.laptop.practice || !cx.may_write(scope)? {
        return Ok(cx.laptop.practice);
    }
    may_any(cx, CHANGES, scope)
}

/// Whether whoever is inside may change a record of a kind that lies in a scope.
pub fn may_change_kind(cx: &Cx<'_>, kind: Kind, scope: ScopeId) -> Result<bool> {
    Ok(cx.laptop.practice || may_any(cx, changes_of(kind), scope)?)
}

/// Whether whoever is inside may do any one of these with what lies in a scope.
pub fn may_any(cx: &Cx<'_>, any: &[(Action, Class)], scope: ScopeId) -> Result<bool> {
    let author = cx.author()?;
    let there = path(cx, scope.place())?;
    let posts = posts(cx, &author, true)?;
    let may =
        |(action, class): &(Action, Class)| may(&author, &posts, *action, *class, &there, false);
    Ok(any.iter().any(may))
}

/// Whether whoever is inside may do this with what lies in a scope.
pub fn may_there(cx: &Cx<'_>, action: Action, class: Class, scope: ScopeId) -> Result<bool> {
    let author = cx.author()?;
    let there = path(cx, scope.place())?;
    let posts = posts(cx, &author, true)?;
    Ok(may(&author, &posts, action, class, &there, false))
}

/// What it takes to change the record of a kind that a request names.
fn changes(kind: Option<&Json>) -> &'static [(Action, Class)] {
    let kind = kind.and_then(|kind| serde_json::from_value(kind.clone()).ok());
    kind.map_or(CHANGES, changes_of)
}

/// What it takes to change a record of a kind.
fn changes_of(kind: Kind) -> &'static [(Action, Class)] {
    match kind {
        Kind::Person => &[(Action::Write, Class::People)],
        Kind::Progress => SCORES,
        Kind::ChartSetting | Kind::ChecklistVersion | Kind::ChecklistPart => {
            &[(Action::Write, Class::Method)]
        }
        Kind::Visit | Kind::Answer | Kind::Recount => crate::supervision::VISITS,
        Kind::Comment | Kind::Opening => {
            &[(Action::Write, Class::Work), (Action::Comment, Class::Work)]
        }
        _ => CHANGES,
    }
}

fn may(
    author: &Author,
    posts: &[Post],
    action: Action,
    class: Class,
    at: &[RecordId],
    oneself: bool,
) -> bool {
    let who = Holder {
        person: Some(author.person),
        posts,
    };
    let about = oneself.then_some(author.person);
    allow(who, action, Matter { class, at, about })
}

/// The posts of whoever is inside. Where nobody leads, whoever works here answers for it.
fn posts(cx: &Cx<'_>, author: &Author, led: bool) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for (role, place) in &author.posts {
        let at = match path(cx, *place) {
            Ok(at) => at,
            Err(error) if *place == author.home => return Err(error),
            // Its record has not come yet.
            Err(_) => continue,
        };
        if *role == Role::Member && !led {
            let at = at.clone();
            posts.push(Post {
                role: Role::Lead,
                at,
            });
        }
        posts.push(Post { role: *role, at });
    }
    Ok(posts)
}

/// The code that says who may, where the one who asked may not.
fn refusal(any: &[(Action, Class)], at: &[RecordId]) -> &'static str {
    // From the nation down: whose place each step of the way is.
    let offices: [(usize, &[(Role, &'static str)]); 4] = [
        (
            4,
            &[
                (Role::Member, "only-the-team"),
                (Role::Lead, "only-the-lead"),
            ],
        ),
        (3, &[(Role::Coach, "only-the-coach")]),
        (2, &[(Role::Region, "only-the-office")]),
        (1, &[(Role::Nation, "only-the-office")]),
    ];
    for (length, roles) in offices {
        let Some(held) = at.get(..length) else {
            continue;
        };
        for (role, code) in roles {
            let posts = [Post {
                role: *role,
                at: held.to_vec(),
            }];
            let who = Holder {
                person: None,
                posts: &posts,
            };
            let may = |(action, class): &(Action, Class)| {
                let what = Matter {
                    class: *class,
                    at,
                    about: None,
                };
                allow(who, *action, what)
            };
            if any.iter().any(may) {
                return code;
            }
        }
    }
    "not-allowed-here"
}

/// A place with all above it, the nation first. What a village saves lies with its facility.
pub(crate) fn path(cx: &Cx<'_>, place: RecordId) -> Result<Vec<RecordId>> {
    let mut path = Vec::new();
    let mut next = Some(cx.scope_of(place)?.place());
    while let Some(place) = next.filter(|_| path.len() < 8) {
        path.push(place);
        next = cx.place(place).ok().and_then(|place| place.parent);
    }
    path.reverse();
    Ok(path)
}

/// A place below another, whichever.
fn under(home: &[RecordId]) -> Vec<RecordId> {
    [home, &[RecordId::natural(&[b"any place below"])]].concat()
}
