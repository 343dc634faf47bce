//! The plain types that everything above speaks in. Nothing here reads a file, a clock or the network.

pub mod device;
pub mod duration;
pub mod endpoint_url;
pub mod parameter;
pub mod region;
pub mod request;
pub mod role_options;
pub mod serial;
pub mod session;

pub use crate::error::kept_key;
