import { AppError, ERRORS } from '../domain/errors.ts'

export type Status = 'ok' | 'warning' | 'problem'

/** What a look counted, for programs. */
interface Counted {
  /** How far a sample of the index agrees with the users. */
  drift?: { people: number; missing: number; surplus: number }
  /** Who has a RIO, and which are shared, by the index. */
  rios?: { people: number; holders: number; shared: number; sharing: number }
  /** Our own table, whether RIOs are kept there or not. */
  ownTable?: { rows: number; empty: number; purged: number; binned: number }
}

/** What one look found. Ids and people appear as counts only: findings are pasted into tickets. */
export interface Outcome extends Counted {
  status: Status
  /** A sentence, in words that an operator knows. */
  what: string
  /** What to do about it; empty where all is well. */
  remedy: string
}

export interface Finding extends Outcome {
  check: string
}

/** One thing to look at. Adding one is adding an entry to a list of these. */
export interface Check<Patient> {
  name: string
  run(patient: Patient): Promise<Outcome[]>
}

export const ok = (what: string, counted: Counted = {}): Outcome => ({
  status: 'ok',
  what,
  remedy: '',
  ...counted,
})
export const warning = (what: string, remedy: string, counted: Counted = {}): Outcome => ({
  status: 'warning',
  what,
  remedy,
  ...counted,
})
export const problem = (what: string, remedy: string, counted: Counted = {}): Outcome => ({
  status: 'problem',
  what,
  remedy,
  ...counted,
})

/** Runs all checks one after another; one that cannot be carried out is a finding itself. */
export async function runChecks<Patient>(
  checks: readonly Check<Patient>[],
  patient: Patient,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, run } of checks) {
    try {
      findings.push(...(await run(patient)).map((outcome) => ({ check: name, ...outcome })))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const outcome = problem(
        `This could not be looked at: ${reason}`,
        error instanceof AppError
          ? ERRORS[error.code].remedy
          : 'Mend what the other findings name, then run doctor again.',
      )
      findings.push({ check: name, ...outcome })
    }
  }
  return findings
}

/** The worst of them. */
export function statusOf(findings: readonly Finding[]): Status {
  const statuses = new Set(findings.map(({ status }) => status))
  if (statuses.has('problem')) return 'problem'
  return statuses.has('warning') ? 'warning' : 'ok'
}
