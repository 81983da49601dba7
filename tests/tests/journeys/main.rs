//! What people do with Nyetaa, from the first start to the second laptop, through the list of commands.

mod alone;
mod beginning;
mod differing;
mod network;
mod places;
mod practice;
mod together;
