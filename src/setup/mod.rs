//! The first minute: what `awsmfa setup` changes, as data. Each change is shown, agreed to, made under the file's lock,
//! and written down, so that `awsmfa setup --undo` can take exactly that out again.

pub mod block;
pub mod change;
pub mod desk;
pub mod journal;
