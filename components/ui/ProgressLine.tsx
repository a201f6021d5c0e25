/** A thin line that runs while something loads; it takes no room, so nothing moves. */
export function ProgressLine({ active }: { active: boolean }) {
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-0 h-[2px] overflow-hidden">
      {active ? (
        <div className="h-full animate-[weir-appear_0s_300ms_both]">
          <div className="h-full w-1/3 animate-[weir-progress_1.1s_ease-in-out_infinite] bg-accent" />
        </div>
      ) : null}
    </div>
  );
}
