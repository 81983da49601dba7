//! What people do with Nyetaa, from the first start to the second laptop, through the list of commands.

mod alone;
mod beginning;
mod differing;
mod doors;
mod network;
mod practice;
mod together;
