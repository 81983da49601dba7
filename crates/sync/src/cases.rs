//! The table of merge cases.
