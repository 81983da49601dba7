//! The server was stolen and another stands in its place: by the word of the heir that this laptop was told of earlier it
//! believes the other one from then on, and the old one no more. Nothing that stands here is lost or asked again.

use std::collections::BTreeSet;

use domain::ids::ScopeId;
use sync::wire::{EnrolAnswer, Grant, Heir, MOST_SUCCESSIONS, Signed, Succession, WireError};

use super::intake::other_epoch;
use super::trust::readers;
use crate::cx::Cx;
use crate::error::{AppError, Result};

/// Who may name another server stands here in `meta`: the public key, then since which number in four bytes.
const HEIR: &str = "heir";
/// What bundles for the server are encrypted to, once an heir has named another one.
const SEAL: &str = "server_seal";
/// The statements that led here, to be handed on.
const SAID: &str = "successions";
/// How the server stands among those who write a scope.
const SERVER: &str = "server";
/// The parameter of an exchange in which another server key was taken over.
pub const SUCCESSOR: &str = "successor";
/// What answers is not the server, nor one that its heir has named.
pub const OTHER: &str = "server-other";
/// The code that was typed is for another place than this laptop's.
pub const ELSEWHERE: &str = "invitation-elsewhere";
/// It says that it stands in the server's place, and this laptop cannot tell.
pub const UNPROVEN: &str = "server-unproven";

/// The server's public key.
pub fn server_key(cx: &Cx<'_>) -> Result<Option<[u8; 32]>> {
    let key = cx.store().meta("server_key")?;
    Ok(key.and_then(|key| key.try_into().ok()))
}

/// The heir that this laptop was told of.
pub fn heir(cx: &Cx<'_>) -> Result<Option<Heir>> {
    let bytes = cx.store().meta(HEIR)?.unwrap_or_default();
    let (key, since) = bytes.split_at(bytes.len().min(32));
    let heir = key.try_into().ok().zip(since.try_into().ok());
    Ok(heir.map(|(key, since)| Heir {
        key,
        since: u32::from_le_bytes(since),
    }))
}

fn heir_bytes(heir: &Heir) -> Vec<u8> {
    [heir.key.as_slice(), &heir.since.to_le_bytes()].concat()
}

/// Keeps the heir that a grant of the server tells, when it is the first that this laptop hears of: another one comes only by that one's word.
pub fn told(cx: &Cx<'_>, grant: &Grant) -> Result<()> {
    match (heir(cx)?, grant.terms().heir) {
        (None, Some(heir)) => Ok(cx.store().set_meta(HEIR, &heir_bytes(&heir))?),
        _ => Ok(()),
    }
}

/// A person has enrolled this laptop: what was known of another server no longer counts. `by` is the grant that the server has signed.
pub fn begin(cx: &Cx<'_>, answer: &EnrolAnswer, by: &Grant) -> Result<()> {
    let said = packed(&successions(&answer.successions))?;
    cx.store().write(cx.now_ms, |w| {
        w.set_meta("server_key", &answer.server_key)?;
        w.set_meta(SEAL, &[])?;
        let heir = by.terms().heir.as_ref();
        w.set_meta(HEIR, &heir.map_or_else(Vec::new, heir_bytes))?;
        w.set_meta(SAID, &said)?;
        Ok::<_, AppError>(())
    })?;
    Ok(())
}

/// What bundles for the server are encrypted to, when another one stands in its place than the statements here may say.
pub fn seal(cx: &Cx<'_>) -> Result<Option<[u8; 32]>> {
    let seal = cx.store().meta(SEAL)?;
    Ok(seal.and_then(|seal| seal.try_into().ok()))
}

/// What was said of successions, to be handed on by stick.
pub fn said(cx: &Cx<'_>) -> Result<Vec<Signed>> {
    let Some(bytes) = cx.store().meta(SAID)? else {
        return Ok(Vec::new());
    };
    let damaged = || AppError::new("database-damaged");
    let said: Vec<Vec<u8>> = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let said = said.iter().map(|bytes| Signed::from_bytes(bytes));
    said.collect::<std::result::Result<_, _>>()
        .map_err(|_| damaged())
}

fn packed(said: &[Signed]) -> Result<Vec<u8>> {
    let failed = || AppError::new("store-failed");
    let said: std::result::Result<Vec<Vec<u8>>, WireError> =
        said.iter().map(Signed::to_bytes).collect();
    serde_json::to_vec(&said.map_err(|_| failed())?).map_err(|_| failed())
}

/// Those of these statements that speak of a succession, as whoever enrols this laptop tells them.
fn successions(statements: &[Signed]) -> Vec<Signed> {
    let numbered = statements.iter().filter_map(|signed| {
        let said = Succession::from_bytes(&signed.body).ok()?;
        Some((said.number, signed.clone()))
    });
    let mut numbered: Vec<(u32, Signed)> = numbered.collect();
    numbered.sort_by_key(|(number, _)| *number);
    numbered.dedup();
    numbered.truncate(MOST_SUCCESSIONS);
    numbered.into_iter().map(|(_, signed)| signed).collect()
}

/// Where statements lead from what is believed here.
struct Led {
    key: [u8; 32],
    heir: Heir,
    last: Succession,
    /// Those of them that led there, in their order. Of what an heir has not signed nothing is kept.
    by: Vec<Signed>,
}

fn lead(cx: &Cx<'_>, statements: &[Signed]) -> Result<Option<Led>> {
    let known = server_key(cx)?.zip(heir(cx)?);
    Ok(known.and_then(|(key, heir)| walk(key, heir, statements)))
}

fn walk(mut key: [u8; 32], mut heir: Heir, statements: &[Signed]) -> Option<Led> {
    let mut by = Vec::new();
    let mut led = None;
    for signed in statements {
        if let Some(last) = Succession::open(signed, &key, &heir) {
            key = last.after;
            heir = Heir {
                key: last.heir,
                since: last.number,
            };
            by.push(signed.clone());
            led = Some(last);
        }
    }
    led.map(|last| Led {
        key,
        heir,
        last,
        by,
    })
}

/// The server's public key, when these statements are heeded.
pub fn key_after(cx: &Cx<'_>, statements: &[Signed]) -> Result<Option<[u8; 32]>> {
    match lead(cx, statements)? {
        Some(led) => Ok(Some(led.key)),
        None => server_key(cx),
    }
}

/// Heeds what the heir has said, in its order, whoever brings it. Answers whether another key is the server's now.
pub fn follow(cx: &Cx<'_>, statements: &[Signed]) -> Result<bool> {
    let Some(led) = lead(cx, statements)? else {
        return Ok(false);
    };
    let Led {
        key,
        heir,
        last,
        by,
    } = led;
    let another = server_key(cx)? != Some(key);
    let mut all = said(cx)?;
    all.extend(by);
    // More than a server ever says: what led here last is what others need.
    let over = all.len().saturating_sub(MOST_SUCCESSIONS);
    let said = packed(&all[over..])?;
    // All of it or nothing: a key without its heir would believe no one after it.
    cx.store().write(cx.now_ms, |w| {
        w.set_meta("server_key", &key)?;
        w.set_meta(SEAL, &last.seal)?;
        w.set_meta(HEIR, &heir_bytes(&heir))?;
        w.set_meta(SAID, &said)?;
        if another {
            // What the old key signed stands until the new one has spoken, whatever numbers it gave itself.
            w.doubt_readers()?;
        }
        Ok::<_, AppError>(())
    })?;
    if another {
        // It is told that nothing it ever said is known here: the last answer came from the one whose place it takes.
        other_epoch(cx, &[0; 16])?;
        tracing::warn!("another server stands in the place of the one that was known");
    }
    Ok(another)
}

/// Heeds what an answer says of successions, and checks that the server which is believed then has signed it. Answers whether that
/// is another one than before.
///
/// # Errors
/// `server-replaced` when it is one that was believed earlier; `server-unproven` when it says that it stands in the server's place,
/// and no heir that is known here says so; `server-other` when it is neither.
pub fn proven(
    cx: &Cx<'_>,
    statements: &[Signed],
    is_signed_by: impl Fn(&[u8; 32]) -> bool,
) -> Result<bool> {
    let another = follow(cx, statements)?;
    let key = server_key(cx)?.ok_or_else(|| AppError::new("not-enrolled"))?;
    if is_signed_by(&key) {
        return Ok(another);
    }
    let known = said(cx)?;
    let mut before = known
        .iter()
        .filter_map(|signed| Succession::from_bytes(&signed.body).ok());
    if before.any(|said| said.before != key && is_signed_by(&said.before)) {
        return Err(AppError::new("server-replaced"));
    }
    let claims = statements.iter().any(|signed| {
        Succession::from_bytes(&signed.body).is_ok_and(|said| is_signed_by(&said.after))
    });
    Err(AppError::new(if claims { UNPROVEN } else { OTHER }))
}

/// Puts aside what a server that is no longer believed wrote of its own beyond what counts: it came in while it was.
/// What counts is the newest statement that is here, not any that is brought again.
pub fn let_go(cx: &Cx<'_>, scope: ScopeId) -> Result<()> {
    let store = cx.store();
    let Some(said) = readers(cx, scope)? else {
        return Ok(());
    };
    let held = store.vector(&BTreeSet::from([said.scope]))?;
    for gone in &said.revoked {
        let mut readers = said.readers.iter();
        let is_server = readers.any(|reader| {
            reader.role == SERVER && domain::ids::ReplicaId::of_key(&reader.key) == gone.replica
        });
        let until = gone.until.iter().find(|(scope, _)| *scope == said.scope);
        let Some((_, until)) = until.filter(|_| is_server) else {
            continue;
        };
        if held.get(said.scope, gone.replica) <= *until {
            continue;
        }
        match store.cut_back(said.scope, gone.replica, *until, cx.now_ms) {
            // A snapshot may stand for more of it: that state is kept as it is.
            Ok(_) | Err(store::Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// Whether a person may enrol this laptop anew: the server does not know it, takes it for one of another place by a code that was not
/// for this one, or stands in the place of one that it knew and cannot show that it may.
pub fn may_enrol_again(cx: &Cx<'_>) -> Result<bool> {
    let log = cx.store().exchanges(super::state::KEPT_IN_LOG)?;
    let mut of_server = log
        .iter()
        .filter(|one| one.kind == store::ExchangeKind::Server);
    let code = of_server.next().and_then(|one| one.code.as_deref());
    Ok(matches!(
        code,
        Some(UNPROVEN | ELSEWHERE | super::exchange::UNKNOWN)
    ))
}

#[cfg(test)]
mod tests {
    use sync::key::KeyPair;

    use super::*;

    fn key(n: u8) -> KeyPair {
        KeyPair::from_secret(&[n; 32])
    }

    fn said(number: u32, before: u8, by: u8) -> Signed {
        let after = key(before + 1);
        let said = Succession {
            number,
            before: key(before).public(),
            after: after.public(),
            seal: after.seal_public(),
            epoch: [9; 16],
            heir: key(8).public(),
        };
        said.sign(&key(by)).unwrap()
    }

    #[test]
    fn what_no_heir_has_signed_pushes_nothing_genuine_out() {
        let mut statements: Vec<Signed> = (2..42).map(|number| said(number, 1, 7)).collect();
        let genuine = [said(50, 1, 8), said(51, 2, 8)];
        statements.extend(genuine.clone());
        statements.push(said(52, 3, 7));
        let told = Heir {
            key: key(8).public(),
            since: 1,
        };
        let led = walk(key(1).public(), told, &statements).unwrap();
        assert_eq!(led.by, genuine);
        assert_eq!((led.key, led.heir.since), (key(3).public(), 51));
    }
}
