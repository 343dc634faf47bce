//! A process that does nothing: the floor under everything that `figures` measures, linked as it is.

fn main() {}
