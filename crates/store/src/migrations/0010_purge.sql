-- What is removed with a grant is found by it.

CREATE INDEX "grantor_leak_reports_access_token_id" ON "grantor_leak_reports" ("access_token_id");
