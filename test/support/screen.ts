import { createRequire } from 'node:module';
import type * as Headless from '@xterm/headless';

// Its module is one of CommonJS that calls itself an ES module, which the test runner takes at its word.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

/** What a person sees of a terminal. */
export interface Screen {
  lines: string[];
  cursor: [number, number];
  isAlternate: boolean;
  /** As the terminal's keys and mouse work. */
  modes: Record<string, unknown>;
}

/** Draws output as a browser would. */
export async function screenOf(bytes: Buffer, cols = 80, rows = 24): Promise<Screen> {
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(bytes, done));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) =>
    (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
  );
  const modes = { ...terminal.modes };
  const screen: Screen = {
    lines,
    cursor: [active.cursorX, active.cursorY],
    isAlternate: active.type === 'alternate',
    modes: {
      isApplicationCursor: modes.applicationCursorKeysMode,
      isBracketedPaste: modes.bracketedPasteMode,
      mouse: modes.mouseTrackingMode,
      isWrapping: modes.wraparoundMode,
    },
  };
  terminal.dispose();
  return screen;
}
