//! Imports: the reader does not panic, keeps its limits, and finds the same pieces however the body is divided.

#![no_main]

use libfuzzer_sys::fuzz_target;
use odata::import::{Broken, ImportReader, MAX_OBJECT, Notation, Piece};

fn read(notation: Notation, body: &[u8], length: usize) -> (Vec<Piece>, Result<(), Broken>) {
    let (mut reader, mut pieces) = (ImportReader::new(notation), Vec::new());
    let pushed = body.chunks(length).try_for_each(|chunk| reader.push(chunk, &mut pieces));
    (pieces, pushed.and_then(|()| reader.end()))
}

fuzz_target!(|bytes: &[u8]| {
    let [length, body @ ..] = bytes else { return };
    for notation in [Notation::Json, Notation::Lines] {
        let whole = read(notation, body, body.len().max(1));
        assert_eq!(whole, read(notation, body, usize::from(*length).max(1)));
        let objects = whole.0.iter().filter_map(|piece| match piece {
            Piece::Object(text) => Some(text),
            Piece::Parameter(..) => None,
        });
        for text in objects {
            assert!(text.len() <= MAX_OBJECT && text.starts_with(b"{"));
        }
        // A body that is JSON and has the objects last is read to its end.
        let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(body) else { continue };
        let objects = members.get("objects").and_then(serde_json::Value::as_array);
        let found = whole.0.iter().filter(|piece| matches!(piece, Piece::Object(_))).count();
        if let (Notation::Json, Some(objects), Ok(())) = (notation, objects, &whole.1) {
            assert_eq!(found, objects.len());
        }
    }
});
