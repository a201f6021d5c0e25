import { Overlay } from '@/components/ui/Overlay';
import { keyName, SHORTCUTS } from './shortcuts';

const GROUPS = ['Find', 'Time', 'Page', 'Go to'] as const;

/** Every shortcut, from the list that they are made of. */
export function ShortcutHelp(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  isMac: boolean;
}) {
  return (
    <Overlay
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Keyboard shortcuts"
      className="max-w-[720px]"
    >
      <div className="columns-1 gap-8 overflow-y-auto p-4 sm:columns-2">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-axis text-muted">{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ id, label, keys }) => (
                <div
                  key={id}
                  className="flex min-h-8 items-center justify-between gap-4 border-b border-line last:border-b-0"
                >
                  <dt>{label}</dt>
                  <dd className="flex shrink-0 items-center gap-1.5">
                    {keys.map((sequence, i) => (
                      <span key={sequence.join(' ')} className="flex items-center gap-1">
                        {i > 0 ? <span className="text-axis text-muted">or</span> : null}
                        {sequence.map((key) => (
                          <kbd
                            key={key}
                            className="min-w-6 rounded-[4px] border border-line-strong bg-page px-1.5 text-center font-mono text-axis leading-5"
                          >
                            {keyName(key, props.isMac)}
                          </kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Overlay>
  );
}
