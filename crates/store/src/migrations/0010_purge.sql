-- Indexes to find the rows that are removed together with a grant.

CREATE INDEX "grantor_leak_reports_access_token_id" ON "grantor_leak_reports" ("access_token_id");
