//! A load of concurrent connections, each of which sends its next request when it has a response.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Duration of a measurement.
pub const MEASURED: Duration = Duration::from_secs(4);
const WARM_UP: Duration = Duration::from_secs(1);

/// Results of a load.
pub struct Figures {
    pub per_second: f64,
    pub median: Duration,
    pub p99: Duration,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>8.0}/s, median {:>9.1?}, p99 {:>9.1?}", self.per_second, self.median, self.p99)
    }
}

/// Sends the same request over `connections` connections. Every response must have the expected status.
pub async fn ask(address: &str, connections: usize, request: &str, status: &str) -> Figures {
    let local = tokio::task::LocalSet::new();
    let began = Instant::now();
    let mut latencies: Vec<Duration> = local
        .run_until(async {
            let clients = (0..connections).map(|_| {
                let (address, request, status) = (address.to_owned(), request.to_owned(), status.to_owned());
                tokio::task::spawn_local(async move { client(&address, &request, &status, began).await })
            });
            let mut all = Vec::new();
            for client in clients.collect::<Vec<_>>() {
                all.extend(client.await.unwrap());
            }
            all
        })
        .await;
    figures(&mut latencies, MEASURED)
}

/// Computes the figures from the measured latencies.
pub fn figures(latencies: &mut [Duration], measured: Duration) -> Figures {
    latencies.sort_unstable();
    let at = |part: f64| latencies[((latencies.len() - 1) as f64 * part) as usize];
    Figures { per_second: latencies.len() as f64 / measured.as_secs_f64(), median: at(0.5), p99: at(0.99) }
}

async fn client(address: &str, request: &str, status: &str, began: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    let mut latencies = Vec::new();
    while began.elapsed() < WARM_UP + MEASURED {
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).await.unwrap();
        read_answer(&mut stream, &mut buffer, status).await;
        if began.elapsed() > WARM_UP {
            latencies.push(sent.elapsed());
        }
    }
    latencies
}

/// Reads one response with a content-length.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, status: &str) {
    buffer.clear();
    let mut wanted = usize::MAX;
    while buffer.len() < wanted {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server closed the connection");
        if wanted == usize::MAX
            && let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&buffer[..end]).unwrap().to_ascii_lowercase();
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{}", String::from_utf8_lossy(buffer));
            let length =
                head.split("\r\n").find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            wanted = end + 4 + length.parse::<usize>().unwrap();
        }
    }
}

/// Formats a request for the wire.
pub fn post(path: &str, headers: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}
