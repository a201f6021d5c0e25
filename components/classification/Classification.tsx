'use client';

import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Panel } from '@/components/panel/Panel';
import { useDecisions } from '@/lib/hooks/useClassification';
import { DecisionForm } from './DecisionForm';
import { DecisionList } from './DecisionList';
import { type FormValues, formOf, formOfSearch } from './formValues';

/** Who is called what: decisions of people about network types, over the operators' file and the shipped taxonomy. */
export function Classification({ mayDecide }: { mayDecide: boolean }) {
  const search = useSearchParams();
  const [start, setStart] = useState<{ values: FormValues; key: number }>(() => ({
    values: formOfSearch(search),
    key: 0,
  }));
  const decisions = useDecisions();
  return (
    <>
      <h1 className="text-title font-semibold tracking-tight">Classification</h1>
      <p className="mt-1 max-w-[76ch] text-muted">
        A network type comes from the link, else from the longest prefix, else from the ASN, else it is
        Unclassified. A decision made here is stronger than the operators’ file, and the file is stronger than
        the shipped taxonomy.
      </p>
      <Panel
        id="decide"
        title="What should it be called?"
        subtitle={
          mayDecide
            ? 'Look at what a decision would move, then save it'
            : 'Your role may look at what a decision would move, but not save it'
        }
        about={null}
        controls={null}
        menu={null}
        busy={false}
      >
        <DecisionForm key={start.key} start={start.values} mayDecide={mayDecide} />
      </Panel>
      <Panel
        id="decisions"
        title="What was decided?"
        subtitle="Newest first · of two decisions about one thing the later wins on the days that both cover"
        about={null}
        controls={null}
        menu={null}
        busy={decisions.isFetching && decisions.data === undefined}
      >
        <DecisionList
          query={decisions}
          onReuse={
            mayDecide
              ? (row) => {
                  setStart(({ key }) => ({ values: formOf(row), key: key + 1 }));
                  document.getElementById('decide')?.scrollIntoView({ block: 'start' });
                }
              : null
          }
        />
      </Panel>
    </>
  );
}
