import { parseArgs } from 'node:util'
import { readConfig, StartError } from '../config.ts'
import { examine } from '../doctor/examine.ts'
import { type Finding, problem, statusOf } from '../doctor/finding.ts'

/** `callmanager doctor`: what is wrong, and what to do about it. Warnings are told and pass; a problem exits 1. */
export async function doctor(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, thorough: { type: 'boolean', default: false } },
  })
  const findings = await look(values.thorough)
  const status = statusOf(findings)
  if (status === 'problem') process.exitCode = 1
  if (values.json) {
    console.log(JSON.stringify({ status, findings }, null, 2))
    return
  }
  const width = Math.max(...findings.map(({ check }) => check.length))
  for (const { status, check, what, remedy } of findings) {
    console.log(`${status.padEnd(7)}  ${check.padEnd(width)}  ${what}`)
    if (remedy !== '') console.log(`${' '.repeat(width + 11)}→ ${remedy}`)
  }
}

/** Settings that cannot be read are the first finding, and the only one. */
async function look(thorough: boolean): Promise<Finding[]> {
  try {
    return await examine({ config: readConfig(), thorough })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return [{ check: 'environment', ...problem('The settings cannot be used.', error.message) }]
  }
}
