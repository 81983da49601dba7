//! The laptop's side of sync: enrolment, the exchange with the server, sticks, and what is told of it all.

mod aside;
mod carrier;
mod compose;
mod demand;
mod devices;
mod enrol;
mod exchange;
mod grants;
mod intake;
mod issue;
mod journal;
mod keys;
mod marks;
mod mint;
mod moving;
mod older;
pub(crate) mod outbox;
mod progress;
mod queries;
mod reach;
mod recall;
mod refused;
mod returning;
mod revoked;
mod snapshots;
mod state;
mod status;
mod stick;
mod succession;
mod trust;
mod withheld;

pub use carrier::Carriers;
pub use demand::{Demand, DemandPlace, Demanded, demand, demand_places, read_on_demand};
pub use devices::{Device, Lateness, devices};
pub use enrol::{Enrol, enrol, forget_root};
pub use exchange::sync_now;
pub use issue::{
    IssueAsked, IssueNamed, IssueWritten, issue_accept, issue_answer, issue_look, issue_request,
};
pub use journal::{LogFile, export_sync_log, sync_log};
pub use marks::{MarkedRecord, Marks, OpenedBy, mark_opened, marks};
pub use mint::{forget_file, forget_token, look_around};
pub use older::{HistoryHere, HistoryMore, history_more};
pub use outbox::{WaitingFile, export_file, export_waiting};
pub use progress::{Progress, cancel_sync};
pub use reach::reach_of;
pub use revoked::{handed_in, own_person, own_place, since as revoked_since};
pub use state::{
    Aside, CycleNamed, ExchangeKind, Need, Stage, Standing, Step, SyncResult, SyncState, Wait,
    WaitingRecord, sync_state,
};

pub use stick::{
    Card, DamagedFile, ForgetCard, StickFile, StickPath, StickPlace, StickReceive, StickReceived,
    StickSend, StickSent, cards, forget_card, stick_look, stick_places, stick_receive, stick_send,
};

pub use status::list_gone;
pub use trust::{readers, revoked_people};

use domain::ids::{RecordId, ReplicaId};

use crate::commands::Nothing;
use crate::cx::Cx;
use crate::error::Result;
use crate::records::OfRecord;

/// Sends a record that waits, with whatever else waits: streams are sent in order or not at all.
pub fn retry_record(cx: &Cx<'_>, _: OfRecord) -> Result<SyncState> {
    sync_now(cx, Nothing {})
}

/// What the place of a laptop is called, as far as anyone has said.
fn place_of_replica(cx: &Cx<'_>, replica: ReplicaId) -> Result<Option<String>> {
    if replica == cx.store().replica() {
        return Ok(Some(cx.place(cx.author_here()?.home)?.name));
    }
    if let Some(peer) = cx
        .store()
        .peers()?
        .into_iter()
        .find(|peer| ReplicaId::of_key(&peer.card.key) == replica)
    {
        return Ok(Some(peer.card.place.name));
    }
    let place = devices::place_of(cx, replica)?;
    Ok(place
        .and_then(|place| cx.place(place).ok())
        .map(|place| place.name))
}

/// Whether a place is a facility of this district's coach, by the card of its laptop that the coach has accepted.
pub fn trusted_below(cx: &Cx<'_>, place: RecordId) -> Result<bool> {
    Ok(trust::Trust::load(cx)?.below(place))
}
