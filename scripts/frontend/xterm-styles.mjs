// xterm.js writes style elements and style attributes, which `style-src 'self'` forbids. What it means by them is possible
// through the CSSOM, so its bundle is read with these words changed. An update that says it in another way stops the build.
import { readFile } from 'node:fs/promises';

const CHANGES = [
  // The element that our code defines keeps its text in a constructable style sheet (features/terminals/sheet-element.ts).
  { from: /\bcreateElement\("style"\)/g, to: 'createElement("aikore-sheet")', times: 3 },
  // 24-bit colours of the renderer that draws with elements; the brackets around the value stay as they are.
  { from: /\b(\w+)\.setAttribute\("style",/g, to: '$1.style.cssText=(', times: 1 },
  // The same renderer measures the contrast of inverse text by the colour that the text has not, and greys it.
  {
    from: /(_applyMinimumContrast\(\w+,\w+,)(\w+)\.foreground(,\w+,\w+,\w+\)\|\|)(\w+)&&/g,
    to: '$1($4?$2.background:$2.foreground)$3$4&&',
    times: 1,
  },
];

export const xtermStyles = {
  name: 'xterm-styles',
  setup(build) {
    build.onLoad({ filter: /@xterm[\\/]xterm[\\/]lib[\\/]xterm\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const { from, to, times } of CHANGES) {
        const found = contents.match(from)?.length ?? 0;
        if (found !== times) throw new Error(`${path}: expected ${times} of ${from}, found ${found}`);
        contents = contents.replace(from, to);
      }
      return { contents, loader: 'js' };
    });
  },
};
