//! A process that ends with another one: the server of `exec --server` with the command.

/// Ends this process when the process that started it ends. On Unix it leaves the terminal as well, so that neither
/// its keys (Ctrl-C, Ctrl-Z) nor its end mean us.
#[cfg(unix)]
pub fn to_the_parent(parent: u32) {
    // Fails for the leader of a process group, which we are not.
    let _ = rustix::process::setsid();
    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM));
    // The kernel has no such signal, or the parent has ended before it was asked for.
    std::thread::spawn(move || {
        const LOOK: std::time::Duration = std::time::Duration::from_millis(250);
        while std::os::unix::process::parent_id() == parent {
            if cfg!(any(target_os = "linux", target_os = "freebsd")) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        std::process::exit(0);
    });
}

/// The parent holds the other end of our standard input, and Windows closes it when that ends, however it does.
#[cfg(windows)]
pub fn to_the_parent(_: u32) {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
}
