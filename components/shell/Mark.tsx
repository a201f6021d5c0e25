/** The mark: water that runs level, falls over a low wall, and runs on. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={className}>
      <path d="M12 8v13" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      <path
        d="M2 6.5h10c3.6 0 3 9.5 6 9.5h4M2 11h6.5"
        stroke="var(--accent)"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
      <path d="M17 20.5h5" stroke="var(--accent)" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}
