//! PostgreSQL's functions return the same parts of timestamps as the model.

use model::Timestamp;
use model::query::TimePart;

use crate::engine::{TestEngine, block_on};
use crate::world::TestRng;

fn moments() -> Vec<i64> {
    const DAY: i64 = 86_400_000_000;
    let mut moments = vec![i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX];
    for near in [0, DAY, -DAY, 11_016 * DAY, 10_957 * DAY, -62_135_596_800_000_000, 253_402_300_800_000_000] {
        moments.extend([near - 1, near, near + 1]);
    }
    let rng = &mut TestRng(3);
    let any = |rng: &mut TestRng| rng.below(u64::MAX).cast_signed();
    // Distant times, and times within some thousand years.
    moments.extend((0..300).map(|_| any(rng)));
    moments.extend((0..300).map(|_| any(rng) / 50));
    moments
}

#[test]
fn both_engines_take_moments_apart_alike() {
    block_on(async {
        let engine = TestEngine::postgres().await;
        engine.open().await.close().await;
        let functions = [
            (TimePart::Year, "od_year"),
            (TimePart::Month, "od_month"),
            (TimePart::Day, "od_day"),
            (TimePart::Hour, "od_hour"),
            (TimePart::Minute, "od_minute"),
            (TimePart::Second, "od_second"),
            (TimePart::FractionalSeconds, "od_fraction"),
            (TimePart::Date, "od_date"),
            (TimePart::Time, "od_time"),
            (TimePart::TotalOffsetMinutes, "od_offset"),
        ];
        let moments = moments();
        let values: Vec<_> = moments.iter().map(|moment| format!("('{moment}'::bigint)")).collect();
        let columns: Vec<_> =
            functions.iter().map(|(_, function)| format!("{function}(micros)::text")).collect();
        let sql =
            format!("SELECT {} FROM (VALUES {}) AS all_of (micros)", columns.join(", "), values.join(", "));
        let rows = engine.texts(&sql).await;
        assert_eq!(rows.len(), moments.len());
        for (micros, row) in moments.into_iter().zip(rows) {
            let moment = Timestamp::from_micros(micros);
            let wanted: Vec<_> = functions.iter().map(|(part, _)| part.extract(moment).to_string()).collect();
            assert_eq!(row, wanted, "{micros}");
        }
        let nulls: Vec<_> = functions.iter().map(|(_, name)| format!("{name}(NULL) IS NULL")).collect();
        let sql = format!("SELECT ({})::text", nulls.join(" AND "));
        assert_eq!(engine.texts(&sql).await, [["true"]]);
    });
}
