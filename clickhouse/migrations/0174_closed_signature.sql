-- Records that get another network type, region or direction leave the sums of their month as they were, but not who is heaviest of what. Months that
-- were closed before this have 0 and are closed again while their days are kept.

ALTER TABLE {{db}}.closed_months {{on_cluster}} ADD COLUMN IF NOT EXISTS signature UInt64 DEFAULT 0
    COMMENT 'modulo 2^64, the sum of bytes x cityHash64(region, network_type, direction): changes where traffic moves between them';
