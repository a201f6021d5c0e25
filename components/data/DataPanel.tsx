'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { FileSpreadsheet } from 'lucide-react';
import type { ReactNode } from 'react';
import { AnsweredBy } from '@/components/panel/AnsweredBy';
import { Panel } from '@/components/panel/Panel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Button } from '@/components/ui/Button';
import { saveFile } from '@/components/ui/saveFile';
import { type TableModel, tableCsv } from '@/lib/charts/tableModel';
import type { Answer, Meta } from '@/lib/flows/contracts/envelope';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { AsOf, type NotOfFlows } from './AsOf';
import { dataFileName, dataHead } from './dataFile';

export interface DataFile {
  /** in the file's name */
  name: string;
  label: string;
  /** null = not answered yet */
  model: TableModel | null;
}

/** A question about the data: title, answer, and its tables as files. */
export function DataPanel<Rows>(props: {
  id: string;
  title: string;
  subtitle: ReactNode;
  query: UseQueryResult<Answer<Rows>, QuestionError>;
  /** the class of the height that every answer fits in, so that nothing below ever moves */
  height: string;
  files: readonly DataFile[];
  /** what the answer is about, where that is not flows of the range */
  notOfFlows?: NotOfFlows;
  children: (answer: Answer<Rows>) => ReactNode;
}) {
  const { query, title } = props;
  const answer = query.data;
  return (
    <Panel
      id={props.id}
      title={title}
      subtitle={props.subtitle}
      busy={query.isFetching}
      controls={null}
      about={
        answer && props.notOfFlows ? (
          <AsOf meta={answer.meta} of={props.notOfFlows} at={Math.floor(query.dataUpdatedAt / 1000)} />
        ) : answer ? (
          <AnsweredBy meta={answer.meta} />
        ) : query.isError ? (
          ''
        ) : (
          <span className="skeleton h-4 w-40" />
        )
      }
      menu={<Files files={props.files} title={title} meta={answer?.meta} />}
    >
      <PanelBody
        query={query}
        height={props.height}
        skeleton={<span className="skeleton" aria-hidden="true" />}
      >
        {(shown) => props.children(shown)}
      </PanelBody>
    </Panel>
  );
}

/** There from the start, as what comes later would move the rest of the head. */
function Files(props: { files: readonly DataFile[]; title: string; meta: Meta | undefined }) {
  const { meta } = props;
  return (
    <div className="flex gap-1">
      {props.files.map(({ name, label, model }) => (
        <Button
          key={name}
          look="quiet"
          className="w-auto! gap-1 px-1.5 text-axis"
          aria-label={`${props.title} Save ${label} as CSV`}
          title={`Save ${label} as CSV: exact values, in the units of its header`}
          disabled={model === null || meta === undefined}
          onClick={() => {
            if (model === null || meta === undefined) return;
            const text = tableCsv(model, dataHead(`${props.title} ${label}`, meta));
            saveFile(dataFileName(name, meta), new Blob([text], { type: 'text/csv;charset=utf-8' }));
          }}
        >
          <FileSpreadsheet aria-hidden="true" className="size-4" />
          {props.files.length > 1 ? label : 'CSV'}
        </Button>
      ))}
    </div>
  );
}

/** Nothing to list, and that is known: a line with what it means, in the place of the list. */
export function NothingToShow({ children }: { children: ReactNode }) {
  return (
    <p className="flex min-h-[inherit] items-center justify-center rounded-[5px] border border-line px-4 py-3 text-center text-muted">
      {children}
    </p>
  );
}
