'use client';

import {
  ChartArea,
  EllipsisVertical,
  FileSpreadsheet,
  ImageDown,
  Link2,
  Pin,
  Table2,
  Telescope,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { quietButtonClass } from '@/components/ui/Button';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/Menu';
import type { TimeRange } from '@/lib/flows/presets';
import { printInstant } from '@/lib/flows/urlState';

/** What can be done with an answer. */
export function PanelMenu(props: {
  title: string;
  ready: boolean;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
  onCsv: () => void;
  onPng: () => void;
  /** the instants that were answered */
  range: TimeRange | null;
  /** why there is no picture to save */
  noPng?: string | undefined;
  /** the same question in Explore */
  explore?: string | undefined;
}) {
  const router = useRouter();
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), 2500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (url: string, words: string) => {
    void navigator.clipboard.writeText(url).then(() => setSaid(words));
  };
  return (
    <>
      <span
        role="status"
        className={
          said
            ? 'absolute top-12 right-0 z-10 rounded-[5px] bg-accent px-2.5 py-1 text-axis text-on-accent shadow-float'
            : 'sr-only'
        }
      >
        {said}
      </span>
      <Menu
        trigger={<EllipsisVertical aria-hidden="true" className="size-4" />}
        triggerClass={quietButtonClass}
        triggerLabel={`${props.title} Table, files and links`}
      >
        <MenuItem
          icon={props.asTable ? <ChartArea /> : <Table2 />}
          onClick={() => props.onTable(!props.asTable)}
          disabled={!props.ready}
        >
          {props.asTable ? 'Show as chart' : 'Show as table'}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileSpreadsheet />} onClick={props.onCsv} disabled={!props.ready}>
          Save as CSV
        </MenuItem>
        <MenuItem
          icon={<ImageDown />}
          onClick={props.onPng}
          disabled={!props.ready || props.asTable || props.noPng !== undefined}
          note={props.noPng}
        >
          Save as PNG
        </MenuItem>
        <MenuSeparator />
        {props.explore === undefined ? null : (
          <MenuItem icon={<Telescope />} onClick={() => router.push(props.explore ?? '/explore')}>
            Open in Explore
          </MenuItem>
        )}
        <MenuItem icon={<Link2 />} onClick={() => copy(window.location.href, 'Link copied')}>
          Copy link
        </MenuItem>
        <MenuItem
          icon={<Pin />}
          disabled={props.range === null}
          onClick={() => props.range && copy(pinned(props.range), 'Link to these times copied')}
        >
          Copy link to these exact times
        </MenuItem>
      </Menu>
    </>
  );
}

/** The address with the range held fast: "last 24 hours" becomes the 24 hours that are on the screen. */
function pinned(range: TimeRange): string {
  const url = new URL(window.location.href);
  url.searchParams.delete('range');
  url.searchParams.set('from', printInstant(range.from));
  url.searchParams.set('to', printInstant(range.to));
  return url.href;
}
