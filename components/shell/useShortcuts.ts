'use client';

import { useEffect, useRef } from 'react';
import { press, type ShortcutId } from './shortcuts';

/** The second key of `g o` comes within this time. */
const SEQUENCE_MS = 1_500;

/** Where keys belong to what has the focus. */
const OWN_KEYS = '[role=dialog],[role=alertdialog],[role=menu],[role=listbox],[role=combobox]';
/** These are moved through and chosen from by keys that write nothing. */
const PICTURES = '[role=grid],[role=slider]';

/**
 * Does what a shortcut says, wherever the focus is on the page; not while somebody types, and not in an open dialog or menu, save for
 * the palette. Arrows count only while nothing has the focus, since much that can have it moves by them.
 */
export function useShortcuts(actions: Partial<Record<ShortcutId, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let pending: readonly string[] = [];
    let since = 0;
    const down = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
      const key = keyOf(event);
      if (key === null || (!key.startsWith('Mod+') && hasOwnKeys(event))) return;
      const next = press(event.timeStamp - since > SEQUENCE_MS ? [] : pending, key);
      pending = next.pending;
      since = event.timeStamp;
      const action = next.id === null ? undefined : latest.current[next.id];
      if (action === undefined) return;
      event.preventDefault();
      if (!event.repeat) action();
    };
    window.addEventListener('keydown', down);
    return () => window.removeEventListener('keydown', down);
  }, []);
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'Meta' || key === 'AltGraph';
}

/** null = the browser's or the system's own */
function keyOf(event: KeyboardEvent): string | null {
  // On many keyboards brackets are written with AltGr, which some systems report as Control and Alt.
  if (event.getModifierState('AltGraph')) return event.key;
  if (event.altKey) return null;
  return event.metaKey || event.ctrlKey ? `Mod+${event.key.toLowerCase()}` : event.key;
}

function hasOwnKeys(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (event.key.startsWith('Arrow')) return target !== document.body;
  if (target.isContentEditable || target.closest(OWN_KEYS) !== null) return true;
  if (target.closest(PICTURES) !== null) return event.key.length > 1 || event.key === ' ';
  if (target instanceof HTMLInputElement)
    return !['radio', 'checkbox', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
