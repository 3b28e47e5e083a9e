import { h, replaceChildren } from '../../base/dom.js';
import { ApiError } from '../../net/http.js';
import { errorDetail } from '../../state/report-error.js';
import { icon } from '../../ui/icon.js';
import type { InstanceFields } from './instance-fields.js';

/** The place of a form for what belongs to no field. */
export class FormError {
  readonly element = h('div', {
    class: 'form-error',
    role: 'alert',
    hidden: true,
    'data-testid': 'form-error',
  });

  clear(): void {
    this.element.hidden = true;
  }

  show(message: string, detail: string | null = null, remedy: HTMLElement | null = null): void {
    replaceChildren(
      this.element,
      icon('status-error'),
      h('p', null, message, detail === null ? null : h('code', null, detail)),
      remedy,
    );
    this.element.hidden = false;
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** Puts a failed call's sentences beside the fields they are about, and the rest here. */
  showFailure(error: unknown, fields: InstanceFields): void {
    if (!(error instanceof ApiError)) {
      this.show(`This page made a mistake: ${String(error)}`);
      return;
    }
    if (error.status === 401) return;
    const problems = problemsOf(error);
    const others = fields.showProblems(problems);
    if (problems.size === 0 || others.length > 0)
      this.show(others.join(' ') || error.message, errorDetail(error));
  }
}

/** Conflicts name no field. Those of a name belong beside it, and nothing but a new name is refused because an instance runs. */
function problemsOf(error: ApiError): Map<string, string> {
  if (error.fields.size > 0) return error.fields;
  const isAboutName = error.status === 409 && /NAME|INSTANCE_ACTIVE/.test(error.code);
  return new Map<string, string>(isAboutName ? [['name', error.message]] : []);
}
