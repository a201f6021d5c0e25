/** The cell an arrow key leads to, held inside the grid; null for keys that do not move. */
export function moveCell(
  key: string,
  at: { row: number; column: number },
  size: { rows: number; columns: number },
  ctrl = false,
): { row: number; column: number } | null {
  const hold = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  const to = (row: number, column: number) => ({
    row: hold(row, size.rows),
    column: hold(column, size.columns),
  });
  switch (key) {
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'Home':
      return to(ctrl ? 0 : at.row, 0);
    case 'End':
      return to(ctrl ? size.rows - 1 : at.row, size.columns - 1);
    default:
      return null;
  }
}
