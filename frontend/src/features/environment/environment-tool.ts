import type { Instance } from '../../../../src/contracts/instance.js';
import { h } from '../../base/dom.js';
import { DisposableStore } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { Segments } from '../../ui/segments.js';
import type { ToolView } from '../../ui/tool-view.js';
import type { EnvironmentHost } from './environment-host.js';
import { HistoryView } from './history-view.js';
import { InstalledView } from './installed-view.js';
import { VersionsTool } from './versions-tool.js';
import '../../ui/late-styles.js';

type ViewId = 'installed' | 'history' | 'versions';

/** A view of the tool; the same instance again brings it up to date. */
interface View {
  readonly element: HTMLElement;
  show(instance: Instance): void;
  focus(): void;
  dispose(): void;
}

const PREFERENCE = 'environment.view';

/** What an instance is installed from, what was before, and whether its packages fit together: a view for each. */
export class EnvironmentTool implements ToolView<Instance> {
  private readonly resources = new DisposableStore();
  private readonly views: Record<ViewId, View>;
  private readonly segments = new Segments<ViewId>(
    'View of the environment',
    [
      { value: 'installed', label: 'Installed', testId: 'environment-view-installed' },
      { value: 'history', label: 'History', testId: 'environment-view-history' },
      { value: 'versions', label: 'Versions check', testId: 'environment-view-versions' },
    ],
    (view) => this.choose(view),
  );
  readonly toolbar = h('div', { class: 'environment-views' }, this.segments.element);
  readonly element: HTMLElement;
  private chosen: ViewId = viewNamed(readPreference(PREFERENCE));
  private shown: Instance | null = null;

  constructor(host: EnvironmentHost) {
    this.views = {
      installed: this.resources.add(new InstalledView(host)),
      history: this.resources.add(new HistoryView(host)),
      versions: this.resources.add(new VersionsTool(host)),
    };
    this.element = h(
      'div',
      { class: 'environment-tool', 'data-testid': 'environment-tool' },
      ...Object.values(this.views).map(({ element }) => element),
    );
    this.draw();
  }

  dispose(): void {
    this.resources.dispose();
  }

  show(instance: Instance): void {
    this.shown = instance;
    this.views[this.chosen].show(instance);
  }

  focus(): void {
    this.views[this.chosen].focus();
  }

  private choose(view: ViewId): void {
    this.chosen = view;
    writePreference(PREFERENCE, view);
    this.draw();
    if (this.shown) this.views[view].show(this.shown);
  }

  private draw(): void {
    this.segments.show(this.chosen);
    for (const [id, { element }] of Object.entries(this.views)) element.hidden = id !== this.chosen;
  }
}

function viewNamed(name: string | null): ViewId {
  return name === 'history' || name === 'versions' ? name : 'installed';
}
