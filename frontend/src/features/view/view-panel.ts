import type { Instance } from '../../../../src/contracts/instance.js';
import { h, safeHref, setAttribute } from '../../base/dom.js';
import { DisposableStore, listen } from '../../base/lifecycle.js';
import { readPreference, writePreference } from '../../base/preferences.js';
import { embeddableAddress } from '../../domain/addresses.js';
import type { Embedding } from '../../domain/embedding.js';
import { embeddingOf, isWorthEmbedding } from '../../domain/embedding.js';
import { USUAL_ZOOM, readZooms, writeZooms } from '../../domain/zoom.js';
import { button, setDisabledReason } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { Segments } from '../../ui/segments.js';
import type { ToolView } from '../../ui/tool-view.js';
import { Frames } from './frames.js';
import type { Surface } from './frames.js';
import { instead } from './instead.js';
import { ZoomControl } from './zoom-control.js';
import '../../ui/late-styles.js';

export interface ViewHost {
  /** Address of the applications' origin, once it is known. */
  appsUrl(): string | null;
  isThere(instanceId: number): boolean;
  start(instance: Instance): void;
}

const ZOOMS = 'view.zoom';

/** An application inside the dashboard. Its frame stays loaded while other tabs and other instances are looked at. */
export class ViewPanel implements ToolView<Instance> {
  private readonly resources = new DisposableStore();
  private readonly frames = new Frames();
  private readonly message = h('div', { class: 'view-instead', 'data-testid': 'view-instead' });
  private readonly zoom = new ZoomControl((percent) => this.setZoom(percent));
  private readonly reload = button({
    label: 'Load it anew',
    icon: 'reload',
    isIconOnly: true,
    kind: 'quiet',
    testId: 'view-reload',
    onClick: () => this.loadAnew(),
  });
  private readonly open = h(
    'a',
    {
      class: 'button is-quiet is-icon',
      target: '_blank',
      rel: 'noopener',
      'aria-label': 'Open in a tab of its own',
      'data-tip': 'Open in a tab of its own',
      'data-testid': 'view-open',
    },
    icon('open'),
  );
  private readonly surfaces = new Segments<Surface>(
    'What is shown',
    [
      { value: 'desktop', label: 'Desktop', testId: 'view-desktop' },
      { value: 'application', label: 'Application', testId: 'view-application' },
    ],
    (surface) => this.choose(surface),
  );
  readonly toolbar = h(
    'div',
    { class: 'view-tools' },
    this.surfaces.element,
    this.zoom.element,
    this.reload,
    this.open,
  );
  readonly element = h(
    'div',
    { class: 'view-panel', 'data-testid': 'view-panel' },
    this.frames.element,
    this.message,
  );
  private shown: Instance | null = null;
  /** Instances of another site that the operator wants to see here all the same. */
  private readonly tried = new Set<number>();
  /** What was chosen of instances that have both. */
  private readonly chosen = new Map<number, Surface>();

  constructor(private readonly host: ViewHost) {
    this.resources.add(listen(window, 'message', (event) => this.hear(event)));
  }

  dispose(): void {
    this.resources.dispose();
    this.frames.keepOnly(() => false);
  }

  show(instance: Instance): void {
    this.shown = instance;
    this.frames.keepOnly((id) => this.host.isThere(id));
    if (instance.desktop_url === null) this.frames.drop(instance.id, 'desktop');
    const surface = this.surfaceOf(instance);
    const address = addressOf(instance, surface, this.host.appsUrl());
    const embedding = embeddingOf(address, location.href, this.host.appsUrl());
    const isShown = isWorthEmbedding(instance) && this.mayEmbed(instance, embedding);
    if (isShown && embedding.kind !== 'none') {
      this.message.hidden = true;
      const isDesktop = surface === 'desktop';
      const title = `${isDesktop ? 'Desktop' : 'Application'} of ${instance.name}`;
      // A desktop's page finds the next run by itself.
      this.frames.show(instance.id, surface, embedding.url, isDesktop ? 0 : instance.run, title);
    } else this.showInstead(instance, embedding);
    this.showTools(instance, surface, isShown);
  }

  private surfaceOf({ id, desktop_url: desktop }: Instance): Surface {
    return desktop === null ? 'application' : (this.chosen.get(id) ?? 'desktop');
  }

  private choose(surface: Surface): void {
    if (!this.shown) return;
    this.chosen.set(this.shown.id, surface);
    this.show(this.shown);
  }

  private mayEmbed(instance: Instance, embedding: Embedding): boolean {
    return (
      embedding.kind === 'here' ||
      (embedding.kind === 'other-site' && embedding.isAllowed && this.tried.has(instance.id))
    );
  }

  private showInstead(instance: Instance, embedding: Embedding): void {
    if (!isWorthEmbedding(instance))
      this.frames.keepOnly((id) => id !== instance.id && this.host.isThere(id));
    this.frames.hideAll();
    this.message.hidden = false;
    // Rebuilt only when it says something else: a button keeps the focus while events come.
    const place = embedding.kind === 'none' ? '' : embedding.url;
    const key = `${instance.id} ${instance.name} ${instance.status} ${instance.status_reason} ${embedding.kind} ${place}`;
    if (this.message.dataset['of'] === key) return;
    this.message.dataset['of'] = key;
    this.message.replaceChildren(
      ...instead(instance, embedding, {
        start: () => this.host.start(instance),
        tryHere: () => {
          this.tried.add(instance.id);
          this.show(instance);
        },
      }),
    );
  }

  private showTools(instance: Instance, surface: Surface, isShown: boolean): void {
    this.surfaces.element.hidden = instance.desktop_url === null;
    this.surfaces.show(surface);
    const percent = readZooms(readPreference(ZOOMS)).get(instance.id) ?? USUAL_ZOOM;
    this.zoom.show(percent);
    this.applyZoom(percent);
    this.zoom.element.hidden = !isShown;
    setDisabledReason(
      this.reload,
      isShown ? null : `${instance.name} is not shown here now.`,
      'Load it anew',
    );
    const canOpen = isWorthEmbedding(instance);
    this.open.hidden = !canOpen;
    setAttribute(
      this.open,
      'href',
      canOpen ? safeHref(surface === 'desktop' ? (instance.desktop_url ?? '') : instance.url) : null,
    );
  }

  private setZoom(percent: number): void {
    if (!this.shown) return;
    const zooms = readZooms(readPreference(ZOOMS));
    zooms.delete(this.shown.id);
    zooms.set(this.shown.id, percent);
    writePreference(ZOOMS, writeZooms(zooms));
    this.applyZoom(percent);
  }

  private applyZoom(percent: number): void {
    const frame = this.presentFrame();
    frame?.style.setProperty('--zoom', String(percent / 100));
  }

  private presentFrame(): HTMLIFrameElement | null {
    return this.shown && this.frames.get(this.shown.id, this.surfaceOf(this.shown));
  }

  private loadAnew(): void {
    const instance = this.shown;
    if (!instance) return;
    this.frames.drop(instance.id, this.surfaceOf(instance));
    this.show(instance);
  }

  /** F6 inside an application: its page says so, for keys that are pressed there are not heard here. */
  private hear(event: MessageEvent): void {
    const frame = this.presentFrame();
    const data: unknown = event.data;
    if (frame === null || document.activeElement !== frame || event.origin !== new URL(frame.src).origin)
      return;
    if (typeof data !== 'object' || data === null || !('aikore' in data) || data.aikore !== 'leave') return;
    this.reload.focus();
  }
}

function addressOf(instance: Instance, surface: Surface, appsUrl: string | null): string {
  return surface === 'desktop' ? (instance.desktop_url ?? '') : embeddableAddress(instance, appsUrl);
}
