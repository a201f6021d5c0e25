'use client';

import { createContext, type ReactNode, useContext } from 'react';

const FiscalStart = createContext(1);

/** The month in which fiscal years begin, 1 to 12; 1 = they are the calendar's, and nothing is said of them. */
export function useFiscalStart(): number {
  return useContext(FiscalStart);
}

export function FiscalStartProvider({ month, children }: { month: number; children: ReactNode }) {
  return <FiscalStart.Provider value={month}>{children}</FiscalStart.Provider>;
}
