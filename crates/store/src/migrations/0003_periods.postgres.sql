-- The part of a timestamp (microseconds since 1970, UTC) by which rows are grouped, as a number.
CREATE FUNCTION od_period_year(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(timestamp 'epoch' + floor(micros / 1000000.0) * interval '1 second', 'YYYY')::bigint $$;
CREATE FUNCTION od_period_yearmonth(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(timestamp 'epoch' + floor(micros / 1000000.0) * interval '1 second', 'YYYYMM')::bigint $$;
CREATE FUNCTION od_period_month(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(timestamp 'epoch' + floor(micros / 1000000.0) * interval '1 second', 'MM')::bigint $$;
CREATE FUNCTION od_period_day(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(timestamp 'epoch' + floor(micros / 1000000.0) * interval '1 second', 'DD')::bigint $$;
CREATE FUNCTION od_period_date(micros bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(timestamp 'epoch' + floor(micros / 1000000.0) * interval '1 second', 'YYYYMMDD')::bigint $$;
