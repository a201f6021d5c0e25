import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  serverExternalPackages: ['@clickhouse/client', 'pg', 'pino', 'pino-pretty'],
};

export default config;
