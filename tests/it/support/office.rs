//! alice in an office: the way to AWS leads through a proxy, and every certificate is of the company's own
//! authority. AWS's host names lead to the local STS.

use super::World;
use super::authority::Authority;
use super::proxy::Proxy;
use super::sts::{Builder, LocalSts};

/// Every host of AWS's that a test may come to.
const HOSTS: &[&str] = &[
    "localhost",
    "sts.us-east-1.amazonaws.com",
    "sts.eu-west-1.amazonaws.com",
    "sts-fips.us-east-1.amazonaws.com",
    "sts.us-east-1.api.aws",
    "sts-fips.us-east-1.api.aws",
    "sts.cn-north-1.amazonaws.com.cn",
    "sts.us-gov-west-1.amazonaws.com",
    "sts.eusc-de-east-1.amazonaws.eu",
];

/// A world whose STS speaks TLS, and what stands before it.
pub struct Office {
    pub authority: Authority,
    pub proxy: Proxy,
}

impl Office {
    /// With an open proxy. The world knows of neither proxy nor authority yet, but `ca.pem` is in its home.
    pub fn open() -> (World, Self) {
        Self::of(LocalSts::builder())
    }

    /// The same with an STS of the test's own making.
    pub fn of(sts: Builder) -> (World, Self) {
        Self::with(sts, Proxy::to)
    }

    /// The same with a proxy of the test's own making, before the STS.
    pub fn with(sts: Builder, proxy: impl FnOnce(std::net::SocketAddr) -> Proxy) -> (World, Self) {
        let authority = Authority::new("The Company's Inspecting Proxy");
        let sts = sts.tls(authority.server(HOSTS)).start();
        let proxy = proxy(sts.address());
        let world = World::alice_of(sts).file("ca.pem", authority.pem());
        (world, Self { authority, proxy })
    }
}
