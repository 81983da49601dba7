//! File formats: bytes to domain types and back. Nothing here opens a file or knows where one lies.

pub mod book;
pub mod text_file;
pub mod values;
pub mod xlsform;
