import type { ReactNode } from 'react';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import { formatShare } from '@/lib/charts/format';
import { picksOf, type SankeyModel, type SankeyNode, type SankeyPick } from '@/lib/charts/prepareSankey';

const HEAD = 'h-8 border-b border-line px-3 font-normal whitespace-nowrap';

/** The same model as the picture, to read: every node with its share, then every link. Names choose, as nodes do. */
export function SankeyTable(props: {
  model: SankeyModel;
  caption: string;
  onPick?: (picks: readonly SankeyPick[]) => void;
}) {
  const { model, caption, onPick } = props;
  const name = (node: SankeyNode): ReactNode => {
    return (
      <span className="flex items-center gap-2">
        <span
          aria-hidden="true"
          className="block size-2.5 shrink-0 rounded-[2px]"
          style={{ background: `light-dark(${node.color.light}, ${node.color.dark})` }}
        />
        {node.key !== null && onPick ? (
          <button
            type="button"
            onClick={() => onPick(picksOf([node]))}
            className="cursor-pointer text-left hover:underline"
          >
            {node.label}
          </button>
        ) : (
          node.label
        )}
      </span>
    );
  };
  return (
    <ScrollRegion label={caption} className="h-full rounded-[5px] border border-line">
      <table className="tabular w-full border-collapse text-axis">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-10 bg-surface text-left text-muted">
          <tr>
            <th scope="col" className={HEAD}>
              From
            </th>
            <th scope="col" className={HEAD}>
              To
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Value
            </th>
            <th scope="col" className={`${HEAD} text-right`}>
              Share
            </th>
          </tr>
        </thead>
        {model.columns.map(({ label, nodes }) => (
          <tbody key={label}>
            {nodes.map((node) => (
              <tr key={node.id} className="border-b border-line hover:bg-hover">
                <th scope="row" className="h-6 px-3 text-left font-normal">
                  {name(node)}
                </th>
                <td className="px-3 text-muted">all of this {label.toLowerCase()}</td>
                <td title={String(node.value)} className="px-3 text-right whitespace-nowrap">
                  {node.text}
                </td>
                <td className="px-3 text-right whitespace-nowrap">{formatShare(node.share)}</td>
              </tr>
            ))}
          </tbody>
        ))}
        <tbody>
          {model.links.map((link) => (
            <tr key={`${link.source.id} ${link.target.id}`} className="border-b border-line hover:bg-hover">
              <th scope="row" className="h-6 px-3 text-left font-normal">
                {name(link.source)}
              </th>
              <td className="px-3">{name(link.target)}</td>
              <td title={String(link.value)} className="px-3 text-right whitespace-nowrap">
                {link.text}
              </td>
              <td className="px-3 text-right whitespace-nowrap">{formatShare(link.share)}</td>
            </tr>
          ))}
          <tr className="font-medium">
            <th scope="row" className="h-6 px-3 text-left font-medium">
              Total
            </th>
            <td />
            <td title={String(model.total.value)} className="px-3 text-right whitespace-nowrap">
              {model.total.text}
            </td>
            <td className="px-3 text-right whitespace-nowrap">{formatShare(1)}</td>
          </tr>
        </tbody>
      </table>
    </ScrollRegion>
  );
}
