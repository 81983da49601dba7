//! HTTP to one server: rustls only, no redirects to another host, tried again when the server is busy or out of
//! reach, and every failure a code.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{HeaderMap, RANGE, RETRY_AFTER};
use reqwest::{Certificate, StatusCode, Url, redirect};
use sync::wire::Failure;

use crate::error::{AppError, Result};
use crate::home;
use crate::surroundings::{Link, Links};
use crate::sync_client::state::COME_BACK;

/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 16 << 20;
/// So many bytes of a file are handed on at once: four seconds of a slow link, and no more is lost when the power goes.
const PIECE_BYTES: usize = 32 << 10;
/// The programme's own root certificate in the data folder, in PEM. When it is there, nothing else is believed.
const ROOT: &str = "ca.pem";
/// The largest root certificate that is taken for one.
const LARGEST_ROOT: u64 = 64 << 10;
/// A connection is given up when nothing came, or a request of at most a few hundred kilobytes was not through,
/// for so long.
const STILL: Duration = Duration::from_secs(180);
/// How often a request is tried when the server cannot be reached, and when it asks for patience.
const TRIES_UNREACHABLE: u32 = 3;
const TRIES_BUSY: u32 = 6;
/// The first wait is at most so long, each next one twice as long, none longer than the last of these.
const FIRST_WAIT_MS: u64 = 400;
const LONGEST_WAIT_MS: u64 = 20_000;
/// A server that asks for more patience than so many seconds is asked again later, and a person sees when.
const PATIENCE_SECONDS: u64 = 5;
/// Nobody is sent away for longer, whatever a server or something before it says.
const LONGEST_SECONDS: u64 = 60 * 60;

/// The ways to servers by HTTP.
pub struct Carriers {
    root: PathBuf,
}

impl Carriers {
    /// Ways that believe the root certificate in a data folder, or the platform's when there is none.
    pub fn new(folder: &Path) -> Self {
        Self {
            root: folder.join(ROOT),
        }
    }
}

impl Carriers {
    fn pem(&self) -> Result<Option<Vec<u8>>> {
        match std::fs::File::open(&self.root) {
            Ok(file) => {
                let mut pem = Vec::new();
                file.take(LARGEST_ROOT)
                    .read_to_end(&mut pem)
                    .map_err(store::Error::from)?;
                Ok(Some(pem))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(store::Error::from(error).into()),
        }
    }
}

impl Links for Carriers {
    fn to(&self, address: &str) -> Result<Box<dyn Link>> {
        Ok(Box::new(Carrier::new(address, self.pem()?.as_deref())?))
    }

    fn root(&self) -> Result<Option<Vec<u8>>> {
        self.pem()
    }

    fn trust(&self, root: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
        let before = self.pem()?;
        match root {
            Some(pem) => {
                roots(pem)?;
                store::write_private(&self.root, pem).map_err(store::Error::from)?;
            }
            None if before.is_some() => {
                std::fs::remove_file(&self.root).map_err(store::Error::from)?;
            }
            None => {}
        }
        Ok(before)
    }
}

/// The certificates of a PEM text, at least one.
fn roots(pem: &[u8]) -> Result<Vec<Certificate>> {
    let wrong = || AppError::new("root-invalid");
    let roots = Certificate::from_pem_bundle(pem).map_err(|_| wrong())?;
    if roots.is_empty() {
        return Err(wrong());
    }
    Ok(roots)
}

/// The way to one server.
struct Carrier {
    address: Url,
    client: Client,
}

impl Carrier {
    /// To an address as people type it: `192.168.1.10:8090`, `https://nyetaa.example.ml`. With a root of the
    /// programme's own, an address typed without a scheme is meant to be protected by it.
    fn new(address: &str, root: Option<&[u8]>) -> Result<Self> {
        let wrong = || {
            AppError::new("server-address-wrong").with("address", crate::records::shorten(address))
        };
        let typed = address.trim();
        let full = match (typed.contains("://"), root) {
            (true, _) => typed.to_owned(),
            (false, Some(_)) => format!("https://{typed}"),
            (false, None) => format!("http://{typed}"),
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
        let mut client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(20))
            .timeout(STILL)
            // No name and no type of content: whom it talks to knows both, and each header is paid for at each contact.
            .http1_only();
        let believed = match root {
            Some(pem) => Some(roots(pem)?),
            // Nobody is believed where nobody shows a certificate: to read the platform's would take longer than all the rest.
            None if address.scheme() == "http" => Some(Vec::new()),
            None => None,
        };
        if let Some(believed) = believed {
            client = client.tls_certs_only(believed);
        }
        let client = client
            .build()
            .map_err(|_| AppError::new("server-unreachable"))?;
        Ok(Self { address, client })
    }

    fn url(&self, path: &str) -> Result<Url> {
        self.address
            .join(path)
            .map_err(|_| AppError::new("server-address-wrong"))
    }

    /// Asks until there is an answer, waiting a random time in between: a thousand laptops that lost the same server
    /// must not come back in the same second. Where the server says when to come back it is not asked earlier. Asking twice
    /// does no harm wherever it is done.
    fn patiently<T>(&self, mut ask: impl FnMut() -> Result<T>) -> Result<T> {
        let mut longest = FIRST_WAIT_MS;
        for attempt in 1.. {
            let refused = match ask() {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            };
            let tries = match refused.code.as_str() {
                "server-unreachable" => TRIES_UNREACHABLE,
                "server-busy" => TRIES_BUSY,
                _ => 1,
            };
            let seconds = refused.params.get(COME_BACK);
            let seconds: u64 = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
            if attempt >= tries || seconds > PATIENCE_SECONDS {
                return Err(refused);
            }
            let drawn = home::random()?;
            let drawn = u64::from_le_bytes(drawn.first_chunk().copied().unwrap_or_default());
            std::thread::sleep(Duration::from_millis(
                seconds * 1_000 + drawn % (longest + 1),
            ));
            longest = (longest * 2).min(LONGEST_WAIT_MS);
        }
        Err(AppError::new("server-unreachable"))
    }

    fn send(request: RequestBuilder) -> Result<Response> {
        request.send().map_err(|error| {
            tracing::info!(
                timeout = error.is_timeout(),
                connect = error.is_connect(),
                "no answer"
            );
            // A certificate of somebody else must not look like a bad line: nothing was sent to them.
            if any_cause(&error, &is_certificate) {
                AppError::new("server-certificate")
            } else if any_cause(&error, &is_other_language) {
                AppError::new("server-other")
            } else {
                AppError::new("server-unreachable")
            }
        })
    }

    /// What an answer that is not a success says, with the seconds after which one may come back where it says so.
    fn refusal(status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> AppError {
        let refused = Self::reason(status, bytes);
        let seconds = headers.get(RETRY_AFTER);
        let seconds = seconds.and_then(|text| text.to_str().ok()?.parse::<u64>().ok());
        match seconds {
            Some(seconds) if refused.code == "server-busy" => {
                refused.with(COME_BACK, seconds.min(LONGEST_SECONDS))
            }
            _ => refused,
        }
    }

    fn reason(status: StatusCode, bytes: &[u8]) -> AppError {
        // Anything else that answers on that address is not our server.
        match Failure::from_bytes(bytes) {
            Ok(failure) => AppError::new(&failure.code),
            Err(_)
                if matches!(
                    status,
                    StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
                ) =>
            {
                AppError::new("server-busy")
            }
            Err(_) if status.is_server_error() => AppError::new("server-unreachable"),
            Err(_) => AppError::new("server-other"),
        }
    }
}

type Cause = dyn std::error::Error + 'static;

/// A certificate that is not believed.
fn is_certificate(cause: &Cause) -> bool {
    matches!(
        cause.downcast_ref(),
        Some(rustls::Error::InvalidCertificate(_))
    )
}

/// Something answered, and neither by TLS where it was spoken to so nor by HTTP: a port in clear, or a protected one.
fn is_other_language(cause: &Cause) -> bool {
    let tls = matches!(cause.downcast_ref(), Some(rustls::Error::InvalidMessage(_)));
    let http = cause.downcast_ref::<hyper::Error>();
    tls || http.is_some_and(hyper::Error::is_parse)
}

/// Whether something at the bottom of an error is of a kind.
fn any_cause(error: &Cause, of_kind: &dyn Fn(&Cause) -> bool) -> bool {
    if of_kind(error) {
        return true;
    }
    // An error of input and output does not name what it wraps as its source.
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|inner| any_cause(inner, of_kind))
        || error
            .source()
            .is_some_and(|source| any_cause(source, of_kind))
}

impl Link for Carrier {
    fn address(&self) -> String {
        self.address.as_str().trim_end_matches('/').to_owned()
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<(Vec<u8>, u32)> {
        let url = self.url(path)?;
        let ask = || {
            let request = self.client.post(url.clone()).body(body.clone());
            let answer = Self::send(request)?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut bytes = Vec::new();
            answer
                .take(LARGEST_ANSWER)
                .read_to_end(&mut bytes)
                .map_err(|_| AppError::new("server-unreachable"))?;
            if status.is_success() {
                let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                return Ok((bytes, size));
            }
            Err(Self::refusal(status, &headers, &bytes))
        };
        match path {
            // A code is good once: asked a second time it is wrong, and counts as a guess. A person is there to ask again.
            "/v1/login" => ask(),
            _ => self.patiently(ask),
        }
    }

    fn get(
        &self,
        path: &str,
        header: &str,
        from: u64,
        keep: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        let url = self.url(path)?;
        self.patiently(|| {
            let request = self
                .client
                .get(url.clone())
                .header("x-nyetaa", header)
                .header(RANGE, format!("bytes={from}-"));
            let mut answer = Self::send(request)?;
            match answer.status() {
                StatusCode::RANGE_NOT_SATISFIABLE => Ok(0),
                StatusCode::PARTIAL_CONTENT => hand_on(&mut answer, keep),
                // A server that knows no ranges sends it all, again and again.
                StatusCode::OK => {
                    let before = std::io::copy(&mut (&mut answer).take(from), &mut std::io::sink());
                    match before {
                        Ok(before) if before == from => hand_on(&mut answer, keep),
                        _ => Err(AppError::new("server-unreachable")),
                    }
                }
                status => {
                    let headers = answer.headers().clone();
                    let mut bytes = Vec::new();
                    answer
                        .take(LARGEST_ANSWER)
                        .read_to_end(&mut bytes)
                        .map_err(|_| AppError::new("server-unreachable"))?;
                    Err(Self::refusal(status, &headers, &bytes))
                }
            }
        })
    }
}

/// Hands on what comes, in pieces. What came before the line broke counts: the rest is asked for again.
fn hand_on(answer: &mut Response, keep: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let mut came = 0;
    loop {
        piece.clear();
        let read = (&mut *answer)
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece);
        if !piece.is_empty() {
            keep(&piece)?;
        }
        came += piece.len() as u64;
        match read {
            Ok(_) if piece.is_empty() => return Ok(came),
            Ok(_) => {}
            Err(_) if came > 0 => return Ok(came),
            Err(_) => return Err(AppError::new("server-unreachable")),
        }
    }
}
