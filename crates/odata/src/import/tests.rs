use super::*;

/// Reads a body in pieces of a length.
fn read(notation: Notation, body: &[u8], length: usize) -> (Vec<Piece>, Result<(), Broken>) {
    let (mut reader, mut pieces) = (ImportReader::new(notation), Vec::new());
    let pushed = body.chunks(length).try_for_each(|chunk| reader.push(chunk, &mut pieces));
    (pieces, pushed.and_then(|()| reader.end()))
}

fn object(text: &str) -> Piece {
    Piece::Object(text.as_bytes().to_vec())
}

const BODY: &str = r#" {"transaction" : "per-object","loggingLevel":2 , "a\"b":null,
    "objects":[{"Name":"}]\"{"}, {"A":[{"B":{}}]}
    ], "@x":"\\" } "#;

#[test]
fn the_pieces_do_not_depend_on_the_length_of_the_chunks() {
    let expected = [
        Piece::Parameter("transaction".to_owned(), b"\"per-object\"".to_vec()),
        Piece::Parameter("loggingLevel".to_owned(), b"2".to_vec()),
        Piece::Parameter("a\"b".to_owned(), b"null".to_vec()),
        object(r#"{"Name":"}]\"{"}"#),
        object(r#"{"A":[{"B":{}}]}"#),
        Piece::Parameter("@x".to_owned(), br#""\\""#.to_vec()),
    ];
    for length in 1..=BODY.len() {
        let (pieces, ended) = read(Notation::Json, BODY.as_bytes(), length);
        assert_eq!((pieces.as_slice(), ended), (expected.as_slice(), Ok(())), "{length}");
    }
}

#[test]
fn an_object_is_handed_over_with_its_last_byte() {
    for (notation, start) in [(Notation::Json, "{\"objects\":["), (Notation::Lines, "")] {
        let (mut reader, mut pieces) = (ImportReader::new(notation), Vec::new());
        reader.push(start.as_bytes(), &mut pieces).unwrap();
        reader.push(b"{\"Name\":\"A\"", &mut pieces).unwrap();
        assert_eq!(pieces, []);
        reader.push(b"}", &mut pieces).unwrap();
        assert_eq!(pieces, [object("{\"Name\":\"A\"}")], "{notation:?}");
    }
}

#[test]
fn lines_have_objects_only() {
    let (pieces, ended) = read(Notation::Lines, b"\n{\"a\":1}\r\n\n{\"b\":2}", 3);
    assert_eq!((pieces, ended), (vec![object("{\"a\":1}"), object("{\"b\":2}")], Ok(())));
    assert_eq!(read(Notation::Lines, b"", 1), (Vec::new(), Ok(())));
    for body in ["[{}]", "{}{", "{},{}", "1", "{}\n\"x\""] {
        assert!(read(Notation::Lines, body.as_bytes(), 2).1.is_err(), "{body}");
    }
}

#[test]
fn what_continues_no_body_is_refused_behind_the_pieces_before_it() {
    for body in [
        "",
        "[]",
        "{",
        "{}",
        "{} x",
        "{,}",
        "{\"model\":\"common\"}",
        "{\"objects\":{}}",
        "{\"objects\":[1]}",
        "{\"objects\":[{},]}",
        "{\"objects\":[{}{}]}",
        "{\"objects\":[],}",
        "{\"objects\":[],\"objects\":[]}",
        "{\"objects\":[],\"model\":\"common\"}",
        "{\"model\":{},\"objects\":[]}",
        "{\"model\"\"common\",\"objects\":[]}",
        "{\"\\x\":1,\"objects\":[]}",
    ] {
        assert!(read(Notation::Json, body.as_bytes(), 1).1.is_err(), "{body}");
    }
    let (pieces, ended) = read(Notation::Json, b"{\"objects\":[{\"a\":1},x", 64);
    assert_eq!(pieces, [object("{\"a\":1}")]);
    assert!(ended.unwrap_err().message.contains("byte 20: an object is expected"));
}

#[test]
fn everything_has_a_limit() {
    let code = |body: String| read(Notation::Json, body.as_bytes(), 1000).1.map_err(|broken| broken.code);
    let of_text = |length: usize| {
        let start = "{\"a\":\"";
        format!("{{\"objects\":[{start}{}\"}}]}}", "x".repeat(length - start.len() - 2))
    };
    assert_eq!(code(of_text(MAX_OBJECT)), Ok(()));
    assert_eq!(code(of_text(MAX_OBJECT + 1)), Err("LIMIT_EXCEEDED"));
    let nested =
        |levels: usize| format!("{{\"objects\":[{}1{}]}}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert_eq!(code(nested(MAX_LEVELS)), Ok(()));
    assert_eq!(code(nested(MAX_LEVELS + 1)), Err("LIMIT_EXCEEDED"));
    let long = "x".repeat(MAX_PARAMETER);
    assert_eq!(code(format!("{{\"{long}\":1,\"objects\":[]}}")), Err("LIMIT_EXCEEDED"));
    assert_eq!(code(format!("{{\"model\":\"{long}\",\"objects\":[]}}")), Err("LIMIT_EXCEEDED"));
    let many: String = (0..=MAX_PARAMETERS).map(|number| format!("\"p{number}\":1,")).collect();
    assert_eq!(code(format!("{{{many}\"objects\":[]}}")), Err("LIMIT_EXCEEDED"));
}
