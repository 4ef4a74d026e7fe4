//! The body of an import, received in pieces.

use std::collections::VecDeque;

use axum::body::{Body, BodyDataStream};
use futures_util::{FutureExt as _, StreamExt as _};
use odata::import::{Broken, ImportReader, Notation, Piece};

/// Maximum number of objects that are written together.
const MAX_GROUP: usize = 200;
/// Length of the texts, in bytes, from which on a group has no further object.
const MAX_TEXTS: usize = 1024 * 1024;

/// A body that is being received.
pub(super) struct Source {
    body: BodyDataStream,
    reader: ImportReader,
    /// Objects that were received and not taken.
    ready: VecDeque<Vec<u8>>,
    parameters: Vec<(String, Vec<u8>)>,
    /// How the body ended; `None` if it has not.
    end: Option<Result<(), Broken>>,
}

impl Source {
    pub(super) fn new(notation: Notation, body: Body) -> Self {
        Self {
            body: body.into_data_stream(),
            reader: ImportReader::new(notation),
            ready: VecDeque::new(),
            parameters: Vec::new(),
            end: None,
        }
    }

    /// Waits until there is an object, or the body has ended.
    pub(super) async fn wait(&mut self) {
        while self.ready.is_empty() && self.end.is_none() {
            let received = self.body.next().await;
            self.take(received);
        }
    }

    /// Returns the objects that are there, and waits only for the first of them; an empty list at the end.
    pub(super) async fn group(&mut self) -> Vec<Vec<u8>> {
        self.wait().await;
        while self.ready.len() < MAX_GROUP && self.end.is_none() {
            let Some(received) = self.body.next().now_or_never() else { break };
            self.take(received);
        }
        let (mut group, mut length) = (Vec::new(), 0);
        while group.len() < MAX_GROUP && length < MAX_TEXTS {
            let Some(text) = self.ready.pop_front() else { break };
            length += text.len();
            group.push(text);
        }
        group
    }

    fn take(&mut self, received: Option<Result<axum::body::Bytes, axum::Error>>) {
        let mut pieces = Vec::new();
        let end = match received {
            Some(Ok(bytes)) => self.reader.push(&bytes, &mut pieces).err().map(Err),
            Some(Err(_)) => {
                let message = "the body was not received completely, or too slowly".to_owned();
                Some(Err(Broken { code: "BAD_REQUEST", message }))
            }
            None => Some(self.reader.end()),
        };
        for piece in pieces {
            match piece {
                Piece::Object(text) => self.ready.push_back(text),
                Piece::Parameter(name, value) => self.parameters.push((name, value)),
            }
        }
        self.end = end;
    }

    /// Ends the body at an object that is not JSON: nothing after it is read.
    pub(super) fn give_up(&mut self, broken: Broken) {
        self.ready.clear();
        self.end = Some(Err(broken));
    }

    pub(super) fn has_objects(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Returns why the body could not be read to its end.
    pub(super) fn broken(&self) -> Option<&Broken> {
        self.end.as_ref().and_then(|end| end.as_ref().err())
    }

    /// Returns the parameters that were received, with the texts of their values.
    pub(super) fn parameters(&self) -> Vec<(String, Vec<u8>)> {
        self.parameters.clone()
    }
}
