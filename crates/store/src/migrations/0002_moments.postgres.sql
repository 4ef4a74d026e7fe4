-- Parts of timestamps (microseconds since 1970, UTC) and upper-case texts for filters. The calendar repeats every 146097
-- days; dates are looked up among those from 2000 on, which is day 10957.
CREATE FUNCTION od_date(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT micros / 86400000000 - CASE WHEN micros % 86400000000 < 0 THEN 1 ELSE 0 END $$;
CREATE FUNCTION od_time(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (micros % 86400000000 + 86400000000) % 86400000000 $$;
CREATE FUNCTION od_hour(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT od_time(micros) / 3600000000 $$;
CREATE FUNCTION od_minute(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT od_time(micros) % 3600000000 / 60000000 $$;
CREATE FUNCTION od_second(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT od_time(micros) % 60000000 / 1000000 $$;
CREATE FUNCTION od_fraction(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT od_time(micros) % 1000000 $$;
CREATE FUNCTION od_offset(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT micros % 1 $$;
CREATE FUNCTION od_day_of_era(micros bigint) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT date '2000-01-01' + (((od_date(micros) - 10957) % 146097 + 146097) % 146097)::integer $$;
CREATE FUNCTION od_day(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT extract(day FROM od_day_of_era(micros))::bigint $$;
CREATE FUNCTION od_month(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT extract(month FROM od_day_of_era(micros))::bigint $$;
CREATE FUNCTION od_year(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT extract(year FROM od_day_of_era(micros))::bigint
    + floor((od_date(micros) - 10957) / 146097.0)::bigint * 400 $$;
CREATE FUNCTION od_upper(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT upper(value COLLATE "und-x-icu") COLLATE "C" $$;
