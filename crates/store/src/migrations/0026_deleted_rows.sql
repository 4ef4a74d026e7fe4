-- Deleted rows, as long as delta links that would miss them are accepted.
CREATE TABLE "grantor_deleted_rows" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "of_table" {text} NOT NULL,
  "owner_id" {guid},
  "deleted_at" {time} NOT NULL,
  "expires_at" {time} NOT NULL
) {strict};
CREATE INDEX "grantor_deleted_rows_of_table" ON "grantor_deleted_rows" ("of_table", "deleted_at");
CREATE INDEX "grantor_deleted_rows_expires_at" ON "grantor_deleted_rows" ("expires_at");
