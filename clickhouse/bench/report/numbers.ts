export const count = (n: number): string => n.toLocaleString('en-US');
export const ms = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toFixed(1));
export const times = (n: number): string =>
  `${n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2)} x`;
export const percent = (n: number): string => `${(n * 100).toFixed(n < 0.1 ? 2 : 0)} %`;
export const bytes = (n: number): string =>
  n >= 1e9
    ? `${(n / 1e9).toFixed(2)} GB`
    : n >= 1e6
      ? `${(n / 1e6).toFixed(1)} MB`
      : `${(n / 1e3).toFixed(1)} kB`;
