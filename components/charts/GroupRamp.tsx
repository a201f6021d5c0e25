import { heatRamp } from '@/lib/charts/heatRamp';
import type { GroupHeatmapModel } from '@/lib/charts/prepareGroupHeatmap';

/** The ramp with its ends and what they mean. */
export function GroupRamp({ model }: { model: GroupHeatmapModel }) {
  const ramp = heatRamp(model);
  if (ramp === null) return null;
  const dark = ramp.colors('dark');
  return (
    <div className="tabular flex items-center gap-2 text-axis whitespace-nowrap text-muted">
      <span>{ramp.least}</span>
      <span aria-hidden="true" className="flex h-2 w-28 overflow-hidden rounded-[2px]">
        {ramp.colors('light').map((color, i) => (
          <span
            key={color}
            className="flex-1"
            style={{ background: `light-dark(${color}, ${dark[i] ?? color})` }}
          />
        ))}
      </span>
      <span>{ramp.most}</span>
      <span>{ramp.words}</span>
    </div>
  );
}
