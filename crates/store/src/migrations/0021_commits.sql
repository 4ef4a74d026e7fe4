-- The number of commits on SQLite. A copy beside the database reveals lost commits at the next start.
CREATE TABLE "grantor_commits" (
    "id" {int} PRIMARY KEY,
    "count" {int} NOT NULL
) {strict};
INSERT INTO "grantor_commits" ("id", "count") VALUES (1, 0);
