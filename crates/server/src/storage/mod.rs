//! Where the server keeps things. Only [`sqlite`] knows which database that is.

pub mod rows;
pub mod sqlite;
