//! The variables that name a proxy. The client under the SDK reads them itself, from the process as here, and
//! passes over one that it cannot read as if it were not set.

use http::Uri;

/// Those that count for https, in the client's order.
const FOR_HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The names of all that are set: a value may hold a password.
pub fn names() -> String {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut names: Vec<_> = names
        .filter(|name| name.to_ascii_lowercase().ends_with("_proxy"))
        .collect();
    names.sort();
    match &names[..] {
        [] => "none".to_owned(),
        names => names.join(" "),
    }
}

/// The variable that the client passes over.
pub fn passed_over() -> Option<&'static str> {
    let value = |name: &&str| std::env::var_os(name).filter(|value| !value.is_empty());
    let (name, value) = FOR_HTTPS
        .into_iter()
        .find_map(|name| Some((name, value(&name)?)))?;
    let is_read = value.to_str().is_some_and(is_address);
    (!is_read).then_some(name)
}

fn is_address(value: &str) -> bool {
    let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    value.parse::<Uri>().is_ok_and(|uri| {
        uri.authority().is_some()
            && uri
                .scheme_str()
                .is_none_or(|scheme| schemes.contains(&scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_company_gives_out_is_not_always_an_address() {
        for read in [
            "proxy:8080",
            "http://proxy.corp:8080/",
            "http://u:p%40@proxy:1",
            "socks5://h:1",
        ] {
            assert!(is_address(read), "{read}");
        }
        for passed_over in [
            "http://CORP\\user:pass@proxy:8080",
            "http://user:pa ss@proxy:8080",
            "ftp://proxy:8080",
            "proxy:8080:x",
            "/proxy",
        ] {
            assert!(!is_address(passed_over), "{passed_over}");
        }
    }
}
