//! The keys of sealed texts on their way: what is brought, what is lacking, and who may have them.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{RecordId, ReplicaId, ScopeId};
use domain::permission::{Action, Class};
use domain::registry::Kind;
use domain::role::Role;
use sync::bundle::{Contents, MAX_RECIPIENTS};
use sync::sealing::{Erase, RecordKey, by_readers, open_keys, pack_keys};
use sync::wire::{Grant, SyncAnswer, SyncRequest};

use super::grants;
use super::trust::{Recipient, Trust, readers};
use crate::cx::Cx;
use crate::error::{AppError, Result};
use crate::permissions::laptop_may;

/// The kinds that have sealed texts or pictures: they look otherwise once a key comes or is gone.
const SEALED_IN: [Kind; 3] = [Kind::Comment, Kind::Person, Kind::Picture];
/// Keys in one request, brought as well as asked for.
const MOST: usize = 1_000;

/// What was already brought and asked for in an exchange, so that it is not repeated for ever.
#[derive(Debug, Default)]
pub struct Told {
    names: BTreeSet<RecordId>,
}

/// What a request says of keys.
#[derive(Debug, Default)]
pub struct Says {
    /// Keys for the server.
    pub keys: Vec<u8>,
    /// Keys that this laptop lacks and may have.
    pub wants: Vec<(ScopeId, RecordId)>,
    /// Keys to be destroyed.
    pub erase: Vec<Erase>,
}

/// What the next request says of keys.
pub fn says(cx: &Cx<'_>, grant: &Grant, told: &Told) -> Result<Says> {
    let store = cx.store();
    let mut says = Says::default();
    let mut bring = to_bring(cx, grant, told)?;
    bring.truncate(MOST);
    if !bring.is_empty()
        && let Some(seal) = server_seal(cx, grant)?
    {
        says.keys = pack_keys(&bring, &[seal]).map_err(|_| AppError::new("request-invalid"))?;
    }
    for lack in store.keys_lacking()? {
        let asked = told.names.contains(&lack.key) || says.wants.len() >= MOST;
        if !asked && grant.may_read(lack.scope) && may_have_here(cx, lack.class, lack.scope)? {
            says.wants.push((lack.scope, lack.key));
        }
    }
    says.erase = store.erasures_owed()?;
    says.erase
        .retain(|one| grant.may_write(one.scope) && !told.names.contains(&one.key));
    says.erase.truncate(MOST);
    Ok(says)
}

/// Keys that the server has not said it holds: of scopes in reach, and of those that leave, whose work is handed in.
fn to_bring(cx: &Cx<'_>, grant: &Grant, told: &Told) -> Result<Vec<RecordKey>> {
    let mut keys = cx.store().keys_to_bring()?;
    let leaving = grants::leaving(cx)?;
    keys.retain(|key| grant.may_read(key.scope) || leaving.contains(&key.scope));
    keys.retain(|key| !told.names.contains(&key.id()));
    Ok(keys)
}

/// The scopes of which keys are brought with the next request.
pub fn still_to_bring(cx: &Cx<'_>, grant: &Grant, told: &Told) -> Result<BTreeSet<ScopeId>> {
    if server_seal(cx, grant)?.is_none() {
        return Ok(BTreeSet::new());
    }
    let keys = to_bring(cx, grant, told)?;
    Ok(keys.iter().map(|key| key.scope).collect())
}

/// Notes what a request said of keys, once its answer is here.
pub fn told(
    cx: &Cx<'_>,
    request: &SyncRequest,
    answer: &SyncAnswer,
    told: &mut Told,
) -> Result<()> {
    told.names.extend(request.wants.iter().map(|(_, key)| *key));
    told.names.extend(request.erase.iter().map(|one| one.key));
    if !request.keys.is_empty() && answer.keys_held.is_empty() {
        // A server that knows of no keys yet, or takes none of these.
        let left = cx.store().keys_to_bring()?;
        told.names.extend(left.iter().map(RecordKey::id));
    }
    Ok(())
}

/// Whether there is more to say than was said in this exchange.
pub fn more(cx: &Cx<'_>, grant: &Grant, told: &Told) -> Result<bool> {
    let says = says(cx, grant, told)?;
    Ok(!(says.keys.is_empty() && says.wants.is_empty() && says.erase.is_empty()))
}

/// What bundles and keys for the server are sealed to, as any of its statements says.
fn server_seal(cx: &Cx<'_>, grant: &Grant) -> Result<Option<[u8; 32]>> {
    for granted in &grant.terms().scopes {
        if let Some(said) = readers(cx, granted.scope)? {
            return Ok(Some(said.server_seal));
        }
    }
    Ok(None)
}

/// Takes the keys that an answer brings, and what it says of those that were brought.
pub fn answered(cx: &Cx<'_>, answer: &SyncAnswer) -> Result<()> {
    cx.store().keys_held(&answer.keys_held)?;
    take_all(cx, answer)
}

/// Takes those keys of an answer that fit what is here by now.
pub fn take_all(cx: &Cx<'_>, answer: &SyncAnswer) -> Result<()> {
    match open_keys(&answer.keys, 1, &cx.store().key()) {
        Ok(keys) => take(cx, &keys, true),
        Err(error) => {
            tracing::warn!(%error, "keys that do not open");
            Ok(())
        }
    }
}

/// Takes those keys that a text here is sealed with and that this laptop may have. A key is known by its name, which is a
/// hash of it: whoever brings it, it is the right one or none.
fn take(cx: &Cx<'_>, keys: &[RecordKey], held: bool) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let lacking: BTreeMap<RecordId, _> = cx
        .store()
        .keys_lacking()?
        .into_iter()
        .map(|lack| (lack.key, lack))
        .collect();
    let mut fitting = Vec::new();
    for key in keys {
        let Some(lack) = lacking.get(&key.id()) else {
            continue;
        };
        let fits = (lack.scope, lack.record) == (key.scope, key.record)
            && lack.class.word() == Some(key.class.as_str());
        if fits && may_have_here(cx, lack.class, lack.scope)? {
            fitting.push(key.clone());
        }
    }
    if cx.store().take_keys(&fitting, held)? {
        (cx.changed)(&BTreeSet::from(SEALED_IN));
    }
    Ok(())
}

fn may_have_here(cx: &Cx<'_>, class: Class, scope: ScopeId) -> Result<bool> {
    let author = cx.author_here()?;
    let mut posts = vec![(author.role, author.home)];
    if let Some(grant) = cx.grant()? {
        let terms = grant.terms();
        // Where it works is what this laptop says, also while it moves.
        let role = Role::from_word(&terms.role).unwrap_or(author.role);
        posts = vec![(role, author.home)];
        posts.extend(terms.further());
    }
    laptop_may(cx, &posts, &[Action::Read], class, scope)
}

/// The keys of scopes for a bundle: each list for those alone who may have them.
pub fn for_bundle(
    cx: &Cx<'_>,
    scopes: &BTreeSet<ScopeId>,
    recipients: &[Recipient],
) -> Result<Vec<Vec<u8>>> {
    let mut keys = cx.store().keys()?;
    keys.retain(|key| scopes.contains(&key.scope));
    let lists = by_readers(keys, |class, scope| {
        let mut seals = Vec::new();
        for recipient in recipients {
            // The server keeps them for those who come later.
            if recipient.replica.is_none()
                || laptop_may(cx, &recipient.posts, &[Action::Read], class, scope)?
            {
                seals.push(recipient.seal);
            }
        }
        Ok::<_, AppError>(seals)
    })?;
    let packed = lists
        .iter()
        .map(|(seals, keys)| pack_keys(keys, seals).map_err(|_| AppError::new("request-invalid")));
    let mut packed = packed.collect::<Result<Vec<_>>>()?;
    // Whom a list is for may have told no key that can be sealed to.
    packed.retain(|list| !list.is_empty());
    Ok(packed)
}

/// What of a bundle's scopes is to be destroyed and no statement of the server names yet.
pub fn erasures(cx: &Cx<'_>, scopes: &BTreeSet<ScopeId>) -> Result<Vec<Erase>> {
    let mut owed = cx.store().erasures_owed()?;
    owed.retain(|one| scopes.contains(&one.scope));
    Ok(owed)
}

/// Takes what a bundle brings of keys, once its segments stand here: first what is to be destroyed.
pub fn received(cx: &Cx<'_>, trust: &Trust, contents: &Contents, sender: ReplicaId) -> Result<()> {
    const WRITES: [Action; 2] = [Action::Write, Action::Comment];
    let classes: BTreeMap<RecordId, Class> = cx
        .store()
        .keys()?
        .into_iter()
        .filter_map(|key| Some((key.id(), Class::from_word(&key.class)?)))
        .collect();
    for wanted in &contents.erase {
        let believed = trust.judge(cx, wanted.scope, sender, u64::MAX)?.is_ok();
        let posts = trust.posts_of(cx, wanted.scope, sender)?;
        if !believed {
            continue;
        }
        let of = match classes.get(&wanted.key) {
            Some(class) => vec![*class],
            None => Class::SEALED.to_vec(),
        };
        let mut may = false;
        for class in of {
            may |= laptop_may(cx, &posts, &WRITES, class, wanted.scope)?;
        }
        if may && cx.store().erase_for(wanted, cx.now_ms)? {
            (cx.changed)(&BTreeSet::from(SEALED_IN));
        }
    }
    for list in &contents.keys {
        // One that does not open is for others.
        if let Ok(keys) = open_keys(list, MAX_RECIPIENTS, &cx.store().key()) {
            take(cx, &keys, false)?;
        }
    }
    Ok(())
}
