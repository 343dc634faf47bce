//! The SDK's own parser, so that the files mean here what they mean to every other SDK program.

use std::borrow::Cow;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_config::profile::{ProfileSet, load};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

/// What the SDK makes of slices. It refuses none: [`sections::scan`] has refused what it refuses.
pub(super) fn parse(slices: [String; 2]) -> ProfileSet {
    by_sdk(slices).unwrap_or_default()
}

/// What the SDK's parser makes of the texts of both files; `None` where it refuses them.
pub(super) fn by_sdk(texts: [String; 2]) -> Option<ProfileSet> {
    let [config, credentials] = texts;
    let files = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, config)
        .with_contents(EnvConfigFileKind::Credentials, credentials)
        .build();
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    // Contents in memory are never waited for, so the future is ready at its first poll: no runtime.
    let mut loading = pin!(load(&fs, &env, &files, Some(Cow::Borrowed("default"))));
    match loading
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(loaded) => loaded.ok(),
        Poll::Pending => None,
    }
}
