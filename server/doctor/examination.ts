import type { Examination } from '../../contract/health.ts'
import { apiTime } from '../domain/times.ts'
import { examine } from './examine.ts'
import { statusOf } from './finding.ts'
import type { Machine } from './machine.ts'

/** Reads the whole file, for seconds: nothing to be done each time that somebody looks at a page. The command does it. */
const LEFT_OUT = ['store']

/** What the doctor finds beside a running server, as the API answers it. */
export async function examineBeside(config: Machine['config']): Promise<Examination> {
  const at = apiTime(Date.now())
  const findings = await examine({ config, thorough: false }, LEFT_OUT)
  return {
    at,
    state: statusOf(findings),
    checks: findings.map(({ check, status, what, remedy }) => ({ id: check, state: status, what, remedy })),
    drift: findings.find(({ drift }) => drift !== undefined)?.drift ?? null,
    rios: findings.find(({ rios }) => rios !== undefined)?.rios ?? null,
    ownTable: findings.find(({ ownTable }) => ownTable !== undefined)?.ownTable ?? null,
  }
}
