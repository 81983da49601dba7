//! What follows from the numbers of kinds and fields.

use super::{DELETED, Field, Kind};

impl Kind {
    /// Its number in the log.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// One of its fields by number, [`DELETED`] included.
    pub fn field(self, number: u16) -> Option<Field> {
        if number == DELETED.number {
            return Some(DELETED);
        }
        self.fields()
            .iter()
            .copied()
            .find(|field| field.number == number)
    }

    /// One of its fields by name.
    pub fn field_named(self, name: &str) -> Option<Field> {
        self.fields()
            .iter()
            .copied()
            .find(|field| field.name == name)
    }
}

/// The registry as it stands in `registry.lock`: a line a field.
pub fn lock_text() -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        for field in std::iter::once(&DELETED).chain(kind.fields()) {
            text += &format!(
                "{}.{} {}.{} {:?}\n",
                kind.number(),
                field.number,
                kind.table(),
                field.name,
                field.ty
            );
        }
    }
    text
}
