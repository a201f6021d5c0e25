/**
 * Records of a range from which on lists of the heaviest are asked before days of addresses: fewer have so few addresses that adding up everybody's days
 * takes no longer, and then all groups are counted, too.
 */
export const WORTH_LISTS = 3_000_000;
