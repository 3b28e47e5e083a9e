import type { Instance } from '../../../../src/contracts/instance.js';
import { h, safeHref } from '../../base/dom.js';
import type { Embedding } from '../../domain/embedding.js';
import { isWorthEmbedding } from '../../domain/embedding.js';
import { tellingReason } from '../../domain/status.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';

export interface InsteadHost {
  start(): void;
  tryHere(): void;
}

/** What stands where an application cannot be shown: why, and what can be done about it. */
export function instead(instance: Instance, embedding: Embedding, host: InsteadHost): Node[] {
  if (!isWorthEmbedding(instance)) return notRunning(instance, host);
  if (embedding.kind === 'none') {
    return [h('p', null, `${instance.name} has no address that a browser can open: ${instance.url}`)];
  }
  const lead = `${instance.name} answers at another host name, ${new URL(embedding.url).host}. Browsers keep the sign-in from going along into a page inside a page there, so it opens in a tab of its own.`;
  const isAllowed = embedding.kind === 'other-site' && embedding.isAllowed;
  return [
    h('p', null, lead),
    h(
      'div',
      { class: 'view-instead-actions' },
      h(
        'a',
        {
          class: 'button is-primary',
          href: safeHref(embedding.url),
          target: '_blank',
          rel: 'noopener',
          'data-testid': 'view-instead-open',
        },
        icon('open'),
        h('span', null, 'Open in a tab'),
      ),
      isAllowed
        ? button({ label: 'Try it here', testId: 'view-instead-try', onClick: () => host.tryHere() })
        : null,
    ),
  ];
}

function notRunning(instance: Instance, host: InsteadHost): Node[] {
  const { name, status } = instance;
  if (status === 'stopping') return [h('p', null, `${name} is stopping.`)];
  const isFailed = status === 'error';
  const reason = tellingReason(instance);
  return [
    h('p', { class: 'view-instead-lead' }, isFailed ? `${name} has failed.` : `${name} is stopped.`),
    h(
      'p',
      null,
      isFailed && reason !== '' ? reason : 'Its application appears here as soon as it is started.',
    ),
    h(
      'div',
      { class: 'view-instead-actions' },
      button({
        label: isFailed ? 'Start it again' : 'Start',
        icon: 'play',
        kind: 'primary',
        testId: 'view-start',
        onClick: () => host.start(),
      }),
    ),
  ];
}
