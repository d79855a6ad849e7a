-- Digests of what no other digest covers, so that `catalog check --full` sees a flipped bit (dam/seals.h).
ALTER TABLE asset ADD COLUMN seal BLOB;                 -- of its row, streams and fields, as they were measured
ALTER TABLE event ADD COLUMN seal BLOB;
