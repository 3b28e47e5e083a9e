import type { Failure } from '../../../contracts/instance.js';
import { explainEnd } from '../domain/exit-reason.js';
import type { Ending } from '../domain/exit-reason.js';
import { MAX_LINES } from '../domain/known-failures.js';
import type { InstanceEntity } from '../instance.entity.js';
import type { EvidencePort } from './supervisor.ports.js';

/** Lines of the log that are kept as evidence of a failure. */
const EVIDENCE_LINES = 20;

export interface PostMortem {
  reason: string;
  evidence: string[];
  failure: Failure | null;
}

/** Why a run ended that nobody asked to end. A log that cannot be read costs the evidence, not the reason. */
export async function postMortem(
  row: InstanceEntity,
  end: Ending & { note: string },
  evidence: EvidencePort,
): Promise<PostMortem> {
  const tail = await evidence.lastLines(row, MAX_LINES).catch(() => []);
  const { reason, failure } = explainEnd({ ending: end, note: end.note, tail });
  return { reason, failure, evidence: tail.slice(-EVIDENCE_LINES) };
}
