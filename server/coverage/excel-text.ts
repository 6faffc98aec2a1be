/** Cells that a spreadsheet takes as text. */

/**
 * Puts an apostrophe before a cell that Excel or LibreOffice would compute: one that begins with `= + - @`, a tab or a carriage
 * return, also in their full-width forms, which Excel reads alike in East Asian editions. A plain number stays one.
 */
export function toExcelText(cell: string): string {
  if (/^-?\d+(\.\d+)?%?$/.test(cell)) return cell;
  return /^[\s\u0000]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
}
