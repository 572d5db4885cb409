-- A diary of version 2 as Karani 0.1.0 makes it, its tables to the letter, with the evenings of diary-1.sql.
PRAGMA page_size = 512;
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE session( id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, night TEXT, started_utc INTEGER NOT NULL, utc_offset INTEGER NOT NULL, zone TEXT NOT NULL, clock TEXT NOT NULL, routine TEXT NOT NULL, variant TEXT NOT NULL, planned_s INTEGER NOT NULL, held_s INTEGER NOT NULL, overtime_s INTEGER NOT NULL, outcome TEXT NOT NULL, note TEXT, outcome_was TEXT, boot_id TEXT NOT NULL DEFAULT '', counted_from_boot_ms INTEGER NOT NULL DEFAULT 0, paused_at_boot_ms INTEGER NOT NULL DEFAULT -1) STRICT;
CREATE TABLE away(night TEXT PRIMARY KEY NOT NULL) STRICT;
CREATE TABLE change( id INTEGER PRIMARY KEY, at_utc INTEGER NOT NULL, what TEXT NOT NULL, before TEXT, after TEXT) STRICT;
CREATE TABLE setting(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE upkeep( what TEXT PRIMARY KEY NOT NULL, at_utc INTEGER NOT NULL, boot_id TEXT NOT NULL, boot_ms INTEGER NOT NULL, facts TEXT NOT NULL) STRICT;
INSERT INTO session(uuid, night, started_utc, utc_offset, zone, clock, routine, variant, planned_s, held_s, overtime_s,
 outcome, note, outcome_was, boot_id, counted_from_boot_ms, paused_at_boot_ms) VALUES
 ('0a51c7de-0000-4000-8000-000000000001', '2026-03-01', 1772397600, 3600, 'Europe/Berlin', 'synced', 'legs-up-the-wall',
  'wall', 600, 660, 60, 'finished', 'slept well', NULL, '', 0, -1),
 ('1b62d8ef-0000-4000-8000-000000000002', NULL, 1772484000, 0, 'UTC', 'unset', 'legs-up-the-wall', 'chair', 600, 120, 0,
  'ended-early', NULL, NULL, 'b0000000-0000-4000-8000-00000000000b', 123456, 243456),
 ('2c73e9f0-0000-4000-8000-000000000003', '2026-03-03', 1772570400, 3600, 'Europe/Berlin', 'rtc', 'legs-up-the-wall',
  'wall', 600, 600, 0, 'not-mine', NULL, 'finished', 'b0000000-0000-4000-8000-00000000000b', 86523456, -1);
INSERT INTO away VALUES('2026-03-02');
INSERT INTO change(at_utc, what, before, after) VALUES(1772490000, 'away', NULL, '{"night":"2026-03-02"}');
INSERT INTO setting VALUES('minutes', '12 10');
PRAGMA application_id = 1263681870;
PRAGMA user_version = 2;
COMMIT;
