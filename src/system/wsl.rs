//! Whether this is a Linux of its own.

/// Whether this Linux is the one under Windows: its kernels call themselves `…-microsoft-standard-WSL2`.
pub fn is_wsl() -> bool {
    std::fs::read_to_string("/proc/sys/kernel/osrelease")
        .is_ok_and(|release| release.to_ascii_lowercase().contains("microsoft"))
}
