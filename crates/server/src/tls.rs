//! TLS by rustls: version 1.2 or newer, one provider, a certificate and a key in PEM.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ServerSessionMemoryCache;
use tokio_rustls::TlsAcceptor;

/// Sessions remembered, so that a laptop that comes back saves a round trip.
const SESSIONS: usize = 4_096;

/// Why a certificate or its key could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read or is not in PEM.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong with it.
        source: rustls::pki_types::pem::Error,
    },
    /// The file holds no certificate.
    #[error("{0}: no certificate in it")]
    Empty(String),
    /// Certificate and key do not belong together, or are of a kind that is not known.
    #[error("the certificate and its key: {0}")]
    Unfit(#[from] rustls::Error),
}

/// What a server needs to speak TLS. Laptops trust the programme's own root and nothing else.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// From a chain of certificates, the server's own first, and its private key.
    pub fn from_files(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let at = |path: &Path| {
            let path = path.display().to_string();
            |source| TlsError::File { path, source }
        };
        let chain = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(at(certificates))?;
        if chain.is_empty() {
            return Err(TlsError::Empty(certificates.display().to_string()));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(at(key))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
        Ok(Self(Arc::new(config)))
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}
