//! A server on 127.0.0.1 for one secret: the credentials of `exec --server`, or the address that `console` hands to a
//! browser. Only here, hyper serves.
//!
//! Every program on the machine can reach the port, and a web page can make its reader's browser ask it. So a
//! request is let in by a secret alone, whatever is wrong with another gets the same answer, and nobody who
//! connects can keep the one who is let in from being served.

pub mod credentials;
pub mod door;
mod listen;
mod peer;
pub mod redirect;
pub mod renewer;

use std::io;
use std::net::{Ipv4Addr, TcpListener};

pub use listen::listen;

/// A free port of 127.0.0.1, on which nobody answers yet.
pub fn bind() -> io::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    listener.set_nonblocking(true)?;
    Ok((listener, port))
}
