import { describe, expect, it } from '@jest/globals';
import type { DashboardClues } from './dashboard-link.js';
import { dashboardLink } from './dashboard-link.js';

const OWN_NAMES = ['comfy.home.lan', 'demo.localhost'];

const clues = (more: Partial<DashboardClues> = {}): DashboardClues => ({
  origins: { dashboardPort: 9000, appsPort: 9001, publicUrl: null, appsPublicUrl: null },
  remembered: null,
  isOwnName: (host) => OWN_NAMES.includes(host.replace(/:\d+$/, '')),
  ...more,
});

describe('dashboardLink', () => {
  it('is the same name on the other port where the name is AiKore’s', () => {
    expect(dashboardLink({ host: 'box.lan:9001', isSecure: false }, clues())).toBe('http://box.lan:9000');
    expect(
      dashboardLink(
        { host: '127.0.0.1:19001', isSecure: false },
        clues({ remembered: 'http://box.lan:9000' }),
      ),
    ).toBe('http://127.0.0.1:9000');
  });

  it('is where the dashboard was used last where the name is an application’s', () => {
    expect(
      dashboardLink(
        { host: 'comfy.home.lan:9001', isSecure: false },
        clues({ remembered: 'http://192.0.2.5:80' }),
      ),
    ).toBe('http://192.0.2.5:80');
    expect(dashboardLink({ host: 'comfy.home.lan:9001', isSecure: false }, clues())).toBeNull();
  });

  it('is never an application’s own origin', () => {
    expect(
      dashboardLink(
        { host: 'comfy.home.lan:9001', isSecure: false },
        clues({ remembered: 'http://comfy.home.lan:9000' }),
      ),
    ).toBeNull();
    expect(
      dashboardLink({ host: 'comfy.home.lan:9001', isSecure: false }, clues({ remembered: 'nonsense' })),
    ).toBeNull();
  });

  it('is this machine for names below localhost', () => {
    expect(dashboardLink({ host: 'demo.localhost:9001', isSecure: false }, clues())).toBe(
      'http://localhost:9000',
    );
    expect(
      dashboardLink(
        { host: 'demo.localhost:9001', isSecure: false },
        clues({ remembered: 'http://box.lan:9000' }),
      ),
    ).toBe('http://localhost:9000');
    for (const remembered of ['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000']) {
      expect(dashboardLink({ host: 'demo.localhost:9001', isSecure: false }, clues({ remembered }))).toBe(
        remembered,
      );
    }
  });

  it('is what the operator says it is', () => {
    const { origins } = clues();
    const publicUrl = new URL('https://aikore.example.org/');
    const told = clues({ origins: { ...origins, publicUrl }, remembered: 'http://192.0.2.5:9000' });
    for (const host of ['comfy.home.lan:9001', 'demo.localhost', 'box.lan']) {
      expect(dashboardLink({ host: host, isSecure: false }, told)).toBe('https://aikore.example.org');
    }
  });
});
