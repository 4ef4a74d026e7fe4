CREATE FUNCTION od_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT lower(value COLLATE "und-x-icu") COLLATE "C" $$;
CREATE FUNCTION od_contains(value text, part text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT position(part IN value) > 0 $$;
CREATE FUNCTION od_starts_with(value text, part text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT starts_with(value, part) $$;
CREATE FUNCTION od_ends_with(value text, part text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT right(value, length(part)) = part $$;
