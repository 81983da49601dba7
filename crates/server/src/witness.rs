//! The server as a witness of laptops' lists of who did what. Each list is a chain, which shows a line that was changed or taken
//! out, and not an end that was cut off; so the server keeps how far it goes, and says when it has gone back.

use domain::ids::ReplicaId;
use sync::wire::ListEnd;

use crate::error::Result;
use crate::server::short;
use crate::storage::rows::WitnessRow;
use crate::storage::tx::Tx;

/// Compares what a laptop tells with what it told before, and keeps it. Gives up to which number it had told when lines of that are
/// no longer there; from then on the new list counts.
pub(crate) fn witness(
    tx: &dyn Tx,
    replica: ReplicaId,
    end: &ListEnd,
    now: u64,
) -> Result<Option<u64>> {
    let known = tx.witnessed(replica)?;
    let gone = known.as_ref().is_some_and(|known| {
        let differs = |no: u64, mark: [u8; 8]| no == known.no && mark != known.mark;
        let told = end.told.as_ref();
        end.no < known.no
            || differs(end.no, end.mark)
            || told.is_some_and(|(no, mark)| differs(*no, mark.0))
    });
    let before = known.as_ref().map(|known| known.no);
    let back = known.and_then(|known| known.back_at);
    if gone {
        tracing::warn!(replica = %short(replica), "lines of a list of who did what are gone");
    }
    let row = WitnessRow {
        no: end.no,
        mark: end.mark,
        back_at: if gone { Some(now) } else { back },
    };
    tx.put_witnessed(replica, &row)?;
    Ok(before.filter(|_| gone))
}
