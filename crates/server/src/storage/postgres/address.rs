//! Where a PostgreSQL database is, and by which way it is reached.
//!
//! There are two ways and nothing between them: in the clear, which does for a socket, this machine or where the address
//! says `sslmode=disable`; and by TLS with the database's certificate checked in full, name included, against a root
//! of the operator's own. A half-encrypted connection, where anybody may stand in the middle, is not offered.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::postgres::config::{Config, Host, SslMode};
use ::postgres::{Client, NoTls};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{CONNECTING, Error};
use crate::storage::{Error as StorageError, Result as StorageResult};

/// Why an address cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It asks for TLS, and nothing says whom to believe.
    #[error(
        "an encrypted connection needs the root certificate of the database: --database-root FILE"
    )]
    NoRoot,
    /// It goes to another machine in the clear, without having said that it may.
    #[error(
        "the database is on another machine: give its root certificate with --database-root FILE, \
         or write sslmode=disable where nobody else is on the network"
    )]
    InTheClear,
    /// It forbids TLS, and a root certificate was given.
    #[error(
        "the address says sslmode=disable, and --database-root asks for an encrypted connection"
    )]
    Contradiction,
    /// The root certificate cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::pki_types::pem::Error,
    },
    /// The file holds no certificate that can be a root.
    #[error("{0}: no root certificate in it")]
    Empty(PathBuf),
    /// TLS cannot be set up.
    #[error("tls: {0}")]
    Tls(#[from] rustls::Error),
}

/// The way to a database.
#[derive(Clone)]
pub(super) struct Way {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Way {
    /// The way to `address`; by TLS when there is a root to check the other end by.
    pub(super) fn to(address: &str, root: Option<&Path>) -> StorageResult<Self> {
        // The library knows only whether there is TLS: how it is checked is decided here.
        let address = address.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = address.parse()?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTING);
        }
        if config.get_application_name().is_none() {
            config.application_name("nyetaa-server");
        }
        let tls = match (config.get_ssl_mode(), root) {
            (SslMode::Disable, Some(_)) => return Err(Unusable::Contradiction.into()),
            (_, Some(root)) => {
                config.ssl_mode(SslMode::Require);
                Some(tls(root)?)
            }
            (SslMode::Disable, None) => None,
            (SslMode::Prefer, None) if stays_here(&config) => None,
            (SslMode::Prefer, None) => return Err(Unusable::InTheClear.into()),
            (_, None) => return Err(Unusable::NoRoot.into()),
        };
        Ok(Self { config, tls })
    }

    /// Connects.
    pub(super) fn connect(&self) -> Result<Client, ::postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

fn tls(root: &Path) -> Result<MakeRustlsConnect, Unusable> {
    let at = |source| Unusable::File {
        path: root.to_owned(),
        source,
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root).map_err(at)? {
        roots.add(certificate.map_err(at)?)?;
    }
    if roots.is_empty() {
        return Err(Unusable::Empty(root.to_owned()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Whether nothing of what is said leaves this machine.
fn stays_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(here),
        addresses => addresses.iter().all(IpAddr::is_loopback),
    }
}

impl From<Unusable> for StorageError {
    fn from(error: Unusable) -> Self {
        Self::Postgres(Error::Address(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(address: &str) -> Result<bool, String> {
        Way::to(address, None)
            .map(|way| way.tls.is_some())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_or_was_said_not_to_be() {
        for here in [
            "host=/run/postgresql user=nyetaa dbname=nyetaa",
            "postgres://nyetaa@localhost/nyetaa",
            "postgres://nyetaa@127.0.0.1:5433/nyetaa",
            "postgres://nyetaa@db.example.ml/nyetaa?sslmode=disable",
        ] {
            assert_eq!(way(here), Ok(false), "{here}");
        }
        for (address, told) in [
            ("postgres://nyetaa@db.example.ml/nyetaa", "another machine"),
            (
                "host=localhost hostaddr=10.0.0.7 user=nyetaa",
                "another machine",
            ),
            (
                "postgres://nyetaa@localhost/nyetaa?sslmode=require",
                "root certificate",
            ),
            (
                "host=db.example.ml user=nyetaa sslmode=verify-full",
                "root certificate",
            ),
        ] {
            let error = way(address).unwrap_err();
            assert!(error.contains(told), "{address}: {error}");
        }
    }
}
