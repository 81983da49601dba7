//! HTTP to one server: rustls only, no redirects to another host, and every failure a code.

use std::io::Read;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::{Url, redirect};
use sync::wire::Failure;

use crate::error::{AppError, Result};

/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 16 << 20;

/// The way to one server.
pub struct Carrier {
    address: Url,
    client: Client,
}

impl Carrier {
    /// To an address as people type it: `192.168.1.10:8090`, `https://nyetaa.example.ml`.
    pub fn new(address: &str) -> Result<Self> {
        let wrong = || {
            AppError::new("server-address-wrong").with("address", crate::records::shorten(address))
        };
        let typed = address.trim();
        let full = if typed.contains("://") {
            typed.to_owned()
        } else {
            format!("http://{typed}")
        };
        let address = Url::parse(&full).map_err(|_| wrong())?;
        if typed.is_empty()
            || !matches!(address.scheme(), "http" | "https")
            || address.host_str().is_none_or(str::is_empty)
        {
            return Err(wrong());
        }
        // A second call finds the provider in place, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(20))
            // A slow link needs minutes for a first exchange; the connection is given up when nothing moves.
            .timeout(Duration::from_secs(600))
            .user_agent(concat!("nyetaa/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| AppError::new("server-unreachable"))?;
        Ok(Self { address, client })
    }

    /// The address in full.
    pub fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    /// Posts a body; answers the answer's body and how many bytes came.
    pub fn post(&self, path: &str, body: Vec<u8>) -> Result<(Vec<u8>, u32)> {
        let url = self
            .address
            .join(path)
            .map_err(|_| AppError::new("server-address-wrong"))?;
        let answer = self
            .client
            .post(url)
            .header("content-type", "application/cbor")
            .body(body)
            .send()
            .map_err(|_| AppError::new("server-unreachable"))?;
        let status = answer.status();
        let mut bytes = Vec::new();
        answer
            .take(LARGEST_ANSWER)
            .read_to_end(&mut bytes)
            .map_err(|_| AppError::new("server-unreachable"))?;
        if status.is_success() {
            let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            return Ok((bytes, size));
        }
        // Anything else that answers on that address is not our server.
        match Failure::from_bytes(&bytes) {
            Ok(failure) => Err(AppError::new(&failure.code)),
            Err(_) if status.is_server_error() => Err(AppError::new("server-unreachable")),
            Err(_) => Err(AppError::new("server-other")),
        }
    }
}
