import type { LogScreen } from '../screen/log-screen.js';
import type { LineList } from './line-list.js';

/** Puts exactly the text of the marked lines on the clipboard: without times and marks, with empty and never wrapped lines. */
export function copyLines(event: ClipboardEvent, list: LineList, screen: LogScreen): void {
  const selection = document.getSelection();
  const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
  if (!range || range.collapsed || !event.clipboardData) return;
  event.clipboardData.setData('text/plain', textOf(range, list, screen));
  event.preventDefault();
}

/** Marks every line that is loaded into the page. */
export function selectAll(list: LineList): void {
  document.getSelection()?.selectAllChildren(list.element);
}

function textOf(range: Range, list: LineList, screen: LogScreen): string {
  const first = list.idOf(range.startContainer) ?? list.from;
  const last = list.idOf(range.endContainer) ?? list.to - 1;
  const lines: string[] = [];
  for (let id = first; id <= last; id += 1) {
    const line = screen.line(id);
    const element = list.elementOf(id);
    if (line?.kind === 'text' && element) lines.push(partOf(range, element, line.text));
  }
  return lines.join('\n');
}

function partOf(range: Range, element: HTMLElement, text: string): string {
  const isStart = element.contains(range.startContainer);
  const isEnd = element.contains(range.endContainer);
  if (!isStart && !isEnd) return text;
  const part = document.createRange();
  part.selectNodeContents(element);
  if (isStart) part.setStart(range.startContainer, range.startOffset);
  if (isEnd) part.setEnd(range.endContainer, range.endOffset);
  return part.toString();
}
