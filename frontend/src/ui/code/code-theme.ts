import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Every colour is a custom property of the page, so that a change of theme needs nothing here. */
const surface = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--sunken)', fontSize: '0.75rem' },
  // The place that holds the editor shows that it has the focus.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.55',
    scrollbarWidth: 'thin',
    scrollbarColor: 'var(--line-strong) transparent',
  },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--text)' },
  '.cm-content ::selection, .cm-content::selection': {
    backgroundColor: 'var(--accent)',
    color: 'light-dark(#fff, #15152a)',
  },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-gutters': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--text-faint)',
    border: '0',
    borderRight: '1px solid var(--line)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 10px', minWidth: '34px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--hover)', color: 'var(--text)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': { backgroundColor: 'var(--failed-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--hit)', color: 'var(--text)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--hit-current)', color: 'var(--on-hit-current)' },
  '.cm-searchMatch-selected *': { color: 'var(--on-hit-current) !important' },
  '.cm-panels': { backgroundColor: 'transparent', color: 'inherit', border: '0 !important' },
  '.cm-special': {
    padding: '0 2px',
    borderRadius: '3px',
    backgroundColor: 'var(--attention-soft)',
    color: 'var(--attention)',
    fontSize: '0.9em',
    unicodeBidi: 'isolate',
  },
});

const findings = EditorView.theme({
  '.cm-tooltip': {
    maxWidth: 'min(460px, 90vw)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
    font: 'var(--size-small)/1.45 var(--font)',
  },
  '.cm-diagnostic': {
    padding: '5px 9px',
    borderLeft: '3px solid var(--line-strong)',
    overflowWrap: 'anywhere',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--failed)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--attention)' },
  '.cm-diagnostic-info, .cm-diagnostic-hint': { borderLeftColor: 'var(--working)' },
  '.cm-diagnosticSource': { color: 'var(--text-faint)', fontSize: 'inherit', opacity: '1' },
  '.cm-lintRange': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--failed)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--attention)' },
  '.cm-lintRange-info, .cm-lintRange-hint': { textDecorationColor: 'var(--working)' },
  '.cm-lintRange-active': { backgroundColor: 'var(--attention-soft)' },
  '.cm-lintPoint:after': { borderBottomColor: 'var(--attention)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0 0 0 3px', display: 'grid', placeItems: 'center' },
  // The library draws its markers as pictures of fixed colours.
  '.cm-lint-marker': { width: '8px', height: '8px' },
  '.cm-gutter-lint .cm-lint-marker': {
    content: 'none',
    borderRadius: '50%',
    backgroundColor: 'var(--working)',
  },
  '.cm-gutter-lint .cm-lint-marker-warning': {
    borderRadius: '0',
    backgroundColor: 'var(--attention)',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  '.cm-gutter-lint .cm-lint-marker-error': { borderRadius: '1px', backgroundColor: 'var(--failed)' },
});

const comparison = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--failed-soft) 70%, transparent)',
  },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': {
    backgroundColor: 'color-mix(in srgb, var(--fine-soft) 70%, transparent)',
  },
  // A line below, not another ground: every colour of the text stays readable.
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'none',
    boxShadow: 'inset 0 -2px 0 var(--failed)',
  },
  '&.cm-merge-b .cm-changedText': { background: 'none', boxShadow: 'inset 0 -2px 0 var(--fine)' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--failed)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--fine)' },
  '.cm-deletedChunk': { paddingLeft: '8px' },
  '.cm-deletedChunk .cm-chunkButtons': { insetInlineEnd: '12px', zIndex: '2' },
  '.cm-collapsedLines': {
    padding: '2px 12px',
    background: 'var(--hover)',
    color: 'var(--text-soft)',
    fontFamily: 'var(--font)',
    '&:before, &:after': { content: '"…"' },
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: 'var(--ansi-5)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ansi-2)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-faint)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--ansi-3)' },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: 'var(--ansi-4)' },
  { tag: [tags.standard(tags.variableName), tags.propertyName, tags.attributeName], color: 'var(--ansi-6)' },
  { tag: tags.invalid, color: 'var(--failed)' },
]);

export const codeTheme: Extension = [surface, findings, comparison, syntaxHighlighting(colours)];
