//! Operations over a WebSocket: the protocol `graphql-transport-ws` of graphql-ws.

mod message;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use authority::{Ctx, Fault, Reason};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, header};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use web::App;
use web::connections::ConnectionGuard;

use super::authenticate::authenticate;
use super::context::ResolverContext;
use super::error;
use super::execute::AllowedOperations;
use super::rejection::GraphqlRejection;
use super::request::read_message;
use super::requester::Requester;
use super::service::Service;
use super::streams::{Responses, begin};
use message::{ClientMessage, Close, InitPayload};

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to authenticate.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// The interval of pings. A client that does not answer is disconnected.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a client may take to read a message, and to close the connection.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How many messages wait for a slow client; then the operations wait as well.
const QUEUE_CAPACITY: usize = 16;
/// The longest message of a client, in bytes.
const MAX_MESSAGE: usize = 128 * 1024;

/// Upgrades a connection to the protocol.
pub(super) fn open(
    (app, service): (Arc<App>, Arc<Service>),
    ctx: Ctx,
    held: Option<ConnectionGuard>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    upgrade.on_upgrade(move |socket| async move {
        let (messages, outgoing) = mpsc::channel(QUEUE_CAPACITY);
        let mut connection =
            Connection { app, service, ctx, held, headers, messages, caller: None, open: HashMap::new() };
        connection.serve(socket, outgoing).await;
    })
}

struct Connection {
    app: Arc<App>,
    service: Arc<Service>,
    ctx: Ctx,
    held: Option<ConnectionGuard>,
    headers: HeaderMap,
    messages: mpsc::Sender<Value>,
    caller: Option<ResolverContext>,
    open: HashMap<String, tokio::task::AbortHandle>,
}

impl Connection {
    async fn serve(&mut self, mut socket: WebSocket, mut outgoing: mpsc::Receiver<Value>) {
        let mut tasks = JoinSet::new();
        let close = self.exchange(&mut socket, &mut outgoing, &mut tasks).await;
        tasks.abort_all();
        if let Some(Close(code, reason)) = close {
            let frame = CloseFrame { code, reason: reason.into() };
            let sent = socket.send(Message::Close(Some(frame)));
            if !matches!(tokio::time::timeout(CLOSE_TIMEOUT, sent).await, Ok(Ok(()))) {
                tracing::debug!("a WebSocket ended before it was closed");
            }
        }
        // RFC 6455, sections 5.5.1 and 7.1.1: both sides close. Reading on sends the answer to the client's close, and
        // waits for the client's answer to ours.
        let closed = async { while let Some(Ok(_)) = socket.recv().await {} };
        if tokio::time::timeout(CLOSE_TIMEOUT, closed).await.is_err() {
            tracing::debug!("a WebSocket was cut off");
        }
    }

    async fn exchange(
        &mut self,
        socket: &mut WebSocket,
        outgoing: &mut mpsc::Receiver<Value>,
        tasks: &mut JoinSet<()>,
    ) -> Option<Close> {
        let started = tokio::time::Instant::now();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        let mut silent = 0;
        loop {
            tokio::select! {
                received = socket.recv() => {
                    silent = 0;
                    let message = match received? {
                        Ok(Message::Text(text)) => ClientMessage::read(&text),
                        Ok(Message::Binary(_)) => None,
                        Ok(Message::Close(_)) | Err(_) => return None,
                        Ok(Message::Ping(_) | Message::Pong(_)) => continue,
                    };
                    let Some(message) = message else { return Some(Close(4400, "the message is invalid")) };
                    match self.answer(message, tasks).await {
                        Ok(Some(answer)) => send(socket, &answer).await?,
                        Ok(None) => {}
                        Err(close) => return Some(close),
                    }
                }
                // RFC 6455, section 7.4.1: going away.
                () = ConnectionGuard::stop(self.held.as_ref()) => return Some(Close(1001, "the program stops")),
                Some(message) = outgoing.recv() => {
                    self.free_id(&message);
                    send(socket, &message).await?;
                }
                Some(joined) = tasks.join_next(), if !tasks.is_empty() => self.close_operation(&joined),
                () = tokio::time::sleep_until(started + INIT_TIMEOUT), if self.caller.is_none() => {
                    return Some(Close(4408, "Connection initialisation timeout"));
                }
                _ = heartbeat.tick() => {
                    if silent > 1 {
                        return Some(Close(4408, "the client does not respond"));
                    }
                    silent += 1;
                    if self.caller.is_some() {
                        send(socket, &json!({ "type": "ping" })).await?;
                    }
                }
            }
        }
    }

    async fn answer(
        &mut self,
        message: ClientMessage,
        tasks: &mut JoinSet<()>,
    ) -> Result<Option<Value>, Close> {
        match (message.kind.as_str(), &self.caller) {
            ("connection_init", Some(_)) => Err(Close(4429, "Too many initialisation requests")),
            ("connection_init", None) => {
                let payload = InitPayload::read(message.payload.as_ref())?;
                let caller = self.authenticate(payload).await;
                self.caller = Some(caller.map_err(|_| Close(4403, "Forbidden"))?);
                Ok(Some(json!({ "type": "connection_ack" })))
            }
            ("ping", _) => Ok(Some(json!({ "type": "pong" }))),
            ("pong", _) => Ok(None),
            ("subscribe", None) => Err(Close(4401, "Unauthorized")),
            ("subscribe", Some(resolver)) => {
                let id =
                    message.id.filter(|id| !id.is_empty()).ok_or(Close(4400, "an operation has an id"))?;
                if self.open.get(&id).is_some_and(|task| !task.is_finished()) {
                    return Err(Close(4409, "there is an operation with this id already"));
                }
                let payload = message.payload.ok_or(Close(4400, "an operation has a payload"))?;
                match self.begin(resolver, payload).await? {
                    Ok(answers) => {
                        let task = tasks.spawn(forward(id.clone(), answers, self.messages.clone()));
                        self.open.insert(id, task);
                        Ok(None)
                    }
                    Err(errors) => Ok(Some(json!({ "type": "error", "id": id, "payload": errors }))),
                }
            }
            ("complete", _) => {
                if let Some(task) = message.id.and_then(|id| self.open.remove(&id)) {
                    task.abort();
                }
                Ok(None)
            }
            _ => Err(Close(4400, "the type of the message is unknown")),
        }
    }

    /// Frees the id of an operation before its last message is sent: the client can use it again at once.
    fn free_id(&mut self, message: &Value) {
        if matches!(message["type"].as_str(), Some("complete" | "error"))
            && let Some(id) = message["id"].as_str()
        {
            self.open.remove(id);
        }
    }

    /// Forgets an operation that ended. Its id may belong to a later operation already.
    fn close_operation(&mut self, joined: &Result<(), JoinError>) {
        if let Err(error) = joined
            && error.is_panic()
        {
            tracing::error!(%error, "an operation over a WebSocket failed");
        }
        self.open.retain(|_, task| !task.is_finished());
    }

    /// Begins an operation, if the caller is still valid: a connection can outlive its token.
    async fn begin(
        &self,
        resolver: &ResolverContext,
        payload: Value,
    ) -> Result<Result<Responses, Vec<async_graphql::ServerError>>, Close> {
        let meter = match self.app.rate_limits.enter(&self.ctx.clone().at(clock::now())) {
            Ok(meter) => meter,
            Err(fault) => return Ok(Err(vec![error::from_fault(&fault)])),
        };
        let request = match read_message(&self.service, payload) {
            Ok(request) => request,
            Err(rejection) => return Ok(Err(rejection.errors)),
        };
        let resolver = match resolver.renewed().await {
            Ok(resolver) => resolver,
            Err(Fault::Unauthenticated(_)) => return Err(Close(4401, "Unauthorized")),
            Err(fault) => return Ok(Err(vec![error::from_fault(&fault)])),
        };
        let requester = Requester::Authenticated(Box::new(resolver));
        let started =
            begin(&self.service, &requester, (&meter, self.held.clone()), request, AllowedOperations::All);
        Ok(started.map_err(|error| GraphqlRejection::from(error).errors))
    }

    /// Authenticates by the headers of the request, and by the payload, because browsers cannot set these headers.
    async fn authenticate(&self, payload: InitPayload<'_>) -> Result<ResolverContext, Fault> {
        let mut headers = self.headers.clone();
        for (name, value) in
            [(header::AUTHORIZATION.as_str(), payload.authorization), ("x-csrf-token", payload.csrf)]
        {
            if let (Some(value), Ok(name)) = (value, header::HeaderName::try_from(name)) {
                let value = HeaderValue::from_str(value);
                headers.insert(name, value.map_err(|_| Fault::Unauthenticated(Reason::Malformed))?);
            }
        }
        authenticate(&self.app, self.ctx.clone().at(clock::now()), &headers).await
    }
}

/// Sends the responses of an operation.
async fn forward(id: String, mut answers: Responses, messages: mpsc::Sender<Value>) {
    while let Some(answer) = answers.next().await {
        // An operation that was not executed ends with its error.
        if answer.data.is_none() {
            let message = json!({ "type": "error", "id": id, "payload": answer.errors });
            if messages.send(message).await.is_err() {
                tracing::debug!("a WebSocket ended before its operation");
            }
            return;
        }
        let message = json!({ "type": "next", "id": id, "payload": answer });
        if messages.send(message).await.is_err() {
            return;
        }
    }
    let complete = json!({ "type": "complete", "id": id });
    if messages.send(complete).await.is_err() {
        tracing::debug!("a WebSocket ended before its operation");
    }
}

/// Sends a message; returns nothing if the client is gone.
async fn send(socket: &mut WebSocket, message: &Value) -> Option<()> {
    let sent = socket.send(Message::Text(message.to_string().into()));
    tokio::time::timeout(SEND_TIMEOUT, sent).await.ok()?.ok()
}
