//! The script that calls every fact of the original page.

use std::path::Path;
use std::process::Command;

on_both_engines! {
    fn every_fact_of_the_original_page_is_called(server: &mut Server) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/seed-page");
        let output = Command::new("python3").arg("-B").arg(script).args([&server.url, &server.world().admin.pat]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        // What a later version serves is said, and nothing else of the page is missing.
        for (subject, count) in [("CreateNotification", 7), ("tracking", 4), ("business_rules", 1)] {
            let lines = text.lines().filter(|line| line.starts_with(subject) && line.contains("  not yet"));
            assert_eq!(lines.count(), count, "{subject}: {text}");
        }
        let last = text.lines().last().unwrap();
        let facts: usize = last.split(' ').next().unwrap().parse().unwrap();
        assert!(facts > 130, "{last}");
    }
}
