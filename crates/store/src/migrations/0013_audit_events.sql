-- Audit events. No rows refer to them, and they outlive the objects that they concern.

CREATE TABLE "Sec_Audit_Events" (
  "id" {guid} PRIMARY KEY NOT NULL,
  "object_version" {int} NOT NULL,
  "external_id" {text},
  "external_system" {text},
  "updated_at" {time},
  "data" {text},
  "ip_address" {text},
  "subject" {text} NOT NULL,
  "time_utc" {time} NOT NULL,
  "event_type" {text} NOT NULL,
  "user_agent" {text},
  "actor_user_id" {guid},
  "grant_id" {guid},
  "subject_user_id" {guid},
  "trusted_application_id" {guid}
) {strict};
CREATE INDEX "sec_audit_events_external_id" ON "Sec_Audit_Events" ("external_id" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_external_system" ON "Sec_Audit_Events" ("external_system" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_updated_at" ON "Sec_Audit_Events" ("updated_at" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_ip_address" ON "Sec_Audit_Events" ("ip_address" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_subject" ON "Sec_Audit_Events" ("subject" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_time_utc" ON "Sec_Audit_Events" ("time_utc" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_event_type" ON "Sec_Audit_Events" ("event_type" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_actor_user_id" ON "Sec_Audit_Events" ("actor_user_id" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_grant_id" ON "Sec_Audit_Events" ("grant_id" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_subject_user_id" ON "Sec_Audit_Events" ("subject_user_id" {nulls_first}, "id");
CREATE INDEX "sec_audit_events_trusted_application_id" ON "Sec_Audit_Events" ("trusted_application_id" {nulls_first}, "id");
