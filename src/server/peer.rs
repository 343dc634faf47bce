//! Whose process has connected, where the system says so.

use std::net::SocketAddr;

/// Whether the connection may be of this user. Linux lists every connection with its user; root is let in, since it can take what
/// it likes anyway, and Windows's browsers reach WSL by a process of root's.
#[cfg(target_os = "linux")]
pub fn may_be_ours(peer: SocketAddr, port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let user = rustix::process::geteuid().as_raw();
    owner(&table, peer.port(), port).is_none_or(|owner| owner == user || owner == 0)
}

/// The user of the connection from one port of 127.0.0.1 to another. Pure.
#[cfg(target_os = "linux")]
fn owner(table: &str, from: u16, to: u16) -> Option<u32> {
    let ends = [from, to].map(|port| format!("0100007F:{port:04X}"));
    table.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let is_it = ends.iter().all(|end| words.next() == Some(end));
        // State, queues, timer, retransmissions; then the user.
        is_it.then(|| words.nth(4)?.parse().ok()).flatten()
    })
}

/// Nothing says so.
#[cfg(not(target_os = "linux"))]
pub fn may_be_ours(_: SocketAddr, _: u16) -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::owner;

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41010 1
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 41011 1
   2: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 41012 1
";

    #[test]
    fn the_user_is_the_one_at_the_other_end() {
        assert_eq!(owner(TABLE, 0xC001, 0x1F90), Some(1001));
        assert_eq!(owner(TABLE, 0x1F90, 0xC001), Some(1000));
        assert_eq!(owner(TABLE, 0xC002, 0x1F90), None);
    }
}
