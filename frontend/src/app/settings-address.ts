import type { Disposable } from '../base/lifecycle.js';
import { listen } from '../base/lifecycle.js';
import { sectionOfHash } from '../features/settings/section-names.js';
import type { SectionId } from '../features/settings/section-names.js';
import type { SettingsDialog } from '../features/settings/settings-dialog.js';
import type { SettingsParts } from '../features/settings/settings-host.js';
import { loadPart } from '../net/load-part.js';

/**
 * The settings and the address belong together: `#settings=tokens` opens them there, choosing a page writes it, and closing
 * brings back what the address said before. Their code is loaded when somebody first opens them.
 */
export class SettingsAddress implements Disposable {
  private dialog: SettingsDialog | null = null;
  private isOpening = false;
  private addressBefore = '';
  /** The last that was written here. */
  private written = '';
  private readonly listener: Disposable;

  constructor(
    private readonly host: () => SettingsParts,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.listener = listen(window, 'hashchange', () => this.follow());
  }

  /** Opens what the address names, as after a reload or from a bookmark. */
  follow(): void {
    const section = sectionOfHash(location.hash);
    if (section === null) return;
    void this.open(section);
  }

  async open(section: SectionId): Promise<void> {
    if (this.isOpening) return;
    if (this.dialog?.isOpen) {
      this.dialog.show(section);
      return;
    }
    this.isOpening = true;
    this.addressBefore = sectionOfHash(location.hash) === null ? location.hash : '';
    try {
      const { SettingsDialog } = await loadPart(() => import('../features/settings/settings-dialog.js'));
      const dialog: SettingsDialog = new SettingsDialog({
        host: this.host(),
        section,
        onSection: (id) => {
          this.written = `#settings=${id}`;
          writeAddress(this.written);
        },
        onClose: () => this.closed(dialog),
      });
      this.dialog = dialog;
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.isOpening = false;
    }
  }

  close(): void {
    this.dialog?.close();
  }

  dispose(): void {
    this.listener.dispose();
    this.close();
  }

  /** A closed one is told of later than it closes; the next may be open by then, and the address is its own. */
  private closed(dialog: SettingsDialog): void {
    if (this.dialog !== dialog) return;
    this.dialog = null;
    // Another page of the settings may have been asked for meanwhile, whose news is on its way.
    if (location.hash !== this.written) return;
    writeAddress(this.addressBefore === '' ? location.pathname : this.addressBefore);
  }
}

function writeAddress(address: string): void {
  history.replaceState(null, '', address);
}
