import { describe, expect, it } from '@jest/globals';
import { emptyBlueprint, metadataName, withMetadataName } from './script-metadata.js';
import { blueprintFilenameProblem, freeFilename, withScriptEnding } from './script-name.js';

const BLOCK = `#!/bin/bash
### AIKORE-METADATA-START ###
# aikore.name = Old name
# aikore.category = Tools
### AIKORE-METADATA-END ###
echo "# aikore.name = not this"
`;

describe('the name in a metadata block', () => {
  it('is read from the block only', () => {
    expect(metadataName(BLOCK)).toBe('Old name');
    expect(metadataName('# aikore.name = outside\n')).toBe('');
    expect(metadataName('### AIKORE-METADATA-START ###\n# aikore.name = open\n')).toBe('');
  });

  it('is replaced in its place, and nothing else is', () => {
    expect(withMetadataName(BLOCK, 'New')).toBe(BLOCK.replace('Old name', 'New'));
  });

  it('is put into a block that has none, and a block is made below the first line where there is none', () => {
    const nameless = BLOCK.replace('# aikore.name = Old name\n', '');
    expect(metadataName(withMetadataName(nameless, 'New'))).toBe('New');
    expect(withMetadataName('#!/bin/bash\necho\n', 'A')).toBe(
      '#!/bin/bash\n### AIKORE-METADATA-START ###\n# aikore.name = A\n### AIKORE-METADATA-END ###\necho\n',
    );
    expect(metadataName(withMetadataName('echo\n', 'A'))).toBe('A');
  });

  it('cannot break out of its line', () => {
    const made = withMetadataName(BLOCK, 'A\n### AIKORE-METADATA-END ###\nrm -rf /');
    expect(made.split('\n')).toHaveLength(BLOCK.split('\n').length);
  });

  it('stands in an empty blueprint', () => {
    expect(metadataName(emptyBlueprint('My blueprint'))).toBe('My blueprint');
  });
});

describe('the file name of a blueprint', () => {
  it.each(['My App.sh', 'a.sh', `${'x'.repeat(96)}.sh`, '1.2_b-c.sh'])('%p is fine', (name) => {
    expect(blueprintFilenameProblem(name)).toBeNull();
  });

  it.each([
    '',
    '.sh',
    'app',
    ' a.sh',
    'a/b.sh',
    '../a.sh',
    'a..b.sh',
    'ä.sh',
    'functions.sh',
    `${'x'.repeat(97)}.sh`,
  ])('%p is refused', (name) => {
    expect(blueprintFilenameProblem(name)).not.toBeNull();
  });

  it('gets its ending', () => {
    expect([withScriptEnding(' mine '), withScriptEnding('mine.sh'), withScriptEnding('')]).toEqual([
      'mine.sh',
      'mine.sh',
      '',
    ]);
  });

  it('is made of any words, and free', () => {
    expect(freeFilename('Kohya', new Set(['Kohya.sh', 'Kohya 2.sh']))).toBe('Kohya 3.sh');
    for (const wanted of ['', '…', '../../etc', 'x'.repeat(300), ' a..b ', '<img onerror>'])
      expect(blueprintFilenameProblem(freeFilename(wanted, new Set()))).toBeNull();
  });
});
