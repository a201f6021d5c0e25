import type { ComponentProps, ReactNode } from 'react';
import type { Meta } from '@/lib/flows/contracts/envelope';
import { AnsweredBy } from './AnsweredBy';
import { Panel } from './Panel';
import { PanelMenu } from './PanelMenu';

/** What can be saved of a picture, and how it is looked at. */
export type PanelFiles = Pick<
  ComponentProps<typeof PanelMenu>,
  'asTable' | 'onTable' | 'onCsv' | 'onPng' | 'noPng' | 'explore'
>;

/** A panel that draws one answer: who answered and what can be done with it stand in its head. */
export function AnswerPanel(props: {
  id: string;
  title: string;
  subtitle: ReactNode;
  query: { readonly isFetching: boolean; readonly isError: boolean };
  /** of the answer that is drawn; undefined = none yet */
  meta: Meta | undefined;
  controls: ReactNode;
  files: PanelFiles;
  /** files can be made; left out = as soon as there is an answer */
  ready?: boolean;
  /** who answered stands in the body */
  answeredBelow?: boolean;
  children: ReactNode;
}) {
  const { title, query, meta } = props;
  const isAwaited = meta === undefined && !query.isError;
  return (
    <Panel
      id={props.id}
      title={title}
      subtitle={props.subtitle}
      busy={query.isFetching}
      controls={props.controls}
      about={
        props.answeredBelow === true ? null : isAwaited ? (
          <span className="skeleton h-4 w-40" />
        ) : meta === undefined ? (
          ''
        ) : (
          <AnsweredBy meta={meta} />
        )
      }
      menu={
        <PanelMenu
          title={title}
          ready={props.ready ?? meta !== undefined}
          range={meta === undefined ? null : { from: meta.from, to: meta.to }}
          {...props.files}
        />
      }
    >
      {props.children}
    </Panel>
  );
}
