-- An address that is among the heaviest anywhere in its month is kept everywhere in it, so that its sums are whole; and the rows of all others
-- say what one of them carried at most. Months that were closed before this have rule 0 until they are closed again.

ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS rule UInt8 DEFAULT 0
    COMMENT '0 = kept only where it is among the heaviest; 1 = kept in every region and type of the month' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_bytes UInt128 DEFAULT 0
    COMMENT 'rank 0: what one of the others carried at most, in this direction' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_packets UInt128 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_records UInt64 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_bytes UInt128 DEFAULT 0
    COMMENT 'rank 0: the same over all regions, types and both directions of the month' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_packets UInt128 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_addresses_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_records UInt64 DEFAULT 0 CODEC(ZSTD(1));

ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS rule UInt8 DEFAULT 0
    COMMENT '0 = kept only where it is among the heaviest; 1 = kept in every region and type of the month' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_bytes UInt128 DEFAULT 0
    COMMENT 'rank 0: what one of the others carried at most, in this direction' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_packets UInt128 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS most_records UInt64 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_bytes UInt128 DEFAULT 0
    COMMENT 'rank 0: the same over all regions, types and both directions of the month' CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_packets UInt128 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE {{db}}.heavy_pairs_1mo {{on_cluster}} ADD COLUMN IF NOT EXISTS month_most_records UInt64 DEFAULT 0 CODEC(ZSTD(1));

ALTER TABLE {{db}}.closed_months {{on_cluster}} ADD COLUMN IF NOT EXISTS rule UInt8 DEFAULT 0
    COMMENT 'of the rows that were written: months with an older one are closed again while their days are kept';
