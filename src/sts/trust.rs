//! Which certificates are trusted: a bundle the user names, else the system's.

use aws_smithy_http_client::tls::TrustStore;
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::error::{Error, Result};
use crate::profile::endpoint::CaBundle;
use crate::system::bounded_read;

/// The trust for plain http: none, so that no CA folder is read.
pub fn nobody() -> TrustStore {
    TrustStore::empty()
}

/// The bundle alone, as in every AWS tool, or the system's roots.
///
/// The connector panics on a bad PEM (measured), and a bundle that was cut in half would trust half
/// of what its owner meant: all of it is parsed here first.
pub fn of(bundle: Option<&CaBundle>) -> Result<TrustStore> {
    let Some(CaBundle { given_as, path }) = bundle else {
        return Ok(TrustStore::default());
    };
    let wrong = |reason: String| Error::CaBundle {
        given_as,
        path: path.clone(),
        reason,
    };
    let pem = bounded_read::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let nth = roots.len() + 1;
        let certificate = certificate
            .map_err(|_| wrong(format!("certificate {nth} in it is cut off or not PEM")))?;
        roots
            .add(certificate)
            .map_err(|_| wrong(format!("certificate {nth} in it is not valid")))?;
    }
    if roots.is_empty() {
        return Err(wrong("it holds no certificate".to_owned()));
    }
    Ok(TrustStore::empty().with_pem_certificate(&**pem))
}
