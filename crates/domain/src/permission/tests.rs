use super::*;
use crate::ids::RecordId;

/// A tree: nation, two regions, two districts each, two facilities each, two villages each.
fn tree() -> Vec<Vec<RecordId>> {
    let mut places = vec![vec![id(&[0])]];
    let mut level = places.clone();
    for _ in 0..4 {
        let mut next = Vec::new();
        for place in &level {
            for child in 1..=2u8 {
                let mut path = place.clone();
                let mut name: Vec<u8> = vec![u8::try_from(path.len()).unwrap(), child];
                name.extend(path.last().unwrap().as_bytes());
                path.push(id(&name));
                next.push(path);
            }
        }
        places.extend(next.clone());
        level = next;
    }
    places
}

fn id(name: &[u8]) -> RecordId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(name).as_bytes()[..16]);
    RecordId::from_bytes(bytes)
}

const ROLES: [Role; 7] = [
    Role::Member,
    Role::Lead,
    Role::Coach,
    Role::Region,
    Role::Nation,
    Role::Administrator,
    Role::Partner,
];

/// The same rule told another way: role by role as people would say it, by counting steps in the tree, with no table.
fn told(post: &Post, person: Option<RecordId>, action: Action, what: Matter<'_>) -> bool {
    let common = post
        .at
        .iter()
        .zip(what.at)
        .take_while(|(a, b)| a == b)
        .count();
    if post.at.is_empty() || what.at.is_empty() {
        return false;
    }
    let up = post.at.len() - common;
    let down = what.at.len() - common;
    let same = up == 0 && down == 0;
    let under = up == 0 && down > 0;
    let inside = up == 0;
    let over = up > 0 && down == 0;

    let looks = action == Action::Read;
    if what.class == Class::Reference && looks {
        return true;
    }
    if looks && what.class == Class::Audit && same && person.is_some() && person == what.about {
        return true;
    }
    let climbs = !matches!(
        post.role,
        Role::Nation | Role::Administrator | Role::Partner
    );
    let climbing = [Class::Work, Class::Sums, Class::Method];
    if looks && over && climbs && climbing.contains(&what.class) {
        return true;
    }
    match post.role {
        Role::Member | Role::Lead if same => {
            let lead = post.role == Role::Lead;
            match what.class {
                Class::Work => {
                    looks || action == Action::Write || lead && action == Action::Validate
                }
                Class::Visit => looks || action == Action::Answer,
                Class::Staff if lead => looks || action == Action::Write,
                Class::Staff => looks && person.is_some() && person == what.about,
                Class::People => {
                    let own = person.is_some() && person == what.about;
                    looks
                        || action == Action::Write && (lead || own)
                        || action == Action::ResetPin && lead
                }
                Class::Devices => looks,
                Class::Audit => lead && looks,
                // Whoever is measured does not choose how it is read.
                Class::Method => looks,
                Class::Sums | Class::Reference => false,
            }
        }
        Role::Coach if inside => match what.class {
            Class::Work if under => looks || action == Action::Comment || action == Action::Correct,
            Class::Work | Class::Visit | Class::Method => looks || action == Action::Write,
            Class::Sums | Class::Staff | Class::Audit => looks,
            Class::People => looks || action == Action::Write || action == Action::ResetPin,
            Class::Devices => {
                looks
                    || action == Action::Enrol
                    || action == Action::Revoke
                    || action == Action::Recover
            }
            Class::Reference => false,
        },
        Role::Region | Role::Nation => {
            let nation = post.role == Role::Nation;
            match what.class {
                Class::Work | Class::Method => inside && looks || same && action == Action::Write,
                Class::Sums => inside && looks,
                Class::Visit => !nation && inside && looks,
                Class::People => {
                    same && (looks || action == Action::Write || action == Action::ResetPin)
                }
                Class::Devices => inside && (looks || nation && action == Action::Recover),
                Class::Audit => same && looks,
                Class::Reference if nation => action == Action::Write,
                Class::Reference => same && action == Action::Propose,
                Class::Staff => false,
            }
        }
        Role::Administrator => match what.class {
            Class::People => looks || action == Action::Write || action == Action::ResetPin,
            Class::Devices => looks || action == Action::Enrol || action == Action::Revoke,
            Class::Audit => looks,
            _ => false,
        },
        Role::Partner => match what.class {
            Class::Sums => inside && looks,
            Class::People => {
                same && (looks || action == Action::Write || action == Action::ResetPin)
            }
            _ => false,
        },
        Role::Member | Role::Lead | Role::Coach => false,
    }
}

#[test]
fn the_table_says_what_people_say() {
    let places = tree();
    let people: Vec<RecordId> = (0..3u8).map(|n| id(&[9, n])).collect();
    let mut draw = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = |of: usize| {
        draw ^= draw << 13;
        draw ^= draw >> 7;
        draw ^= draw << 17;
        usize::try_from(draw % u64::try_from(of).unwrap()).unwrap()
    };
    let (mut allowed, mut by_several) = (0, 0);
    for case in 0..100_000 {
        // Nobody in particular, or a person who holds up to four roles, at one place or at several.
        let posts: Vec<Post> = (0..pick(5))
            .map(|_| Post {
                role: ROLES[pick(ROLES.len())],
                // A road that was cut names no place at all.
                at: match pick(40) {
                    0 => Vec::new(),
                    _ => places[pick(places.len())].clone(),
                },
            })
            .collect();
        let person = [None, Some(people[pick(3)])][pick(2)];
        let near = posts.first().map(|post| post.at.clone());
        let at = match (pick(3), near) {
            (0, Some(near)) => near,
            (1, Some(near)) => {
                let below: Vec<_> = places.iter().filter(|p| p.starts_with(&near)).collect();
                below[pick(below.len())].clone()
            }
            _ => places[pick(places.len())].clone(),
        };
        let what = Matter {
            class: Class::ALL[pick(Class::ALL.len())],
            at: &at,
            about: [None, Some(people[pick(3)])][pick(2)],
        };
        let action = Action::ALL[pick(Action::ALL.len())];
        let who = Holder {
            person,
            posts: &posts,
        };
        let expected = posts.iter().any(|post| told(post, person, action, what));
        assert_eq!(
            allow(who, action, what),
            expected,
            "case {case}: {who:?} {action:?} {what:?}"
        );
        allowed += usize::from(expected);
        let by_first = posts
            .first()
            .is_some_and(|first| told(first, person, action, what));
        by_several += usize::from(expected && !by_first);
    }
    // Neither nothing nor everything, or the comparison would say little; and often enough a further role decides.
    assert!((5_000..60_000).contains(&allowed), "{allowed} allowed");
    assert!(by_several > 1_000, "{by_several} by a further role");
}

#[test]
fn no_role_means_nothing_and_several_add_up() {
    let places = tree();
    let (nation, facility) = (&places[0], places.iter().find(|p| p.len() == 4).unwrap());
    let what = |class| Matter {
        class,
        at: facility,
        about: None,
    };
    for class in Class::ALL {
        for action in Action::ALL {
            let nobody = Holder {
                person: None,
                posts: &[],
            };
            assert!(!allow(nobody, action, what(class)), "{action:?} {class:?}");
        }
    }
    let post = |role, at: &Vec<RecordId>| Post {
        role,
        at: at.clone(),
    };
    let both = [
        post(Role::Administrator, nation),
        post(Role::Member, facility),
    ];
    let who = |posts| Holder {
        person: None,
        posts,
    };
    assert!(!allow(who(&both[..1]), Action::Write, what(Class::Work)));
    assert!(allow(who(&both), Action::Write, what(Class::Work)));
    assert!(allow(who(&both), Action::Revoke, what(Class::Devices)));
}

#[test]
fn a_partner_writes_no_work_anywhere() {
    let places = tree();
    for (held, at) in places
        .iter()
        .flat_map(|held| places.iter().map(move |at| (held, at)))
    {
        let posts = [Post {
            role: Role::Partner,
            at: held.clone(),
        }];
        let who = Holder {
            person: None,
            posts: &posts,
        };
        for kind in Kind::ALL {
            let what = Matter {
                class: Class::of(*kind),
                at,
                about: None,
            };
            assert_eq!(
                may_write(who, what),
                *kind == Kind::Person && held == at,
                "{kind:?}"
            );
        }
    }
}
