-- The addresses from which each token was used, and rotations that end by this evidence.
CREATE TABLE "Sec_Access_Token_Addresses" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "address" {text} NOT NULL,
  "first_used_timestamp" {time} NOT NULL,
  "last_used_timestamp" {time} NOT NULL,
  "access_token_id" {guid} NOT NULL REFERENCES "Sec_Access_Tokens" ("id") ON DELETE CASCADE
) {strict};
CREATE INDEX "sec_access_token_addresses_external_id" ON "Sec_Access_Token_Addresses" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_access_token_addresses_external_system" ON "Sec_Access_Token_Addresses" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_access_token_addresses_updated_at" ON "Sec_Access_Token_Addresses" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_access_token_addresses_address" ON "Sec_Access_Token_Addresses" ("address" {nulls_first}, "id");
CREATE INDEX "sec_access_token_addresses_first_used_timestamp" ON "Sec_Access_Token_Addresses" ("first_used_timestamp" {nulls_first}, "id");
CREATE INDEX "sec_access_token_addresses_last_used_timestamp" ON "Sec_Access_Token_Addresses" ("last_used_timestamp" {nulls_first}, "id");
CREATE UNIQUE INDEX "sec_access_token_addresses_access_token_id_address" ON "Sec_Access_Token_Addresses" ("access_token_id", "address");
CREATE INDEX "sec_access_token_addresses_access_token_id" ON "Sec_Access_Token_Addresses" ("access_token_id" {nulls_first}, "id");

ALTER TABLE "Sec_Access_Tokens" ADD COLUMN "ends_when_adopted" {bool} NOT NULL DEFAULT false;
CREATE INDEX "sec_access_tokens_ends_when_adopted" ON "Sec_Access_Tokens" ("id") WHERE "ends_when_adopted";
