-- How many commits SQLite made. A copy beside the database shows at the next start whether some of them were lost.
CREATE TABLE "grantor_commits" (
    "id" {int} PRIMARY KEY,
    "count" {int} NOT NULL
) {strict};
INSERT INTO "grantor_commits" ("id", "count") VALUES (1, 0);
