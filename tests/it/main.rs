//! The program as its users meet it: each module is a topic, each test a transcript of the real binary. One crate, so
//! that [`support`] is compiled and linked once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what cannot happen may stop a test, and a test may talk"
)]

mod support;

mod bad_input;
mod bad_network;
mod bounded;
mod calls;
mod certificates;
mod clients;
mod completions;
mod config_files;
mod console;
mod credential_process;
mod detection;
mod doctor;
mod documented_profiles;
mod drop_in;
mod endpoints;
mod exec;
mod exec_server;
mod exec_server_attack;
mod exec_server_clients;
mod explain;
mod failure_unsets;
mod find_device;
mod fish_scopes;
mod formats;
mod hints;
mod home;
mod hook_direnv;
mod hook_killed;
mod hook_manners;
mod hook_neighbours;
mod hook_profile;
mod hook_renew;
mod hook_safety;
mod hook_session;
mod hook_snippet;
mod hook_use;
mod hook_users;
mod hook_values;
mod idioms;
mod imports;
mod interrupted;
mod json_page;
mod keyring;
mod keys;
mod languages;
mod local_sts;
mod login_files;
mod login_renewal;
mod logins;
mod logout;
mod matrix;
mod mfa_process;
mod mintty;
mod network;
mod nobody_to_ask;
mod nushell;
mod other_partition;
mod output;
mod packaging;
mod picker;
mod picture;
mod pins;
mod powershell;
mod powershell_interrupted;
mod powershell_profile;
mod powershell_prompt;
mod profile_kinds;
mod profiles;
mod prompt;
mod prompt_variable;
mod proxy;
mod readme;
mod readonly;
mod refusals;
mod remembered_serial;
mod role_options;
mod roles;
mod session_before;
mod setting_ini;
mod settings;
mod setup;
mod signals;
mod single_flight;
mod sources;
mod status;
mod store;
mod store_files;
mod store_killed;
mod sts_answers;
mod threat_model;
mod unset;
mod unused;
mod usage_errors;
mod values;
mod verbose;
mod warm;
mod windows;
mod windows_keys;
mod windows_powershell;
mod write;
mod write_company;
mod write_keys;
mod write_lost;
