//! The real binary, and where a shell finds it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

/// The folder of the real binary, built as this program was: together with it, so that both share every crate.
fn build() -> Result<PathBuf, Failure> {
    let is_debug = cfg!(debug_assertions);
    let profile = if is_debug { "dev" } else { "release" };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What `cargo run` says of this package makes ring's build script run again, and half a minute of building follow.
    let of_package =
        |name: &str| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_package)) {
        cargo.env_remove(name);
    }
    let output = cargo
        .args(["build", "--quiet", "--profile", profile])
        .args(["--bin", "awsmfa", "--example", "demo"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    // Only cargo knows where it puts things.
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = line.parse().ok()?;
        let is_awsmfa = message.pointer("/target/name")? == "awsmfa";
        let path = message.get("executable")?.as_str().filter(|_| is_awsmfa);
        path.map(PathBuf::from)
    });
    let folder = executable.as_deref().and_then(Path::parent);
    folder
        .map(Path::to_owned)
        .ok_or_else(|| "awsmfa does not build".to_owned())
}

/// Where a shell finds `awsmfa`, `demo` and its own programs.
pub fn search_path() -> Result<OsString, Failure> {
    let demo = env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let ours = [build()?, demo.with_file_name("")];
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = ours.into_iter().chain(env::split_paths(&inherited));
    env::join_paths(folders).map_err(|error| format!("no usable PATH: {error}"))
}
