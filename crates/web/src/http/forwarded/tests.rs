use super::*;

/// Addresses, and how each is written by different proxies.
const ADDRESSES: [&str; 6] =
    ["192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::1", "2001:db8:1:2:3:4:5:6"];
const PORTS: [&str; 7] = ["", ":1", ":80", ":00080", ":65535", ":_hidden", ":_a.b-c_1"];

/// Every spelling of an address as a node: in brackets where it is IPv6, with each port.
fn nodes(address: &str) -> Vec<String> {
    let host = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    PORTS.iter().map(|port| format!("{host}{port}")).collect()
}

/// Texts that are no addresses, in any position.
const WRONG: [&str; 24] = [
    "unknown",
    "Unknown",
    "_hidden",
    "_",
    "proxy.example.org",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "256.1.1.1",
    "1.2.3.4/8",
    "[192.0.2.1]",
    "[::1",
    "::1]",
    "[::1]80",
    "[fe80::1%eth0]",
    "192.0.2.1:",
    "192.0.2.1:65536",
    "192.0.2.1:123456",
    "192.0.2.1:-1",
    "192.0.2.1:80:80",
    "192.0.2.1:_",
    "[::1]:",
    "-",
    "[]",
];

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn every_spelling_of_an_address_is_read() {
    for address in ADDRESSES {
        let expected: IpAddr = address.parse().unwrap();
        assert_eq!(x_forwarded_for(address), [Ok(expected)], "{address}");
        for node in nodes(address) {
            assert_eq!(x_forwarded_for(&node), [Ok(expected)], "{node}");
            // Every character may be escaped.
            let escaped: String = node.chars().flat_map(|c| ['\\', c]).collect();
            for value in [quoted(&node), format!("\"{escaped}\"")] {
                for (before, after) in [
                    ("", ""),
                    ("proto=https;", ";by=_a"),
                    ("by=\"x;, for=1.1.1.1\"; ", " ; host=\"a;for=6.6.6.6\""),
                    ("", " ,"),
                    (";", ";"),
                    ("; ;", "; ;,"),
                ] {
                    for name in ["for", "For", "FOR"] {
                        let line = format!("{before}{name}={value}{after}");
                        assert_eq!(forwarded(&line), [Ok(expected)], "{line}");
                    }
                }
            }
            if node.chars().all(is_token) {
                assert_eq!(forwarded(&format!("for={node}")), [Ok(expected)], "{node}");
            }
        }
    }
}

#[test]
fn what_is_no_address_is_one_hop_that_cannot_be_read() {
    for wrong in WRONG {
        assert_eq!(x_forwarded_for(wrong), [Err(wrong.to_owned())], "{wrong}");
        let hops = forwarded(&format!("for={}, for=192.0.2.1", quoted(wrong)));
        assert_eq!(hops, [Err(wrong.to_owned()), Ok("192.0.2.1".parse().unwrap())], "{wrong}");
    }
    assert!(matches!(forwarded("proto=https;by=10.0.0.1")[..], [Err(_)]), "no client is named");
    for line in [
        "192.0.2.1",
        "for",
        "for=",
        "=192.0.2.1",
        "for=[::1]",
        "for=192.0.2.1:80",
        "for =192.0.2.1",
        "for= 192.0.2.1",
        "for=192.0.2.1;for=192.0.2.2",
        "for=192.0.2.1 for=192.0.2.2",
        "for=\"192.0.2.1",
        "for=\"192.0.2.1\\",
        "for=\"192.0.2.1\"x",
    ] {
        assert_eq!(forwarded(line), [Err(line.to_owned())], "{line}");
    }
    for nothing in ["", " ", ",", " , ,"] {
        assert!(forwarded(nothing).is_empty() && x_forwarded_for(nothing).is_empty(), "{nothing:?}");
    }
}

/// Whatever a client sends first, the proxy's own element is read as it is, or the whole line is unreadable: no client brings
/// an address of its choice into the place of the nearest hop.
#[test]
fn no_client_speaks_for_the_proxy() {
    let pieces = [
        "for=6.6.6.6",
        "\"",
        "\\",
        ",",
        ";",
        "=",
        " ",
        "for=\"",
        "by=\"",
        "6.6.6.6",
        "[",
        "]",
        ":",
        "x",
        "\t",
    ];
    let own: Hop = Ok("192.0.2.1".parse().unwrap());
    let six: IpAddr = "2001:db8::1".parse().unwrap();
    // Every text of up to four of these pieces.
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..4 {
        last =
            last.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
        texts.extend(last.iter().cloned());
    }
    for text in texts {
        for (appended, expected) in [("for=192.0.2.1", own.clone()), ("for=\"[2001:db8::1]:9\"", Ok(six))] {
            let hops = forwarded(&format!("{text}, {appended}"));
            let nearest = hops.last().unwrap();
            assert!(*nearest == expected || nearest.is_err(), "{text:?}: {hops:?}");
        }
        let hops = x_forwarded_for(&format!("{text}, 192.0.2.1"));
        assert_eq!(hops.last(), Some(&own), "{text:?}");
    }
}

#[test]
fn lines_follow_each_other_and_none_is_left_out() {
    let mut headers = HeaderMap::new();
    for line in [&b"1.1.1.1, 2.2.2.2"[..], b"\xff, 3.3.3.3", b"4.4.4.4"] {
        headers.append(X_FORWARDED_FOR, axum::http::HeaderValue::from_bytes(line).unwrap());
    }
    let [hops] = &ForwardedHeader::Any.read(&headers)[..] else { panic!("one header") };
    let read: Vec<_> = hops.iter().map(|hop| hop.as_ref().map(ToString::to_string).map_err(|_| ())).collect();
    let known = |text: &str| Ok(text.to_owned());
    assert_eq!(read, [known("1.1.1.1"), known("2.2.2.2"), Err(()), known("4.4.4.4")]);
    assert!(ForwardedHeader::Forwarded.read(&headers).is_empty());
}
