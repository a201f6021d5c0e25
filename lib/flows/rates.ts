/** bit/s of bytes over seconds; null where there is no second to divide by. */
export function rateOf(bytes: bigint | string, seconds: number): number | null {
  return seconds > 0 ? Number(BigInt(bytes) * 8n) / seconds : null;
}

/** part / whole, 0 to 1; 0 where the whole is 0. */
export function shareOf(part: bigint | string, whole: bigint | string): number {
  const total = Number(BigInt(whole));
  return total === 0 ? 0 : Number(BigInt(part)) / total;
}
