//! What leaves the app to be read by people elsewhere. Nothing here opens a file, asks the clock or knows a sentence: words
//! come in, in the language of the reader.

pub mod document;
pub mod drawing;
pub mod sheet;
