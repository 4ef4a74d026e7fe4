-- When users were last seen.
ALTER TABLE "Sec_Users" ADD COLUMN "last_seen_timestamp" {time};
CREATE INDEX "sec_users_last_seen_timestamp" ON "Sec_Users" ("last_seen_timestamp" {nulls_first}, "id");
