import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { examine } from '../doctor/examine.ts'
import { statusOf } from '../doctor/finding.ts'

/** `callmanager doctor`: what is wrong, and what to do about it. Warnings are told and pass; a problem exits 1. */
export async function doctor(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, thorough: { type: 'boolean', default: false } },
  })
  const findings = await examine({ config: readConfig(), thorough: values.thorough })
  const status = statusOf(findings)
  if (status === 'problem') process.exitCode = 1
  if (values.json) {
    console.log(JSON.stringify({ status, findings }, null, 2))
    return
  }
  for (const finding of findings) {
    console.log(`${finding.status.padEnd(8)} ${finding.check.padEnd(10)}  ${finding.what}`)
    if (finding.remedy !== '') console.log(`${' '.repeat(21)}→ ${finding.remedy}`)
  }
}
